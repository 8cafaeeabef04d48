/**
 * Control probes: after a failure, the harmless extra connections that tell one cause from another. They run at the same time,
 * carry no secrets, and everything they see is marked as theirs.
 */
import type { Control, Evidence, TlsEvidence } from '../model/evidence.ts';
import type { Line } from '../model/net.ts';
import type { Session } from '../model/stage.ts';
import { type Protocol, STANDARD_PORTS } from '../model/terms.ts';
import { readCapability, readImapReply } from '../wire/imap.ts';
import { readCapa, readPop3Reply } from '../wire/pop3.ts';
import { readEhlo, readSmtpReply } from '../wire/smtp.ts';
import { failed } from './outcome.ts';
import { serviceOf } from './reach.ts';
import { GREETING_FORM, goodbyeOf, replyEvidence } from './talk.ts';

/** Runs what the evidence calls for and notes what it saw. */
export async function controlProbes(session: Session): Promise<void> {
  const { facts, net, options } = session;
  if (net.signal.aborted) return;
  const address = facts.all('connect').find((c) => c.outcome === 'open')?.address ?? tellingAddress(session);
  if (address === undefined) return;
  // Asked for by name, so it is traced whatever the outcome.
  const route = options.traceRoute ? traceRoute(session, address) : undefined;
  if (options.controlProbes) {
    net.deadline(Math.min(options.timeoutMs, 5000));
    await Promise.all(separating(session, address));
  }
  await route;
}

/** The address whose failure says most: one that this machine has a way to. */
function tellingAddress(session: Session): string | undefined {
  const failures = session.facts.all('connect');
  const telling = failures.find((c) => c.outcome !== 'unreachable' && c.outcome !== 'no-source' && c.family === 4);
  const any = telling ?? failures.find((c) => c.outcome !== 'unreachable' && c.outcome !== 'no-source') ?? failures[0];
  return any?.address ?? session.reached.addresses[0];
}

function separating(session: Session, address: string): Promise<void>[] {
  const { facts } = session;
  const work: Promise<void>[] = [];
  const tls = facts.last('tls');
  if (failed(facts, 'connect')) work.push(otherPorts(session, address, false), otherHost(session));
  else if (tls?.outcome === 'failed') {
    if (tls.failure === 'plain-answer' || tls.failure === 'not-tls' || tls.failure === 'timeout') {
      work.push(tls.mode === 'implicit' ? plainOnPort(session, address) : listenAfterUpgrade(session, address));
    }
    if (tls.failure === 'plain-answer' && tls.mode === 'implicit') work.push(tlsOnPort(session, address));
    if (tls.failure !== 'plain-answer' && tls.failure !== 'timeout') work.push(oldTls(session, address));
    work.push(otherPorts(session, address, true));
  } else if (failed(facts, 'tls')) work.push(otherPorts(session, address, true));
  else if (failed(facts, 'certificate'))
    work.push(
      otherPorts(session, address, true),
      otherAddresses(session, address),
      clock(session, address),
      otherHost(session, true),
    );
  else if (failed(facts, 'greeting') && session.service.security !== 'tls')
    work.push(tlsOnPort(session, address), otherPorts(session, address, true));
  else if (facts.last('break', 'greeting')?.how === 'timeout') work.push(speakFirst(session, address));
  else if (!failed(facts, 'auth') && session.reached.addresses.length > 1 && session.service.security !== 'none')
    work.push(otherAddresses(session, address));
  return work;
}

/** How long a trace may take, milliseconds: thirty hops of which many never answer. */
const TRACE_MS = 30_000;

async function traceRoute(session: Session, address: string): Promise<void> {
  const { net } = session;
  const traced = await net.route?.(address, TRACE_MS);
  if (traced) session.note({ kind: 'route', stage: 'connect', address, ...traced });
}

/** The other standard ports of the host; with `secure`, a handshake on those that speak TLS first, to compare certificates. */
async function otherPorts(session: Session, address: string, secure: boolean): Promise<void> {
  const { service } = session;
  const ports = Object.entries(STANDARD_PORTS)
    .flatMap(([protocol, list]) => list.map((e) => ({ ...e, protocol: protocol as Protocol })))
    .filter((e) => e.port !== service.port && (!secure || e.security === 'tls'));
  await Promise.all(
    ports.map(async ({ port, security, protocol }) => {
      const line = await open(session, address, port, 'other-port', protocol);
      if (!line) return;
      if (secure && security === 'tls') await secureLine(session, line, 'other-port', protocol);
      await line.close();
    }),
  );
}

/** A second host on the same port, where the person named one; with `secure`, a handshake, to compare who issued its certificate. */
async function otherHost(session: Session, secure = false): Promise<void> {
  const host = session.options.controlHost;
  if (host === undefined) return;
  // Not by `addresses`, which --connect-to turns elsewhere.
  const found = await Promise.all((['A', 'AAAA'] as const).map((type) => addressOf(session, host, type)));
  await Promise.all(
    found
      .filter((a) => a !== undefined)
      .map(async (a) => {
        const line = await open(session, a, session.service.port, 'other-host', session.service.protocol, host);
        if (line && secure && (await begin(session, line))) await secureLine(session, line, 'other-host', undefined, host);
        await line?.close();
      }),
  );
}

async function addressOf(session: Session, host: string, type: 'A' | 'AAAA'): Promise<string | undefined> {
  if (host.includes(':')) return type === 'AAAA' ? host : undefined;
  if (/^[\d.]+$/.test(host)) return type === 'A' ? host : undefined;
  // Only a family in which the check itself had an address to try tells anything.
  if (!session.facts.all('connect').some((c) => c.family === (type === 'A' ? 4 : 6))) return undefined;
  const answer = await session.net.lookup(host, type);
  return answer.outcome === 'answer' ? answer.records[0] : undefined;
}

/** The same port without TLS: who speaks there, and does it offer the upgrade. */
async function plainOnPort(session: Session, address: string): Promise<void> {
  const line = await open(session, address, session.service.port, 'other-mode');
  if (!line) return;
  const { protocol } = session.service;
  const raw = await line.read(GREETING_FORM[protocol]);
  if (raw.ok) {
    const first = raw.lines[0] ?? '';
    const stranger = serviceOf(first, protocol);
    if (stranger) mark(session, 'other-mode', { ...stranger, stage: 'tls' });
    else await capabilitiesOver(session, line, raw.lines);
  } else if (raw.lines.length > 0) {
    const stranger = serviceOf(raw.lines[0] ?? '', protocol);
    if (stranger) mark(session, 'other-mode', { ...stranger, stage: 'tls' });
  }
  await line.close();
}

async function capabilitiesOver(session: Session, line: Line, greeting: readonly string[]): Promise<void> {
  const { protocol } = session.service;
  const parsed =
    protocol === 'imap' ? readImapReply(greeting) : protocol === 'pop3' ? readPop3Reply(greeting) : readSmtpReply(greeting);
  mark(session, 'other-mode', replyEvidence(session, 'greeting', { text: '', reply: GREETING_FORM[protocol] }, parsed, greeting));
  if (parsed.status !== 'ok') return;
  const command =
    protocol === 'imap'
      ? ({ text: 'c1 CAPABILITY', reply: 'imap' } as const)
      : protocol === 'pop3'
        ? ({ text: 'CAPA', reply: 'pop3-multi' } as const)
        : ({ text: 'EHLO [127.0.0.1]', reply: 'smtp' } as const);
  line.write([command]);
  const raw = await line.read(command.reply, 'c1');
  if (!raw.ok) return;
  const read =
    protocol === 'imap'
      ? readCapability(readImapReply(raw.lines, 'c1').body)
      : protocol === 'pop3'
        ? readCapa(readPop3Reply(raw.lines).body)
        : readEhlo(readSmtpReply(raw.lines).body);
  if (read)
    mark(session, 'other-mode', {
      kind: 'capabilities',
      stage: 'capabilities',
      protocol,
      channel: 'plain',
      items: read.items.slice(0, 100),
      mechanisms: read.mechanisms.slice(0, 50),
      total: read.items.length,
    });
}

/** The same port with TLS from the first byte: who greets there, or answers that in words of its own. */
async function tlsOnPort(session: Session, address: string): Promise<void> {
  const line = await open(session, address, session.service.port, 'other-mode');
  if (!line) return;
  const { outcome, firstBytes } = await secureLine(session, line, 'other-mode');
  const greeted = outcome === 'established' ? await line.read(GREETING_FORM[session.service.protocol]) : undefined;
  noteStranger(session, 'other-mode', firstBytes ?? greeted?.lines[0]);
  await line.close();
}

/** Nobody greeted over TLS: whom the good-bye makes speak, on a connection of its own. */
async function speakFirst(session: Session, address: string): Promise<void> {
  const line = await open(session, address, session.service.port, 'wait');
  if (!line) return;
  const { outcome } = await secureLine(session, line, 'wait');
  if (outcome === 'established') {
    line.write([goodbyeOf(session)]);
    const raw = await line.read('pop3');
    noteStranger(session, 'wait', raw.lines[0]);
  }
  await line.close();
}

function noteStranger(session: Session, control: Control, said = ''): void {
  const stranger = serviceOf(said.split(/\r?\n/, 1)[0] ?? '', session.service.protocol);
  if (stranger)
    mark(session, control, { ...stranger, stage: session.facts.last('tls')?.outcome === 'failed' ? 'tls' : 'greeting' });
}

/**
 * Handshakes with lowered limits: what the server does offer. No secret ever goes over them. Who takes up TLS 1.3 and has no key
 * for it may have one for TLS 1.2.
 */
async function oldTls(session: Session, address: string): Promise<void> {
  const first = await lowered(session, address);
  if (first?.alert === 40) await lowered(session, address, 'TLSv1.2');
}

async function lowered(session: Session, address: string, maxVersion?: 'TLSv1.2'): Promise<TlsEvidence | undefined> {
  const line = await open(session, address, session.service.port, 'old-tls');
  if (!line) return undefined;
  const mode = await begin(session, line);
  const lowest = { minVersion: 'TLSv1', ...(maxVersion ? { maxVersion } : {}), legacy: true, tap: true } as const;
  const result = mode && (await line.secure({ host: session.service.host, mode, ...lowest, control: 'old-tls' }));
  if (result) mark(session, 'old-tls', result.tls);
  if (result?.certificate) mark(session, 'old-tls', result.certificate);
  await line.close();
  return result?.tls;
}

/** Greeting and STARTTLS on a connection of its own. @returns true where the server said to begin. */
async function askUpgrade(session: Session, line: Line): Promise<boolean> {
  const { protocol } = session.service;
  const steps =
    protocol === 'smtp'
      ? ([
          { text: 'EHLO [127.0.0.1]', reply: 'smtp' },
          { text: 'STARTTLS', reply: 'smtp' },
        ] as const)
      : protocol === 'pop3'
        ? ([{ text: 'STLS', reply: 'pop3' }] as const)
        : ([{ text: 'w1 STARTTLS', reply: 'imap' }] as const);
  let last = await line.read(GREETING_FORM[protocol]);
  for (const step of steps) {
    if (!last.ok) return false;
    line.write([step]);
    last = await line.read(step.reply, 'w1');
  }
  return last.ok && /^(?:220\b|\+OK\b|w1 OK\b)/i.test(last.lines.at(-1) ?? '');
}

/** The handshake as this service begins it: at once, or after the upgrade; nothing said before it is joined to it. */
async function begin(session: Session, line: Line): Promise<'implicit' | 'upgrade' | undefined> {
  if (session.service.security === 'tls') return 'implicit';
  return (await askUpgrade(session, line)) && line.pending() === '' ? 'upgrade' : undefined;
}

/** The upgrade once more, then listening without talking: bytes that come now were injected before the handshake (S-006, S-007). */
async function listenAfterUpgrade(session: Session, address: string): Promise<void> {
  const { service, net } = session;
  const line = await open(session, address, service.port, 'wait');
  if (!line) return;
  const ok = await askUpgrade(session, line);
  if (ok) {
    net.deadline(400);
    const early = line.pending();
    const more = early === '' ? await line.read('pop3') : undefined;
    const bytes = early !== '' ? early : (more?.lines ?? []).join('\n');
    if (bytes !== '')
      mark(session, 'wait', { kind: 'break', stage: 'tls', how: 'injected', command: 'STARTTLS', detail: bytes.slice(0, 300) });
  }
  await line.close();
}

/** The other addresses of the name: do they serve the same certificate. */
async function otherAddresses(session: Session, used: string): Promise<void> {
  if (session.service.security === 'none') return;
  const others = session.reached.addresses.filter((a) => a !== used).slice(0, 8);
  await Promise.all(
    others.map(async (address) => {
      const line = await open(session, address, session.service.port, 'other-address');
      if (!line) return;
      if (await begin(session, line)) await secureLine(session, line, 'other-address');
      await line.close();
    }),
  );
}

/** What the server says first, on a connection of its own: the session ended before that. Nothing is said to it. */
async function greetingAt(session: Session, address: string): Promise<string | undefined> {
  const { host, port, protocol } = session.service;
  const line = await open(session, address, port, 'clock');
  if (!line) return undefined;
  const { tls } = await line.secure({ host, mode: 'implicit', control: 'clock' });
  const raw = tls.outcome === 'established' ? await line.read(GREETING_FORM[protocol]) : undefined;
  await line.close();
  return raw?.lines.join('\n');
}

/** A date from elsewhere, where a validity period is what failed: the greeting's, else the HTTP Date of the host. */
async function clock(session: Session, address: string): Promise<void> {
  const { facts, net, service } = session;
  if (!facts.all('problem').some((p) => p.problem === 'not-yet-valid' || p.problem === 'expired')) return;
  const said = facts.last('reply', 'greeting')?.text ?? (await greetingAt(session, address)) ?? '';
  const greeted = /\b\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}/.exec(said)?.[0];
  const answer =
    greeted === undefined
      ? await net.http({ url: `http://${service.host}/`, maxBytes: 65_536, redirects: 0, timeoutMs: 3000 })
      : undefined;
  const there = greeted ?? answer?.headers.date;
  const time = there === undefined ? Number.NaN : Date.parse(there);
  if (Number.isNaN(time) || there === undefined) return;
  const here = net.date();
  mark(session, 'clock', {
    kind: 'clock',
    stage: 'certificate',
    here: here.toISOString(),
    there: new Date(time).toISOString(),
    source: greeted === undefined ? `http://${service.host}/` : 'greeting',
    skewSeconds: Math.round((here.getTime() - time) / 1000),
  });
}

async function open(
  session: Session,
  address: string,
  port: number,
  control: Control,
  protocol?: Protocol,
  host?: string,
): Promise<Line | undefined> {
  const { service, net } = session;
  const result = await net.connect({
    host: host ?? service.host,
    address,
    port,
    protocol: protocol ?? service.protocol,
    control,
  });
  session.note({ ...result.connect, control });
  return result.line;
}

async function secureLine(
  session: Session,
  line: Line,
  control: Control,
  protocol?: Protocol,
  host = session.service.host,
): Promise<TlsEvidence> {
  const same = control === 'other-address' || control === 'other-host';
  const upgraded = same && session.service.security === 'starttls';
  const result = await line.secure({ host, mode: upgraded ? 'upgrade' : 'implicit', tap: control === 'other-mode', control });
  const about = protocol ? { protocol } : {};
  mark(session, control, { ...result.tls, ...about });
  if (result.certificate) mark(session, control, { ...result.certificate, ...about });
  for (const p of result.problems)
    mark(session, control, { ...p, ...about, host: p.host ?? host, address: `${line.address}:${line.port}` });
  return result.tls;
}

function mark(session: Session, control: Control, evidence: Evidence): void {
  session.note({ ...evidence, control });
}
