/**
 * Needles: literals that every match of a pattern must contain, read from the pattern's source.
 *
 * Hundreds of patterns look at each text and most of them have nothing to find there. A plain search for the needles tells that
 * at once, and a pattern that is never run is never compiled: this is what keeps `explain` quick to start and logs cheap to read.
 */

/** A literal in lower case; a list, of which one must be met; or `all`, of which each must be met. */
export type Need = string | readonly Need[] | { readonly all: readonly Need[] };

/** A text, in lower case, that is searched for thousands of needles. */
export interface Haystack {
  readonly text: string;
  /** A bit for each three characters in a row: a needle of which one is missing need not be searched for. */
  readonly threes: Uint32Array;
}

/** @param text in lower case. */
export function haystackOf(text: string): Haystack {
  const threes = new Uint32Array(2 ** Math.min(15, Math.max(5, Math.ceil(Math.log2(text.length / 4 + 1)))));
  for (let i = 0; i + 2 < text.length; i++) {
    const bit = threeAt(text, i);
    const at = (bit >>> 5) & (threes.length - 1);
    threes[at] = (threes[at] ?? 0) | (1 << (bit & 31));
  }
  return { text, threes };
}

function threeAt(text: string, i: number): number {
  const h =
    Math.imul(text.charCodeAt(i), 0x9e3779b1) ^
    Math.imul(text.charCodeAt(i + 1), 0x85ebca6b) ^
    Math.imul(text.charCodeAt(i + 2), 0xc2b2ae35);
  return h ^ (h >>> 15);
}

function has({ text, threes }: Haystack, needle: string): boolean {
  const last = needle.length - 3;
  for (let i = 0; i <= last; i++) {
    const bit = threeAt(needle, i);
    if (((threes[(bit >>> 5) & (threes.length - 1)] ?? 0) & (1 << (bit & 31))) === 0) return false;
  }
  return text.includes(needle);
}

/** @returns whether a text has what is needed. */
export function meets(text: Haystack, need: Need): boolean {
  if (typeof need === 'string') return has(text, need);
  const all = 'all' in need;
  for (const n of all ? need.all : need) if (meets(text, n) !== all) return !all;
  return all;
}

/**
 * Filled in by the build: the sources of the catalogue's patterns, each followed by what is needed for it (JSON; null where nothing
 * is). A list, since an object with thousands of keys takes three times as long to parse.
 */
declare const NEEDS: string | undefined;

let known: Map<string, Need | undefined> | undefined;

/** What was read so far, by source; as many as there are patterns in the catalogue. */
export function readNeeds(): Map<string, Need | undefined> {
  if (!known) {
    known = new Map();
    const built: readonly (string | Need | null)[] = typeof NEEDS === 'string' ? JSON.parse(NEEDS) : [];
    for (let i = 0; i < built.length; i += 2) known.set(String(built[i]), built[i + 1] ?? undefined);
  }
  return known;
}

/** @returns what is needed for a match, remembered; undefined where nothing can be told and the pattern has to be run. */
export function needOf(pattern: RegExp): Need | undefined {
  const map = readNeeds();
  const { source } = pattern;
  const need = map.get(source);
  if (need !== undefined || map.has(source)) return need;
  const read = readNeed(source);
  map.set(source, read);
  return read;
}

/** Shorter literals are in every text; one Han character counts for two. */
const LEAST = 3;
/** Alternatives that are told apart; with more of them the pattern itself is as quick. */
const MOST = 48;
/** Literals of one sequence that are asked for, the longest first. */
const SEVERAL = 3;

function weight(literal: string): number {
  let n = literal.length;
  for (let i = 0; i < literal.length; i++) if (literal.charCodeAt(i) > 0x2e7f) n += 1;
  return n;
}

/** How much the weakest way to meet it says. */
function strength(need: Need): number {
  if (typeof need === 'string') return weight(need);
  return 'all' in need ? Math.max(...need.all.map(strength)) : Math.min(...need.map(strength));
}

function size(need: Need): number {
  if (typeof need === 'string') return 1;
  return ('all' in need ? need.all : need).reduce((n, x) => n + size(x), 0);
}

interface Reader {
  readonly source: string;
  at: number;
}

/** @returns what every match of a pattern with this source contains. */
export function readNeed(source: string): Need | undefined {
  const r: Reader = { source, at: 0 };
  const found = alternatives(r);
  return found !== undefined && r.at >= source.length && size(found) <= MOST ? found : undefined;
}

/** One alternative after the other, up to the closing bracket: each must need something. */
function alternatives(r: Reader): Need | undefined {
  const all: Need[] = [];
  let whole = true;
  for (;;) {
    const one = sequence(r);
    if (one === undefined) whole = false;
    else if (typeof one === 'string' || 'all' in one) all.push(one);
    else all.push(...one);
    if (r.source[r.at] !== '|') break;
    r.at += 1;
  }
  const distinct = [...new Set(all)];
  return whole ? (distinct.length === 1 ? distinct[0] : distinct) : undefined;
}

/** What one alternative needs: the literal runs and the groups in it that say most. */
function sequence(r: Reader): Need | undefined {
  const { source } = r;
  const found: Need[] = [];
  let run = '';
  const offer = (need: Need) => {
    if (strength(need) >= LEAST) found.push(need);
  };
  const end = () => {
    if (run.length > 1) offer(run.toLowerCase());
    run = '';
  };
  while (r.at < source.length) {
    const c = source.charCodeAt(r.at);
    if (c === BAR || c === CLOSE) break;
    // Letters, digits and blanks, the bulk of every phrase.
    if ((c >= 0x61 && c <= 0x7a) || c === 0x20 || (c >= 0x30 && c <= 0x39)) {
      const q = source.charCodeAt(r.at + 1);
      if (q !== 0x3f && q !== 0x2a && q !== 0x2b && q !== 0x7b) {
        run += source[r.at] ?? '';
        r.at += 1;
        continue;
      }
    }
    const atom = readAtom(r);
    const repeated = readQuantifier(r);
    if (atom.kind === 'literal' && repeated !== 'maybe') {
      run += atom.text;
      if (repeated === 'more') end();
    } else if (atom.kind !== 'empty') {
      end();
      if (atom.kind === 'group' && repeated !== 'maybe' && atom.need !== undefined) offer(atom.need);
    }
  }
  end();
  const best = found.sort((a, b) => strength(b) - strength(a)).slice(0, SEVERAL);
  return best.length > 1 ? { all: best } : best[0];
}

const BAR = 0x7c;
const CLOSE = 0x29;

type Atom =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'group'; readonly need: Need | undefined }
  | { readonly kind: 'other' | 'empty' };

function readAtom(r: Reader): Atom {
  const point = r.source.codePointAt(r.at) ?? 0;
  const c = String.fromCodePoint(point);
  r.at += c.length;
  switch (c) {
    case '^':
    case '$':
      return { kind: 'empty' };
    case '.':
      return { kind: 'other' };
    case '[':
      skipClass(r);
      return { kind: 'other' };
    case '(':
      return readGroup(r);
    case '\\':
      return readEscape(r);
    default:
      // A dotted or dotless i and a sharp s change under case folding in ways that a search does not follow.
      return /[iıİßſK]/u.test(c) && c !== 'i' ? { kind: 'other' } : { kind: 'literal', text: c };
  }
}

function skipClass(r: Reader): void {
  while (r.at < r.source.length && r.source[r.at] !== ']') r.at += r.source[r.at] === '\\' ? 2 : 1;
  r.at += 1;
}

function readGroup(r: Reader): Atom {
  const { source } = r;
  let look = false;
  if (source[r.at] === '?') {
    const behind = source[r.at + 1] === '<';
    const c = source[r.at + (behind ? 2 : 1)];
    look = c === '=' || c === '!';
    if (look) r.at += behind ? 3 : 2;
    else if (behind) r.at = source.indexOf('>', r.at) + 1;
    else r.at += 2;
  }
  const need = alternatives(r);
  r.at += 1;
  return look ? { kind: 'other' } : { kind: 'group', need };
}

function readEscape(r: Reader): Atom {
  const c = r.source[r.at] ?? '';
  r.at += 1;
  if (c === 'b' || c === 'B') return { kind: 'empty' };
  if (/[dDwWsSnrtvf0-9ck]/.test(c)) return { kind: 'other' };
  if (c === 'p' || c === 'P') {
    if (r.source[r.at] === '{') r.at = r.source.indexOf('}', r.at) + 1;
    return { kind: 'other' };
  }
  if (c === 'u' || c === 'x') {
    const m =
      /^(?:\{([0-9a-f]{1,6})\}|([0-9a-f]{4}))/i.exec(r.source.slice(r.at)) ??
      (c === 'x' ? /^()([0-9a-f]{2})/i.exec(r.source.slice(r.at)) : null);
    r.at += m?.[0].length ?? 0;
    return m ? { kind: 'literal', text: String.fromCodePoint(Number.parseInt(m[1] || m[2] || '0', 16)) } : { kind: 'other' };
  }
  return { kind: 'literal', text: c };
}

function readQuantifier(r: Reader): 'once' | 'more' | 'maybe' {
  const { source } = r;
  const c = source[r.at];
  if (c !== '?' && c !== '*' && c !== '+' && c !== '{') return 'once';
  let least = c === '+' ? 1 : 0;
  if (c === '{') {
    const end = source.indexOf('}', r.at);
    least = Number.parseInt(source.slice(r.at + 1, end), 10);
    r.at = end + 1;
  } else r.at += 1;
  if (source[r.at] === '?') r.at += 1;
  return least > 0 ? 'more' : 'maybe';
}
