/** IMAP (RFC 9051, 3501): greeting, capabilities, STARTTLS, log-in, then ID (2971), EXAMINE INBOX, NAMESPACE, QUOTA (9208), LOGOUT. */
import type { MailboxEvidence } from '../model/evidence.ts';
import type { Command } from '../model/net.ts';
import type { Probe, Session, Stage } from '../model/stage.ts';
import { readCapability, readId } from '../wire/imap.ts';
import { authStage } from './auth.ts';
import { after } from './outcome.ts';
import { certificate, connect, dns, greeting, noLine, settings, tls } from './reach.ts';
import { retrievalOf } from './retrieval.ts';
import { ask, farewell, goodbyeOf, nextTag, sendAhead } from './talk.ts';

function noteCapability(session: Session, body: readonly string[]): boolean {
  const read = readCapability(body);
  if (!read) return false;
  session.note({
    kind: 'capabilities',
    stage: 'capabilities',
    protocol: 'imap',
    channel: session.line?.channel ?? 'plain',
    items: read.items.slice(0, 200),
    mechanisms: read.mechanisms.slice(0, 50),
    total: read.items.length,
  });
  return true;
}

async function readCapabilities(session: Session, fromGreeting: boolean): Promise<void> {
  const greeted = session.facts.last('reply', 'greeting');
  // The greeting's own list counts only on the channel on which it was said.
  if (fromGreeting && greeted && greeted.channel === session.line?.channel && greeted.responseCode === 'CAPABILITY') {
    const words = /\[CAPABILITY ([^\]]*)\]/i.exec(greeted.lines[0] ?? '')?.[1];
    if (words !== undefined && noteCapability(session, [`CAPABILITY ${words}`])) return;
  }
  const answer = await ask(session, 'capabilities', { text: `${nextTag(session)} CAPABILITY`, reply: 'imap' });
  if (answer?.reply.status === 'ok' && !noteCapability(session, answer.reply.body)) noteCapability(session, ['CAPABILITY']);
}

const capabilities: Stage = {
  name: 'capabilities',
  ready: (facts, session) => (session.line ? after(facts, 'greeting') : noLine(facts, session)),
  run: (session) => readCapabilities(session, true),
};

async function upgrade(session: Session): Promise<boolean> {
  if (!session.facts.last('capabilities')?.items.includes('STARTTLS')) {
    session.note({ kind: 'withheld', stage: 'tls', protocol: 'imap', why: 'not-offered', detail: 'STARTTLS' });
    return false;
  }
  const answer = await ask(session, 'tls', { text: `${nextTag(session)} STARTTLS`, reply: 'imap' });
  return answer?.reply.status === 'ok';
}

/** The number of messages is due (RFC 9051 §6.3.3), but clients live without it. */
const EXISTS = /^(\d{1,12}) EXISTS\b/i;

const items = (session: Session) => session.facts.all('capabilities').at(-1)?.items ?? [];

const mailbox: Stage = {
  name: 'mailbox',
  ready: (facts, session) => {
    const reached = after(facts, 'dns', 'connect', 'tls', 'greeting', 'capabilities', 'auth');
    if (reached !== true) return reached;
    if (!session.line) return noLine(facts, session);
    return session.line.channel === 'authenticated' ? true : { id: 'not-logged-in' };
  },
  async run(session) {
    const loggedIn = session.facts.last('reply', 'auth');
    const fresh =
      loggedIn?.responseCode === 'CAPABILITY' ? /\[CAPABILITY ([^\]]*)\]/i.exec(loggedIn.lines.at(-1) ?? '')?.[1] : undefined;
    if (fresh !== undefined) noteCapability(session, [`CAPABILITY ${fresh}`]);
    const has = (k: string) => items(session).includes(k);
    const command = (text: string): Command => ({ text: `${nextTag(session)} ${text}`, reply: 'imap' });
    // NetEase refuses the mailbox to clients that do not say who they are, so ID goes first (RFC 2971).
    const id = has('ID') ? command('ID ("name" "mailcheck" "vendor" "mailcheck")') : undefined;
    const namespace = has('NAMESPACE') ? command('NAMESPACE') : undefined;
    const examine = command('EXAMINE INBOX');
    const quota = has('QUOTA') ? command('GETQUOTAROOT INBOX') : undefined;
    const logout = command('LOGOUT');
    session.goodbye = logout;
    sendAhead(
      session,
      [id, namespace, examine, quota, logout].filter((c): c is Command => c !== undefined),
    );
    const said = id ? await ask(session, 'mailbox', id, { quiet: true }) : undefined;
    const spaces = namespace ? await ask(session, 'mailbox', namespace, { quiet: true }) : undefined;
    const box = await ask(session, 'mailbox', examine);
    if (box?.reply.status !== 'ok') return;
    const roots = quota ? await ask(session, 'mailbox', quota, { quiet: true }) : undefined;
    const exists = box.reply.body.map((l) => EXISTS.exec(l)?.[1]).find((x) => x !== undefined);
    const q = roots?.reply.body.find((l) => /^QUOTA /i.test(l));
    const n = spaces?.reply.body.find((l) => /^NAMESPACE /i.test(l));
    const server = said ? readId(said.reply.body) : undefined;
    const messages = exists !== undefined ? Number(exists) : undefined;
    const retrieval = retrievalOf(session, messages);
    const evidence: MailboxEvidence = {
      kind: 'mailbox',
      stage: 'mailbox',
      protocol: 'imap',
      ...(messages !== undefined ? { messages } : {}),
      ...(q ? { quota: q.slice(6).slice(0, 300) } : {}),
      ...(n ? { namespace: n.slice(10).slice(0, 300) } : {}),
      ...(server ? { id: server.slice(0, 300) } : {}),
      ...(retrieval ? { firstRetrieval: retrieval } : {}),
    };
    session.note(evidence);
  },
};

const capabilitiesAgain: Stage = {
  name: 'capabilities',
  ready: (facts, session) => (session.line ? after(facts, 'greeting', 'capabilities', 'tls') : noLine(facts, session)),
  run: (session) => readCapabilities(session, false),
};

const auth = authStage({ ahead: () => [] });

export const imap: Probe = {
  protocol: 'imap',
  stages(service) {
    if (service.security === 'starttls')
      return [settings, dns, connect, greeting, capabilities, tls(upgrade), certificate, capabilitiesAgain, auth, mailbox];
    return [settings, dns, connect, tls(), certificate, greeting, capabilities, auth, mailbox];
  },
  goodbye: (session) => farewell(session, session.goodbye ?? goodbyeOf(session), 'mailbox'),
};
