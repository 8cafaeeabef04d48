/** CSV of accounts (RFC 4180), read as a stream: one row in memory at a time. The first row names the columns. */

import type { Protocol, Security } from '../model/terms.ts';
import { UsageError } from '../model/usage.ts';
import { nearest } from '../settle/near.ts';
import type { Wishes } from './config.ts';

const COLUMNS = [
  'address',
  'name',
  'preset',
  'user',
  'checks',
  'password-env',
  'password-file',
  'password-command',
  'token-env',
  'token-file',
  'token-command',
  'pop-host',
  'pop-port',
  'pop-security',
  'imap-host',
  'imap-port',
  'imap-security',
  'smtp-host',
  'smtp-port',
  'smtp-security',
  'connect-to',
  'expect',
] as const;
type Column = (typeof COLUMNS)[number];

/** @param chunks the file's text in pieces. @yields rows as lists of fields, with their line number. @throws UsageError on an open quote. */
export async function* readRows(
  chunks: AsyncIterable<string>,
  file: string,
): AsyncGenerator<{ readonly line: number; readonly fields: readonly string[] }> {
  let fields: string[] = [];
  let field = '';
  let quoted = false;
  let after = false; // a quote inside a quoted field: the end, or half of a doubled one
  let line = 1;
  let start = 1;
  let first = true;
  for await (const chunk of chunks) {
    let text = chunk;
    if (first) text = text.replace(/^\ufeff/, '');
    first = false;
    for (const c of text) {
      if (after) {
        after = false;
        if (c === '"') {
          field += '"';
          continue;
        }
        quoted = false;
      }
      if (quoted) {
        if (c === '"') after = true;
        else field += c;
        if (c === '\n') line += 1;
        if (field.length > 65_536) throw new UsageError(`${file}:${start}: a field that does not end; check its quotes`);
        continue;
      }
      if (c === '"' && field === '') quoted = true;
      else if (c === ',') {
        fields.push(field);
        field = '';
      } else if (c === '\n') {
        fields.push(field.replace(/\r$/, ''));
        if (fields.length > 1 || fields[0] !== '') yield { line: start, fields };
        fields = [];
        field = '';
        line += 1;
        start = line;
      } else field += c;
    }
  }
  if (quoted && !after) throw new UsageError(`${file}:${start}: a quote that is never closed`);
  fields.push(field.replace(/\r$/, ''));
  if (fields.length > 1 || fields[0] !== '') yield { line: start, fields };
}

/** @yields one account a row. @throws UsageError on an unknown column or a bad value, with file and line. */
export async function* readAccounts(chunks: AsyncIterable<string>, file: string): AsyncGenerator<Wishes> {
  let header: Column[] | undefined;
  for await (const { line, fields } of readRows(chunks, file)) {
    const at = `${file}:${line}`;
    if (!header) {
      header = fields.map((f) => column(f, at));
      if (!header.includes('address')) throw new UsageError(`${at}: the first row must name the columns, "address" among them`);
      continue;
    }
    yield row(header, fields, at);
  }
}

function column(name: string, at: string): Column {
  const known = COLUMNS.find((c) => c === name.trim().toLowerCase());
  if (known) return known;
  const near = nearest(name.trim().toLowerCase(), COLUMNS, 2);
  throw new UsageError(
    `${at}: there is no column "${name.trim().slice(0, 40)}"${near ? `; did you mean "${near}"?` : `; known are ${COLUMNS.join(', ')}`}`,
  );
}

function row(header: readonly Column[], fields: readonly string[], at: string): Wishes {
  const get = (c: Column) => {
    const v = fields[header.indexOf(c)]?.trim();
    return header.includes(c) && v !== undefined && v !== '' ? v : undefined;
  };
  const endpoints: Partial<Record<Protocol, { host?: string; port?: number; security?: Security }>> = {};
  for (const [key, protocol] of [
    ['pop', 'pop3'],
    ['imap', 'imap'],
    ['smtp', 'smtp'],
  ] as const) {
    const [host, port, security] = [get(`${key}-host`), get(`${key}-port`), get(`${key}-security`)];
    if (port !== undefined && !/^\d{1,5}$/.test(port)) throw new UsageError(`${at}: ${key}-port takes a number`);
    if (security !== undefined && !['tls', 'starttls', 'none'].includes(security))
      throw new UsageError(`${at}: ${key}-security takes tls, starttls or none`);
    if (host ?? port ?? security)
      endpoints[protocol] = {
        ...(host ? { host } : {}),
        ...(port ? { port: Number(port) } : {}),
        ...(security ? { security: security as Security } : {}),
      };
  }
  const checks = get('checks')
    ?.split(/[\s;|]+/)
    .map((c) => {
      const p = ({ pop: 'pop3', pop3: 'pop3', imap: 'imap', smtp: 'smtp' } as const)[c.toLowerCase()];
      if (!p) throw new UsageError(`${at}: checks knows pop, imap and smtp`);
      return p;
    });
  const sources = (['password', 'token'] as const).flatMap((type) =>
    (['env', 'file', 'command'] as const).flatMap((kind) =>
      get(`${type}-${kind}`) ? [{ type, kind, value: get(`${type}-${kind}`) ?? '' }] : [],
    ),
  );
  if (sources.length > 1) throw new UsageError(`${at}: two secret sources in one row; leave one`);
  const expect = get('expect')?.split(/\s+/);
  if (expect && !['pass', 'warn', 'fail'].includes(expect[0] ?? ''))
    throw new UsageError(`${at}: expect takes pass, warn, fail or "fail CAUSE"`);
  const text = {
    address: get('address'),
    name: get('name'),
    preset: get('preset'),
    user: get('user'),
    connectTo: get('connect-to'),
  };
  return {
    ...Object.fromEntries(Object.entries(text).filter(([, v]) => v !== undefined)),
    ...(checks ? { checks } : {}),
    ...(Object.keys(endpoints).length > 0 ? { endpoints } : {}),
    ...(sources[0] ? { secret: sources[0] } : {}),
    ...(expect ? { expect: { verdict: expect[0] as 'pass' | 'warn' | 'fail', ...(expect[1] ? { cause: expect[1] } : {}) } } : {}),
    at,
  };
}
