/** The arguments of an IMAP command: atoms, quoted strings and lists (RFC 9051 §9); literals have been put in as quoted strings. */

export type Arg = string | readonly Arg[];

const MAX_DEPTH = 10;

/** Writes a literal as a quoted string; the grammar below takes any byte in it. */
export const asQuoted = (literal: string) => `"${literal.replace(/[\\"]/g, '\\$&')}"`;

/** @returns the arguments; undefined where they are malformed. */
export function readArgs(text: string): readonly Arg[] | undefined {
  const stack: Arg[][] = [[]];
  let at = 0;
  while (at < text.length) {
    const c = text[at] ?? '';
    const top = stack.at(-1);
    if (!top) return undefined;
    if (c === ' ') at++;
    else if (c === '(') {
      if (stack.length > MAX_DEPTH) return undefined;
      stack.push([]);
      at++;
    } else if (c === ')') {
      stack.pop();
      const parent = stack.at(-1);
      if (!parent) return undefined;
      parent.push(top);
      at++;
    } else {
      const found = c === '"' ? readQuoted(text, at) : readAtom(text, at);
      if (!found) return undefined;
      top.push(found.value);
      at = found.end;
    }
  }
  return stack.length === 1 ? stack[0] : undefined;
}

function readQuoted(text: string, start: number): { value: string; end: number } | undefined {
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const c = text[at];
    if (c === '"') return { value, end: at + 1 };
    if (c === '\\') at++;
    value += text[at] ?? '';
  }
  return undefined;
}

/** An atom; a section in brackets belongs to it, blanks and lists included: `BODY[HEADER.FIELDS (SUBJECT)]<0.99>`. */
function readAtom(text: string, start: number): { value: string; end: number } | undefined {
  let at = start;
  let inside = false;
  for (; at < text.length; at++) {
    const c = text[at] ?? '';
    if (c === '[') inside = true;
    else if (c === ']') inside = false;
    else if (!inside && /[ ()"]/.test(c)) break;
  }
  return inside || at === start ? undefined : { value: text.slice(start, at), end: at };
}

/** @returns the numbers of a sequence set up to `max`; `*` is `max`. */
export function readSet(set: string, max: number): ReadonlySet<number> | undefined {
  const numbers = new Set<number>();
  for (const part of set.split(',')) {
    const m = /^(\d{1,10}|\*)(?::(\d{1,10}|\*))?$/.exec(part);
    if (!m) return undefined;
    const value = (v: string | undefined) => (v === '*' ? max : Number(v));
    const [a, b] = [value(m[1]), value(m[2] ?? m[1])];
    for (let n = Math.min(a, b); n <= Math.min(Math.max(a, b), max); n++) numbers.add(n);
  }
  return numbers;
}
