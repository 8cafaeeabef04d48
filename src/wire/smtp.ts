/** SMTP replies and EHLO keywords (RFC 5321 §4.2, §4.1.1.1; RFC 2034 and 3463 for enhanced status codes; RFC 4954 for AUTH). */
import { MALFORMED, type Reply } from './reply.ts';

const LINE = /^(\d{3})([ -]?)(.*)$/s;
const ENHANCED = /^([245]\.\d{1,3}\.\d{1,3})(?:[ \t]+|$)/;

/**
 * @param lines one reply, without CRLF.
 * @returns the reply; malformed where a line has no code, codes differ, or the code is outside 200–599 (RFC 5321 §4.2.1).
 */
export function readSmtpReply(lines: readonly string[]): Reply {
  let code: number | undefined;
  let enhanced: string | undefined;
  const texts: string[] = [];
  for (const [i, line] of lines.entries()) {
    const m = LINE.exec(line);
    if (!m) return MALFORMED('a line without a reply code', lines);
    const c = Number(m[1]);
    if (c < 200 || c > 599) return MALFORMED(`reply code ${m[1]}`, lines);
    if (code !== undefined && c !== code) return MALFORMED('reply codes differ between the lines of one reply', lines);
    const last = i === lines.length - 1;
    if (last && m[2] === '-') return MALFORMED('the reply has no last line', lines);
    if (m[2] === '' && m[3] !== '') return MALFORMED('no space after the reply code', lines);
    code = c;
    let text = m[3] ?? '';
    const e = ENHANCED.exec(text);
    if (e?.[1]?.startsWith(String(c).charAt(0))) {
      enhanced ??= e[1];
      text = text.slice(e[0].length);
    }
    texts.push(text);
  }
  if (code === undefined) return MALFORMED('an empty reply', lines);
  const status = code < 300 ? 'ok' : code < 400 ? 'continue' : 'no';
  return { status, code, ...(enhanced ? { enhanced } : {}), text: texts.join('\n').trim(), body: texts };
}

/** EHLO keywords (RFC 5321 §4.1.1.1): the lines after the first, upper-cased keyword, arguments kept; `AUTH=` folded into AUTH. */
export function readEhlo(body: readonly string[]): { items: string[]; mechanisms: string[] } {
  const items: string[] = [];
  const mechanisms = new Set<string>();
  for (const raw of body.slice(1)) {
    // Old Microsoft servers sent `AUTH=LOGIN` in place of `AUTH LOGIN` (draft of RFC 2554).
    const line = raw.trim().replace(/^(AUTH)=/i, '$1 ');
    if (line === '') continue;
    const [keyword = '', ...args] = line.split(/\s+/);
    const k = keyword.toUpperCase();
    items.push([k, ...(k === 'AUTH' ? args.map((a) => a.toUpperCase()) : args)].join(' '));
    if (k === 'AUTH') for (const a of args) mechanisms.add(a.toUpperCase());
  }
  return { items, mechanisms: [...mechanisms] };
}
