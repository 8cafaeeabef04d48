/** YAML 1.2 as a tree that knows its places, so that every refusal names file, line and column. The one door to the YAML library. */
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLParseError,
} from 'yaml';
import { UsageError } from '../model/usage.ts';
import { nearest } from '../settle/near.ts';
import { shown } from './shown.ts';

export type { Node } from 'yaml';

/** One file that is being read. */
export interface Reading {
  readonly file: string;
  /** `file:line:column` of a node. */
  spot(node: Node): string;
  /** @throws UsageError with the node's place. */
  fail(node: Node, words: string): never;
  /** What an alias stands for; everything else is itself. */
  real(node: Node): Node;
}

/** What the library complains of, in the words of somebody who wrote the file by hand: by its message, else by its code. */
const MEANT: readonly (readonly [RegExp, string])[] = [
  [/^Flow sequence .*end with a \]/, 'a ] is missing: the list that begins with [ is not closed'],
  [/^Flow map .*end with a \}/, 'a } is missing: the block that begins with { is not closed'],
  [/^Missing closing "/, 'a " is missing: a quoted text is not closed'],
  [/^Missing closing '/, "a ' is missing: a quoted text is not closed"],
  [/^Sequence item without/, 'the indentation does not fit the lines above: this belongs neither to the entry nor to the list'],
];
const INTENTIONS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab stands where spaces belong; indent with spaces',
  BAD_INDENT: 'the indentation does not fit the lines above; begin all entries of one list or block in the same column',
  DUPLICATE_KEY: 'this name stands here twice; keep one of the two lines',
  MISSING_CHAR: 'something is missing: a quote, a bracket, or the space after a colon',
  BLOCK_AS_IMPLICIT_KEY: 'two ": " in one line, or a value and a block in one place; put a value that holds ": " in quotes',
  MULTILINE_IMPLICIT_KEY: 'a line without ": "; is the colon missing, or the space after it?',
  BAD_SCALAR_START: 'a value that begins with @, ` or % has to stand in quotes',
  BAD_ALIAS: 'a value that begins with * or & has to stand in quotes',
  BAD_DQ_ESCAPE: 'a backslash in double quotes begins an escape; write the value in single quotes',
  MULTIPLE_DOCS: 'a second document begins here ("---"); put all accounts into one',
  UNEXPECTED_TOKEN: 'this does not belong here; is a line indented too far, or a quote missing?',
  BLOCK_IN_FLOW: 'inside [ ] and { } everything stands on one level; close the bracket first',
};

/** @returns the tree and how to speak of it. @throws UsageError where the text is no YAML, with the likely intention. */
export function readYaml(text: string, file: string): { readonly root: Node | null; readonly reading: Reading } {
  if (text.includes('\0') || text.startsWith('\ufffd'))
    throw new UsageError(`${file}:1:1: this is no UTF-8 text; save the file again as UTF-8`);
  const lines = new LineCounter();
  const doc: Document = parseDocument(text.replace(/^\ufeff/, ''), { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const broken = doc.errors[0];
  if (broken) throw new UsageError(`${place(broken.pos[0])}: ${intention(broken)}`);
  const reading: Reading = {
    file,
    spot: (node) => place(node.range?.[0] ?? 0),
    fail: (node, words) => {
      throw new UsageError(`${place(node.range?.[0] ?? 0)}: ${words}`);
    },
    real(node) {
      if (!isAlias(node)) return node;
      const found = node.resolve(doc);
      if (!found || isAlias(found)) return this.fail(node, `there is no anchor &${shown(node.source)} above this line`);
      return found;
    },
  };
  return { root: doc.contents, reading };
}

function intention({ code, message }: YAMLParseError): string {
  const said = message.split('\n')[0] ?? '';
  return MEANT.find(([words]) => words.test(said))?.[1] ?? INTENTIONS[code] ?? `this is no YAML: ${shown(said)}`;
}

/** The lines `name: value` of a block; a name with nothing behind it is null. `<<` brings in another block (YAML 1.1 merge). */
export function entries(
  r: Reading,
  given: Node,
  what: string,
  seen: ReadonlySet<Node> = new Set(),
): [string, Node | null, Node][] {
  const node = r.real(given);
  if (!isMap(node)) {
    const glued = isScalar(node) && typeof node.value === 'string' ? /^([\w-]{1,40}):\S/.exec(node.value)?.[1] : undefined;
    return r.fail(
      given,
      glued === undefined ? `${what} takes "name: value" lines` : `write a space after the colon: "${glued}: …"`,
    );
  }
  if (seen.has(node)) return r.fail(given, `${what} contains itself`);
  const own: [string, Node | null, Node][] = [];
  const merged: [string, Node | null, Node][] = [];
  for (const pair of node.items) {
    if (!isPair(pair) || !isScalar(pair.key)) return r.fail(node, `${what} has a name that is no word`);
    const key = String(pair.key.value);
    const value = isNode(pair.value) ? pair.value : null;
    if (key !== '<<') own.push([key, nothing(value) ? null : value, pair.key]);
    else if (value) for (const n of blocks(r, value)) merged.push(...entries(r, n, what, new Set([...seen, node])));
  }
  const names = new Set(own.map(([key]) => key));
  return [...own, ...merged.filter(([key]) => !names.has(key))];
}

const blocks = (r: Reading, value: Node): readonly Node[] => {
  const real = r.real(value);
  return isSeq(real) ? real.items.filter(isNode) : [value];
};

const isNode = (v: unknown): v is Node => isAlias(v) || isMap(v) || isScalar(v) || isSeq(v);
const nothing = (node: Node | null) => node !== null && isScalar(node) && node.value === null;

/** The same, with known names only. A name without a value is left out. */
export function fields<K extends string>(
  r: Reading,
  node: Node,
  known: readonly K[],
  what: string,
  meant: Readonly<Record<string, string>> = {},
): { readonly get: (key: K) => Node | undefined; readonly empty: (key: K) => Node | undefined } {
  const found = new Map<K, Node>();
  const empty = new Map<K, Node>();
  for (const [key, value, place] of entries(r, node, what)) {
    const k = known.find((x) => x === key) ?? known.find((x) => x === key.replaceAll('_', '-').toLowerCase());
    if (k === undefined) {
      const near = meant[key.toLowerCase()] ?? nearest(key.replaceAll('_', '-'), known, 3);
      const instead = near === undefined ? `it knows ${known.join(', ')}` : `did you mean "${near}"?`;
      return r.fail(place, `${what} knows no "${shown(key)}"; ${instead}`);
    }
    if (k !== key) return r.fail(place, `write "${k}" in place of "${shown(key)}"`);
    if (value) found.set(k, value);
    else empty.set(k, place);
  }
  return { get: (key) => found.get(key), empty: (key) => empty.get(key) };
}

export function items(r: Reading, given: Node, what: string): readonly Node[] {
  const node = r.real(given);
  if (!isSeq(node)) return r.fail(given, `${what} takes a list, one "- …" a line`);
  return node.items.map((item) => (isNode(item) ? item : r.fail(given, `${what} has an entry that is no value`)));
}

/** @returns a scalar's text; numbers and true are written back as they were. */
export function textOf(r: Reading, given: Node, what: string): string {
  const node = r.real(given);
  if (isScalar(node) && typeof node.value === 'string') return node.value;
  if (isScalar(node) && (typeof node.value === 'number' || typeof node.value === 'boolean'))
    return node.source ?? String(node.value);
  return r.fail(given, `${what} takes one text, not a list or a block`);
}

export function textsOf(r: Reading, given: Node, what: string): readonly string[] {
  return isSeq(r.real(given)) ? items(r, given, what).map((n) => textOf(r, n, what)) : [textOf(r, given, what)];
}

export function numberOf(r: Reading, given: Node, what: string, least: number, most: number, whole = true): number {
  const node = r.real(given);
  const n = isScalar(node) && typeof node.value === 'number' ? node.value : Number.NaN;
  if (n >= least && n <= most && (!whole || Number.isInteger(n))) return n;
  const quoted =
    isScalar(node) && typeof node.value === 'string' && /^\d{1,9}$/.test(node.value) ? Number(node.value) : Number.NaN;
  if (quoted >= least && quoted <= most) r.fail(given, `${what} is a number; write it without quotes: ${quoted}`);
  return r.fail(given, `${what} takes a ${whole ? 'whole number' : 'number'} from ${least} to ${most}`);
}

export function flagOf(r: Reading, given: Node, what: string): boolean {
  const node = r.real(given);
  if (isScalar(node) && typeof node.value === 'boolean') return node.value;
  return r.fail(given, `${what} takes true or false`);
}

/** @returns the scalar's text, or undefined where it is a block or a list. */
export function plainOf(r: Reading, given: Node): string | undefined {
  const node = r.real(given);
  return isScalar(node) ? textOf(r, given, 'this') : undefined;
}
export const isList = (r: Reading, given: Node): boolean => isSeq(r.real(given));
