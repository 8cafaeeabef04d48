/** POP3 (RFC 1939, 2449, 2595, 5034): greeting, CAPA, STLS, log-in, STAT and UIDL, QUIT. Nothing is deleted, nothing retrieved. */
import type { MailboxEvidence } from '../model/evidence.ts';
import type { Command } from '../model/net.ts';
import type { Probe, Session, Stage } from '../model/stage.ts';
import { readCapa } from '../wire/pop3.ts';
import { authStage } from './auth.ts';
import { after } from './outcome.ts';
import { certificate, connect, dns, greeting, noLine, settings, tls } from './reach.ts';
import { retrievalOf } from './retrieval.ts';
import { ask, farewell, goodbyeOf } from './talk.ts';

const CAPA: Command = { text: 'CAPA', reply: 'pop3-multi' };
const STLS: Command = { text: 'STLS', reply: 'pop3' };
/** Number of messages and size of the maildrop (RFC 1939 §5). */
const DROP = /^(\d{1,15}) +(\d{1,20})(?: |$)/;
const STAT: Command = {
  text: 'STAT',
  reply: 'pop3',
  breach: ({ text }) => (DROP.test(text) ? undefined : 'STAT is answered without the two numbers that are due'),
};
/** A line for each message: its number and an identifier (RFC 1939 §7). */
const UIDL: Command = {
  text: 'UIDL',
  reply: 'pop3-multi',
  breach: ({ body }) =>
    body.every((l) => /^\d{1,15} +\S/.test(l)) ? undefined : 'a line of UIDL without a number and an identifier',
};
const QUIT: Command = { text: 'QUIT', reply: 'pop3' };

/** CAPA is optional (RFC 2449); a server that refuses it is old, not broken. */
async function readCapabilities(session: Session): Promise<void> {
  const answer = await ask(session, 'capabilities', { ...CAPA }, { quiet: true });
  if (!answer) return;
  const read = answer.reply.status === 'ok' ? readCapa(answer.reply.body) : { items: [], mechanisms: [] };
  session.note({
    kind: 'capabilities',
    stage: 'capabilities',
    protocol: 'pop3',
    channel: session.line?.channel ?? 'plain',
    items: read.items.slice(0, 200),
    mechanisms: read.mechanisms.slice(0, 50),
    total: read.items.length,
  });
}

const capabilities: Stage = {
  name: 'capabilities',
  ready: (facts, session) => (session.line ? after(facts, 'greeting') : noLine(facts, session)),
  run: readCapabilities,
};

async function upgrade(session: Session): Promise<boolean> {
  const caps = session.facts.last('capabilities');
  // A server without CAPA may still know STLS: asking is harmless, guessing is not.
  if (caps && caps.items.length > 0 && !caps.items.includes('STLS')) {
    session.note({ kind: 'withheld', stage: 'tls', protocol: 'pop3', why: 'not-offered', detail: 'STLS' });
    return false;
  }
  const answer = await ask(session, 'tls', { ...STLS });
  return answer?.reply.status === 'ok';
}

/** By the last list that was read: after the upgrade the one before it does not count, after the log-in it still does. */
const has = (session: Session, keyword: string) =>
  session.facts
    .all('capabilities')
    .at(-1)
    ?.items.some((i) => i === keyword || i.startsWith(`${keyword} `)) ?? false;

/** Commands of the mailbox stage, then the good-bye: the same objects for writing ahead and for reading. */
function mailboxCommands(session: Session): readonly [Command, Command, Command] {
  session.afterLogIn ??= [{ ...STAT }, { ...UIDL }, { ...QUIT }];
  return session.afterLogIn;
}

const auth = authStage({
  // A refused log-in refuses these too, so writing them ahead is safe (performance: one round trip in place of four).
  ahead: (session) => (has(session, 'PIPELINING') && wants(session, 'mailbox') ? mailboxCommands(session) : []),
});

const wants = (session: Session, stage: 'mailbox') =>
  session.options.until === undefined ||
  session.options.until === stage ||
  session.options.until === 'identity' ||
  session.options.until === 'send';

const mailbox: Stage = {
  name: 'mailbox',
  ready: (facts, session) => {
    const reached = after(facts, 'dns', 'connect', 'tls', 'greeting', 'capabilities', 'auth');
    if (reached !== true) return reached;
    if (!session.line) return noLine(facts, session);
    return session.line.channel === 'authenticated' ? true : { id: 'not-logged-in' };
  },
  async run(session) {
    const [stat, uidl] = mailboxCommands(session);
    const counted = await ask(session, 'mailbox', stat);
    if (counted?.reply.status !== 'ok') return;
    const m = DROP.exec(counted.reply.text);
    // UIDL and TOP are optional (RFC 1939 §7); a client that leaves mail on the server needs UIDL.
    const listed = await ask(session, 'mailbox', uidl, { quiet: true });
    const fact = (keyword: string) => factOf(session, keyword);
    const delay = Number(fact('LOGIN-DELAY')?.split(' ')[0] ?? Number.NaN);
    const expire = fact('EXPIRE');
    const messages = m ? Number(m[1]) : undefined;
    const retrieval = retrievalOf(session, messages);
    const evidence: MailboxEvidence = {
      kind: 'mailbox',
      stage: 'mailbox',
      protocol: 'pop3',
      ...(messages !== undefined ? { messages } : {}),
      ...(m ? { bytes: Number(m[2]) } : {}),
      uidl: listed?.reply.status === 'ok',
      top: has(session, 'TOP'),
      ...(expire ? { expire } : {}),
      ...(Number.isFinite(delay) ? { loginDelay: delay } : {}),
      ...(retrieval ? { firstRetrieval: retrieval } : {}),
    };
    session.note(evidence);
  },
};

function factOf(session: Session, keyword: string): string | undefined {
  for (const c of session.facts.all('capabilities').toReversed()) {
    const item = c.items.find((i) => i.startsWith(`${keyword} `));
    if (item) return item.slice(keyword.length + 1);
  }
  return undefined;
}

/** After the upgrade everything is asked again (RFC 2595 §4): what stood there before TLS is not trusted. */
const capabilitiesAgain: Stage = {
  ...capabilities,
  ready: (facts, session) => (session.line ? after(facts, 'greeting', 'capabilities', 'tls') : noLine(facts, session)),
};

export const pop3: Probe = {
  protocol: 'pop3',
  stages(service) {
    if (service.security === 'starttls')
      return [settings, dns, connect, greeting, capabilities, tls(upgrade), certificate, capabilitiesAgain, auth, mailbox];
    return [settings, dns, connect, tls(), certificate, greeting, capabilities, auth, mailbox];
  },
  goodbye: (session) => farewell(session, session.afterLogIn?.[2] ?? goodbyeOf(session), 'mailbox'),
};
