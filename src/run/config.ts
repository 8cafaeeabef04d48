/** mailcheck.yaml → what to check. Every refusal names line and column and what was probably meant. */
import type { Protocol, Security, StageName } from '../model/terms.ts';
import { STAGES } from '../model/terms.ts';
import { UsageError } from '../model/usage.ts';
import { readAddress, readHost } from '../settle/names.ts';
import { nearest } from '../settle/near.ts';
import { shown } from './shown.ts';
import {
  defined,
  type Endpoint,
  type Expectation,
  keyOf,
  merge,
  PROTOCOLS,
  protocolsOf,
  type SecretSource,
  type Wishes,
  WORDS,
} from './wishes.ts';
import {
  entries,
  fields,
  flagOf,
  isList,
  items,
  type Node,
  numberOf,
  plainOf,
  type Reading,
  readYaml,
  textOf,
  textsOf,
} from './yaml.ts';

/** What ids may be named. */
export interface Known {
  readonly causes: readonly string[];
  readonly presets: readonly string[];
  readonly mechanisms: readonly string[];
}

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

export const TOP = [
  '$schema',
  'version',
  'defaults',
  'settings',
  'accounts',
  'csv',
  'concurrency',
  'per-host',
  'retries',
  'jitter',
] as const;
export const ACCOUNT = [
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
  'until',
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
/** Flags of the command line are names here too, so that what people know works. */
export const FLAT = [
  'password-env',
  'password-file',
  'password-command',
  'token-env',
  'token-file',
  'token-command',
  'host',
  'port',
  'security',
  'pop-host',
  'pop-port',
  'pop-security',
  'imap-host',
  'imap-port',
  'imap-security',
  'smtp-host',
  'smtp-port',
  'smtp-security',
] as const;
/** What people write, and what it is called here. */
const MEANT: Readonly<Record<string, string>> = {
  protocol: 'checks',
  protocols: 'checks',
  services: 'checks',
  check: 'checks',
  email: 'address',
  mail: 'address',
  account: 'address',
  username: 'user',
  login: 'user',
  pass: 'password',
  server: 'host',
  ssl: 'security',
  tls: 'security',
  encryption: 'security',
  pop3: 'pop',
  submission: 'smtp',
  provider: 'preset',
  sender: 'from',
  recipient: 'rcpt',
  expected: 'expect',
  warnings: 'allow',
};
export const ENDPOINT = ['host', 'port', 'security', 'expect', 'allow'] as const;
export const SOURCES = ['env', 'file', 'command'] as const;
export const SECURITIES: readonly Security[] = ['tls', 'starttls', 'none'];

interface Context extends Reading {
  readonly known: Known;
  readonly inline: string[];
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

/** Runs a reader that knows no places, and adds the place to what it refuses. */
export function placed<T>(at: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${at}: ${error.message}`);
    throw error;
  }
}

const addressOf = (c: Context, n: Node, what = 'address') => placed(c.spot(n), () => readAddress(textOf(c, n, what), what).text);

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

type Key = (typeof ACCOUNT)[number] | (typeof FLAT)[number];
type Fields = ReturnType<typeof fields<Key>>;

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

/** `host`, `port` and `security` as the flags have them, after `prefix`. */
function flatOf(c: Context, f: Fields, prefix: '' | 'pop-' | 'imap-' | 'smtp-'): Endpoint | undefined {
  const [host, port, security] = [f.get(`${prefix}host`), f.get(`${prefix}port`), f.get(`${prefix}security`)];
  if (!host && !port && !security) return undefined;
  return {
    ...(host ? placeOf(c, host, `${prefix}host`, textOf(c, host, 'host')) : {}),
    ...(port ? { port: numberOf(c, port, `${prefix}port`, 1, 65_535) } : {}),
    ...(security ? { security: securityOf(c, security) } : {}),
  };
}

function secretIn(c: Context, f: Fields): SecretSource | undefined {
  const found = (['password', 'token'] as const).flatMap((type) => {
    const own = f.get(type);
    const flat = SOURCES.flatMap((kind) => {
      const n = f.get(`${type}-${kind}`);
      return n ? [{ node: n, secret: sourceOf(c, n, { kind, value: textOf(c, n, `${type}-${kind}`), type }) }] : [];
    });
    return [...(own ? [{ node: own, secret: secretOf(c, own, type) }] : []), ...flat];
  });
  const [first, second] = found;
  if (second) c.fail(second.node, 'two secrets for one account; give one of them');
  return first?.secret;
}

function sourceOf(c: Context, node: Node, source: SecretSource): SecretSource {
  if (source.kind === 'env' && !/^[A-Za-z_][A-Za-z0-9_]{0,200}$/.test(source.value))
    return c.fail(node, 'env takes the name of a variable, such as MAIL_PASSWORD, not its value');
  return source;
}

function endpointOf(c: Context, node: Node, what: string): Endpoint {
  const plain = plainOf(c, node);
  // `imap: true` and `imap: imap.example.com` mean what they seem to mean.
  if (plain === 'true') return {};
  if (plain === 'false') return c.fail(node, `leave "${what}:" out, or list what to check under "checks:"`);
  if (plain !== undefined) return placeOf(c, node, what, plain);
  const f = fields(c, node, ENDPOINT, what);
  const [host, port, security, expect, allow] = ENDPOINT.map((k) => f.get(k));
  return {
    ...(host ? placeOf(c, host, 'host', textOf(c, host, 'host')) : {}),
    ...(port ? { port: numberOf(c, port, 'port', 1, 65_535) } : {}),
    ...(security ? { security: securityOf(c, security) } : {}),
    ...(expect ? { expect: expectationOf(c, expect) } : {}),
    ...(allow ? { allow: allowedOf(c, allow) } : {}),
  };
}

/** `imap.example.com`, and `imap.example.com:993` since people write it so. */
function placeOf(c: Context, node: Node, what: string, typed: string): Endpoint {
  const split = /^([^:[\]]{1,255}):(\d{1,5})$/.exec(typed);
  const port = split ? Number(split[2]) : undefined;
  if (port !== undefined && (port < 1 || port > 65_535)) c.fail(node, 'a port is a number from 1 to 65535');
  const host = placed(c.spot(node), () => readHost(split?.[1] ?? typed, what));
  return { host, ...(port === undefined ? {} : { port }) };
}

function securityOf(c: Context, node: Node): Security {
  const typed = textOf(c, node, 'security').toLowerCase();
  const found = SECURITIES.find((s) => s === typed);
  if (found) return found;
  const meant = /^(ssl|ssl\/tls|implicit|smtps|imaps|pop3s)$/.test(typed)
    ? 'tls'
    : /^(stls|start-tls|explicit|upgrade)$/.test(typed)
      ? 'starttls'
      : undefined;
  return c.fail(node, `security takes tls, starttls or none${meant === undefined ? '' : `; did you mean "${meant}"?`}`);
}

function protocolOf(c: Context, node: Node, typed: string): Protocol {
  const found = PROTOCOLS[typed.toLowerCase()];
  if (found) return found;
  const near = nearest(typed, Object.keys(PROTOCOLS), 2);
  return c.fail(
    node,
    `checks knows pop, imap and smtp, not "${shown(typed)}"${near === undefined ? '' : `; did you mean "${near}"?`}`,
  );
}

function stageOf(c: Context, node: Node): StageName {
  const typed = textOf(c, node, 'until').toLowerCase();
  const found = STAGES.find((s) => s === typed);
  return found ?? c.fail(node, `until takes a stage: ${STAGES.join(', ')}`);
}

function secretOf(c: Context, node: Node, type: 'password' | 'token'): SecretSource {
  if (plainOf(c, node) !== undefined) {
    c.inline.push(
      `${c.spot(node)}: the ${type} stands in the file itself; use ${type}: { env: NAME }, { file: PATH } or { command: CMD }`,
    );
    return { kind: 'inline', value: textOf(c, node, type), type };
  }
  const f = fields(c, node, SOURCES, type);
  const found = SOURCES.flatMap((kind) => {
    const n = f.get(kind);
    return n ? [{ kind, value: textOf(c, n, kind), type }] : [];
  });
  const [first] = found;
  if (found.length !== 1 || !first) return c.fail(node, `${type} takes one source: env, file or command`);
  return sourceOf(c, node, first);
}

function knownWord(c: Context, node: Node, what: string, known: readonly string[], hint: string): string {
  const typed = textOf(c, node, what);
  const found = known.find((k) => k.toLowerCase() === typed.toLowerCase());
  if (found !== undefined) return found;
  const near = nearest(typed, known, 3);
  return c.fail(node, `there is no ${what} "${shown(typed)}"; ${near === undefined ? hint : `did you mean "${near}"?`}`);
}

const allowedOf = (c: Context, node: Node) =>
  textsOf(c, node, 'allow').map((id) => placed(c.spot(node), () => readCause(id, c.known.causes)));

const expectationOf = (c: Context, node: Node) =>
  placed(c.spot(node), () => readExpectation(textOf(c, node, 'expect'), c.known.causes));

/** @throws UsageError with the nearest cause. */
export function readCause(id: string, causes: readonly string[]): string {
  if (causes.includes(id)) return id;
  const near = nearest(id, causes, 4) ?? causes.find((c) => c.endsWith(`.${id}`));
  throw new UsageError(
    `there is no cause "${shown(id)}"; ${near === undefined ? 'mailcheck explain --list shows them' : `did you mean "${near}"?`}`,
  );
}

/** `pass`, `warn`, `fail`, `fail certificate.expired`, `warn certificate.expires-soon`. @throws UsageError */
export function readExpectation(typed: string, causes: readonly string[]): Expectation {
  const [verdict = '', cause, ...rest] = typed.trim().split(/\s+/);
  if (verdict === 'pass' && cause !== undefined)
    throw new UsageError('"expect: pass" names no cause; list warnings that may come under "allow:"');
  if ((verdict !== 'pass' && verdict !== 'warn' && verdict !== 'fail') || rest.length > 0) {
    const meant = causes.includes(verdict) ? `; did you mean "fail ${verdict}"?` : nearest(verdict, ['pass', 'warn', 'fail'], 2);
    const hint = meant === undefined ? '' : meant.startsWith(';') ? meant : `; did you mean "${meant}"?`;
    throw new UsageError(`expect takes pass, warn, fail or "fail CAUSE", such as "fail certificate.expired"${hint}`);
  }
  return cause === undefined ? { verdict } : { verdict, cause: readCause(cause, causes) };
}
