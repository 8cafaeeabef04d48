/** The conversation: commands out, replies in, each noted as evidence. What a fact means is never decided here. */
import type { BreakEvidence, ReplyEvidence } from '../model/evidence.ts';
import type { Command, RawReply, ReplyForm } from '../model/net.ts';
import type { Session } from '../model/stage.ts';
import type { Protocol, StageName } from '../model/terms.ts';
import { readImapReply } from '../wire/imap.ts';
import { readPop3Reply } from '../wire/pop3.ts';
import type { Reply } from '../wire/reply.ts';
import { readSmtpReply } from '../wire/smtp.ts';

export interface Answer {
  readonly reply: Reply;
  readonly lines: readonly string[];
  /** Lines counted, more than are kept where a listing is long. */
  readonly count: number;
  /** The text of a challenge. */
  readonly challenge?: string;
}

/** The one positive code that answers this command (RFC 5321 §4.3.2, RFC 4954 §4); POP3 and IMAP have none. */
export const only =
  (wanted: number): NonNullable<Command['breach']> =>
  ({ code }) =>
    code === undefined || code === wanted ? undefined : `reply code ${code} where ${wanted} is due`;

export const GREETING_FORM: Readonly<Record<Protocol, ReplyForm>> = { smtp: 'smtp', pop3: 'pop3', imap: 'pop3' };

/** Next IMAP tag. */
export function nextTag(session: Session): string {
  session.tag += 1;
  return `m${session.tag}`;
}

export function tagOf(command: Command): string | undefined {
  return command.reply === 'imap' ? (command.tag ?? command.text.split(' ', 1)[0]) : undefined;
}

/** The command without its tag, as evidence names it. */
export function shownCommand(command: Command): string {
  return command.reply === 'imap' && command.tag === undefined ? command.text.slice(command.text.indexOf(' ') + 1) : command.text;
}

function parse(form: ReplyForm, lines: readonly string[], protocol: Protocol, tag?: string): Reply {
  if (form === 'imap' || protocol === 'imap') return readImapReply(lines, tag);
  return form === 'smtp' ? readSmtpReply(lines) : readPop3Reply(lines);
}

/** Writes commands that may be answered later; their replies are read, in order, when `ask` is called with the same command. */
export function sendAhead(session: Session, commands: readonly Command[]): void {
  session.line?.write(commands);
  session.ahead.push(...commands);
}

export interface AskOptions {
  /** Leave a refusal unnoted: the caller knows it to be harmless (an old server without CAPA). */
  readonly quiet?: boolean;
}

/**
 * Writes one command, unless it was written ahead, and reads its reply.
 * @returns the answer, or undefined where the conversation broke (noted).
 */
export async function ask(
  session: Session,
  stage: StageName,
  command: Command,
  options: AskOptions = {},
): Promise<Answer | undefined> {
  const line = session.line;
  if (!line) return undefined;
  if (session.ahead[0] === command) session.ahead.shift();
  else line.write([command]);
  return await take(session, stage, command, options);
}

/** Reads the reply to a command that has been written. */
export async function take(
  session: Session,
  stage: StageName,
  command: Command,
  options: AskOptions = {},
): Promise<Answer | undefined> {
  const line = session.line;
  if (!line) return undefined;
  const raw = await line.read(command.reply, tagOf(command));
  return note(session, stage, command, raw, options);
}

/** Reads the greeting. */
export async function readGreeting(session: Session): Promise<Answer | undefined> {
  const line = session.line;
  if (!line) return undefined;
  const form = GREETING_FORM[session.service.protocol];
  const raw = await line.read(form);
  return note(session, 'greeting', { text: '', reply: form, breach: only(220) }, raw, {});
}

function note(session: Session, stage: StageName, command: Command, raw: RawReply, options: AskOptions): Answer | undefined {
  const protocol = session.service.protocol;
  const shown = shownCommand(command);
  if (!raw.ok) {
    // IMAP says why it ends in a line of its own, and no reply to the command follows (RFC 9051 §7.1.5).
    const bye = protocol === 'imap' ? raw.lines.findLast((l) => /^\* BYE\b/i.test(l)) : undefined;
    if (bye !== undefined) session.note(replyEvidence(session, stage, command, readImapReply([bye]), [bye], raw.ms));
    session.note(
      broke(
        stage,
        unfinished(raw, command) ? 'unfinished' : raw.how,
        shown,
        raw.lines.length > 0 ? `${raw.detail}: ${raw.lines.join(' ').slice(0, 200)}` : raw.detail,
        raw.ms,
      ),
    );
    // Interrupted by the user, the line is whole: the goodbye still goes out on it.
    if (raw.how !== 'interrupted') hangUp(session);
    return undefined;
  }
  const reply = parse(command.reply, raw.lines, protocol, tagOf(command));
  if (reply.status === 'malformed') {
    const how = reply.fault === 'a reply to a command that was not sent' ? 'unasked' : 'malformed';
    session.note(broke(stage, how, shown, `${reply.fault}: ${raw.lines.slice(0, 3).join(' ⏎ ').slice(0, 300)}`, raw.ms));
    hangUp(session);
    return undefined;
  }
  if (reply.status === 'continue' && !command.continues) {
    session.note(
      broke(stage, 'malformed', shown, `it asks for more where nothing is due: ${raw.lines.at(-1)?.slice(0, 300)}`, raw.ms),
    );
    hangUp(session);
    return undefined;
  }
  const breach = reply.status === 'ok' ? command.breach?.(reply) : undefined;
  if (breach !== undefined) {
    session.note(broke(stage, 'malformed', shown, `${breach}: ${raw.lines.slice(0, 3).join(' ⏎ ').slice(0, 300)}`, raw.ms));
    hangUp(session);
    return undefined;
  }
  if (!(options.quiet && reply.status === 'no')) session.note(replyEvidence(session, stage, command, reply, raw.lines, raw.ms));
  if (reply.code === 421 || reply.condition === 'BYE') hangUp(session);
  return { reply, lines: raw.lines, count: raw.count, ...(raw.challenge === undefined ? {} : { challenge: raw.challenge }) };
}

/** Begun, and not ended in time. IMAP servers may say things while they work; a greeting has not come before its end. */
const unfinished = (raw: { how: string; lines: readonly string[] }, command: Command) =>
  raw.how === 'timeout' && raw.lines.length > 0 && command.reply !== 'imap' && command.text !== '';

function broke(stage: StageName, how: BreakEvidence['how'], command: string, detail: string, ms: number): BreakEvidence {
  return { kind: 'break', stage, how, command, detail, ms };
}

/** The line is of no more use; the session goes on without it. */
export function hangUp(session: Session): void {
  const line = session.line;
  session.line = undefined;
  session.ahead.length = 0;
  if (line) void line.close();
}

/** Ends the session without waiting for an answer: with the good-bye where the two have spoken before. */
export function leave(session: Session): void {
  if (session.facts.last('reply', 'greeting')) session.line?.write([goodbyeOf(session)]);
  hangUp(session);
}

/** QUIT or LOGOUT. */
export const goodbyeOf = (session: Session): Command => {
  const { protocol } = session.service;
  return protocol === 'imap'
    ? { text: `${nextTag(session)} LOGOUT`, reply: 'imap' }
    : { text: 'QUIT', reply: protocol === 'smtp' ? 'smtp' : 'pop3' };
};

export function replyEvidence(
  session: Session,
  stage: StageName,
  command: Command,
  reply: Reply,
  lines: readonly string[],
  ms?: number,
): ReplyEvidence {
  return {
    kind: 'reply',
    stage,
    protocol: session.service.protocol,
    channel: session.line?.channel ?? 'plain',
    command: shownCommand(command),
    status: reply.status === 'malformed' ? 'no' : reply.status,
    ...(reply.code !== undefined ? { code: reply.code } : {}),
    ...(reply.enhanced ? { enhanced: reply.enhanced } : {}),
    ...(reply.responseCode ? { responseCode: reply.responseCode } : {}),
    ...(reply.condition ? { condition: reply.condition } : {}),
    text: reply.text.slice(0, 4000),
    lines: lines.slice(0, 50).map((l) => l.slice(0, 1000)),
    ...(command.about ? { about: command.about } : {}),
    ...(ms !== undefined ? { ms } : {}),
  };
}

/** Says good-bye and waits for the answer a moment; never fails. */
export async function farewell(session: Session, command: Command, stage: StageName): Promise<void> {
  const line = session.line;
  if (!line) return;
  session.net.deadline(Math.min(2000, session.options.timeoutMs));
  const pending = [...session.ahead];
  session.ahead.length = 0;
  if (!pending.some((c) => c.text === command.text)) {
    line.write([command]);
    pending.push(command);
  }
  for (const c of pending) {
    const raw = await line.read(c.reply, tagOf(c));
    if (!raw.ok) break;
  }
  void stage;
  session.line = undefined;
  await line.close();
}
