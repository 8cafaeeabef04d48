/** The auth stage of all protocols: one mechanism, one attempt, and only on a channel that is safe (RFC 4422, 4954, 5034, 9051 §6.2.2). */
import type { SecretEvidence, WithheldEvidence } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { Command, Open, ReplyForm } from '../model/net.ts';
import { MASK, shapeOf } from '../model/secret.ts';
import type { Reason, Session, Stage } from '../model/stage.ts';
import type { Protocol } from '../model/terms.ts';
import { quoted } from '../wire/imap.ts';
import { apopTimestamp } from '../wire/pop3.ts';
import { apop, chooseMechanism, isPlaintext, isScramError, KNOWN, type SaslClient, saslClient } from '../wire/sasl.ts';
import { tokenClaims } from '../wire/token.ts';
import { after } from './outcome.ts';
import { noLine } from './reach.ts';
import { type Answer, type AskOptions, ask, hangUp, nextTag, only, replyEvidence, sendAhead } from './talk.ts';

export interface AuthSpec {
  /** Commands that may follow the log-in in the same segment; none where the server does not pipeline. */
  readonly ahead: (session: Session) => readonly Command[];
}

export function authStage(spec: AuthSpec): Stage {
  return {
    name: 'auth',
    ready: (facts, session) => readiness(facts, session),
    run(session) {
      const { timeoutMs } = session.options;
      if (timeoutMs >= PATIENT_MS) session.net.deadline(timeoutMs + MORE_MS);
      return logIn(session, spec);
    },
  };
}

/**
 * Dovecot waits ten seconds and a few for a maildrop that another session holds, and says [IN-USE] only then; a refusal it holds
 * back for two seconds, and for up to fifteen more after failures from the same address. Whoever gives it ten seconds gets these
 * answers too; an answer that comes sooner is taken at once. Who asked for less wants less.
 */
const PATIENT_MS = 10_000;
const MORE_MS = 10_000;

function readiness(facts: Facts, session: Session): true | Reason {
  const { service, options } = session;
  const reached = after(facts, 'dns', 'connect', 'tls', 'greeting', 'capabilities');
  if (reached !== true) return reached;
  const untrusted = !options.insecureAuth && after(facts, 'certificate') !== true;
  if (!session.line && !untrusted) return noLine(facts, session);
  if (!service.secret) return { id: 'no-password' };
  if (!service.user) return { id: 'no-user' };
  if (options.insecureAuth) return true;
  if (facts.all('setting', 'greeting').some((s) => s.remark === 'other-provider'))
    return withhold(session, 'wrong-server', { id: 'wrong-server' });
  if (untrusted) return withhold(session, 'certificate-failed', { id: 'certificate-failed' });
  if (session.line?.channel === 'plain') return withhold(session, 'plain-channel', { id: 'channel-plain' });
  if (facts.all('setting', 'settings').some((s) => s.remark === 'needs-consent') && !certifiesDomain(session))
    return withhold(session, 'needs-consent', { id: 'needs-consent' });
  return true;
}

/** A server found by unsigned DNS in another domain proves itself by naming the account's own domain too (RFC 6186 §6, RFC 7817 §3). */
function certifiesDomain({ service, facts }: Session): boolean {
  const domain = service.self?.slice(service.self.lastIndexOf('@') + 1).toLowerCase();
  return facts.last('certificate')?.sent[0]?.names.some((n) => n.toLowerCase() === `dns:${domain}`) === true;
}

function withhold(session: Session, why: WithheldEvidence['why'], reason: Reason): Reason {
  if (session.facts.all('withheld', 'auth').length === 0) {
    const { host, port } = session.service;
    session.note({ kind: 'withheld', stage: 'auth', protocol: session.service.protocol, why, detail: `${host}:${port}` });
  }
  return reason;
}

/** Mechanisms on the present channel, what the protocol's own log-in commands add included. */
export function offered(session: Session): readonly string[] {
  const { protocol } = session.service;
  const channel = session.line?.channel ?? 'plain';
  const caps = session.facts
    .all('capabilities')
    .filter((c) => c.channel === channel)
    .at(-1);
  const list = [...(caps?.mechanisms ?? [])];
  const items = caps?.items ?? [];
  if (protocol === 'pop3') {
    if (items.length === 0 || items.includes('USER') || (list.length === 0 && !items.some((i) => i.startsWith('SASL'))))
      list.push('USER');
    if (timestamp(session)) list.push('APOP');
  }
  if (protocol === 'imap' && !items.includes('LOGINDISABLED')) list.push('LOGIN-COMMAND');
  return list;
}

const timestamp = (session: Session) => apopTimestamp(session.facts.last('reply', 'greeting')?.text ?? '');

/** @returns the mechanism to use and why, or undefined where there is none in common. */
export function choose(session: Session): { mechanism: string | undefined; reason: string } {
  const { service } = session;
  const list = offered(session);
  const type = service.secret?.type ?? 'password';
  if (service.mechanism) {
    const forced =
      service.mechanism === 'LOGIN' && service.protocol === 'imap' && !list.includes('LOGIN')
        ? 'LOGIN-COMMAND'
        : service.mechanism;
    return { mechanism: forced, reason: '--mechanism' };
  }
  const bindable =
    list.some((m) => m.endsWith('-PLUS')) &&
    (session.line?.binding('tls-exporter') !== undefined || session.line?.binding('tls-server-end-point') !== undefined);
  const best = chooseMechanism(list, type, bindable);
  const own = service.protocol === 'imap' ? 'LOGIN-COMMAND' : service.protocol === 'pop3' ? 'USER' : undefined;
  // A digest for want of PLAIN is the last resort, after the protocol's own log-in command (RFC 1939 §7, CVE-2007-1558).
  if (
    type === 'password' &&
    own &&
    list.includes(own) &&
    (best.mechanism === undefined || ['CRAM-MD5', 'DIGEST-MD5', 'NTLM'].includes(best.mechanism))
  )
    return {
      mechanism: own,
      reason: `${own === 'USER' ? 'USER/PASS' : 'the LOGIN command'}: ${best.mechanism === undefined ? best.reason : 'nothing better is offered'}`,
    };
  return best;
}

async function logIn(session: Session, spec: AuthSpec): Promise<void> {
  const { service, net, preset } = session;
  const { secret, user } = service;
  if (!secret || !user) return;
  const list = offered(session).map((m) => (m === 'LOGIN-COMMAND' ? 'LOGIN' : m));
  const { mechanism, reason } = choose(session);
  const pattern = preset?.auth.appPassword && secret.type === 'password' ? new RegExp(preset.auth.appPassword) : undefined;
  const claims = secret.type === 'token' ? tokenClaims(net.open(secret), net.date()) : undefined;
  const shown: SecretEvidence = {
    kind: 'secret',
    stage: 'auth',
    protocol: service.protocol,
    type: secret.type,
    mechanism: mechanism === 'LOGIN-COMMAND' ? 'LOGIN' : (mechanism ?? 'none'),
    offered: [...new Set(list)],
    reason,
    shape: shapeOf(secret, pattern),
    ...(preset ? { wanted: preset.auth.perProtocol?.[service.protocol] ?? preset.auth.secret } : {}),
    ...(preset?.offByDefault?.includes(service.protocol) ? { offByDefault: true } : {}),
    ...(claims ? { token: claims } : {}),
  };
  session.note(shown);
  if (mechanism === undefined || !usable(mechanism)) {
    session.note({
      kind: 'withheld',
      stage: 'auth',
      protocol: service.protocol,
      why: 'not-offered',
      detail: mechanism === undefined ? reason : `${mechanism} is not known here`,
    });
    return;
  }
  const plain = session.line?.channel === 'plain';
  if (plain && isPlaintext(mechanism) && !session.options.insecureAuth) return;
  const answer = await attempt(session, mechanism, spec);
  if (answer?.reply.status === 'ok') session.line?.authenticated();
}

const usable = (mechanism: string) => mechanism === 'LOGIN-COMMAND' || (KNOWN as readonly string[]).includes(mechanism);

async function attempt(session: Session, mechanism: string, spec: AuthSpec): Promise<Answer | undefined> {
  if (mechanism === 'USER') return await userPass(session, spec);
  if (mechanism === 'APOP') return await apopLogIn(session, spec);
  if (mechanism === 'LOGIN-COMMAND') return await imapLogin(session);
  return await sasl(session, mechanism, spec);
}

/** USER and PASS, together where the server pipelines (RFC 2449 §6.6); a refused USER makes PASS harmless only when not yet sent. */
async function userPass(session: Session, spec: AuthSpec): Promise<Answer | undefined> {
  const { service } = session;
  const secret = service.secret;
  if (!secret) return undefined;
  const first = await ask(session, 'auth', { text: `USER ${service.user}`, reply: 'pop3' });
  if (first?.reply.status !== 'ok') return first;
  const pass: Command = { text: `PASS ${MASK}`, wire: (open) => `PASS ${open(secret)}`, reply: 'pop3' };
  sendAhead(session, [pass, ...spec.ahead(session)]);
  return await ask(session, 'auth', pass);
}

async function apopLogIn(session: Session, spec: AuthSpec): Promise<Answer | undefined> {
  const { service } = session;
  const secret = service.secret;
  const stamp = timestamp(session);
  if (!secret || stamp === undefined) {
    session.note({
      kind: 'withheld',
      stage: 'auth',
      protocol: service.protocol,
      why: 'not-offered',
      detail: 'the greeting has no APOP timestamp (RFC 1939 §7)',
    });
    return undefined;
  }
  const command: Command = {
    text: `APOP ${service.user} ${MASK}`,
    wire: (open) => `APOP ${service.user} ${apop(stamp, open(secret))}`,
    reply: 'pop3',
  };
  sendAhead(session, [command, ...spec.ahead(session)]);
  return await ask(session, 'auth', command);
}

/** LOGIN (RFC 9051 §6.2.3); values beyond quoted strings go as synchronising literals. */
async function imapLogin(session: Session): Promise<Answer | undefined> {
  const { service, net } = session;
  const secret = service.secret;
  const user = service.user ?? '';
  if (!secret) return undefined;
  const tag = nextTag(session);
  const quotedUser = quoted(user);
  if (quotedUser !== undefined && quoted(net.open(secret)) !== undefined) {
    return await ask(session, 'auth', {
      text: `${tag} LOGIN ${quotedUser} "${MASK}"`,
      wire: (open) => `${tag} LOGIN ${quotedUser} ${quoted(open(secret))}`,
      reply: 'imap',
    });
  }
  const size = (s: string) => Buffer.byteLength(s, 'utf8');
  const first = await ask(session, 'auth', { text: `${tag} LOGIN {${size(user)}}`, reply: 'imap', continues: true });
  if (first?.reply.status !== 'continue') return first;
  const next = await follow(session, tag, 'imap', `${user} {*}`, (open) => `${user} {${size(open(secret))}}`);
  if (next?.reply.status !== 'continue') return next;
  return await follow(session, tag, 'imap', MASK, (open) => open(secret), true);
}

/** A line within a command: its reply is read under the tag of the command that it belongs to. */
async function follow(
  session: Session,
  tag: string,
  form: ReplyForm,
  shown: string,
  wire: (open: Open, said: string) => string,
  last = false,
  options: AskOptions = {},
): Promise<Answer | undefined> {
  const line = session.line;
  if (!line) return undefined;
  const command: Command = {
    text: shown,
    wire,
    reply: form,
    ...(form === 'imap' ? { tag } : {}),
    ...(last ? {} : { continues: true }),
    breach: ACCEPTED,
  };
  return await ask(session, 'auth', command, options);
}

/** SMTP has one code for a log-in that is accepted (RFC 4954 §4). */
const ACCEPTED = only(235);

const FORM: Readonly<Record<Protocol, ReplyForm>> = { imap: 'imap', pop3: 'pop3-sasl', smtp: 'smtp' };

/** Longest POP3 and IMAP command that may carry an initial response; beyond it the response goes on its own line (RFC 5034 §4). */
const MAX_INITIAL = 12_000;

async function sasl(session: Session, mechanism: string, spec: AuthSpec): Promise<Answer | undefined> {
  const { service, net } = session;
  const secret = service.secret;
  const line = session.line;
  if (!secret || !line) return undefined;
  let opener: Open | undefined;
  const binding = bindingFor(session, mechanism);
  if (mechanism.endsWith('-PLUS') && !binding) {
    session.note({
      kind: 'withheld',
      stage: 'auth',
      protocol: service.protocol,
      why: 'not-offered',
      detail: `${mechanism} needs channel binding, which this connection does not give`,
    });
    return undefined;
  }
  const client = saslClient(mechanism, {
    user: service.user ?? '',
    secret: () => (opener ? opener(secret) : ''),
    protocol: service.protocol,
    host: service.host,
    port: service.port,
    nonce: /^(?:SCRAM|DIGEST|NTLM)/.test(mechanism) ? Buffer.from(net.random(18)).toString('base64').replace(/[+/=]/g, 'x') : '',
    now: net.date().getTime(),
    ...(binding ? { binding } : {}),
  });
  if (!client) return undefined;
  const during = <T>(open: Open, work: () => T): T => {
    opener = open;
    try {
      return work();
    } finally {
      opener = undefined;
    }
  };
  const form = FORM[service.protocol];
  const tag = service.protocol === 'imap' ? nextTag(session) : '';
  const shown = service.protocol === 'imap' ? `AUTHENTICATE ${mechanism}` : `AUTH ${mechanism}`;
  const verb = service.protocol === 'imap' ? `${tag} ${shown}` : shown;
  const broke = (detail: string) =>
    session.note({ kind: 'break', stage: 'auth', protocol: service.protocol, how: 'malformed', command: shown, detail });
  const encode = (data: string | Uint8Array) =>
    Buffer.from(typeof data === 'string' ? Buffer.from(data, 'utf8') : data).toString('base64');
  const inline = client.first && takesInitial(session, mechanism);
  const start: Command = inline
    ? {
        text: `${verb} ${MASK}`,
        wire: (open) => `${verb} ${during(open, () => encode(client.initial())) || '='}`,
        reply: form,
        continues: true,
        breach: ACCEPTED,
      }
    : { text: verb, reply: form, continues: true, breach: ACCEPTED };
  const single = inline && ['PLAIN', 'EXTERNAL'].includes(mechanism);
  sendAhead(session, [start, ...(single ? spec.ahead(session) : [])]);
  const pipelined = session.ahead.length > 1;
  let answer = await ask(session, 'auth', start);
  let spoke = inline || !client.first;
  for (let step = 0; answer?.reply.status === 'continue' && step < 6; step++) {
    if (pipelined) {
      broke('a challenge after the initial response of a mechanism that has none');
      hangUp(session);
      return undefined;
    }
    noteChallenge(session, mechanism, answer.challenge);
    let fault: string | undefined;
    const respond = (open: Open, said: string): string => {
      const challenge = decodeChallenge(said.replace(/^(?:334[ -]?|\+ ?)/, ''));
      if (!challenge) {
        fault = 'the challenge is not base64';
        return '*';
      }
      if (!spoke) {
        spoke = true;
        return during(open, () => encode(client.initial()));
      }
      const r = during(open, () => client.respond(challenge));
      if ('fault' in r) {
        fault = r.fault;
        return '*';
      }
      return encode(r.send);
    };
    // The response is masked whole: a SASL blob is as good as the password.
    // Its answer to a cancelled exchange is no word on the credentials.
    answer = await follow(session, tag, form, MASK, respond, false, {
      get quiet() {
        return fault !== undefined;
      },
    });
    if (fault !== undefined) {
      broke(fault);
      return undefined;
    }
  }
  if (answer?.reply.status === 'ok') {
    const final = serverFinal(session, client, mechanism, answer.challenge);
    if (final !== undefined) {
      broke(final);
      return undefined;
    }
  } else if (answer?.reply.status === 'continue') {
    broke('the server never ends the exchange');
    hangUp(session);
  }
  return answer;
}

/** SMTP may carry the last SASL message in its 235 (RFC 4954 §4), POP3 in its +OK; then it is checked there. */
function serverFinal(session: Session, client: SaslClient, mechanism: string, said: string | undefined): string | undefined {
  const fault = client.verify();
  if (fault === undefined || !said || !mechanism.startsWith('SCRAM') || session.service.protocol === 'imap') return fault;
  const step = client.respond(Buffer.from(said));
  return 'fault' in step ? step.fault : client.verify();
}

/** SMTP always takes it (RFC 4954), IMAP with SASL-IR (RFC 4959), POP3 with CAPA's SASL (RFC 5034), tokens there on their own line (Microsoft). */
function takesInitial(session: Session, mechanism: string): boolean {
  const { service, net } = session;
  const secret = service.secret;
  if (!secret || net.open(secret).length > MAX_INITIAL) return false;
  if (service.protocol === 'smtp') return true;
  if (service.protocol === 'pop3')
    return mechanism !== 'XOAUTH2' && mechanism !== 'OAUTHBEARER' && net.open(secret).length + (service.user?.length ?? 0) < 120;
  return session.facts.all('capabilities').some((c) => c.channel === session.line?.channel && c.items.includes('SASL-IR'));
}

function bindingFor(session: Session, mechanism: string) {
  if (!mechanism.endsWith('-PLUS')) return undefined;
  for (const type of ['tls-exporter', 'tls-server-end-point'] as const) {
    const data = session.line?.binding(type);
    if (data) return { type, data };
  }
  return undefined;
}

/** @returns the decoded challenge; undefined where it is not base64 (S-086). */
function decodeChallenge(text: string): Uint8Array | undefined {
  const t = text.trim();
  if (t === '' || t === '=') return new Uint8Array();
  if (t.length > 65_536 || !/^[A-Za-z0-9+/]+={0,2}$/.test(t) || t.replace(/=+$/, '').length % 4 === 1) return undefined;
  return Buffer.from(t, 'base64');
}

/** A refusal may come as a challenge: a token's with JSON in it (RFC 7628 §3.2.2), SCRAM's as `e=` (RFC 5802 §7). It is the reason, so it is noted as a reply. */
function noteChallenge(session: Session, mechanism: string, challenge: string | undefined): void {
  const tells =
    mechanism === 'XOAUTH2' || mechanism === 'OAUTHBEARER' || (mechanism.startsWith('SCRAM') && isScramError(challenge ?? ''));
  if (!tells || !challenge) return;
  const said = challenge.slice(0, 1000);
  session.note({
    ...replyEvidence(
      session,
      'auth',
      { text: `AUTH ${mechanism}`, tag: '', reply: FORM[session.service.protocol] },
      { status: 'no', text: said, body: [] },
      [said],
    ),
  });
}
