/** The stages that all protocols share: dns, connect, tls, certificate, greeting. */
import type { ConnectEvidence, ServiceEvidence } from '../model/evidence.ts';
import type { Line } from '../model/net.ts';
import type { Session, Stage } from '../model/stage.ts';
import type { Protocol } from '../model/terms.ts';
import { after } from './outcome.ts';
import { hangUp, leave, readGreeting } from './talk.ts';

/** Settings are evidence already (settle noted them); the stage shows them in their place. */
export const settings: Stage = { name: 'settings', ready: () => true, run: async () => {} };

export const dns: Stage = {
  name: 'dns',
  ready: () => true,
  async run(session) {
    const { net, service, options } = session;
    const state = session.reached;
    // Where --connect-to names the place, what the resolvers say of the host changes nothing.
    if (options.compareResolver !== undefined && net.connectTo === undefined && !isLiteral(service.host))
      state.beside.push(compare(session, options.compareResolver));
    const { lookups, addresses } = await net.addresses(service.host);
    session.note(...lookups);
    state.addresses = addresses;
  },
};

const isLiteral = (host: string) => host.includes(':') || /^[\d.]+$/.test(host);

/** The same questions to a second resolver, beside the session. */
async function compare(session: Session, resolver: string): Promise<void> {
  const { net, service } = session;
  const answers = await Promise.all((['A', 'AAAA'] as const).map((type) => net.lookup(service.host, type, { resolver })));
  if (!session.reached.over) session.note(...answers.map((a) => ({ ...a, control: 'other-resolver' as const })));
}

/**
 * Every address is tried at once; the session goes on over the first that opens, in the order of the resolver, and the others
 * finish beside it (`settleOthers`), so that a dead family costs nobody its time-out.
 */
export const connect: Stage = {
  name: 'connect',
  ready: (facts, session) =>
    session.reached.addresses.length === 0 ? { id: 'earlier-stage-failed', params: { stage: 'dns' } } : after(facts, 'dns'),
  async run(session) {
    const { service, net } = session;
    const state = session.reached;
    const begun = net.now();
    const attempts = state.addresses.slice(0, 16).map((address) => {
      state.pending.set(address, begun);
      return net.connect({ host: service.host, address, port: service.port, protocol: service.protocol });
    });
    const extra = (line: Line | undefined) => {
      if (line && line !== session.line) void line.close();
    };
    let open = false;
    const first = new Promise<void>((resolve) => {
      let left = attempts.length;
      for (const attempt of attempts) {
        void attempt.then(({ connect: c, line }) => {
          left -= 1;
          state.pending.delete(c.address);
          if (line && !open) {
            open = true;
            session.line = line;
          } else extra(line);
          if (!state.over) session.note(c);
          if (open || left === 0) resolve();
        });
      }
    });
    state.beside.push(Promise.all(attempts).then(() => undefined));
    await first;
  },
};

/**
 * Waits for what is still under way, at most so long. An address that has not answered by then, while another did, is dead for
 * whoever tries it first: it is told as such (S-092).
 */
export async function settleOthers(session: Session, limitMs: number): Promise<void> {
  const state = session.reached;
  const { net, service } = session;
  await net.within(
    Promise.all(state.beside).then(() => undefined),
    limitMs,
  );
  state.over = true;
  if (net.signal.aborted) return;
  for (const [address, begun] of state.pending) {
    const ms = Math.round(net.now() - begun);
    session.note({
      kind: 'connect',
      stage: 'connect',
      protocol: service.protocol,
      host: service.host,
      address,
      family: address.includes(':') ? 6 : 4,
      port: service.port,
      outcome: 'timeout',
      detail: `no answer within ${ms} ms`,
      ms,
    });
  }
  state.pending.clear();
}

/** The handshake; `upgrade` runs first where the protocol has to ask for it and gives false where it was not granted. */
export function tls(upgrade?: (session: Session) => Promise<boolean>): Stage {
  return {
    name: 'tls',
    ready: (facts, session) =>
      session.service.security === 'none'
        ? { id: 'security-none' }
        : session.line
          ? after(facts, 'connect', 'greeting', 'capabilities')
          : missing(facts, session),
    async run(session) {
      if (upgrade && !(await upgrade(session))) return;
      const line = session.line;
      if (!line) return;
      const injected = line.pending();
      if (injected !== '') {
        session.note({
          kind: 'break',
          stage: 'tls',
          how: 'injected',
          command: upgradeVerb(session.service.protocol),
          detail: injected.slice(0, 300),
        });
        hangUp(session);
        return;
      }
      const result = await line.secure({ host: session.service.host, mode: upgrade ? 'upgrade' : 'implicit' });
      session.reached.secured = result;
      session.note(result.tls);
      if (result.tls.outcome === 'failed') hangUp(session);
    },
  };
}

export const upgradeVerb = (protocol: Protocol) => (protocol === 'pop3' ? 'STLS' : 'STARTTLS');

export const certificate: Stage = {
  name: 'certificate',
  ready: (facts, session) =>
    session.service.security === 'none'
      ? { id: 'security-none' }
      : session.reached.secured
        ? after(facts, 'tls')
        : missing(facts, session),
  async run(session) {
    const { net, options, service } = session;
    const secured = session.reached.secured;
    if (!secured?.certificate) return;
    const about = { host: service.host, address: secured.certificate.address };
    const { chain } = secured;
    // What needs further connections: the issuer that was not sent, and whether the certificate was revoked, when asked.
    const missing = secured.problems.some((p) => p.problem === 'incomplete-chain' && !p.tolerated);
    const proving = missing && options.controlProbes && chain;
    const [problems, revoked] = await Promise.all([
      proving ? net.missingIssuers(chain.sent, secured.problems, about) : secured.problems,
      options.checkRevocation && chain && chain.built.length > 0 ? net.revocation(chain.built, about) : undefined,
    ]);
    session.note(revoked ? { ...secured.certificate, revocation: revoked.revocation } : secured.certificate);
    session.note(...problems, ...(revoked?.problems ?? []));
    // Whoever answers there is not proven to be the server: nothing more is asked of it, unless the person says so (S-063).
    if (!options.insecureAuth && after(session.facts, 'certificate') !== true) leave(session);
  },
};

export const greeting: Stage = {
  name: 'greeting',
  ready: (facts, session) => (session.line ? true : missing(facts, session)),
  async run(session) {
    const { protocol } = session.service;
    const answer = await readGreeting(session);
    if (!answer) {
      const broken = session.facts.last('break', 'greeting');
      const text =
        broken?.how === 'malformed' || broken?.how === 'unasked' ? broken.detail.slice(broken.detail.indexOf(': ') + 2) : '';
      const service = text === '' ? undefined : serviceOf(text, protocol);
      if (service) session.note(service);
      return;
    }
    // POP3's "+OK" and SMTP's "220" never parse as each other's; what parses as this protocol may still be another's words.
    const service = serviceOf(answer.lines[0] ?? '', protocol);
    if (service && service.speaks !== 'unknown') session.note(service);
    if (answer.reply.status !== 'ok' && answer.reply.status !== 'preauth') hangUp(session);
    if (answer.reply.status === 'ok') noteStranger(session, answer.lines[0] ?? '');
  },
};

/**
 * A published host of a known provider that greets as somebody else is not that provider's server, unless its certificate says
 * so: web hosts and captive portals answer for other people's servers. Nothing secret goes out then (design 10).
 */
function noteStranger(session: Session, firstLine: string): void {
  const { preset, service, facts } = session;
  if (!preset?.greetings || !preset.endpoints.some((e) => e.host === service.host)) return;
  if (preset.greetings.some((g) => new RegExp(g, 'i').test(firstLine))) return;
  const proved = service.security === 'tls' && facts.last('certificate') !== undefined && after(facts, 'certificate') === true;
  if (proved) return;
  session.note({
    kind: 'setting',
    stage: 'greeting',
    field: 'host',
    value: service.host,
    from: service.source,
    authenticated: false,
    remark: 'other-provider',
    instead: preset.name,
    detail: firstLine.slice(0, 300),
  });
}

/** @returns which service the first line belongs to, where it is not `expected`. */
export function serviceOf(firstLine: string, expected: Protocol): ServiceEvidence | undefined {
  const speaks = speaker(firstLine);
  if (speaks === undefined || speaks === expected) return undefined;
  return { kind: 'service', stage: 'greeting', speaks, expected, firstLine: firstLine.slice(0, 200) };
}

function speaker(line: string): ServiceEvidence['speaks'] | undefined {
  if (/^SSH-\d/.test(line)) return 'ssh';
  if (/^HTTP\/\d/.test(line) || /^\s*<(!doctype|html)/i.test(line)) return 'http';
  if (/^\* (OK|PREAUTH|BYE)\b/i.test(line)) return 'imap';
  if (/^(\+OK|-ERR)\b/i.test(line)) return 'pop3';
  if (/^"IMPLEMENTATION"/i.test(line)) return 'sieve';
  if (/^220[ -].*(?:\bFTP\b|FTPd\b|FileZilla|ProFTP|vsFTP)/i.test(line) && !/SMTP/i.test(line)) return 'ftp';
  if (/^20[01][ -]/.test(line)) return 'nntp';
  if (/^[\x15\x16]\x03/.test(line)) return 'tls';
  if (/mysql_native_password|mariadb/i.test(line)) return 'mysql';
  if (/^[2-5]\d\d([ -]|$)/.test(line)) return 'smtp';
  return line === '' ? undefined : 'unknown';
}

/** Why there is no line: the stage that lost it. */
function missing(facts: Session['facts'], _session: Session) {
  const blocked = after(facts, 'dns', 'connect', 'tls', 'certificate', 'greeting', 'capabilities', 'auth', 'mailbox', 'identity');
  return blocked === true ? ({ id: 'earlier-stage-failed', params: { stage: 'connect' } } as const) : blocked;
}
export const noLine = missing;

/** True where at least one main attempt opened. */
export const opened = (attempts: readonly ConnectEvidence[]) => attempts.some((c) => c.outcome === 'open');
