/** Message submission (RFC 6409, 5321, 3207, 4954): greeting, EHLO, STARTTLS, AUTH, then the sender identities; DATA only when asked. */
import type { SenderEvidence } from '../model/evidence.ts';
import type { Command } from '../model/net.ts';
import type { Probe, Session, Stage } from '../model/stage.ts';
import { readEhlo } from '../wire/smtp.ts';
import { authStage } from './auth.ts';
import { testMessage } from './message.ts';
import { after } from './outcome.ts';
import { certificate, connect, dns, greeting, noLine, settings, tls } from './reach.ts';
import { ask, farewell, goodbyeOf, only, replyEvidence, sendAhead } from './talk.ts';

/** An address literal says least and is allowed to hosts without a name (RFC 5321 §4.1.3). */
const EHLO_NAME = '[127.0.0.1]';
const QUIT: Command = { text: 'QUIT', reply: 'smtp' };

async function readCapabilities(session: Session): Promise<void> {
  const answer = await ask(
    session,
    'capabilities',
    { text: `EHLO ${EHLO_NAME}`, reply: 'smtp', breach: only(250) },
    { quiet: true },
  );
  if (!answer) return;
  const { reply, lines } = answer;
  const ehlo: Command = { text: `EHLO ${EHLO_NAME}`, reply: 'smtp' };
  let read: ReturnType<typeof readEhlo> = { items: [], mechanisms: [] };
  if (reply.status === 'no') {
    // 500, 502, 504: the server is older than EHLO; anything else, or a refused HELO, is its word on us.
    const old = reply.code !== undefined && [500, 502, 504].includes(reply.code) && session.line !== undefined;
    const helo = old
      ? await ask(session, 'capabilities', { text: `HELO ${EHLO_NAME}`, reply: 'smtp' }, { quiet: true })
      : undefined;
    if (helo?.reply.code !== 250) {
      session.note(replyEvidence(session, 'capabilities', ehlo, reply, lines));
      return;
    }
  } else {
    read = readEhlo(reply.body);
  }
  session.note({
    kind: 'capabilities',
    stage: 'capabilities',
    protocol: 'smtp',
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
  if (!session.facts.last('capabilities')?.items.includes('STARTTLS')) {
    session.note({ kind: 'withheld', stage: 'tls', protocol: 'smtp', why: 'not-offered', detail: 'STARTTLS' });
    return false;
  }
  const command: Command = { text: 'STARTTLS', reply: 'smtp' };
  const answer = await ask(session, 'tls', command, { quiet: true });
  if (!answer) return false;
  if (answer.reply.code === 220) return true;
  // Any other 2yz is not the permission to begin (RFC 3207 §4): no handshake follows.
  session.note({ ...replyEvidence(session, 'tls', command, answer.reply, answer.lines), status: 'no' });
  return false;
}

const auth = authStage({ ahead: () => [] });

const keyword = (session: Session, k: string) =>
  session.facts
    .all('capabilities')
    .at(-1)
    ?.items.some((i) => i === k || i.startsWith(`${k} `)) ?? false;

/** Enough of an address to go between angle brackets without changing the command (S-128); the rest is refused before connecting. */
export const isPath = (address: string) => /^[^\s<>\u0000-\u001f\u007f]{1,320}$/.test(address);

const reachedThrough = (session: Session) => {
  const { facts } = session;
  const reached = after(facts, 'dns', 'connect', 'tls', 'greeting', 'capabilities', 'auth');
  if (reached !== true) return reached;
  return session.line ? true : noLine(facts, session);
};

const recipientOf = (session: Session) => session.service.recipient ?? session.service.from[0] ?? '';

function mailFrom(session: Session, from: string): Command {
  const utf8 = /[^\x20-\x7e]/.test(from + recipientOf(session)) && keyword(session, 'SMTPUTF8') ? ' SMTPUTF8' : '';
  return { text: `MAIL FROM:<${from}>${utf8}`, reply: 'smtp', about: from };
}

const identity: Stage = {
  name: 'identity',
  ready: (_facts, session) => {
    const reached = reachedThrough(session);
    if (reached !== true) return reached;
    if (session.service.from.length === 0) return { id: 'no-sender' };
    return session.line?.channel === 'authenticated' || !session.service.secret ? needsLogIn(session) : { id: 'not-logged-in' };
  },
  async run(session) {
    const rcpt = recipientOf(session);
    const dialogues = session.service.from.map((from) => ({
      from,
      commands: [
        mailFrom(session, from),
        { text: `RCPT TO:<${rcpt}>`, reply: 'smtp' as const, about: rcpt },
        { text: 'RSET', reply: 'smtp' as const },
      ] as const,
    }));
    const pipelining = keyword(session, 'PIPELINING');
    const more = session.options.send && until(session, 'send');
    const quit: Command = { ...QUIT };
    if (pipelining) {
      sendAhead(session, [...dialogues.flatMap((d) => d.commands), ...(more ? [] : [quit])]);
      if (!more) session.goodbye = quit;
    }
    for (const { from, commands } of dialogues) {
      const [mail, to, reset] = commands;
      const a = await ask(session, 'identity', mail);
      if (!a) return;
      session.note(cell(from, 'mail', a.reply.status === 'ok', a.lines));
      if (a.reply.status === 'ok' || pipelining) {
        const b = await ask(session, 'identity', to, a.reply.status === 'ok' ? {} : { quiet: true });
        if (!b) return;
        if (a.reply.status === 'ok') session.note(cell(from, 'rcpt', b.reply.status === 'ok', b.lines));
      }
      if (!(await ask(session, 'identity', reset, { quiet: true }))) return;
    }
    if (!more)
      for (const from of session.service.from)
        session.note({ kind: 'sender', stage: 'identity', protocol: 'smtp', from, depth: 'not-tested', accepted: false });
  },
};

/** Without a log-in a submission server rightly refuses every sender, which is no fault of the account; one without AUTH can be asked. */
function needsLogIn(session: Session) {
  const asks = session.facts.all('capabilities').at(-1)?.mechanisms.length ?? 0;
  return session.line?.channel === 'authenticated' || asks === 0 ? true : ({ id: 'not-logged-in' } as const);
}

const until = (session: Session, stage: 'send') => session.options.until === undefined || session.options.until === stage;

const cell = (from: string, depth: SenderEvidence['depth'], accepted: boolean, lines: readonly string[]): SenderEvidence => ({
  kind: 'sender',
  stage: depth === 'data' ? 'send' : 'identity',
  protocol: 'smtp',
  from,
  depth,
  accepted,
  reply: lines.join('\n').slice(0, 500),
});

/** The senders that the stage before was refused with. */
const refusedBefore = (session: Session): ReadonlySet<string> =>
  new Set(
    session.facts
      .all('sender', 'identity')
      .filter((s) => s.depth !== 'not-tested' && !s.accepted)
      .map((s) => s.from),
  );

/** One message from this sender; what refuses it on the way is its answer at this depth, and the next sender begins afresh. */
async function sendFrom(session: Session, from: string, to: string): Promise<void> {
  const envelope: readonly Command[] = [
    mailFrom(session, from),
    { text: `RCPT TO:<${to}>`, reply: 'smtp', about: to },
    { text: 'DATA', reply: 'smtp', continues: true, breach: only(354) },
  ];
  for (const command of envelope) {
    const answer = await ask(session, 'send', command);
    if (!answer) return;
    if (answer.reply.status !== 'no') continue;
    session.note(cell(from, 'data', false, answer.lines));
    await ask(session, 'send', { text: 'RSET', reply: 'smtp' }, { quiet: true });
    return;
  }
  const message = testMessage(from, to, session.net.date(), Buffer.from(session.net.random(9)).toString('hex'));
  const body: Command = { text: '.', wire: () => `${message.text}\r\n.`, reply: 'smtp', about: from };
  const end = await ask(session, 'send', body);
  if (!end) return;
  session.note({
    ...cell(from, 'data', end.reply.status === 'ok', end.lines),
    ...(end.reply.status === 'ok' ? { messageId: message.id } : {}),
  });
}

const send: Stage = {
  name: 'send',
  ready: (_facts, session) => {
    if (!session.options.send) return { id: 'not-asked' };
    const reached = reachedThrough(session);
    if (reached !== true) return reached;
    if (session.service.from.length === 0) return { id: 'no-sender' };
    // Where no sender came through its envelope, nothing is left to send.
    if (session.service.from.every((from) => refusedBefore(session).has(from)))
      return { id: 'earlier-stage-failed', params: { stage: 'identity' } };
    return session.line?.channel === 'authenticated' ? true : { id: 'not-logged-in' };
  },
  async run(session) {
    const to = session.service.self ?? session.service.from[0] ?? '';
    const refused = refusedBefore(session);
    for (const from of session.service.from) if (!refused.has(from)) await sendFrom(session, from, to);
  },
};

const capabilitiesAgain: Stage = {
  ...capabilities,
  ready: (facts, session) => (session.line ? after(facts, 'greeting', 'capabilities', 'tls') : noLine(facts, session)),
};

export const submission: Probe = {
  protocol: 'smtp',
  stages(service) {
    if (service.security === 'starttls')
      return [settings, dns, connect, greeting, capabilities, tls(upgrade), certificate, capabilitiesAgain, auth, identity, send];
    return [settings, dns, connect, tls(), certificate, greeting, capabilities, auth, identity, send];
  },
  goodbye: (session) => farewell(session, session.goodbye ?? goodbyeOf(session), 'send'),
};
