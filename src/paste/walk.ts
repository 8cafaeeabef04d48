/**
 * One walk over the lines of a masked text: replies with the commands that they answer, paragraphs as sayings, faults of sockets
 * and certificates, capabilities; in the order in which they stand.
 */
import type { Evidence, ReplyEvidence, TextEvidence } from '../model/evidence.ts';
import { decodeBase64Text } from '../wire/decode.ts';
import { readChain } from './chain.ts';
import { faultsOf, serviceOf } from './faults.ts';
import { type LogicalLine, logicalLines } from './logical.ts';
import { isHarmless } from './noise.ts';
import { speakerOf } from './peel.ts';
import { type Known, knownOf } from './places.ts';
import { clientNumbers, originOf, programOf } from './programs.ts';
import { type FoundReply, findReplies } from './replies.ts';
import { selectLines } from './select.ts';
import { advance, capabilityEvidence, ehloEvidence, newSession, replyEvidence } from './session.ts';
import { commandOf, protocolOfWords, stageOfWords } from './stages.ts';

/** Sayings kept; those with words of failure first. */
const MAX_SAYINGS = 400;
const MAX_PARAGRAPH_LINES = 8;
const MAX_PARAGRAPH_CHARS = 1200;

/** A reply that may go on: more lines with its code, or until the quote that opened before it closes. */
interface Open {
  readonly at: number;
  reply: FoundReply;
  readonly line: LogicalLine;
  readonly wrapper: string;
  readonly lines: string[];
}

/**
 * @param text masked and unwrapped.
 * @returns the evidence in the order in which it stands, and what the text tells of the settings.
 */
export function walk(text: string): { readonly evidence: readonly Evidence[]; readonly known: Known } {
  const selected = selectLines(text);
  const lines = logicalLines(selected);
  const chain = readChain(selected);
  const early = knownOf(text, undefined);
  const out: Evidence[] = [];
  const session = newSession();
  const spoken = new Set<string>();
  let open: Open | undefined;
  let paragraph: LogicalLine[] = [];
  let speaker: 'client' | 'server' | undefined;
  let signature = false;

  const say = (words: string, line: LogicalLine, of: { log: boolean; outside: string }) => {
    const trimmed = words.trim();
    if (trimmed.length < 3 || spoken.has(trimmed) || isHarmless(trimmed)) return;
    spoken.add(trimmed);
    const program = line.program ?? programOf(trimmed) ?? overall;
    const protocol = protocolOfWords(trimmed);
    const base: TextEvidence = {
      kind: 'text',
      stage: stageOfWords(trimmed),
      ...(protocol ? { protocol } : {}),
      text: trimmed,
      origin: originOf(trimmed, of.log, program),
      ...(program ? { program } : {}),
      line: line.number,
    };
    if (of.outside !== '' && !chain.explained.has(line.number)) out.push(...faultsOf(of.outside));
    const service = serviceOf(trimmed);
    if (service) out.push(service);
    const numbers = clientNumbers(trimmed);
    if (numbers.length === 0) out.push(base);
    else for (const number of numbers) out.push({ ...base, number });
  };
  const talking = () => session.votes.smtp + session.votes.imap + session.votes.pop3 > 0;
  const overall = programOf(text.slice(0, 20_000));

  const endParagraph = () => {
    const first = paragraph[0];
    if (first) {
      for (const part of parts(paragraph)) {
        const explained = part.some((l) => chain.explained.has(l.number));
        say(part.map((l) => l.text).join('\n'), part[0] ?? first, { log: false, outside: explained ? '' : outsideOf(part) });
      }
    }
    paragraph = [];
  };
  const outsideOf = (part: readonly LogicalLine[]) => part.map((l) => wrappers.get(l) ?? l.text).join('\n');
  /** Of each line with a reply in it: the words before that reply. */
  const wrappers = new Map<LogicalLine, string>();

  /** The last reply was quoted, and a refusal. */
  let refusedAloud = false;
  const endReply = () => {
    if (!open) return;
    const evidence = replyEvidence(open.reply, { ...open.line, raw: open.lines.join('\n') }, session, open.wrapper);
    const quoted = open.line.side === 'server';
    open = undefined;
    if (!quoted && refusedAloud && SUMMED_UP.test(evidence.text)) return;
    refusedAloud = quoted && evidence.status === 'no';
    const ehlo =
      evidence.code === 250 && open250(evidence) ? ehloEvidence(evidence.text.split('\n'), session, early.port) : undefined;
    if (ehlo) out.push(ehlo);
    const key = `${evidence.code} ${evidence.enhanced} ${evidence.condition} ${evidence.responseCode} ${evidence.text}`;
    advance(session, evidence);
    if (spoken.has(key)) return;
    if (evidence.status === 'no' || worthKeeping(evidence)) {
      spoken.add(key);
      out.push(evidence);
      // A relay reports what its own system or library told it.
      if (evidence.status === 'no' && RELAYED.test(evidence.text)) out.push(...faultsOf(evidence.text));
    }
  };
  for (const line of lines) {
    if (line.kind === 'blank') {
      endReply();
      endParagraph();
      signature = false;
      continue;
    }
    if (/^--$/.test(line.raw)) signature = true;
    if (line.kind === 'frame' || signature) continue;
    const told = speakerOf(line.raw);
    if (told) {
      endReply();
      endParagraph();
      speaker = told;
      continue;
    }
    const side = line.side ?? speaker;
    const command = side === 'server' ? undefined : commandOf(line.body, side === 'client');
    if (command !== undefined) {
      endReply();
      session.command = command;
      // A dialog may name a command on a line of its own ("… does not support: / STARTTLS"): words, until somebody has answered.
      const named = !/[ :]/.test(command) || /[:：]\s*$/.test(paragraph.at(-1)?.text ?? '');
      const words = side !== 'client' && !talking() && named;
      if (!words) {
        endParagraph();
        continue;
      }
    }
    if (side === 'client') continue;
    if (open && goesOn(open, line)) continue;
    endReply();

    const challenge =
      /^(?:334|\+)\s+(eyJ[A-Za-z0-9+/=_-]{8,})/.exec(line.body)?.[1] ??
      /[:\s](eyJ[A-Za-z0-9+/]{16,}={0,2})(?=\s|$|["')])/.exec(line.body)?.[1];
    const said = challenge ? decodeBase64Text(challenge) : undefined;
    if (said) {
      const token: TextEvidence = {
        kind: 'text',
        stage: 'auth',
        text: said.trim(),
        origin: 'transcript',
        command: session.command ?? 'AUTH',
        line: line.number,
      };
      if (!spoken.has(token.text)) out.push(token);
      spoken.add(token.text);
    }

    const capability = capabilityEvidence(line.body, session, early.port);
    if (capability) {
      endParagraph();
      out.push(capability);
      if (/^(?:\* |\S{1,12} OK |CAPABILITY )|capabilit[^:]{0,40}: /i.test(line.body)) continue;
    }
    const replies = findReplies(line.body);
    const first = replies[0];
    if (first) {
      const wrapper = line.body.slice(0, first.at).replace(/["'(#<[b]{1,4}$/, '');
      for (const r of replies.slice(0, -1)) {
        open = { at: r.at, reply: r, line, wrapper, lines: [line.raw] };
        endReply();
      }
      const last = replies.at(-1) ?? first;
      open = { at: last.at, reply: last, line, wrapper, lines: [line.raw] };
      wrappers.set(line, wrapper);
      if (isBare(line, first, wrapper)) {
        endParagraph();
        continue;
      }
    }
    if (side === 'server' && !first) {
      // Words of a server without a code: the rest of a reply, or a list; or no mail server at all.
      const stranger = /^(?:HTTP\/\d|SSH-\d|<!doctype|<html)/i.test(line.body) ? serviceOf(line.body, true) : undefined;
      if (stranger) out.push(stranger);
      if (line.body.length > 12 && !/^\S+ [\w-]+ \S+$/.test(line.body)) say(line.body, line, { log: true, outside: '' });
      continue;
    }
    if (line.log) {
      endParagraph();
      say(line.text, line, { log: true, outside: wrappers.get(line) ?? line.text });
      continue;
    }
    paragraph.push(line);
  }
  endReply();
  endParagraph();
  // telnet and nc: the line was opened and cut, and nobody said a word.
  const cut =
    out.length === 0 && !talking()
      ? /\bconnected to\b[\s\S]{0,300}?\n\s*(connection closed by .{0,60})/i.exec(text.slice(0, 4000))
      : null;
  if (cut?.[1]) out.push({ kind: 'break', stage: 'greeting', how: 'closed', command: '', detail: cut[1] });
  out.unshift(...chain.problems);
  const votes = session.votes;
  const winner = (['smtp', 'imap', 'pop3'] as const).filter((p) => votes[p] > 0).sort((a, b) => votes[b] - votes[a])[0];
  return { evidence: bounded(out), known: winner ? { ...early, protocol: winner } : early };
}

/** sendmail's own name for any refusal, below the words of the server. */
const SUMMED_UP = /^(?:<[^<>\s]{0,250}>\.\.\. )?Service unavailable$/;

/** Words of the system or a library inside a reply. */
const RELAYED =
  /winsock|win32 error|socket error|\berrno\b|os error|remote certificate|certificate (?:verif|valid)|UntrustedRoot|handshake/i;

/** Successful replies that may still say something: greetings, and the acceptance of a log-in. */
function worthKeeping(r: ReplyEvidence): boolean {
  if (r.status === 'preauth') return true;
  return (
    r.code === 220 ||
    r.code === 235 ||
    (r.command === '' && r.status === 'ok' && r.code === undefined) ||
    (r.stage === 'auth' && r.status === 'ok')
  );
}

/** May this be the answer to EHLO: several lines with 250? */
function open250(r: ReplyEvidence): boolean {
  return r.text.includes('\n') && (r.command === '' || /^(?:EHLO|HELO|LHLO)/i.test(r.command));
}

/** What names a reply's protocol in a delivery report (RFC 3464 §2.3.6). */
const FIELD = /^(?:Diagnostic-Code: ?)?smtp; ?$/i;

/** Is the line nothing but the reply, so that its words need not be said twice? */
function isBare(line: LogicalLine, first: FoundReply, wrapper: string): boolean {
  return (
    line.side === 'server' || ((first.at <= 2 || FIELD.test(wrapper)) && wrapper.replace(FIELD, '').trim() === '' && !line.log)
  );
}

/** Adds a further line to an open reply. */
function goesOn(open: Open, line: LogicalLine): boolean {
  const { reply } = open;
  if (reply.code !== undefined) {
    const m = /^(\d{3})([ -]|$)/.exec(line.body);
    if (m && Number(m[1]) === reply.code && (reply.more || open.lines.length > 1)) {
      const rest = line.body.slice(4).replace(/^#?[245]\.\d{1,3}\.\d{1,3}[ -]+/, '');
      open.reply = { ...reply, text: `${reply.text}\n${rest}`.trim(), more: m[2] === '-' };
      open.lines.push(line.raw);
      return true;
    }
  }
  const again = reply.enhanced ? line.body.startsWith(`${reply.enhanced} `) : false;
  if (again && reply.enhanced) {
    open.reply = { ...reply, text: `${reply.text}\n${line.body.slice(reply.enhanced.length).trim()}` };
    open.lines.push(line.raw);
    return true;
  }
  return false;
}

/** A paragraph in pieces that may be one saying each: whole where it is short, else overlapping by a line. */
function parts(lines: readonly LogicalLine[]): readonly (readonly LogicalLine[])[] {
  const out: LogicalLine[][] = [];
  let part: LogicalLine[] = [];
  let chars = 0;
  for (const line of lines) {
    if (part.length >= MAX_PARAGRAPH_LINES || (part.length > 0 && chars + line.text.length > MAX_PARAGRAPH_CHARS)) {
      out.push(part);
      const last = part.at(-1);
      part = last && last.text.length < 300 ? [last] : [];
      chars = part[0]?.text.length ?? 0;
    }
    part.push(line);
    chars += line.text.length;
  }
  if (part.length > 0) out.push(part);
  return out;
}

const FAILURE =
  /fail|error|refus|reject|den[yi]|invalid|incorrect|time[do]? ?out|unable|cannot|can't|not |disabl|expire|lock|exceed|limit|too |[45]\d\d|[^\u0000-\u024f]{3}/i;

/** At most MAX_SAYINGS facts, in order; plain sayings without a word of failure go first. */
function bounded(evidence: readonly Evidence[]): readonly Evidence[] {
  if (evidence.length <= MAX_SAYINGS) return evidence;
  const strong = evidence.filter((e) => e.kind !== 'text' || FAILURE.test(e.text));
  const kept = new Set(strong.slice(0, MAX_SAYINGS));
  for (const e of evidence) if (kept.size < MAX_SAYINGS) kept.add(e);
  return evidence.filter((e) => kept.has(e));
}
