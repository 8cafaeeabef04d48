/**
 * A walk over the lines of a pasted text that remembers where in a session it is: the command that a reply answers, what protects
 * the channel, and the lines that belong together.
 */
import type { CapabilityEvidence, ReplyEvidence } from '../model/evidence.ts';
import type { Channel, Protocol } from '../model/terms.ts';
import { readCapability } from '../wire/imap.ts';
import { readEhlo } from '../wire/smtp.ts';
import type { LogicalLine } from './logical.ts';
import type { FoundReply } from './replies.ts';
import { namedCommand, protocolOfPort, protocolOfWords, stageOfReply } from './stages.ts';

export interface Session {
  command: string | undefined;
  channel: Channel;
  protocol: Protocol | undefined;
  /** How many replies each protocol gave. */
  readonly votes: Record<Protocol, number>;
}

export function newSession(): Session {
  return { command: undefined, channel: 'plain', protocol: undefined, votes: { smtp: 0, imap: 0, pop3: 0 } };
}

function statusOf(r: FoundReply): ReplyEvidence['status'] {
  // A status of failure outweighs a code that asks to go on.
  if (r.code !== undefined)
    return /^[45]\./.test(r.enhanced ?? '') ? 'no' : r.code < 300 ? 'ok' : r.code < 400 ? 'continue' : 'no';
  if (r.condition === 'OK' || r.condition === '+OK') return /^waiting for\b/i.test(r.text) ? 'no' : 'ok';
  if (r.condition === 'PREAUTH') return 'preauth';
  if (r.condition === 'BYE' && /logging out|(?<!auto-?)logout|good ?bye|see you/i.test(r.text)) return 'ok';
  if (r.enhanced?.startsWith('2')) return 'ok';
  return 'no';
}

/**
 * @param line the line it stood in; `wrapper` the words around it.
 * @returns the reply as evidence, with the command that it answers where the transcript or the words tell.
 */
export function replyEvidence(r: FoundReply, line: LogicalLine, session: Session, wrapper: string): ReplyEvidence {
  const status = statusOf(r);
  const asked = namedCommand(wrapper) ?? session.command ?? (status === 'no' ? namedCommand(line.raw) : undefined);
  const command = asked ?? (r.condition === 'BYE' || r.code === 220 ? '' : undefined);
  const protocol = r.protocol ?? (r.code === undefined ? protocolOfWords(wrapper) : 'smtp');
  if (protocol) session.votes[protocol]++;
  const stage = stageOfReply(r, command);
  const about = /<([^<>\s]{1,250}@[^<>\s]{1,250})>/.exec(command ?? '')?.[1];
  return {
    kind: 'reply',
    stage,
    ...(protocol ? { protocol } : {}),
    channel: session.channel,
    command: command ?? '',
    status,
    ...(r.code !== undefined ? { code: r.code } : {}),
    ...(r.enhanced ? { enhanced: r.enhanced } : {}),
    ...(r.responseCode ? { responseCode: r.responseCode } : {}),
    ...(r.condition ? { condition: r.condition } : {}),
    text: r.text,
    lines: line.raw.split('\n'),
    ...(about ? { about } : {}),
  };
}

/** What an accepted command changes: STARTTLS protects, AUTH and LOGIN authenticate. */
export function advance(session: Session, reply: ReplyEvidence): void {
  if (reply.status !== 'ok') return;
  const command = (session.command ?? '').toUpperCase();
  if (reply.code === 235 || /^(?:AUTH|LOGIN|AUTHENTICATE|PASS|APOP)/.test(command)) session.channel = 'authenticated';
  else if (/^(?:STARTTLS|STLS)/.test(command) && session.channel === 'plain') session.channel = 'tls';
}

const EHLO_KEYWORDS =
  /^(?:PIPELINING|SIZE|8BITMIME|STARTTLS|AUTH|ENHANCEDSTATUSCODES|CHUNKING|DSN|SMTPUTF8|HELP|VRFY|ETRN|BINARYMIME|XCLIENT|X-|DELIVERBY|XXX)/i;

/** The extensions of an EHLO reply given line by line; undefined where the lines are none. `port` where the text names one. */
export function ehloEvidence(
  lines: readonly string[],
  session: Session,
  port: number | undefined,
): CapabilityEvidence | undefined {
  const words = lines.filter((l) => EHLO_KEYWORDS.test(l)).length;
  if (lines.length < 3 || words < 2) return undefined;
  const { items, mechanisms } = readEhlo(EHLO_KEYWORDS.test(lines[0] ?? '') ? ['', ...lines] : lines);
  return capabilities(items, mechanisms, 'smtp', session, port);
}

/** `* CAPABILITY IMAP4rev1 …`, and tools that print the list after a colon. */
export function capabilityEvidence(text: string, session: Session, port: number | undefined): CapabilityEvidence | undefined {
  const m = /\bCAPABILIT(?:Y|IES)\b[^:\n]{0,40}[: ]\s*(IMAP4\w{0,6}(?: [\w=+/.-]{1,60}){1,80})/i.exec(text);
  if (!m?.[1]) return undefined;
  const read = readCapability([`CAPABILITY ${m[1]}`]);
  return read && read.items.length > 1 ? capabilities(read.items, read.mechanisms, 'imap', session, port) : undefined;
}

function capabilities(
  items: readonly string[],
  mechanisms: readonly string[],
  protocol: Protocol,
  session: Session,
  port: number | undefined,
): CapabilityEvidence {
  // An offer of STARTTLS is made on a plain channel only; an implicit TLS port is never plain.
  const implicit = port === 465 || port === 993 || port === 995;
  const offers = items.some((i) => /^(?:STARTTLS|STLS)\b/.test(i));
  const channel =
    session.channel !== 'plain' ? session.channel : implicit || (!offers && protocolOfPort(port) === undefined) ? 'tls' : 'plain';
  return { kind: 'capabilities', stage: 'capabilities', protocol, channel, items, mechanisms, total: items.length };
}
