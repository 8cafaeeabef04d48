/** CSV of accounts (RFC 4180): the same rows however the text is cut, and one line for each row that cannot be used. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/model/usage.ts';
import { type CsvReading, readAccounts } from '../../src/run/csv.ts';
import { readRows } from '../../src/run/csv-rows.ts';
import type { Entry } from '../../src/run/wishes.ts';

async function* pieces(...texts: readonly string[]) {
  yield* texts;
}
const reading: CsvReading = {
  file: 'a.csv',
  known: { causes: ['certificate.expired', 'certificate.expires-soon'], presets: ['gmail'], mechanisms: ['PLAIN'] },
  under: { timeout: 3, allow: ['certificate.expires-soon'] },
  shared: new Map([['office', { endpoints: { imap: { host: 'imap.example.com' } } }]]),
};
async function all<T>(from: AsyncIterable<T>): Promise<T[]> {
  const out: T[] = [];
  for await (const x of from) out.push(x);
  return out;
}
const rows = async (...texts: readonly string[]) => (await all(readRows(pieces(...texts), 'a.csv'))).map((r) => r.fields);
const accounts = (text: string, more: Partial<CsvReading> = {}): Promise<Entry[]> =>
  all(readAccounts(pieces(text), { ...reading, ...more }));
const problem = async (text: string) => {
  const [first] = await accounts(text);
  return first && 'problem' in first ? first.problem : undefined;
};

describe('rows', () => {
  it.each([
    [
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\n\n"c ""x"" ,\n2",d',
      [
        ['a', 'b'],
        ['c "x" ,\n2', 'd'],
      ],
    ],
    [
      '\ufeffa;b\nc,1;d',
      [
        ['a', 'b'],
        ['c,1', 'd'],
      ],
    ],
    [
      'a\tb\nc\td',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['address\nx,y@example.com\n', [['address'], ['x,y@example.com']]],
    [
      'a,b\n,',
      [
        ['a', 'b'],
        ['', ''],
      ],
    ],
    ['', []],
    // Excel for the Mac ends lines so, and Excel names the separator in a line of its own.
    [
      'a,b\rc,"d\re"\r',
      [
        ['a', 'b'],
        ['c', 'd\re'],
      ],
    ],
    [
      'sep=;\r\na;b\r\nc,1;d',
      [
        ['a', 'b'],
        ['c,1', 'd'],
      ],
    ],
  ])('%j', async (text, wanted) => expect(await rows(text)).toEqual(wanted));

  it('are the same however the text is cut', async () => {
    const field = fc.string({ maxLength: 6, unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'é', '😀') });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(field, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 5 }),
        async (table, size) => {
          const text = `h,i,j\n${table.map((r) => r.map((f) => `"${f.replaceAll('"', '""')}"`).join(',')).join('\n')}\n`;
          const cut = text.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? [];
          const got = (await rows(...cut)).slice(1);
          expect(got.map((r) => r.map((f) => f.replace(/\r$/, '')))).toEqual(
            table.map((r) => r.map((f) => f.replace(/\r$/, ''))),
          );
          expect(got).toEqual((await rows(text)).slice(1));
        },
      ),
      { numRuns: 300 },
    );
  });
  it.each([
    ['a,b\n"c', 'a.csv:2: a quote that is never closed'],
    [`a,b\n"${'x'.repeat(70_000)}`, 'a.csv:2: a field that does not end; is its closing quote missing?'],
    [`a,b\n${'x'.repeat(70_000)}`, 'a.csv:2: a field of more than 65536 characters'],
    [','.repeat(300), 'a.csv:1: more than 256 fields in a row'],
    ['a\0b', 'a.csv:1: this is no UTF-8 text; save it again as "CSV UTF-8"'],
  ])('%#: what cannot be read ends the file with one line', async (text, words) => {
    await expect(rows(text)).rejects.toThrow(new UsageError(words));
  });
});

describe('accounts', () => {
  it('have everything that an account of YAML has', async () => {
    const [entry] = await accounts(
      'E-Mail;Name;use;user;checks;password_env;smtp-host;smtp port;smtp-security;from;expect;days-to-expiry;send;until\n' +
        'You@Example.com;first;office;me;imap smtp;PW;smtp.example.com;587;STARTTLS;a@example.com b@example.com;fail certificate.expired;14;yes;auth\n',
    );
    expect(entry).toEqual({
      wishes: {
        address: 'You@example.com',
        name: 'first',
        user: 'me',
        checks: ['imap', 'smtp'],
        secret: { kind: 'env', value: 'PW', type: 'password' },
        endpoints: { imap: { host: 'imap.example.com' }, smtp: { host: 'smtp.example.com', port: 587, security: 'starttls' } },
        from: ['a@example.com', 'b@example.com'],
        expect: { verdict: 'fail', cause: 'certificate.expired' },
        daysToExpiry: 14,
        send: true,
        until: 'auth',
        timeout: 3,
        allow: ['certificate.expires-soon'],
        at: 'a.csv:2',
      },
    });
  });
  it('may bring their secrets, spaces and all, with one warning', async () => {
    const said: string[] = [];
    const got = await accounts('address,password\na@b.cd, two words \n"c@d.ef",x\n', { inline: (at) => said.push(at) });
    expect(got).toMatchObject([
      { wishes: { secret: { kind: 'inline', value: ' two words ' } } },
      { wishes: { secret: { value: 'x' } } },
    ]);
    expect(said).toEqual([
      'a.csv:1: the column "password" holds secrets in the file itself; use password-env, password-file or password-command',
    ]);
  });
  it.each([
    ['address\nnobody', 'a.csv:2: address needs an "@", as in you@example.com'],
    ['address,checks\na@b.cd,pop4', 'a.csv:2: checks knows pop, imap and smtp, not "pop4"'],
    ['address,imap-port\na@b.cd,0', 'a.csv:2: imap-port takes a number from 1 to 65535'],
    ['address,imap-security\na@b.cd,maybe', 'a.csv:2: imap-security takes tls, starttls or none'],
    ['address,password-env,password-file\na@b.cd,A,b', 'a.csv:2: two secret sources in one row; leave one'],
    [
      'address,expect\na@b.cd,fial',
      'a.csv:2: expect takes pass, warn, fail or "fail CAUSE", such as "fail certificate.expired"; did you mean "fail"?',
    ],
    ['address,preset\na@b.cd,gmial', 'a.csv:2: there is no preset "gmial"; did you mean "gmail"?'],
    ['address,use\na@b.cd,offce', 'a.csv:2: there are no settings "offce"; did you mean "office"?'],
    ['address,name\na@b.cd,x,y', 'a.csv:2: 3 fields where the first row names 2; put a value that holds a separator in quotes'],
    ['imap-host,checks\n,imap', 'a.csv:2: this row has neither an address nor a host'],
  ])('%j is one line', async (text, words) => expect(await problem(text)).toBe(words));
  it('the rows after a bad one are read, and the same row twice is told with its first place', async () => {
    const got = await accounts('address\na@b.cd\nbad\na@b.cd\nc@d.ef\n');
    expect(got).toMatchObject([
      { wishes: { address: 'a@b.cd' } },
      { problem: 'a.csv:3: address needs an "@", as in you@example.com' },
      { problem: 'a.csv:4: a@b.cd stands here twice (first in line 2); remove one, or give each a name' },
      { wishes: { address: 'c@d.ef' } },
    ]);
  });
  it.each([
    ['', 'a.csv: the file is empty; its first row names the columns, "address" among them'],
    ['adress,name\n', 'a.csv:1: there is no column "adress"; did you mean "address"?'],
    ['name,user\n', 'a.csv:1: the first row has to name the columns, "address" among them'],
    [
      'a@b.cd,PW\n',
      'a.csv:1: the first row has to name the columns, such as "address,password-env"; accounts begin in the second',
    ],
    ['address,email\n', 'a.csv:1: the column "address" stands here twice'],
  ])('%j: a file that cannot be read at all', async (text, words) => {
    await expect(accounts(text)).rejects.toThrow(new UsageError(words));
  });
});

it('rows of empty fields, as spreadsheets leave them, are no accounts', async () => {
  const found = await accounts('address,name\n,\n  \na@b.cd,x\n\n , \n');
  expect(found).toEqual([{ wishes: expect.objectContaining({ address: 'a@b.cd', at: 'a.csv:4' }) }]);
});
