/**
 * Needles: literals of which every match of a pattern must contain one, read from the pattern's source.
 *
 * Hundreds of patterns look at each text and most of them have nothing to find there. A plain search for a needle tells that
 * at once, and a pattern that is never run is never compiled: this is what keeps `explain` quick to start and logs cheap to read.
 */

/** Shorter literals are in every text; one Han character counts for two. */
const LEAST = 3;
const MOST = 48;

const weight = (literal: string) => [...literal].reduce((n, c) => n + (c > '\u2e7f' ? 2 : 1), 0);

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
  let best: string[] | undefined;
  let run = '';
  const offer = (needles: string[] | undefined) => {
    if (!needles || needles.some((n) => weight(n) < LEAST)) return;
    const least = (list: readonly string[]) => Math.min(...list.map(weight));
    if (!best || least(needles) > least(best) || (least(needles) === least(best) && needles.length < best.length)) best = needles;
  };
  const end = () => {
    if (run !== '') offer([run.toLowerCase()]);
    run = '';
  };
  while (r.at < r.source.length && r.source[r.at] !== '|' && r.source[r.at] !== ')') {
    const atom = readAtom(r);
    const repeated = readQuantifier(r);
    if (atom.kind === 'literal' && repeated === 'once') run += atom.text;
    else if (atom.kind === 'literal' && repeated === 'more') {
      run += atom.text;
      end();
    } else {
      if (atom.kind !== 'empty') end();
      if (atom.kind === 'group' && repeated !== 'maybe') offer(atom.needles);
    }
  }
  end();
  return best;
}

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
  const look = /^\?(?:<?[=!])/.test(r.source.slice(r.at, r.at + 3));
  const head = /^\?(?::|<?[=!]|<[A-Za-z_]\w*>)/.exec(r.source.slice(r.at, r.at + 40));
  r.at += head?.[0].length ?? 0;
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
  const m = /^(?:[?*+]|\{(\d+)(?:,\d*)?\})\??/.exec(r.source.slice(r.at, r.at + 16));
  if (!m) return 'once';
  r.at += m[0].length;
  if (m[0].startsWith('+')) return 'more';
  return m[1] !== undefined && Number(m[1]) > 0 ? 'more' : 'maybe';
}
