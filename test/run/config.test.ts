/** mailcheck.yaml: what it may say, and how each mistake is told: place, and what was probably meant. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { UsageError } from '../../src/model/usage.ts';
import { type Known, readConfig } from '../../src/run/config.ts';
import { SCHEMA_LINE, STARTER } from '../../src/run/starter.ts';
import { ACCOUNT, ENDPOINT, FLAT, TOP } from '../../src/run/vocabulary.ts';
import { keyOf, protocolsOf } from '../../src/run/wishes.ts';

const KNOWN: Known = {
  causes: ['certificate.expired', 'certificate.expires-soon', 'certificate.self-signed', 'auth.credentials-rejected'],
  presets: ['gmail', 'zoho'],
  mechanisms: ['PLAIN', 'LOGIN', 'SCRAM-SHA-256'],
};
const read = (text: string) => readConfig(text, 'mailcheck.yaml', KNOWN);
const refused = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error(`not refused: ${text}`);
};
const schema = JSON.parse(readFileSync(new URL('../../src/schema/mailcheck.yaml.json', import.meta.url), 'utf8'));
const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, strictRequired: false });
const valid = ajv.compile(schema);

const FULL = `
version: 1
concurrency: 8
per-host: 2
retries: 3
jitter: 1.5
defaults:
  timeout: 5
  allow: certificate.expires-soon
  imap: { host: imap.example.com }
settings:
  office: &office
    smtp: { host: smtp.example.com, port: 587, security: starttls }
  strict:
    days-to-expiry: 30
accounts:
  - you@example.com
  - address: me@Example.COM
    use: [office, strict]
    password: { env: MAIL_PASSWORD }
    checks: [imap, smtp]
    expect: fail certificate.expired
    smtp: { port: 465, security: tls, expect: pass }
  - name: third
    address: me@example.com
    <<: *office
    pop: pop.example.com:995
    imap: true
    token: { command: "print-token" }
    from: [me@example.com, sales@example.com]
    until: auth
csv: { file: more.csv, use: office }
`;

describe('a configuration', () => {
  it('is read with defaults, shared settings, merge keys and places', () => {
    const c = read(FULL);
    expect([c.concurrency, c.perHost, c.retries, c.jitter]).toEqual([8, 2, 3, 1.5]);
    const [bare, me, third] = c.accounts;
    expect(bare).toMatchObject({
      address: 'you@example.com',
      timeout: 5,
      allow: ['certificate.expires-soon'],
      at: 'mailcheck.yaml:17:5',
    });
    expect(me).toMatchObject({
      address: 'me@example.com',
      checks: ['imap', 'smtp'],
      daysToExpiry: 30,
      expect: { verdict: 'fail', cause: 'certificate.expired' },
      secret: { kind: 'env', value: 'MAIL_PASSWORD', type: 'password' },
      endpoints: {
        imap: { host: 'imap.example.com' },
        smtp: { host: 'smtp.example.com', port: 465, security: 'tls', expect: { verdict: 'pass' } },
      },
    });
    expect(third).toMatchObject({
      name: 'third',
      until: 'auth',
      endpoints: { pop3: { host: 'pop.example.com', port: 995 }, smtp: { port: 587 } },
    });
    expect(c.csv).toMatchObject([{ file: 'more.csv', under: { timeout: 5, endpoints: { smtp: { host: 'smtp.example.com' } } } }]);
    expect(c.inline).toEqual([]);
  });
  it('checks what it names, else the services it gives, else IMAP and submission', () => {
    expect(protocolsOf({})).toEqual(['imap', 'smtp']);
    expect(protocolsOf({ endpoints: { pop3: {} } })).toEqual(['pop3']);
    expect(protocolsOf({ checks: ['smtp', 'smtp'], endpoints: { pop3: {} } })).toEqual(['smtp']);
    expect(keyOf({ address: 'a@b.c', endpoints: { imap: { host: 'h', port: 1 } } })).toBe('a@b.c h:1');
  });
  it('takes the flags of the command line as names', () => {
    const [a, b] = read(
      'defaults: { checks: imap }\naccounts:\n  - { address: a@b.cd, host: x.example, port: 993, security: tls, password-env: PW }\n  - { address: c@b.cd, checks: [pop, smtp], pop-host: p.example, smtp-port: 587, token-command: "print it" }\n',
    ).accounts;
    expect(a).toMatchObject({
      endpoints: { imap: { host: 'x.example', port: 993, security: 'tls' } },
      secret: { kind: 'env', value: 'PW', type: 'password' },
    });
    expect(b).toMatchObject({
      endpoints: { pop3: { host: 'p.example' }, smtp: { port: 587 } },
      secret: { kind: 'command', value: 'print it', type: 'token' },
    });
  });
  it('is JSON as well, begins with a byte order mark, uses quotes and CRLF', () => {
    expect(read('\ufeff{"accounts": ["you@example.com"]}').accounts).toHaveLength(1);
    expect(read('accounts:\r\n- "you@example.com"\r\n').accounts[0]?.address).toBe('you@example.com');
  });
  it('takes a secret in the file itself with a warning that says what to write', () => {
    const c = read('accounts:\n  - address: you@example.com\n    password: s3cret\n');
    expect(c.accounts[0]?.secret).toEqual({ kind: 'inline', value: 's3cret', type: 'password' });
    expect(c.inline).toEqual([
      expect.stringMatching(/^mailcheck\.yaml:3:15: the password stands in the file itself; use password: \{ env: NAME \}/),
    ]);
    expect(c.inline.join()).not.toContain('s3cret');
    expect(read('accounts:\n  - { address: a@b.cd, password: 012345 }').accounts[0]?.secret?.value).toBe('012345');
  });
});

describe('a mistake is told with its place and the likely intention', () => {
  it.each([
    ['', 'mailcheck.yaml: the file is empty; list accounts under "accounts:" (mailcheck run --init writes an example)'],
    ['concurrency: 3', 'mailcheck.yaml: nothing to check; list accounts under "accounts:" or name a file under "csv:"'],
    ['- you@example.com', 'mailcheck.yaml:1:1: the file takes "name: value" lines'],
    ['acounts: []', 'mailcheck.yaml:1:1: the file knows no "acounts"; did you mean "accounts"?'],
    ['accounts:you@example.com', 'mailcheck.yaml:1:1: write a space after the colon: "accounts: …"'],
    ['accounts:\n  - adress: a@b.cd', 'mailcheck.yaml:2:5: an account knows no "adress"; did you mean "address"?'],
    ['accounts:\n  - days_to_expiry: 3', 'mailcheck.yaml:2:5: write "days-to-expiry" in place of "days_to_expiry"'],
    ['accounts:\n  - address: you.example.com', 'mailcheck.yaml:2:14: address needs an "@", as in you@example.com'],
    [
      'accounts: [a@b.cd, "x y@b.cd"]',
      'mailcheck.yaml:1:20: address has a space, an angle bracket or a control character before the "@"',
    ],
    [
      'accounts:\n  - {address: a@b.cd, checks: [imap, pop4]}',
      'mailcheck.yaml:2:31: checks knows pop, imap and smtp, not "pop4"; did you mean "pop3"?',
    ],
    ['accounts:\n  - {address: a@b.cd, expect: certificate.expired}', 'did you mean "fail certificate.expired"?'],
    ['accounts:\n  - {address: a@b.cd, expect: fial}', 'did you mean "fail"?'],
    [
      'accounts:\n  - {address: a@b.cd, expect: fail certificate.expird}',
      'mailcheck.yaml:2:31: there is no cause "certificate.expird"; did you mean "certificate.expired"?',
    ],
    [
      'accounts:\n  - {address: a@b.cd, expect: pass certificate.expired}',
      '"expect: pass" names no cause; list warnings that may come under "allow:"',
    ],
    ['accounts:\n  - {address: a@b.cd, allow: [expires-soon]}', 'did you mean "certificate.expires-soon"?'],
    ['accounts:\n  - {address: a@b.cd, preset: gmial}', 'mailcheck.yaml:2:31: there is no preset "gmial"; did you mean "gmail"?'],
    ['accounts:\n  - {address: a@b.cd, mechanism: PLIAN}', 'there is no mechanism "PLIAN"; did you mean "PLAIN"?'],
    [
      'accounts:\n  - {address: a@b.cd, imap: {host: x.example, security: SSL}}',
      'security takes tls, starttls or none; did you mean "tls"?',
    ],
    [
      'accounts:\n  - {address: a@b.cd, imap: {host: x.example, port: 99999}}',
      'mailcheck.yaml:2:53: port takes a whole number from 1 to 65535',
    ],
    [
      'accounts:\n  - {address: a@b.cd, imap: {host: x.example, port: "993"}}',
      'mailcheck.yaml:2:53: port is a number; write it without quotes: 993',
    ],
    [
      'accounts:\n  - {address: a@b.cd, imap-host: "[x.example]:993"}',
      'mailcheck.yaml:2:34: imap-host takes the host alone; write imap-port: 993 beside it',
    ],
    ['a\0c\0', 'mailcheck.yaml:1:1: this is no UTF-8 text; save the file again as UTF-8'],
    ['\ufffd\ufffda', 'mailcheck.yaml:1:1: this is no UTF-8 text; save the file again as UTF-8'],
    ['accounts:\n  - {address: a@b.cd, imap: {hots: x.example}}', 'imap knows no "hots"; did you mean "host"?'],
    [
      'accounts:\n  - {address: a@b.cd, imap: https://x.example}',
      'imap takes a host name such as imap.example.com, not a URL or an address',
    ],
    ['accounts:\n  - {address: a@b.cd, password: {env: A, file: b}}', 'password takes one source: env, file or command'],
    [
      'accounts:\n  - {address: a@b.cd, password: {env: "se cret"}}',
      'env takes the name of a variable, such as MAIL_PASSWORD, not its value',
    ],
    [
      'accounts:\n  - address: a@b.cd\n    password:',
      'mailcheck.yaml:3:5: no source stands here; write "password: { env: NAME }"',
    ],
    ['accounts:\n  - {address: a@b.cd, password: {env: A}, token: {env: B}}', 'two secrets for one account; give one of them'],
    [
      'accounts:\n  - {address: a@b.cd, use: offce}\nsettings: {office: {}}',
      'there are no settings "offce"; did you mean "office"?',
    ],
    ['accounts:\n  - {checks: [imap]}', 'mailcheck.yaml:2:5: this account has neither an address nor a host'],
    [
      'accounts:\n  - a@b.cd\n  - a@b.cd',
      'mailcheck.yaml:3:5: imap of a@b.cd stands here twice (first at mailcheck.yaml:2:5); remove one, or give each a "name:" of its own',
    ],
    ['accounts:\n  - a@b.cd\n  - {address: a@b.cd, checks: smtp}', 'smtp of a@b.cd stands here twice'],
    ['concurrency: many\naccounts: [a@b.cd]', 'mailcheck.yaml:1:14: concurrency takes a whole number from 1 to 512'],
    ['version: 2\naccounts: [a@b.cd]', 'mailcheck.yaml:1:10: version takes a whole number from 1 to 1'],
    ['accounts: [*who]', 'there is no anchor &who above this line'],
    ['accounts:\n  - {address: a@b.cd, protocol: imap}', 'an account knows no "protocol"; did you mean "checks"?'],
    ['accounts:\n  - {email: a@b.cd}', 'an account knows no "email"; did you mean "address"?'],
    [
      'accounts:\n  - {address: a@b.cd, host: x.example}',
      'mailcheck.yaml:2:29: of which service is this? write "checks: imap" beside it, or "imap: { host: …, port: … }" in its place',
    ],
    ['accounts:\n  - {address: a@b.cd, password-env: A, token-file: b}', 'two secrets for one account; give one of them'],
    // Broken YAML
    ['accounts:\n\t- a@b.cd', 'a tab stands where spaces belong; indent with spaces'],
    ['accounts:\n  - address: a@b.cd\n   name: x', 'the indentation does not fit the lines above'],
    ['accounts: [a@b.cd', 'mailcheck.yaml:1:18: a ] is missing: the list that begins with [ is not closed'],
    ['accounts:\n  - address: "a@b.cd', 'a " is missing: a quoted text is not closed'],
    ['accounts:\n  - address a@b.cd\n    name: x', 'a line without ": "; is the colon missing, or the space after it?'],
    ['accounts: []\naccounts: []', 'mailcheck.yaml:2:1: this name stands here twice; keep one of the two lines'],
    ['accounts:\n  - address: a@b.cd\n    password: {env: A}: b', 'mailcheck.yaml:3:'],
    ['accounts:\n  - {address: a@b.cd, user: @me}', 'a value that begins with @'],
    ['accounts: [a@b.cd]\n---\naccounts: [c@d.ef]', 'a second document begins here'],
    ['accounts:\n  - address: a@b.cd\n    name: one: two', 'two ": " in one line'],
  ])('%j', (text, words) => {
    const said = refused(text);
    expect(said).toContain(words);
    expect(said).toMatch(/^mailcheck\.yaml(?::\d+:\d+)?: /);
    expect(said).not.toContain('\n');
  });

  it('and never repeats what may be a secret or would be obeyed by a terminal', () => {
    expect(refused('accounts:\n  - {address: a@b.cd, password: {env: "hunter2!"}}')).not.toContain('hunter2');
    expect(refused('accounts:\n  - {address: a@b.cd, "\\e[31mx": 1}')).not.toContain('\u001b');
  });
});

describe('any text', () => {
  const piece = fc.constantFrom(
    ...TOP,
    ...ACCOUNT,
    ...ENDPOINT,
    ': ',
    '\n  - ',
    '\n',
    ' ',
    '{',
    '}',
    '[',
    ']',
    '&a ',
    '*a',
    '<<: *a',
    '"',
    "'",
    '#',
    'a@b.cd',
    'fail',
    '1',
    '---\n',
    '\t',
    '|',
    '!!x ',
  );
  it('is read or refused in one line, never more', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 40 }).map((p) => p.join('')),
          fc.string({ maxLength: 200 }),
        ),
        (text) => {
          try {
            read(text);
          } catch (error) {
            if (!(error instanceof UsageError)) throw error;
            expect(error.message).not.toMatch(/[\n\u0000-\u0009\u001b]/);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
  it('that brings itself in ends', () => {
    expect(refused('accounts:\n  - &a\n    <<: *a\n    address: x@y.zz')).toContain('contains itself');
    expect(
      refused(
        `a: &a [x]\n${Array.from({ length: 30 }, (_, i) => `b${i}: &b${i} [*${i ? `b${i - 1}` : 'a'}, *${i ? `b${i - 1}` : 'a'}]`).join('\n')}\naccounts: *b29`,
      ),
    ).toBeTruthy();
  });
});

describe('the schema that editors pick up', () => {
  const sample = parse(FULL, { merge: true });
  it('knows the very names that the reader knows', () => {
    expect(Object.keys(schema.properties).sort()).toEqual([...TOP].sort());
    expect(Object.keys(schema.definitions.account.properties).sort()).toEqual([...ACCOUNT, ...FLAT].sort());
    const object = schema.definitions.service.oneOf.find((s: { type?: string }) => s.type === 'object');
    expect(Object.keys(object.properties).sort()).toEqual([...ENDPOINT].sort());
  });
  it('accepts what the reader accepts', () => {
    expect(valid(sample) ? [] : valid.errors).toEqual([]);
    expect(valid({ accounts: ['you@example.com'], $schema: 'x' })).toBe(true);
  });
  it.each([
    { accounts: ['nobody'] },
    { accounts: [{ adress: 'a@b.cd' }] },
    { accounts: [{ address: 'a@b.cd', expect: 'broken' }] },
    { accounts: [{ address: 'a@b.cd', password: { env: 'A', file: 'b' } }] },
    { accounts: [{ address: 'a@b.cd', password: { env: 'A' }, token: { env: 'B' } }] },
    { accounts: [{ address: 'a@b.cd', imap: { port: 0 } }] },
    { accounts: [{ address: 'a@b.cd', checks: ['pop4'] }] },
    { accounts: ['a@b.cd'], concurrency: 0 },
    { concurrency: 4 },
  ])('and refuses what the reader refuses: %j', (value) => {
    expect(valid(value)).toBe(false);
    expect(() => read(JSON.stringify(value))).toThrow(UsageError);
  });
  it('holds for the starter, which names it', () => {
    expect(STARTER.split('\n')[0]).toBe(SCHEMA_LINE);
    expect(valid(parse(STARTER))).toBe(true);
    expect(read(STARTER).accounts).toHaveLength(1);
    // Every line that is commented out works as well.
    const whole = STARTER.replace(/^# yaml.*\n# Accounts.*\n/, '').replace(/^(\s*)# (?=[\w-]| {2})/gm, '$1');
    expect(valid(parse(whole)) ? [] : valid.errors).toEqual([]);
    expect(read(whole).csv).toHaveLength(1);
  });
});
