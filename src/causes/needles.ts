/**
 * Needles: literals of which every match of a pattern must contain one, read from the pattern's source.
 *
 * Hundreds of patterns look at each text and most of them have nothing to find there. A plain search for a needle tells that
 * at once, and a pattern that is never run is never compiled: this is what keeps `explain` quick to start and logs cheap to read.
 */

/** Shorter literals are in every text; one Han character counts for two. */
const LEAST = 3;
const MOST = 48;

function weight(literal: string): number {
  let n = literal.length;
  for (let i = 0; i < literal.length; i++) if (literal.charCodeAt(i) > 0x2e7f) n += 1;
  return n;
}

function lightest(needles: readonly string[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const n of needles) least = Math.min(least, weight(n));
  return least;
}

interface Reader {
  readonly source: string;
  at: number;
}

/** @returns the needles, lower case; undefined where none can be told and the pattern has to be run. */
export function needlesOf(pattern: RegExp): readonly string[] | undefined {
  const r: Reader = { source: pattern.source, at: 0 };
  const found = alternatives(r);
  return found && found.length <= MOST && r.at >= r.source.length ? [...new Set(found)] : undefined;
}

/** One alternative after the other, up to the closing bracket: each must give a needle. */
function alternatives(r: Reader): string[] | undefined {
  const all: string[] = [];
  let whole = true;
  for (;;) {
    const one = sequence(r);
    if (one) all.push(...one);
    else whole = false;
    if (r.source[r.at] !== '|') break;
    r.at += 1;
  }
  return whole ? all : undefined;
}

/** The best needles of one alternative: of the literal runs and the groups in it, those whose shortest is longest. */
function sequence(r: Reader): string[] | undefined {
  const { source } = r;
  let best: string[] | undefined;
  let bestWeight = LEAST - 1;
  let run = '';
  const offer = (needles: string[]) => {
    const w = lightest(needles);
    if (w > bestWeight || (best && w === bestWeight && needles.length < best.length)) {
      best = needles;
      bestWeight = w;
    }
  };
  const end = () => {
    if (run.length > 1) offer([run.toLowerCase()]);
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
      if (atom.kind === 'group' && repeated !== 'maybe' && atom.needles) offer(atom.needles);
    }
  }
  end();
  return best;
}

const BAR = 0x7c;
const CLOSE = 0x29;

type Atom =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'group'; readonly needles: string[] | undefined }
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
  const needles = alternatives(r);
  r.at += 1;
  return look ? { kind: 'other' } : { kind: 'group', needles };
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
