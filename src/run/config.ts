/** mailcheck.yaml → what to check. Every refusal names line and column and what was probably meant. */
import type { Protocol } from '../model/terms.ts';
import { UsageError } from '../model/usage.ts';
import { readAddress } from '../settle/names.ts';
import { nearest } from '../settle/near.ts';
import { secretIn } from './config-secret.ts';
import {
  addressOf,
  allowedOf,
  type Context,
  endpointOf,
  expectationOf,
  flatOf,
  type Key,
  type Known,
  knownWord,
  placed,
  protocolOf,
  stageOf,
} from './config-values.ts';
import { shown } from './shown.ts';
import { ACCOUNT, FLAT, MEANT, TOP } from './vocabulary.ts';
import { defined, type Endpoint, keyOf, merge, PROTOCOLS, protocolsOf, type Wishes, WORDS } from './wishes.ts';
import { entries, fields, flagOf, isList, items, type Node, numberOf, plainOf, readYaml, textOf, textsOf } from './yaml.ts';

export type { Known } from './config-values.ts';

/** A CSV file of accounts, relative to the configuration, with the shared settings that hold for its rows. */
export interface CsvSource {
  readonly file: string;
  readonly under: Wishes;
}

export interface RunConfig {
  readonly defaults: Wishes;
  /** Defaults and shared settings are in them. */
  readonly accounts: readonly Wishes[];
  readonly csv: readonly CsvSource[];
  readonly concurrency?: number;
  readonly perHost?: number;
  readonly retries?: number;
  /** Seconds. */
  readonly jitter?: number;
  readonly settings: ReadonlyMap<string, Wishes>;
  /** Places where a secret stands in the file itself. */
  readonly inline: readonly string[];
}

/** @param known the ids that `expect`, `allow`, `preset` and `mechanism` may name. @throws UsageError with `file:line:column`. */
export function readConfig(text: string, file: string, known: Known): RunConfig {
  const { root, reading } = readYaml(text, file);
  if (root === null)
    throw new UsageError(`${file}: the file is empty; list accounts under "accounts:" (mailcheck run --init writes an example)`);
  const c: Context = { ...reading, known, inline: [] };
  const top = fields(c, root, TOP, 'the file');
  const version = top.get('version');
  if (version) numberOf(c, version, 'version', 1, 1);
  const shared = settingsOf(c, top.get('settings'));
  const under = top.get('defaults');
  const defaults = under ? wishesOf(c, under, shared) : {};
  const list = top.get('accounts');
  const accounts = (list ? items(c, list, 'accounts') : []).map((n) => merge(defaults, accountOf(c, n, shared, defaults)));
  const csv = csvOf(c, top.get('csv'), defaults, shared);
  if (accounts.length === 0 && csv.length === 0)
    throw new UsageError(`${file}: nothing to check; list accounts under "accounts:" or name a file under "csv:"`);
  refuseTwice(accounts, file);
  const number = (key: 'concurrency' | 'per-host' | 'retries' | 'jitter', least: number, most: number, whole = true) => {
    const n = top.get(key);
    return n ? numberOf(c, n, key, least, most, whole) : undefined;
  };
  return {
    defaults,
    settings: shared,
    accounts,
    csv,
    inline: c.inline,
    ...defined({
      concurrency: number('concurrency', 1, 512),
      perHost: number('per-host', 1, 64),
      retries: number('retries', 0, 10),
      jitter: number('jitter', 0, 3600, false),
    }),
  };
}

function settingsOf(c: Context, node: Node | undefined): ReadonlyMap<string, Wishes> {
  const shared = new Map<string, Wishes>();
  if (node)
    for (const [name, value, place] of entries(c, node, 'settings')) {
      if (shared.has(name)) c.fail(place, `the settings "${shown(name)}" stand here twice`);
      shared.set(name, value ? wishesOf(c, value, shared) : {});
    }
  return shared;
}

function csvOf(c: Context, node: Node | undefined, defaults: Wishes, shared: ReadonlyMap<string, Wishes>): readonly CsvSource[] {
  if (!node) return [];
  const one = (n: Node): CsvSource => {
    const file = plainOf(c, n);
    if (file !== undefined) return { file, under: defaults };
    const f = fields(c, n, ['file', 'use'] as const, 'csv');
    const [path, use] = [f.get('file'), f.get('use')];
    if (!path) return c.fail(n, 'csv takes the path of a file, or { file: PATH, use: SETTINGS }');
    return { file: textOf(c, path, 'file'), under: use ? merge(defaults, usedBy(c, use, shared)) : defaults };
  };
  return isList(c, node) ? items(c, node, 'csv').map(one) : [one(node)];
}

function accountOf(c: Context, node: Node, shared: ReadonlyMap<string, Wishes>, defaults: Wishes): Wishes {
  return plainOf(c, node) === undefined ? wishesOf(c, node, shared, defaults) : { address: addressOf(c, node), at: c.spot(node) };
}

/** The same service of the same account twice would be two log-ins, and one place for two results. */
function refuseTwice(accounts: readonly Wishes[], file: string): void {
  const seen = new Map<string, string>();
  for (const a of accounts) {
    const at = a.at ?? file;
    if (a.address === undefined && a.preset === undefined && !protocolsOf(a).every((p) => a.endpoints?.[p]?.host !== undefined))
      throw new UsageError(
        `${at}: this account has neither an address nor a host; write "address: you@example.com" or "imap: { host: … }"`,
      );
    for (const p of protocolsOf(a)) {
      const key = `${keyOf(a)} ${p}`;
      const before = seen.get(key);
      if (before !== undefined)
        throw new UsageError(
          `${at}: ${WORDS[p]} of ${shown(a.name ?? a.address ?? keyOf(a))} stands here twice (first at ${before}); remove one, or give each a "name:" of its own`,
        );
      seen.set(key, at);
    }
  }
}

function usedBy(c: Context, node: Node, shared: ReadonlyMap<string, Wishes>): Wishes {
  return textsOf(c, node, 'use')
    .map((name) => {
      const found = shared.get(name);
      if (found) return found;
      const near = nearest(name, [...shared.keys()], 2);
      const instead = near === undefined ? 'define them under "settings:"' : `did you mean "${near}"?`;
      return c.fail(node, `there are no settings "${shown(name)}"; ${instead}`);
    })
    .reduce(merge, {});
}

function wishesOf(c: Context, node: Node, shared: ReadonlyMap<string, Wishes>, under: Wishes = {}): Wishes {
  const f = fields(c, node, [...ACCOUNT, ...FLAT], 'an account', MEANT);
  const get = <T>(key: Key, read: (n: Node, key: string) => T): T | undefined => {
    const n = f.get(key);
    return n ? read(n, key) : undefined;
  };
  const text = (n: Node, key: string) => {
    const t = textOf(c, n, key);
    return t === '' ? c.fail(n, `${key} is empty`) : t;
  };
  const base = get('use', (n) => usedBy(c, n, shared)) ?? {};
  const endpoints: Partial<Record<Protocol, Endpoint>> = {};
  for (const key of ['pop', 'imap', 'smtp'] as const) {
    const n = f.get(key);
    const p = PROTOCOLS[key];
    if (p && (n ?? f.empty(key))) endpoints[p] = n ? endpointOf(c, n, key) : {};
    const flat = flatOf(c, f, `${key}-`);
    if (p && flat) endpoints[p] = { ...endpoints[p], ...flat };
  }
  const checks = get('checks', (n) => textsOf(c, n, 'checks').map((t) => protocolOf(c, n, t)));
  const plain = flatOf(c, f, '');
  if (plain) {
    const [only, ...more] = checks ?? base.checks ?? under.checks ?? [];
    const at = f.get('host') ?? f.get('port') ?? f.get('security') ?? node;
    if (!only || more.length > 0)
      c.fail(at, 'of which service is this? write "checks: imap" beside it, or "imap: { host: …, port: … }" in its place');
    else endpoints[only] = { ...endpoints[only], ...plain };
  }
  const forgotten = f.empty('password') ?? f.empty('token');
  if (forgotten) c.fail(forgotten, 'no source stands here; write "password: { env: NAME }", { file: PATH } or { command: CMD }');
  const own = defined({
    address: get('address', (n) => addressOf(c, n)),
    name: get('name', text),
    preset: get('preset', (n) => knownWord(c, n, 'preset', c.known.presets, 'mailcheck presets lists them')),
    user: get('user', text),
    mechanism: get('mechanism', (n) =>
      knownWord(c, n, 'mechanism', c.known.mechanisms, `known are ${c.known.mechanisms.join(', ')}`),
    ),
    checks,
    secret: secretIn(c, f),
    from: get('from', (n) => textsOf(c, n, 'from').map((a) => placed(c.spot(n), () => readAddress(a, 'from').text))),
    rcpt: get('rcpt', (n) => addressOf(c, n, 'rcpt')),
    send: get('send', (n) => flagOf(c, n, 'send')),
    until: get('until', (n) => stageOf(c, n)),
    expect: get('expect', (n) => expectationOf(c, n)),
    allow: get('allow', (n) => allowedOf(c, n)),
    daysToExpiry: get('days-to-expiry', (n) => numberOf(c, n, 'days-to-expiry', 0, 3650)),
    timeout: get('timeout', (n) => numberOf(c, n, 'timeout', 0.1, 3600, false)),
    connectTo: get('connect-to', text),
    resolver: get('resolver', text),
    caFile: get('ca-file', text),
    insecureAuth: get('insecure-auth', (n) => flagOf(c, n, 'insecure-auth')),
    client: get('client', text),
  });
  return { ...merge(base, { ...own, ...(Object.keys(endpoints).length > 0 ? { endpoints } : {}) }), at: c.spot(node) };
}
