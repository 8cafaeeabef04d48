/** S-025 to S-063: each certificate fault by a real handshake, through the whole pipeline to the cause that the report names. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Check } from '../../src/model/diagnosis.ts';
import { proofOf } from '../../src/report/proof.ts';
import { listenTls } from '../tls/world.ts';
import * as m from './mint.ts';
import { checkBare } from './program.ts';

const HOST = 'mail.example.test';
const keys = m.ec();
const id = [m.names(m.dns(HOST))];
const root = m.ca('CN=Row Root/O=Rows', { keys: m.ec() });
const middle = m.ca('CN=Row Intermediate/O=Rows', { issuer: root, keys: m.ec() });
const leaf = (make: m.Make = {}) => m.mint({ issuer: middle, keys, extensions: id, ...make });

interface Row {
  readonly chain: readonly m.Authority[];
  readonly host?: string;
  readonly trusted?: readonly m.Authority[];
}

async function look({ chain, host = HOST, trusted = [root] }: Row): Promise<Check> {
  const [first] = chain;
  const server = { key: first ? m.keyPem(first) : '', cert: m.pem(...chain) };
  const port = await listenTls(server, {}, '220 ready\r\n');
  return await checkBare(port, host, m.pem(...trusted), { until: 'certificate' });
}

const rootOf = (c: Check) => c.diagnosis.root?.cause.id ?? null;
/** Without remarks: the certificates made here lack key identifiers. */
const causes = (c: Check) =>
  c.diagnosis.findings.filter((f) => f.severity !== 'notice').map((f) => `${f.cause.id} ${f.severity}`);
const proofs = (c: Check) => c.diagnosis.findings.flatMap((f) => f.sighting.evidence.map(proofOf)).join('\n');

describe('dates', () => {
  it('S-025 an expired leaf: the date, the days, and which certificate it is', async () => {
    const c = await look({ chain: [leaf({ from: m.ago(100), to: m.ago(12) }), middle] });
    expect(rootOf(c)).toBe('certificate.expired');
    expect(proofs(c)).toMatch(/leaf expired \d{4}-\d\d-\d\dT[\d:]+Z, 12 days ago/);
  });
  it('S-025 an expired intermediate or root is named as such', async () => {
    const old = m.ca('CN=Row Intermediate/O=Rows', { issuer: root, keys: middle.keys, from: m.ago(300), to: m.ago(5) });
    const c = await look({ chain: [leaf(), old] });
    expect(rootOf(c)).toBe('certificate.expired');
    expect(proofs(c)).toMatch(/intermediate expired/);
    const past = m.ca('CN=Past Root', { keys: m.ec(), from: m.ago(300), to: m.ago(5) });
    const d = await look({ chain: [m.mint({ issuer: past, keys, extensions: id })], trusted: [past] });
    expect(rootOf(d)).toBe('certificate.expired');
    expect(proofs(d)).toMatch(/root expired/);
  });
  it.each([1, 13, 14, 15, 29, 30])('S-028 %i days are left: a warning, the time in UTC', async (days) => {
    const c = await look({ chain: [leaf({ to: m.ago(-days - 0.001) }), middle] });
    expect(causes(c)).toEqual(days < 30 ? ['certificate.expires-soon warning'] : []);
    if (days < 30) expect(proofs(c)).toMatch(new RegExp(`Z, in ${days} days?`));
  });
  it('S-028 thirty-one days are fine', async () => {
    expect(causes(await look({ chain: [leaf({ to: m.ago(-31) }), middle] }))).toEqual([]);
  });
});

describe('identity', () => {
  const differs = 'certificate.identity-differs';
  const named = (...list: readonly Buffer[]) => [leaf({ extensions: [m.names(...list)], subject: 'CN=other' }), middle];
  it('S-029 another name: what was asked, some of the names, and how many there are', async () => {
    const many = Array.from({ length: 40 }, (_, i) => m.dns(`h${i}.example.net`));
    const c = await look({ chain: named(...many) });
    expect(rootOf(c)).toBe(differs);
    expect(proofs(c)).toContain(HOST);
    expect(proofs(c)).toContain('h0.example.net');
    expect(proofs(c)).toMatch(/\b(30|40)\b/);
  });
  it('S-031 an address matches an address, never a DNS name or a subject of the same text', async () => {
    expect(rootOf(await look({ chain: named(m.ip(127, 0, 0, 1)), host: '127.0.0.1' }))).toBeNull();
    expect(rootOf(await look({ chain: named(m.dns('127.0.0.1')), host: '127.0.0.1' }))).toBe(differs);
    const cn = [leaf({ extensions: [m.names(m.dns('x.test'))], subject: 'CN=127.0.0.1' }), middle];
    expect(rootOf(await look({ chain: cn, host: '127.0.0.1' }))).toBe(differs);
    const v6 = m.ip(...Array.from({ length: 15 }, () => 0), 1);
    expect(rootOf(await look({ chain: named(v6), host: '::1' }))).toBeNull();
  });
  it('S-033 a wildcard stands for one label', async () => {
    const chain = named(m.dns('*.example.test'));
    expect(rootOf(await look({ chain, host: 'a.example.test' }))).toBeNull();
    for (const host of ['example.test', 'a.b.example.test']) expect(rootOf(await look({ chain, host }))).toBe(differs);
  });
  it.each(['*.test', '*', 'mail.*.test'])('S-035 %s matches nothing', async (name) => {
    const host = name === '*.test' ? 'example.test' : HOST;
    expect(rootOf(await look({ chain: named(m.dns(name)), host }))).toBe(differs);
  });
  it('S-037 a final dot and capitals make no difference; long labels are labels', async () => {
    const long = `${'a'.repeat(63)}.example.test`;
    expect(rootOf(await look({ chain: named(m.dns(HOST)), host: `${HOST.toUpperCase()}.` }))).toBeNull();
    expect(rootOf(await look({ chain: named(m.dns(long)), host: long }))).toBeNull();
  });
  it('S-038 NUL, ESC, a comma or "DNS:" in a name match nothing before or after', async () => {
    for (const name of [`${HOST}\u0000.evil.test`, `evil.test, DNS:${HOST}`, `evil.test\u001b[2J${HOST}`])
      expect(rootOf(await look({ chain: named(m.dns(name)) }))).toBe(differs);
  });
});

describe('trust', () => {
  it('S-039 self-signed, S-040 a root that is sent, S-041 an intermediate that is not: three causes', async () => {
    expect(rootOf(await look({ chain: [m.mint({ keys, extensions: id })] }))).toBe('certificate.self-signed');
    expect(rootOf(await look({ chain: [leaf(), middle, root], trusted: [m.ca('CN=Other', { keys: m.ec() })] }))).toBe(
      'certificate.untrusted-root',
    );
    const missing = await look({ chain: [leaf()] });
    expect(rootOf(missing)).toBe('certificate.incomplete-chain');
    expect(proofs(missing)).toContain('CN=Row Intermediate');
  });
  it('S-043 wrong order, twice, a stranger among them, the root too: trust is as before, and what is odd is told', async () => {
    const lower = m.ca('CN=Row Lower', { issuer: middle, keys: m.ec() });
    const own = m.mint({ issuer: lower, keys, extensions: id });
    const stranger = m.ca('CN=Stranger', { keys: m.ec() });
    for (const chain of [
      [own, middle, lower],
      [own, lower, lower, middle],
      [own, lower, stranger, middle],
    ]) {
      const c = await look({ chain });
      expect(rootOf(c)).toBeNull();
      expect(causes(c)).toContain('certificate.chain-order warning');
    }
    expect(rootOf(await look({ chain: [own, lower, middle, root] }))).toBeNull();
  });
});

describe('rules of RFC 5280', () => {
  const invalid = 'certificate.invalid';
  const unknown = m.extension('1.3.6.1.4.1.55738.1', m.octets(Buffer.of(1)), true);
  const rows: readonly (readonly [string, Row, string | null])[] = [
    [
      'S-044 for clients only',
      { chain: [leaf({ extensions: [...id, m.purposes(m.CLIENT_AUTH)] }), middle] },
      'certificate.wrong-purpose',
    ],
    ['S-047 an unknown critical extension', { chain: [leaf({ extensions: [...id, unknown] }), middle] }, invalid],
    ['S-048 a broken signature', { chain: [leaf({ broken: true }), middle] }, invalid],
    ['S-049 signed with SHA-1', { chain: [leaf({ digest: 'sha1' }), middle] }, 'certificate.weak'],
    ['S-049 RSA of 768 bits', { chain: [leaf({ keys: m.rsa(768) }), middle] }, 'certificate.weak'],
    ['S-050 RSA of 1024 bits', { chain: [leaf({ keys: m.rsa(1024) }), middle] }, null],
    ['S-050 a certificate of an authority', { chain: [leaf({ extensions: [...id, m.basic(true)] }), middle] }, null],
  ];
  it.each(rows)('%s', async (_, row, cause) => {
    const c = await look(row);
    expect(rootOf(c)).toBe(cause);
    // What the platform lets pass is at least a warning.
    if (cause === null) expect(c.diagnosis.verdict).toBe('warn');
  });
  it('S-045 an intermediate without the CA bit, and one whose path length is exceeded: the reason is told', async () => {
    const bare = m.ca('CN=Bare', { issuer: root, keys: m.ec(), extensions: [m.basic(false)] });
    const c = await look({ chain: [m.mint({ issuer: bare, keys, extensions: id }), bare] });
    expect(rootOf(c)).toMatch(/^certificate\.(invalid|wrong-purpose)$/);
    expect(proofs(c)).toMatch(/CA bit/);
    const zero = m.ca('CN=Zero', { issuer: root, keys: m.ec(), extensions: [m.basic(true, 0)] });
    const below = m.ca('CN=Below', { issuer: zero, keys: m.ec() });
    const d = await look({ chain: [m.mint({ issuer: below, keys, extensions: id }), below, zero] });
    expect(rootOf(d)).toBe(invalid);
    expect(proofs(d)).toMatch(/path length/);
  });
});

describe('kinds of keys', () => {
  const kinds: readonly (readonly [string, m.Pair, RegExp, RegExp])[] = [
    ['RSA', m.rsa(2048), /^RSA$/, /2048/],
    ['EC P-256', m.ec('P-256'), /^EC$/, /256/],
    ['EC P-384', m.ec('P-384'), /^EC$/, /384/],
    ['Ed25519', generateKeyPairSync('ed25519'), /^Ed25519$/i, /./],
    ['Ed448', generateKeyPairSync('ed448'), /^Ed448$/i, /./],
    ['RSA-PSS', generateKeyPairSync('rsa-pss', { modulusLength: 2048 }), /^RSA-?PSS$/i, /2048/],
  ];
  it.each(kinds)('S-056 %s: every field is there', async (_, pair, type, size) => {
    const c = await look({ chain: [leaf({ keys: pair }), middle] });
    expect(rootOf(c)).toBeNull();
    const seen = c.evidence.find((e) => e.kind === 'certificate');
    expect(seen?.kind === 'certificate' && seen.built).toEqual([
      expect.stringContaining(HOST),
      'CN=Row Intermediate, O=Rows',
      'CN=Row Root, O=Rows',
    ]);
    const facts = seen?.kind === 'certificate' ? seen.sent[0] : undefined;
    expect(facts?.keyType).toMatch(type);
    expect(`${facts?.keyBits ?? ''} ${facts?.curve ?? ''}`).toMatch(size);
    expect(facts?.signatureAlgorithm).toBe('ecdsa-with-SHA256');
    expect(facts?.sha256).toMatch(/^([0-9A-F]{2}:?){32}$/i);
    expect(facts?.sha1).toMatch(/^([0-9A-F]{2}:?){20}$/i);
    expect(facts?.names).toEqual([`DNS:${HOST}`]);
    expect(seen).toMatchObject({ valid: true, identity: true, trusted: true, revocation: 'not-asked' });
  });
});

it('several faults at once are all told, and the one to mend first is the cause', async () => {
  const c = await look({ chain: [m.mint({ keys, from: m.ago(90), to: m.ago(3), extensions: [m.names(m.dns('x.test'))] })] });
  expect(rootOf(c)).toBe('certificate.self-signed');
  expect(causes(c)).toEqual(expect.arrayContaining(['certificate.expired error', 'certificate.identity-differs error']));
});
