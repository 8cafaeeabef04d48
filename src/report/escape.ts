/**
 * Neutralising foreign text for each place it is written to: terminals, Markdown, HTML, XML, workflow commands, CSV and JSON
 * (CWE-150, CWE-79, CWE-116, CWE-1236, CVE-2021-42574).
 *
 * Every reporter passes every string through one of these, its own words too, so that nothing has to be known of where it came from.
 */

/** Controls, format characters (bidi, zero width, tags), line and paragraph separators, surrogates, ignorables, noncharacters. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{DI}\p{NChar}]/gu;

/** `##[error]`, `##vso[…]`, `##teamcity[…]`: CI runners obey these anywhere in a line. */
const RUNNER = /#(?=#[a-z]{0,12}\[)/gi;
/** `::error::`, `::add-mask::`: GitHub's runner obeys these at the start of a line, and wrapping may put them there. */
const COMMAND = /:(?=:[a-z][\w-]{0,40}(?: [^\n]{0,200})?::)/gi;

const hex = (code: number, width: number) => code.toString(16).padStart(width, '0');

function shown(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 1)}}`;
}

/** @returns the text with everything that a terminal would obey or hide written as `\xNN` or `\u{…}`; newlines stay. */
export function forTerminal(text: string): string {
  return text
    .replace(UNSAFE, (c) => (c === '\n' ? c : shown(c)))
    .replace(RUNNER, '\\x23')
    .replace(COMMAND, '\\x3a');
}

/** @returns the same on one line: CR LF and LF become the sign ⏎. */
export function oneLine(text: string): string {
  return forTerminal(text.replace(/\r?\n/g, ' ⏎ '));
}

/** @returns the lines of a text, each without anything a terminal would obey; CR before LF is part of the line end. */
export function safeLines(text: string): string[] {
  return text.split(/\r?\n/).map((line) => forTerminal(line));
}

/** The longest run of backticks in a text. */
function longestRun(text: string): number {
  let longest = 0;
  for (const run of text.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  return longest;
}

/** @returns a code span that its content cannot end (CommonMark §6.1); on one line. */
export function forMarkdownCode(text: string): string {
  const safe = oneLine(text);
  if (safe === '') return '` `';
  const fence = '`'.repeat(longestRun(safe) + 1);
  const pad = /^`|`$|^ .* $/.test(safe) ? ' ' : '';
  return `${fence}${pad}${safe}${pad}${fence}`;
}

/** @returns a code span for a cell of a table, where a pipe would end the cell even inside code (GFM §4.10). */
export function forMarkdownCell(text: string): string {
  return forMarkdownCode(text).replaceAll('|', '\\|');
}

/** @returns a fenced block that its content cannot end (CommonMark §4.5). */
export function forMarkdownBlock(text: string): string {
  const safe = safeLines(text).join('\n');
  const fence = '`'.repeat(Math.max(3, longestRun(safe) + 1));
  return `${fence}\n${safe}\n${fence}`;
}

/** What Markdown or a ticket system would act on inside a word: markup, mentions, issue numbers, links, emoji names. */
const ACTIVE =
  /[`*_[\]<>|~#@\\&$^{}]|:\/\/|^www\.|^!\d|^:[a-z0-9+-]+:$|^(?!(?:SHA|UTF|ISO|RFC|TLS)-)[A-Z][A-Z0-9]+-\d+$|^[0-9a-f]{7,40}$/i;
const WORD = /[\x21-\x7e]+/g;
const OPENING = '"\'(';
const CLOSING = '.,;:!?)"\'';

/** The word without the punctuation around it. */
function trimmed(word: string): { before: string; inner: string; after: string } {
  let start = 0;
  let end = word.length;
  while (start < end && OPENING.includes(word.charAt(start))) start += 1;
  while (end > start && CLOSING.includes(word.charAt(end - 1))) end -= 1;
  return { before: word.slice(0, start), inner: word.slice(start, end), after: word.slice(end) };
}

/** @returns prose in which every word that Markdown or a ticket system would act on stands in a code span; on one line. */
export function forMarkdownText(text: string): string {
  const out = oneLine(text).replace(WORD, (word) => {
    const { before, inner, after } = trimmed(word);
    if (ACTIVE.test(inner)) return `${before}${forMarkdownCode(inner)}${after}`;
    return ACTIVE.test(word) ? forMarkdownCode(word) : word;
  });
  // What would open a list, a rule or a heading at the start of a line.
  return out.replace(
    /^( *)([-+]|\d{1,9}[.)])(?= |$)|^( *)(?=-{3}|={3})/,
    (_, space: string | undefined, mark: string | undefined, rule: string | undefined) =>
      mark === undefined ? `${rule ?? ''}\\` : `${space ?? ''}${mark.slice(0, -1)}\\${mark.slice(-1)}`,
  );
}

/** @returns prose for a cell of a table. */
export function forMarkdownTextCell(text: string): string {
  return forMarkdownText(text).replaceAll('|', '\\|');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** @returns text for an HTML text node or a quoted attribute. */
export function forHtml(text: string): string {
  return forTerminal(text.replace(/\r\n/g, '\n')).replace(/[&<>"']/g, (c) => ENTITIES[c] ?? c);
}

/** @returns text for an XML 1.0 text node or attribute: what XML forbids is shown as `\xNN`; newlines stay. */
export function forXml(text: string): string {
  return forHtml(text);
}

/** @returns the message of a GitHub workflow command. */
export function forGithubCommand(text: string): string {
  return safeLines(text).join('\n').replaceAll('%', '%25').replaceAll('\n', '%0A');
}

/** @returns a property of a GitHub workflow command, on one line. */
export function forGithubProperty(text: string): string {
  return oneLine(text).replaceAll('%', '%25').replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** @returns a CSV field (RFC 4180) that no spreadsheet takes for a formula. */
export function forCsv(text: string): string {
  const safe = forTerminal(text);
  const calm = /^[\s]*[=+\-@]/.test(safe) ? `'${safe}` : safe;
  return /[",\n;]|^\s|\s$/.test(calm) ? `"${calm.replaceAll('"', '""')}"` : calm;
}

/** @returns well-formed Unicode: a lone surrogate becomes U+FFFD, since JSON is UTF-8 (RFC 8259 §8.1). */
export function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}

/**
 * @returns JSON in which everything a terminal would obey is escaped as well, so that `cat report.json` is harmless.
 * @param indent spaces per level; 0 for one line.
 */
export function forJson(value: unknown, indent = 2): string {
  const plain = JSON.stringify(value, undefined, indent) ?? 'null';
  // A function that looks at every value makes it five times slower: only where a lone surrogate was written as an escape.
  const text = /\\ud[89a-f]/.test(plain)
    ? JSON.stringify(value, (_, v: unknown) => (typeof v === 'string' ? wellFormed(v) : v), indent)
    : plain;
  return text
    .replace(UNSAFE, (c) => {
      if (c === '\n') return c;
      return Array.from({ length: c.length }, (_, i) => `\\u${hex(c.charCodeAt(i), 4)}`).join('');
    })
    .replace(RUNNER, '\\u0023');
}

/** @returns at most `limit` characters, with the number left out. */
export function capped(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = wellFormedEnd(text.slice(0, limit));
  return `${head}… (+${text.length - head.length})`;
}

/** Never cut a surrogate pair in two. */
function wellFormedEnd(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}
