/** A whole pasted text made plain: line ends, terminal escapes, MIME bodies, HTML, entities and encoded words. Linear. */
import { decodeBase64Text, decodeEncodedWords, decodeQuotedPrintable } from '../wire/decode.ts';
import { decodeEntities, htmlToText } from '../wire/html.ts';

const ESCAPES = /\x1b\[[0-9;?]{0,30}[ -/]{0,3}[@-~]|\x1b\][^\x07\x1b\n]{0,500}(?:\x07|\x1b\\)|\x1b[@-Z\\-_]/g;
const INVISIBLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g;
const CTE = /^content-transfer-encoding:[ \t]*(base64|quoted-printable)/im;

/** MIME parts whose header names an encoding (RFC 2045 §6) are decoded in place; headers and boundaries stay. */
function decodeParts(text: string): string {
  const out: string[] = [];
  let encoding: string | undefined;
  let charset: string | undefined;
  let body = false;
  let collected: string[] = [];
  const flush = () => {
    if (collected.length > 0 && encoding) {
      const joined = collected.join('\n');
      const decoded =
        encoding === 'base64' ? decodeBase64Text(joined, charset) : decodeQuotedPrintable(joined, charset ?? 'utf-8');
      out.push(decoded ?? joined);
    }
    collected = [];
  };
  for (const line of text.split('\n')) {
    if (body) {
      const over =
        line.startsWith('--') || (encoding === 'base64' && line.trim() !== '' && !/^[A-Za-z0-9+/=\s>]{1,20000}$/.test(line));
      if (!over) {
        collected.push(line);
        continue;
      }
      flush();
      body = false;
      encoding = undefined;
      charset = undefined;
    }
    const cte = /^content-transfer-encoding:[ \t]*([\w-]{1,20})/i.exec(line);
    if (cte) encoding = /base64|quoted-printable/i.exec(cte[1] ?? '')?.[0].toLowerCase();
    const cs = /charset="?([\w-]{1,30})/i.exec(line);
    if (cs) charset = cs[1]?.toLowerCase();
    if (line.trim() === '' && encoding) body = true;
    if (line.startsWith('--')) charset = undefined;
    out.push(line);
  }
  flush();
  return out.join('\n');
}

/** Strings of JSON (logs, API answers) hold whole transcripts on one line: their line ends become real ones. */
function openJson(text: string): string {
  if (!text.includes('\\n') || !/(?:^|\n)\s{0,40}[{[]\s{0,40}"/.test(text)) return text;
  return text
    .split('\n')
    .map((line) =>
      /^\s{0,40}[{[]/.test(line) && line.includes('\\n')
        ? line.replace(/\\(?:\\|r\\n|n|r|")/g, (e) => (e === '\\\\' ? '\\' : e === '\\"' ? '"' : '\n'))
        : line,
    )
    .join('\n');
}

const LOGFMT = /(?:^|\s)(?:lvl|level)=\w/;
const PAIR = /(?:^|\s)(t|ts|time|msg|message|error|err|reason)=("(?:[^"\\]|\\.){0,8000}"|\S{1,2000})/g;

/** A line of `key=value` pairs (logfmt) reads as its message and its error, which may be such a line itself. */
function openPairs(line: string, depth = 0): string {
  if (!LOGFMT.test(line)) return line;
  const value: Record<string, string> = {};
  for (const [, key = '', raw = ''] of line.matchAll(PAIR)) {
    value[key] ??= raw.startsWith('"') ? raw.slice(1, -1).replace(/\\(["\\])/g, '$1') : raw;
  }
  const said = [value.msg ?? value.message, value.error ?? value.err ?? value.reason].filter((v) => v !== undefined && v !== '');
  if (said.length === 0) return line;
  const time = value.t ?? value.ts ?? value.time;
  const words = said.map((v) => (depth < 2 ? openPairs(v ?? '', depth + 1) : v)).join(': ');
  return time !== undefined && /^\d{4}-\d\d-\d\d[T ]/.test(time) ? `${time.slice(0, 19)} ${words}` : words;
}

/** @returns the text as a person would read it. */
export function unwrap(text: string): string {
  let t = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  if (t.includes('\x1b')) t = t.replace(ESCAPES, '');
  t = t.replace(INVISIBLE, '');
  const head = t.length > 2_000_000 ? t.slice(0, 2_000_000) : t;
  if (CTE.test(head)) t = decodeParts(t);
  else if (/=\n/.test(head) && /=(?:3D|20|[C-F][0-9A-F]=[89AB][0-9A-F])/.test(head)) t = decodeQuotedPrintable(t);
  else if (/(?:=[C-F][0-9A-F](?:=[89AB][0-9A-F]){1,3}){2}/.test(head)) t = decodeQuotedPrintable(t);
  if (LOGFMT.test(head))
    t = t
      .split('\n')
      .map((line) => openPairs(line))
      .join('\n');
  t = decodeEncodedWords(openJson(t));
  t = htmlToText(t);
  return decodeEntities(t);
}
