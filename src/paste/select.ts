/**
 * Which lines of a long text are read closely: all of a short one; of a long one those that say something new, failures first.
 *
 * Lines are compared by shape (numbers, ids and addresses folded into one mark), in one walk over the characters, so that a log
 * of ten million bytes costs one pass and a bounded rest.
 */

export interface PastedLine {
  readonly text: string;
  /** 1-based line in the text. */
  readonly number: number;
}

/** Texts below this are read whole. */
const WHOLE_CHARS = 400_000;
const WHOLE_LINES = 3000;
const MAX_FAILURES = 1500;
const MAX_OTHERS = 600;
/** A longer line is no sentence; its beginning says what it is, and pieces of it are read like lines. */
const MAX_LINE = 4000;

const FAILURE =
  /fail|error|refus|reject|den[yi]|invalid|incorrect|time[do]? ?out|unable|cannot|can't|could ?n|not |disabl|expire|lock|block|exceed|limit|quota|full|too |revoke|mismatch|unknown|unavail|lost |drop|reset|abort|untrust|self-signed|unreach|missing|required|must |warning|fatal|except| [45]\d\d[ -]|[45]\.\d\.\d| NO | BAD |BYE|-ERR|said:|fehl|verweig|échou|erreur|lỗi|không|[^\u0000-\u024f]{4}/i;

/** Of each line: two 32-bit hashes of its shape, as one number. */
function shapeOf(text: string, from: number, to: number): number {
  let a = 0x811c9dc5;
  let b = 0x2545f491;
  let i = from;
  while (i < to) {
    let c = text.charCodeAt(i);
    let mark = c;
    if (isWord(c)) {
      let fold = false;
      let h = 17;
      while (i < to) {
        c = text.charCodeAt(i);
        if (!isWord(c)) break;
        if ((c > 47 && c < 58) || c === 64) fold = true;
        h = (Math.imul(h, 31) + c) | 0;
        i++;
      }
      mark = fold ? 35 : h;
    } else i++;
    a = Math.imul(a ^ mark, 0x01000193);
    b = Math.imul(b ^ mark, 0x85ebca6b) ^ (b >>> 13);
  }
  return (a >>> 0) * 0x100000 + ((b >>> 0) & 0xfffff);
}

/** Letters, digits and what holds an address, an id or a name together. */
function isWord(c: number): boolean {
  return (c > 47 && c < 58) || (c > 63 && c < 91) || (c > 96 && c < 123) || c === 95 || c === 46 || c === 45 || c > 0x2ff;
}

function push(out: PastedLine[], text: string, number: number): void {
  if (text.length <= MAX_LINE) {
    out.push({ text, number });
    return;
  }
  // Pieces overlap by 200 characters, so that a phrase at a cut is whole in one of them.
  for (let at = 0, n = 0; at < text.length && n < 8; at += MAX_LINE - 200, n++)
    out.push({ text: text.slice(at, at + MAX_LINE), number });
}

/** @returns the lines to read closely, in the order of the text. */
export function selectLines(text: string): readonly PastedLine[] {
  const out: PastedLine[] = [];
  if (text.length <= WHOLE_CHARS) {
    const lines = text.split('\n');
    if (lines.length <= WHOLE_LINES) {
      for (const [i, line] of lines.entries()) push(out, line, i + 1);
      return out;
    }
  }
  const seen = new Set<number>();
  let failures = 0;
  let others = 0;
  let at = 0;
  let number = 0;
  /** The line before, where it was left out: a failure is read with the line that led to it. */
  let before: PastedLine | undefined;
  while (at < text.length && failures < MAX_FAILURES) {
    const next = text.indexOf('\n', at);
    const end = next < 0 ? text.length : next;
    number++;
    const from = at;
    at = end + 1;
    const shape = shapeOf(text, from, Math.min(end, from + MAX_LINE));
    if (seen.has(shape)) {
      before = end - from < MAX_LINE ? { text: text.slice(from, end), number } : undefined;
      continue;
    }
    seen.add(shape);
    const line = text.slice(from, Math.min(end, from + MAX_LINE * 8));
    if (FAILURE.test(line)) {
      failures++;
      if (before) push(out, before.text, before.number);
      push(out, line, number);
      before = undefined;
    } else if (others < MAX_OTHERS) {
      others++;
      push(out, line, number);
      before = undefined;
    } else before = { text: line.slice(0, MAX_LINE), number };
  }
  return out;
}
