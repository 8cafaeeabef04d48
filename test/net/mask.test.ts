import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MASK, sealSecret } from '../../src/model/secret.ts';
import { createMasker } from '../../src/net/mask.ts';

const CANARY = 'Zq7-CANARY-p@ss w+rd&<">\\%é';
const masker = (value: string, ...users: string[]) => createMasker([sealSecret(value)], users);
const b64 = (s: string | Buffer) => Buffer.from(s as string).toString('base64');

const encodings: Readonly<Record<string, (s: string) => string>> = {
  raw: (s) => s,
  latin1: (s) => Buffer.from(s, 'utf8').toString('latin1'),
  json: (s) => JSON.stringify(s),
  html: (s) => s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  percent: encodeURIComponent,
  form: (s) => new URLSearchParams({ p: s }).toString(),
  base64: b64,
  'base64 after one byte': (s) => b64(`x${s}y`),
  'base64 after two bytes': (s) => b64(`xx${s}yy`),
  'base64 of latin1': (s) => b64(Buffer.from(s, 'latin1')),
  base64url: (s) => Buffer.from(s).toString('base64url'),
  'base64 twice': (s) => b64(b64(s)),
  plain: (s) => b64(`\0user@example.test\0${s}`),
  xoauth2: (s) => b64(`user=user@example.test\x01auth=Bearer ${s}\x01\x01`),
  hex: (s) => Buffer.from(s).toString('hex'),
  HEX: (s) => Buffer.from(s).toString('hex').toUpperCase(),
  'hex with spaces': (s) => Buffer.from(s).toString('hex').replace(/../g, '$& ').trim(),
  reversed: (s) => [...s].reverse().join(''),
  'imap quoted': (s) => `"${s.replace(/[\\"]/g, '\\$&')}"`,
  'shell quoted': (s) => `'${s.replaceAll("'", "'\\''")}'`,
};

describe('a secret that a server echoes', () => {
  const mask = masker(CANARY, 'user@example.test').mask;

  for (const [name, encode] of Object.entries(encodings)) {
    it(`is masked: ${name}`, () => {
      const shown = mask(`535 5.7.8 you said ${encode(CANARY)} and that is wrong`);
      const core = encode(CANARY);
      for (let i = 4; i + 6 < core.length - 4; i++) expect(shown).not.toContain(core.slice(i, i + 6));
      expect(shown).toContain(MASK);
      expect(shown.startsWith('535 5.7.8 you said ')).toBe(true);
      expect(shown.endsWith(' and that is wrong')).toBe(true);
    });
  }

  it('is masked in part, six characters on', () => {
    for (let i = 0; i + 6 <= CANARY.length; i++)
      expect(mask(`NO [${CANARY.slice(i, i + 6)}] refused`)).toBe(`NO [${MASK}] refused`);
  });

  it('gives one mask of fixed width, whatever its length', () => {
    expect(mask(CANARY)).toBe(MASK);
    expect(masker('abcdef').mask('got abcdef.')).toBe(`got ${MASK}.`);
    expect(masker('x'.repeat(300)).mask('x'.repeat(300))).toBe(MASK);
  });

  it('never survives whole, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 6, maxLength: 40 }).filter((s) => /[^a-zA-Z ]/.test(s.slice(0, 3)) && !s.includes(MASK)),
        fc.string({ maxLength: 30 }),
        fc.string({ maxLength: 30 }),
        (secret, a, b) => {
          const shown = masker(secret).mask(`${a}${secret}${b}`);
          return !shown.includes(secret) || `${a}${MASK}${b}`.includes(secret);
        },
      ),
    );
  });
});

describe('what servers say themselves', () => {
  it('stays readable where the secret is, or has, a word of theirs', () => {
    const text = '535 5.7.8 Authentication failed: incorrect password for this account';
    for (const secret of ['password', 'Password123', 'my password1', 'authentication!', 'account', 'incorrect'])
      expect(masker(secret).mask(text)).toBe(text);
    expect(masker('password123').mask('535 "password123" is wrong')).toBe(`535 "${MASK}" is wrong`);
  });

  it('is not torn by a short secret', () => {
    expect(masker('abc').mask('abc NO [ALERT] abcde abc "abc"')).toBe(`abc NO [ALERT] abcde ${MASK} "${MASK}"`);
    expect(masker('250').mask('250 ok')).toBe('250 ok');
    expect(masker('no').mask('a1 NO no')).toBe('a1 NO no');
    expect(masker('s3cr').mask('you said s3cr')).toBe(`you said ${MASK}`);
  });
});

describe('what was sent in place of a secret', () => {
  it('is learned: digests and proofs, in a blob or bare', () => {
    const digest = createHmac('md5', 'secret').update('<1@x>').digest('hex');
    const cram = b64(`user@example.test ${digest}`);
    const m = masker('a-long-secret');
    m.learn(cram, MASK);
    m.learn(`APOP user@example.test ${digest.replace('a', 'b')}`, `APOP user@example.test ${MASK}`);
    m.learn(b64('c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts='), MASK);
    expect(m.mask(`you sent ${cram}`)).toBe(`you sent ${MASK}`);
    expect(m.mask(`digest ${digest}.`)).toBe(`digest ${MASK}.`);
    expect(m.mask(`digest ${digest.replace('a', 'b')}.`)).toBe(`digest ${MASK}.`);
    expect(m.mask('p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=')).toBe(`p=${MASK}`);
  });

  it('does not take the user name or common words for a secret', () => {
    const m = masker('correct password');
    m.learn('a1 LOGIN user@example.test "correct password"', `a1 LOGIN user@example.test "${MASK}"`);
    m.learn(b64('user@example.test 0123456789abcdef0123456789abcdef'), MASK);
    expect(m.mask('553 user@example.test: incorrect password')).toBe('553 user@example.test: incorrect password');
  });

  it('costs nothing where there is no secret', () => {
    const m = createMasker([]);
    expect(m.active).toBe(false);
    expect(m.mask('x')).toBe('x');
    expect(createMasker([sealSecret('')]).active).toBe(false);
  });
});
