/** Text in columns of a terminal: display width (UAX #11), wrapping of Latin and Chinese text (UAX #14 in little), padding. Pure. */

const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x17000, 0x18cff],
  [0x1b000, 0x1b2ff],
  [0x1f200, 0x1f265],
  [0x20000, 0x3fffd],
];

const EMOJI = /^\p{Emoji_Presentation}/u;
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]/u;

function charWidth(char: string): 0 | 1 | 2 {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (ZERO.test(char)) return 0;
  if (WIDE.some(([from, to]) => code >= from && code <= to) || EMOJI.test(char)) return 2;
  return 1;
}

/** @returns the columns that a line takes; it must hold no controls and no escape sequences. */
export function displayWidth(line: string): number {
  let width = 0;
  for (const char of line) width += charWidth(char);
  return width;
}

/** @returns the columns of the widest of these lines. */
export const widest = (lines: readonly string[]): number => lines.reduce((most, line) => Math.max(most, displayWidth(line)), 0);

/** @returns the line filled with spaces to `width` columns. */
export function padEnd(line: string, width: number): string {
  return line + ' '.repeat(Math.max(0, width - displayWidth(line)));
}
export function padStart(line: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(line))) + line;
}

const OPEN = '（「『《【〈［｛';
const CLOSE = '，。、；：！？）」』》】〉］｝％';
const RANGES = WIDE.map(([from, to]) => `\\u{${from.toString(16)}}-\\u{${to.toString(16)}}`).join('');
/**
 * Pieces that a line may be broken between: a space; a wide character with the marks that stay with it; a run of narrow ones with
 * the closing marks after it (none may begin a line, no opening mark may end one).
 */
const PIECE = new RegExp(
  ` |[${OPEN}“‘]*(?![${OPEN}${CLOSE}])[${RANGES}][${CLOSE}”’…]*|[${OPEN}]*[^ ${RANGES}]+[${CLOSE}]*|[${RANGES}]`,
  'gu',
);
const pieces = (text: string): readonly string[] => text.match(PIECE) ?? [];

/** Cuts a piece that is wider than a line. */
function cut(piece: string, width: number): string[] {
  if (displayWidth(piece) <= width) return [piece];
  const out: string[] = [];
  let part = '';
  let used = 0;
  for (const char of piece) {
    const w = charWidth(char);
    if (used + w > width && part !== '') {
      out.push(part);
      part = '';
      used = 0;
    }
    part += char;
    used += w;
  }
  if (part !== '') out.push(part);
  return out;
}

/** @returns the text in lines of at most `width` columns; newlines in it are kept. */
export function wrap(text: string, width: number): string[] {
  const room = Math.max(8, width);
  return text.split('\n').flatMap((line) => wrapLine(line, room));
}

function wrapLine(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const next = () => {
    lines.push(line.trimEnd());
    line = '';
    used = 0;
  };
  for (const whole of pieces(text)) {
    const whenWide = displayWidth(whole) > width;
    // A word wider than a line begins on the line at hand where that has room to speak of.
    const parts = whenWide ? cutAfter(whole, width - used > width / 3 ? width - used : 0, width) : [whole];
    for (const piece of parts) {
      const w = displayWidth(piece);
      if (used + w > width && line.trim() !== '') next();
      if (piece === ' ' && line === '') {
        // Leading spaces of the very first line are indentation; after a break they are the break itself.
        if (lines.length > 0) continue;
      }
      line += piece;
      used += w;
    }
  }
  if (line.trimEnd() !== '' || lines.length === 0) lines.push(line.trimEnd());
  return lines;
}

function cutAfter(piece: string, first: number, width: number): string[] {
  if (first <= 0) return cut(piece, width);
  const [head = '', ...rest] = cut(piece, first);
  return [head, ...cut(rest.join(''), width)];
}

/** @returns wrapped lines, the first after `lead`, the others below it. */
export function hang(lead: string, text: string, width: number): string[] {
  const indent = displayWidth(lead);
  const rest = ' '.repeat(indent);
  return wrap(text, width - indent).map((line, i) => `${i === 0 ? lead : rest}${line}`.trimEnd());
}

/** SGR styles (ECMA-48 §8.3.117), or nothing without colour. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
const SGR: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/** @returns a painter; it is put on last, after measuring and wrapping. */
export function painter(color: boolean): (text: string, ...styles: readonly Style[]) => string {
  if (!color) return (text) => text;
  return (text, ...styles) => styles.reduce((t, s) => (t === '' ? t : `\u001b[${SGR[s][0]}m${t}\u001b[${SGR[s][1]}m`), text);
}
