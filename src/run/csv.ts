/** CSV of accounts: the first row names the columns. A row that cannot be used is one line of complaint, and the next row is read. */
import type { Protocol } from '../model/terms.ts';
import { STAGES } from '../model/terms.ts';
import { UsageError } from '../model/usage.ts';
import { readAddress, readHost } from '../settle/names.ts';
import { nearest } from '../settle/near.ts';
import type { Known } from './config-values.ts';
import { readRows } from './csv-rows.ts';
import { readCause, readExpectation } from './expectation.ts';
import { shown } from './shown.ts';
import { COLUMNS, SECURITIES } from './vocabulary.ts';
import {
  defined,
  type Endpoint,
  type Entry,
  keyOf,
  merge,
  PROTOCOLS,
  protocolsOf,
  type SecretSource,
  type Wishes,
} from './wishes.ts';

type Column = (typeof COLUMNS)[number];

/** Names that exports of other programs have for the same thing. */
const ALIASES: Readonly<Record<string, Column>> = {
  email: 'address',
  'e-mail': 'address',
  mail: 'address',
  username: 'user',
  login: 'user',
  protocol: 'checks',
  protocols: 'checks',
};

export interface CsvReading {
  readonly file: string;
  readonly known: Known;
  /** What holds for every row that does not say otherwise. */
  readonly under: Wishes;
  /** The configuration's shared settings, for the column `use`. */
  readonly shared: ReadonlyMap<string, Wishes>;
  /** Called once, where the file itself holds secrets. */
  readonly inline?: (at: string) => void;
}

/** @yields one account a row, or what is wrong with it. @throws UsageError where the whole file cannot be read. */
export async function* readAccounts(chunks: AsyncIterable<string>, reading: CsvReading): AsyncGenerator<Entry> {
  const { file } = reading;
  let header: readonly Column[] | undefined;
  const seen = new Map<string, number>();
  for await (const { line, fields } of readRows(chunks, file)) {
    const at = `${file}:${line}`;
    if (!header) {
      header = headerOf(fields, at);
      const secret = header.find((h) => h === 'password' || h === 'token');
      if (secret)
        reading.inline?.(
          `${at}: the column "${secret}" holds secrets in the file itself; use ${secret}-env, ${secret}-file or ${secret}-command`,
        );
      continue;
    }
    if (fields.every((f) => f.trim() === '')) continue;
    yield entryOf(header, fields, line, at, reading, seen);
  }
  if (!header) throw new UsageError(`${file}: the file is empty; its first row names the columns, "address" among them`);
}

function headerOf(fields: readonly string[], at: string): readonly Column[] {
  const header = fields.map((f) => columnOf(f, at));
  const twice = header.find((h, i) => header.indexOf(h) !== i);
  if (twice !== undefined) throw new UsageError(`${at}: the column "${twice}" stands here twice`);
  if (!header.some((h) => h === 'address' || h.endsWith('-host')))
    throw new UsageError(`${at}: the first row has to name the columns, "address" among them`);
  return header;
}

function columnOf(name: string, at: string): Column {
  const word = name.trim().toLowerCase().replaceAll('_', '-').replaceAll(' ', '-');
  const known = COLUMNS.find((c) => c === word) ?? ALIASES[word];
  if (known) return known;
  if (word.includes('@'))
    throw new UsageError(
      `${at}: the first row has to name the columns, such as "address,password-env"; accounts begin in the second`,
    );
  const near = nearest(word, COLUMNS, 3);
  throw new UsageError(
    `${at}: there is no column "${shown(name.trim())}"; ${near === undefined ? `known are ${COLUMNS.join(', ')}` : `did you mean "${near}"?`}`,
  );
}

function entryOf(
  header: readonly Column[],
  fields: readonly string[],
  line: number,
  at: string,
  reading: CsvReading,
  seen: Map<string, number>,
): Entry {
  try {
    if (fields.length > header.length)
      throw new UsageError(
        `${fields.length} fields where the first row names ${header.length}; put a value that holds a separator in quotes`,
      );
    const { use, ...own } = wishesOf(header, fields, reading.known);
    const wishes = merge(merge(reading.under, use === undefined ? {} : sharedOf(use, reading.shared)), { ...own, at });
    if (wishes.address === undefined && !protocolsOf(wishes).every((p) => wishes.endpoints?.[p]?.host !== undefined))
      throw new UsageError('this row has neither an address nor a host');
    const key = `${keyOf(wishes)} ${protocolsOf(wishes).join()}`;
    const before = seen.get(key);
    if (before !== undefined)
      throw new UsageError(
        `${shown(wishes.name ?? wishes.address ?? '')} stands here twice (first in line ${before}); remove one, or give each a name`,
      );
    seen.set(key, line);
    return { wishes };
  } catch (error) {
    if (error instanceof UsageError) return { problem: `${at}: ${error.message}` };
    throw error;
  }
}

function sharedOf(name: string, shared: ReadonlyMap<string, Wishes>): Wishes {
  const near = nearest(name, [...shared.keys()], 2);
  const instead = near === undefined ? 'define them under "settings:" in mailcheck.yaml' : `did you mean "${near}"?`;
  return shared.get(name) ?? refuse(`there are no settings "${shown(name)}"; ${instead}`);
}

/** @throws UsageError without the place. */
function wishesOf(header: readonly Column[], fields: readonly string[], known: Known): Wishes & { readonly use?: string } {
  const raw = (c: Column) => {
    const i = header.indexOf(c);
    const v = i < 0 ? undefined : fields[i];
    return v === undefined || v.trim() === '' ? undefined : v;
  };
  const get = (c: Column) => raw(c)?.trim();
  const list = (c: Column) =>
    get(c)
      ?.split(/[\s;|,]+/)
      .filter((w) => w !== '');
  const address = get('address');
  const rcpt = get('rcpt');
  const expect = get('expect');
  const endpoints = endpointsOf(get);
  return {
    ...defined({
      address: address === undefined ? undefined : readAddress(address, 'address').text,
      name: get('name'),
      use: get('use'),
      preset: oneOf('preset', get('preset'), known.presets),
      user: get('user'),
      mechanism: oneOf('mechanism', get('mechanism'), known.mechanisms),
      checks: list('checks')?.map(
        (w) => PROTOCOLS[w.toLowerCase()] ?? refuse(`checks knows pop, imap and smtp, not "${shown(w)}"`),
      ),
      secret: secretOf(get, raw),
      from: list('from')?.map((a) => readAddress(a, 'from').text),
      rcpt: rcpt === undefined ? undefined : readAddress(rcpt, 'rcpt').text,
      send: flag('send', get('send')),
      until: stage(get('until')),
      expect: expect === undefined ? undefined : readExpectation(expect, known.causes),
      allow: list('allow')?.map((id) => readCause(id, known.causes)),
      daysToExpiry: number('days-to-expiry', get('days-to-expiry'), 0, 3650),
      timeout: number('timeout', get('timeout'), 0.1, 3600),
      connectTo: get('connect-to'),
      resolver: get('resolver'),
      caFile: get('ca-file'),
      insecureAuth: flag('insecure-auth', get('insecure-auth')),
      client: get('client'),
    }),
    ...(Object.keys(endpoints).length > 0 ? { endpoints } : {}),
  };
}

const refuse = (words: string): never => {
  throw new UsageError(words);
};

function endpointsOf(get: (c: Column) => string | undefined): Partial<Record<Protocol, Endpoint>> {
  const out: Partial<Record<Protocol, Endpoint>> = {};
  for (const word of ['pop', 'imap', 'smtp'] as const) {
    const [host, security] = [get(`${word}-host`), get(`${word}-security`)?.toLowerCase()];
    const port = number(`${word}-port`, get(`${word}-port`), 1, 65_535);
    const known = SECURITIES.find((s) => s === (security === 'ssl' ? 'tls' : security));
    if (security !== undefined && !known) refuse(`${word}-security takes tls, starttls or none`);
    const protocol = PROTOCOLS[word];
    if (protocol && (host ?? port ?? known) !== undefined)
      out[protocol] = {
        ...(host === undefined ? {} : { host: readHost(host, `${word}-host`) }),
        ...(port === undefined ? {} : { port }),
        ...(known ? { security: known } : {}),
      };
  }
  return out;
}

/** A secret itself is taken as it stands, spaces and all. */
function secretOf(get: (c: Column) => string | undefined, raw: (c: Column) => string | undefined): SecretSource | undefined {
  const found = (['password', 'token'] as const).flatMap((type) => [
    ...(raw(type) === undefined ? [] : [{ type, kind: 'inline' as const, value: raw(type) ?? '' }]),
    ...(['env', 'file', 'command'] as const).flatMap((kind) => {
      const value = get(`${type}-${kind}`);
      return value === undefined ? [] : [{ type, kind, value }];
    }),
  ]);
  if (found.length > 1) refuse('two secret sources in one row; leave one');
  return found[0];
}

function oneOf(what: string, typed: string | undefined, known: readonly string[]): string | undefined {
  if (typed === undefined) return undefined;
  const found = known.find((k) => k.toLowerCase() === typed.toLowerCase());
  const near = found === undefined ? nearest(typed, known, 3) : undefined;
  return found ?? refuse(`there is no ${what} "${shown(typed)}"${near === undefined ? '' : `; did you mean "${near}"?`}`);
}

function number(what: string, typed: string | undefined, least: number, most: number): number | undefined {
  if (typed === undefined) return undefined;
  const n = /^\d{1,6}(\.\d{1,3})?$/.test(typed) ? Number(typed) : Number.NaN;
  return n >= least && n <= most ? n : refuse(`${what} takes a number from ${least} to ${most}`);
}

function flag(what: string, typed: string | undefined): boolean | undefined {
  if (typed === undefined) return undefined;
  if (/^(true|yes|1)$/i.test(typed)) return true;
  return /^(false|no|0)$/i.test(typed) ? false : refuse(`${what} takes true or false`);
}

function stage(typed: string | undefined): Wishes['until'] {
  if (typed === undefined) return undefined;
  return STAGES.find((s) => s === typed.toLowerCase()) ?? refuse(`until takes a stage: ${STAGES.join(', ')}`);
}
