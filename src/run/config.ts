/** mailcheck.yaml → what to check. Errors name line and column and the likely intention. The one door to the YAML library. */
import { type Document, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Protocol, Security, Verdict } from '../model/terms.ts';
import { UsageError } from '../model/usage.ts';
import { nearest } from '../settle/near.ts';

export type SecretSource = {
  readonly kind: 'env' | 'file' | 'command' | 'inline';
  readonly value: string;
  readonly type: 'password' | 'token';
};

export interface Endpoint {
  readonly host?: string;
  readonly port?: number;
  readonly security?: Security;
}

export interface Expectation {
  readonly verdict: Verdict;
  readonly cause?: string;
}

/** One account's wishes; what is absent comes from the shared settings, then the defaults. */
export interface Wishes {
  readonly address?: string;
  readonly name?: string;
  readonly preset?: string;
  readonly user?: string;
  readonly mechanism?: string;
  readonly checks?: readonly Protocol[];
  readonly endpoints?: Readonly<Partial<Record<Protocol, Endpoint>>>;
  readonly secret?: SecretSource;
  readonly from?: readonly string[];
  readonly rcpt?: string;
  readonly send?: boolean;
  readonly expect?: Expectation;
  readonly allow?: readonly string[];
  readonly daysToExpiry?: number;
  readonly timeout?: number;
  readonly connectTo?: string;
  readonly resolver?: string;
  readonly caFile?: string;
  readonly insecureAuth?: boolean;
  readonly client?: string;
  /** Where it stands in its file, for messages. */
  readonly at?: string;
}

export interface RunConfig {
  readonly defaults: Wishes;
  readonly accounts: readonly Wishes[];
  /** CSV files of accounts, relative to the configuration. */
  readonly csv: readonly string[];
  readonly concurrency?: number;
  readonly perHost?: number;
  readonly retries?: number;
  readonly jitter?: number;
  readonly warnings: readonly string[];
}

const TOP = ['version', 'defaults', 'settings', 'accounts', 'csv', 'concurrency', 'per-host', 'retries', 'jitter'] as const;
const WISHES = [
  'address',
  'name',
  'use',
  'preset',
  'user',
  'mechanism',
  'checks',
  'pop',
  'imap',
  'smtp',
  'password',
  'token',
  'from',
  'rcpt',
  'send',
  'expect',
  'allow',
  'days-to-expiry',
  'timeout',
  'connect-to',
  'resolver',
  'ca-file',
  'insecure-auth',
  'client',
] as const;
const PROTOCOLS: Readonly<Record<string, Protocol>> = { pop: 'pop3', pop3: 'pop3', imap: 'imap', smtp: 'smtp' };

interface Reading {
  readonly file: string;
  readonly lines: LineCounter;
  readonly causes: readonly string[];
  readonly warnings: string[];
}

/** @param causes the known cause ids, for `expect` and `allow`. @throws UsageError with `file:line:column`. */
export function readConfig(text: string, file: string, causes: readonly string[]): RunConfig {
  const lines = new LineCounter();
  const doc: Document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const r: Reading = { file, lines, causes, warnings: [] };
  const broken = doc.errors[0];
  if (broken) throw new UsageError(`${file}:${place(r, broken.pos[0])}: ${broken.message.split('\n')[0]}`);
  if (doc.contents === null) throw new UsageError(`${file}: the file is empty; it needs "accounts:"`);
  const top = fields(r, doc.contents, TOP, 'the file');
  const settings = new Map<string, Wishes>();
  const shared = top.get('settings');
  if (shared) for (const [name, node] of entries(r, shared, 'settings')) settings.set(name, wishes(r, node, settings));
  const defaultsNode = top.get('defaults');
  const defaults = defaultsNode ? wishes(r, defaultsNode, settings) : {};
  const listed = top.get('accounts');
  const accounts = listed
    ? items(r, listed, 'accounts').map((n) =>
        isScalar(n) ? { address: text_(r, n, 'an account'), at: spot(r, n) } : wishes(r, n, settings),
      )
    : [];
  const csvNode = top.get('csv');
  const csv = csvNode
    ? isSeq(csvNode)
      ? items(r, csvNode, 'csv').map((n) => text_(r, n, 'csv'))
      : [text_(r, csvNode, 'csv')]
    : [];
  if (accounts.length === 0 && csv.length === 0)
    throw new UsageError(`${file}: nothing to check; list accounts under "accounts:" or name a "csv:" file`);
  const seen = new Map<string, string>();
  for (const a of accounts) {
    if (a.address === undefined && !Object.values(a.endpoints ?? {}).some((e) => e?.host))
      throw new UsageError(`${a.at ?? file}: this account has neither an address nor a host`);
    const key = `${a.address ?? ''} ${a.name ?? ''} ${JSON.stringify(a.endpoints ?? {})} ${(a.checks ?? []).join()}`;
    const before = seen.get(key);
    if (before !== undefined)
      throw new UsageError(
        `${a.at ?? file}: the account ${a.address ?? ''} stands here twice (first at ${before}); remove one or give it a name`,
      );
    seen.set(key, a.at ?? file);
  }
  const number = (key: (typeof TOP)[number], least: number, most: number) => {
    const n = top.get(key);
    return n ? number_(r, n, key, least, most) : undefined;
  };
  const [concurrency, perHost, retries, jitter] = [
    number('concurrency', 1, 512),
    number('per-host', 1, 64),
    number('retries', 0, 10),
    number('jitter', 0, 60),
  ];
  return {
    defaults,
    accounts,
    csv,
    warnings: r.warnings,
    ...(concurrency !== undefined ? { concurrency } : {}),
    ...(perHost !== undefined ? { perHost } : {}),
    ...(retries !== undefined ? { retries } : {}),
    ...(jitter !== undefined ? { jitter } : {}),
  };
}

const place = (r: Reading, offset: number) => {
  const { line, col } = r.lines.linePos(offset);
  return `${line}:${col}`;
};
const spot = (r: Reading, node: Node) => `${r.file}:${place(r, node.range?.[0] ?? 0)}`;
const fail = (r: Reading, node: Node, words: string): never => {
  throw new UsageError(`${spot(r, node)}: ${words}`);
};

function entries(r: Reading, node: Node, what: string): [string, Node][] {
  if (!isMap(node)) return fail(r, node, `${what} takes "name: value" lines`);
  return node.items.flatMap((pair): [string, Node][] => {
    if (!isPair(pair) || !isScalar(pair.key)) return fail(r, node, `${what} has a key that is no word`);
    const value = pair.value as Node | null;
    return value === null ? [] : [[String(pair.key.value), value]];
  });
}

function fields<K extends string>(r: Reading, node: Node, known: readonly K[], what: string): Map<K, Node> {
  const out = new Map<K, Node>();
  for (const [key, value] of entries(r, node, what)) {
    const k = known.find((x) => x === key);
    if (k === undefined) {
      const near = nearest(key, known, 2);
      fail(
        r,
        value,
        `${what} knows no "${key.slice(0, 40)}"${near ? `; did you mean "${near}"?` : `; it knows ${known.join(', ')}`}`,
      );
    } else out.set(k, value);
  }
  return out;
}

const items = (r: Reading, node: Node, what: string): Node[] =>
  isSeq(node) ? (node.items as Node[]) : fail(r, node, `${what} takes a list ("- …" lines)`);

function text_(r: Reading, node: Node, what: string): string {
  if (isScalar(node) && (typeof node.value === 'string' || typeof node.value === 'number')) return String(node.value);
  return fail(r, node, `${what} takes a text`);
}

function number_(r: Reading, node: Node, what: string, least: number, most: number): number {
  if (isScalar(node) && typeof node.value === 'number' && node.value >= least && node.value <= most) return node.value;
  return fail(r, node, `${what} takes a number from ${least} to ${most}`);
}

function flag_(r: Reading, node: Node, what: string): boolean {
  if (isScalar(node) && typeof node.value === 'boolean') return node.value;
  return fail(r, node, `${what} takes true or false`);
}

const texts = (r: Reading, node: Node, what: string) =>
  isSeq(node) ? items(r, node, what).map((n) => text_(r, n, what)) : [text_(r, node, what)];

function wishes(r: Reading, node: Node, settings: ReadonlyMap<string, Wishes>): Wishes {
  const f = fields(r, node, WISHES, 'an account');
  const get = <T>(key: (typeof WISHES)[number], read: (n: Node) => T): T | undefined => {
    const n = f.get(key);
    return n ? read(n) : undefined;
  };
  const base = get('use', (n) => {
    const name = text_(r, n, 'use');
    const found = settings.get(name);
    if (found) return found;
    const near = nearest(name, [...settings.keys()], 2);
    return fail(
      r,
      n,
      `there are no settings "${name.slice(0, 40)}"${near ? `; did you mean "${near}"?` : '; define them under "settings:"'}`,
    );
  });
  const endpoints: Partial<Record<Protocol, Endpoint>> = { ...base?.endpoints };
  for (const key of ['pop', 'imap', 'smtp'] as const) {
    const n = f.get(key);
    const p = PROTOCOLS[key];
    if (n && p) endpoints[p] = endpoint(r, n);
  }
  const checks = get('checks', (n) =>
    texts(r, n, 'checks').map(
      (t) => PROTOCOLS[t.toLowerCase()] ?? fail(r, n, `checks knows pop, imap and smtp, not "${t.slice(0, 20)}"`),
    ),
  );
  const own = {
    address: get('address', (n) => text_(r, n, 'address')),
    name: get('name', (n) => text_(r, n, 'name')),
    preset: get('preset', (n) => text_(r, n, 'preset')),
    user: get('user', (n) => text_(r, n, 'user')),
    mechanism: get('mechanism', (n) => text_(r, n, 'mechanism')),
    checks: checks ?? (f.has('pop') || f.has('imap') || f.has('smtp') ? (Object.keys(endpoints) as Protocol[]) : undefined),
    secret: get('password', (n) => secret(r, n, 'password')) ?? get('token', (n) => secret(r, n, 'token')),
    from: get('from', (n) => texts(r, n, 'from')),
    rcpt: get('rcpt', (n) => text_(r, n, 'rcpt')),
    send: get('send', (n) => flag_(r, n, 'send')),
    expect: get('expect', (n) => expectation(r, n)),
    allow: get('allow', (n) => texts(r, n, 'allow').map((c) => knownCause(r, n, c))),
    daysToExpiry: get('days-to-expiry', (n) => number_(r, n, 'days-to-expiry', 0, 825)),
    timeout: get('timeout', (n) => number_(r, n, 'timeout', 0.1, 3600)),
    connectTo: get('connect-to', (n) => text_(r, n, 'connect-to')),
    resolver: get('resolver', (n) => text_(r, n, 'resolver')),
    caFile: get('ca-file', (n) => text_(r, n, 'ca-file')),
    insecureAuth: get('insecure-auth', (n) => flag_(r, n, 'insecure-auth')),
    client: get('client', (n) => text_(r, n, 'client')),
  };
  if (f.has('password') && f.has('token')) fail(r, node, 'two secrets, password and token; give one of them');
  return merge(base ?? {}, { ...defined(own), ...(Object.keys(endpoints).length > 0 ? { endpoints } : {}), at: spot(r, node) });
}

/** Leaves out what is undefined. */
export function defined<T extends object>(o: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** What `over` says wins; endpoints are joined by protocol. */
export function merge(under: Wishes, over: Wishes): Wishes {
  const endpoints = { ...under.endpoints, ...over.endpoints };
  return { ...under, ...over, ...(Object.keys(endpoints).length > 0 ? { endpoints } : {}) };
}

function endpoint(r: Reading, node: Node): Endpoint {
  if (isScalar(node) && node.value === true) return {};
  const f = fields(r, node, ['host', 'port', 'security'] as const, 'an endpoint');
  const [host, port, security] = [f.get('host'), f.get('port'), f.get('security')];
  const s = security ? text_(r, security, 'security') : undefined;
  if (security && s !== 'tls' && s !== 'starttls' && s !== 'none') fail(r, security, 'security takes tls, starttls or none');
  return {
    ...(host ? { host: text_(r, host, 'host') } : {}),
    ...(port ? { port: number_(r, port, 'port', 1, 65_535) } : {}),
    ...(s ? { security: s as Security } : {}),
  };
}

function secret(r: Reading, node: Node, type: 'password' | 'token'): SecretSource {
  if (isScalar(node)) {
    r.warnings.push(
      `${spot(r, node)}: the ${type} stands in the file itself; use "${type}: { env: NAME }", file or command instead`,
    );
    return { kind: 'inline', value: text_(r, node, type), type };
  }
  const f = fields(r, node, ['env', 'file', 'command'] as const, type);
  const found = [...f];
  const first = found[0];
  if (found.length !== 1 || !first) return fail(r, node, `${type} takes one source: env, file or command`);
  return { kind: first[0], value: text_(r, first[1], first[0]), type };
}

function knownCause(r: Reading, node: Node, id: string): string {
  if (r.causes.includes(id)) return id;
  const near = nearest(id, r.causes, 3);
  return fail(
    r,
    node,
    `there is no cause "${id.slice(0, 60)}"${near ? `; did you mean "${near}"?` : '; mailcheck explain --list shows them'}`,
  );
}

/** `pass`, `warn`, `fail`, `fail certificate.expired`. */
function expectation(r: Reading, node: Node): Expectation {
  const words = text_(r, node, 'expect').trim().split(/\s+/);
  const verdict = words[0];
  if ((verdict !== 'pass' && verdict !== 'warn' && verdict !== 'fail') || words.length > 2)
    return fail(r, node, 'expect takes pass, warn, fail or "fail CAUSE", such as "fail certificate.expired"');
  if (words[1] === undefined) return { verdict };
  return { verdict, cause: knownCause(r, node, words[1]) };
}
