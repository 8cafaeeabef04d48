/** IMAP responses and capabilities (RFC 9051 §7, RFC 3501, RFC 5530 for response codes, RFC 2971 for ID). */
import { MALFORMED, type Reply } from './reply.ts';

const STATUS = /^(OK|NO|BAD|BYE|PREAUTH)(?:[ \t]+(.*))?$/is;
const CODE = /^\[([A-Z][A-Z0-9/._-]{0,60})((?: [^\]]{0,4000})?)\]\s*/i;

interface Condition {
  readonly condition: string;
  readonly responseCode?: string;
  readonly argument?: string;
  readonly text: string;
}

function readCondition(rest: string): Condition | undefined {
  const m = STATUS.exec(rest);
  if (!m) return undefined;
  let text = m[2] ?? '';
  const rc = CODE.exec(text);
  if (rc) text = text.slice(rc[0].length);
  return {
    condition: (m[1] ?? '').toUpperCase(),
    ...(rc?.[1] ? { responseCode: rc[1].toUpperCase(), argument: (rc[2] ?? '').trim() } : {}),
    text: text.trim(),
  };
}

/**
 * @param lines everything up to and with the tagged reply or the continuation; for a greeting, the one line.
 * @param tag the tag that was sent; undefined for the greeting.
 * @returns the reply; `body` holds the untagged responses without "* ". A tagged line with a tag that was not sent is malformed
 *   (a reply before the question, CVE-2026-42246), and so is a line that is none of the three.
 */
export function readImapReply(lines: readonly string[], tag?: string): Reply {
  const body: string[] = [];
  let bye: Condition | undefined;
  let alert = '';
  for (const line of lines) {
    if (line.startsWith('* ')) {
      const rest = line.slice(2);
      const c = readCondition(rest);
      if (tag === undefined && c) return greetingOf(c, lines);
      if (c?.condition === 'BYE') bye = c;
      if (
        c &&
        (c.condition === 'NO' || c.condition === 'BAD' || c.responseCode === 'ALERT' || c.responseCode?.startsWith('WEBALERT'))
      )
        alert = line;
      body.push(rest);
      continue;
    }
    if (line === '+' || line.startsWith('+ ')) return { status: 'continue', text: line.slice(2), body };
    if (tag !== undefined && line.startsWith(`${tag} `)) {
      const c = readCondition(line.slice(tag.length + 1));
      if (!c) return MALFORMED('a tagged reply without a condition', lines);
      const text = c.condition === 'OK' || alert === '' ? c.text : [alert, c.text].filter((x) => x !== '').join('\n');
      return {
        status: c.condition === 'OK' ? 'ok' : 'no',
        condition: c.condition,
        ...(c.responseCode ? { responseCode: c.responseCode } : {}),
        text,
        body: c.responseCode === 'CAPABILITY' ? [...body, `CAPABILITY ${c.argument ?? ''}`] : body,
      };
    }
    if (/^\S+ (OK|NO|BAD)\b/i.test(line)) return MALFORMED('a reply to a command that was not sent', lines);
    // Continuation lines of literals and folded text belong to the untagged response before them.
    if (body.length > 0) body[body.length - 1] += `\n${line}`;
    else return MALFORMED('neither an untagged, a tagged nor a continuation response', lines);
  }
  if (bye)
    return {
      status: 'no',
      condition: 'BYE',
      ...(bye.responseCode ? { responseCode: bye.responseCode } : {}),
      text: bye.text,
      body,
    };
  return MALFORMED('no tagged reply', lines);
}

function greetingOf(c: Condition, lines: readonly string[]): Reply {
  const status = c.condition === 'OK' ? 'ok' : c.condition === 'PREAUTH' ? 'preauth' : 'no';
  return {
    status,
    condition: c.condition,
    ...(c.responseCode ? { responseCode: c.responseCode } : {}),
    text: c.text,
    body: c.responseCode === 'CAPABILITY' ? [`CAPABILITY ${c.argument ?? ''}`] : [...lines.slice(1)],
  };
}

/** The last CAPABILITY data among untagged responses; undefined where there is none. */
export function readCapability(body: readonly string[]): { items: string[]; mechanisms: string[] } | undefined {
  const data = body.filter((l) => /^CAPABILITY( |$)/i.test(l)).at(-1);
  if (data === undefined) return undefined;
  const items = data
    .split(/\s+/)
    .slice(1)
    .filter((x) => x !== '')
    .map((x) => x.toUpperCase());
  return { items, mechanisms: items.filter((x) => x.startsWith('AUTH=')).map((x) => x.slice(5)) };
}

/** A quoted string (RFC 9051 §4.3); undefined where the value needs a literal (CR, LF, NUL or beyond ASCII). */
export function quoted(value: string): string | undefined {
  if (/[^\x01-\x7f]|[\r\n]/.test(value)) return undefined;
  return `"${value.replace(/[\\"]/g, '\\$&')}"`;
}

/** ID parameters (RFC 2971) as `name: value` pairs on one line; NIL gives an empty string. */
export function readId(body: readonly string[]): string | undefined {
  const line = body.find((l) => /^ID /i.test(l));
  if (line === undefined) return undefined;
  const words = [...line.slice(3).matchAll(/"((?:[^"\\]|\\.){0,1024})"|NIL/gi)].map((m) => (m[1] ?? '').replace(/\\(.)/g, '$1'));
  const pairs: string[] = [];
  for (let i = 0; i + 1 < words.length && i < 60; i += 2) pairs.push(`${words[i]}: ${words[i + 1]}`);
  return pairs.join(', ');
}
