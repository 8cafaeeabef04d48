/** Each fault shown by a real server on loopback, and told from its neighbours. */
import { describe, expect, it } from 'vitest';
import type { ProblemEvidence } from '../../src/model/evidence.ts';
import type { Examination } from '../../src/net/certificate.ts';
import { loadAnchors } from '../../src/net/trust.ts';
import { accepts, handshake } from './handshake.ts';
import * as m from './mint.ts';

const HOST = 'mail.example.test';
const root = m.ca('O=Example Org/CN=Example Root');
const middle = m.ca('O=Example Org/CN=Example Issuing', { issuer: root });
const anchors = loadAnchors({ ca: m.pem(root), env: {} });
const none = loadAnchors({ env: {} });
const id = [m.names(m.dns(HOST)), m.extension('2.5.29.35', m.seq())];
const healthy = m.mint({ issuer: middle, extensions: id });

async function look(
  chain: readonly m.Authority[],
  more: { host?: string; trust?: typeof anchors; now?: Date; staple?: Buffer } = {},
): Promise<Examination> {
  const [leaf] = chain;
  if (!leaf) throw new Error('no leaf');
  const outcome = await handshake({
    chain: m.pem(...chain),
    key: m.keyPem(leaf),
    host: more.host ?? HOST,
    anchors: more.trust ?? anchors,
    ...(more.now ? { now: more.now } : {}),
    ...(more.staple ? { staple: more.staple } : {}),
  });
  if (!('examined' in outcome)) throw new Error(outcome.failure);
  const { problems } = outcome.examined;
  // Whoever reads the facts and whoever reads the problems must come to the same verdict.
  expect(accepts(outcome)).toBe(problems.every((p) => p.tolerated === true));
  return outcome.examined;
}

const mortal = (e: Examination) => e.problems.filter((p) => !p.tolerated).map((p) => p.problem);
const warned = (e: Examination) => e.problems.filter((p) => p.tolerated && !p.remark).map((p) => p.problem);
const first = (e: Examination, problem: ProblemEvidence['problem']) => e.problems.find((p) => p.problem === problem);
const leafWith = (make: m.Make) => m.mint({ issuer: middle, extensions: id, ...make });

it('a healthy chain is valid, matching and anchored, and nothing is said against it', async () => {
  const e = await look([healthy, middle]);
  expect(e.certificate).toMatchObject({ valid: true, identity: true, trusted: true, anchor: 'ca-file', revocation: 'not-asked' });
  expect(e.certificate.code).toBeUndefined();
  expect(e.certificate.built).toEqual([
    'CN=mail.example.test',
    'O=Example Org, CN=Example Issuing',
    'O=Example Org, CN=Example Root',
  ]);
  expect(e.certificate.sent).toHaveLength(2);
  expect(e.problems.filter((p) => !p.remark)).toEqual([]);
  expect(e.built).toHaveLength(3);
});

describe('trust', () => {
  it('a self-signed leaf', async () => {
    const e = await look([m.mint({})]);
    expect(mortal(e)).toEqual(['self-signed']);
    expect(e.certificate).toMatchObject({ valid: true, identity: true, trusted: false, code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });
  it('a self-signed leaf whose signature is broken is not said to be signed', async () => {
    const e = await look([m.mint({ broken: true })]);
    expect(mortal(e)).toEqual(['self-signed']);
    expect(first(e, 'self-signed')?.detail).toMatch(/its own key did not make the signature/);
  });
  it('a self-signed leaf among the anchors is accepted, and told', async () => {
    const leaf = m.mint({ extensions: [m.names(m.dns(HOST)), m.basic(true)] });
    const e = await look([leaf], { trust: loadAnchors({ ca: m.pem(leaf), env: {} }) });
    expect(mortal(e)).toEqual([]);
    expect(warned(e)).toEqual(['self-signed']);
    expect(e.certificate).toMatchObject({ trusted: true, anchor: 'ca-file' });
  });
  it('a private root that is sent', async () => {
    const e = await look([healthy, middle, root], { trust: none });
    expect(mortal(e)).toEqual(['untrusted-root']);
    expect(first(e, 'untrusted-root')).toMatchObject({ depth: 2, subject: 'O=Example Org, CN=Example Root' });
  });
  it('a missing intermediate, where its root is known', async () => {
    const e = await look([healthy]);
    expect(mortal(e)).toEqual(['incomplete-chain']);
    expect(first(e, 'incomplete-chain')).toMatchObject({ depth: 0, issuer: 'O=Example Org, CN=Example Issuing' });
    expect(first(e, 'incomplete-chain')?.alternative).toBeUndefined();
  });
  it('a missing intermediate of a public authority', async () => {
    const public1 = m.ca("C=US/O=Let's Encrypt/CN=R11");
    const e = await look([m.mint({ issuer: public1, extensions: id })], { trust: none });
    expect(first(e, 'incomplete-chain')?.detail).toContain("O=Let's Encrypt, CN=R11");
    expect(first(e, 'incomplete-chain')?.alternative).toBeUndefined();
  });
  it('a missing issuer that says where it is', async () => {
    const e = await look([leafWith({ extensions: [...id, m.access(['issuer', 'http://ca.example.test/i.cer'])] })], {
      trust: none,
    });
    expect(first(e, 'incomplete-chain')?.detail).toContain('http://ca.example.test/i.cer');
  });
  it('a leaf alone of an unknown authority may be either', async () => {
    const e = await look([m.mint({ issuer: m.ca('CN=Office CA'), extensions: id })], { trust: none });
    expect(first(e, 'incomplete-chain')).toMatchObject({ alternative: 'untrusted-root' });
  });
  it('a chain whose private root is rightly not sent', async () => {
    const e = await look([healthy, middle], { trust: none });
    expect(mortal(e)).toEqual(['untrusted-root']);
    expect(first(e, 'untrusted-root')).toMatchObject({ alternative: 'incomplete-chain', depth: 1 });
  });
  it('an anchor of the same name with another key', async () => {
    const e = await look([healthy, middle], { trust: loadAnchors({ ca: m.pem(m.ca(root.name)), env: {} }) });
    expect(mortal(e)).toContain('bad-signature');
    expect(e.certificate.trusted).toBe(false);
  });
  it('an intermediate as the only anchor', async () => {
    const e = await look([healthy], { trust: loadAnchors({ ca: m.pem(middle), env: {} }) });
    expect(mortal(e)).toEqual(['incomplete-chain']);
    expect(first(e, 'incomplete-chain')?.detail).toContain('the trust anchor is no root');
  });
});

describe('dates', () => {
  it.each([
    ['leaf', 0],
    ['intermediate', 1],
    ['root', undefined],
  ] as const)('an expired %s', async (role, depth) => {
    const dates = { from: m.ago(100), to: m.ago(2) };
    const top = m.ca('CN=Dated Root', role === 'root' ? dates : {});
    const between = m.ca('CN=Dated Issuing', { issuer: top, ...(role === 'intermediate' ? dates : {}) });
    const leaf = m.mint({ issuer: between, extensions: id, ...(role === 'leaf' ? dates : {}) });
    const e = await look([leaf, between], { trust: loadAnchors({ ca: m.pem(top), env: {} }) });
    expect(mortal(e)).toEqual(['expired']);
    const problem = first(e, 'expired');
    expect(problem?.depth).toBe(depth);
    expect(problem?.detail).toMatch(new RegExp(`^${role} expired \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ, 2 days ago$`));
    expect(e.certificate).toMatchObject({ valid: false, identity: true, trusted: true });
  });
  it('not yet valid', async () => {
    const e = await look([leafWith({ from: m.ago(-3), to: m.ago(-90) }), middle]);
    expect(mortal(e)).toEqual(['not-yet-valid']);
    expect(e.certificate).toMatchObject({ valid: false, trusted: true });
  });
  it('expired hides an unknown root from OpenSSL, not from us', async () => {
    const e = await look([leafWith({ from: m.ago(100), to: m.ago(2) }), middle, root], { trust: none });
    expect(new Set(mortal(e))).toEqual(new Set(['expired', 'untrusted-root']));
    expect(e.certificate).toMatchObject({ valid: false, trusted: false });
  });
  it('several at once are all told', async () => {
    const e = await look([
      m.mint({ subject: 'CN=other', from: m.ago(100), to: m.ago(2), extensions: [m.names(m.dns('other.test'))] }),
    ]);
    expect(new Set(mortal(e))).toEqual(new Set(['self-signed', 'expired', 'identity-differs']));
  });
  it('expires soon: thirty days to the second are in, one more is out', async () => {
    const leaf = leafWith({ to: m.ago(-60) });
    const end = Date.parse((await look([leaf, middle])).certificate.sent[0]?.notAfter ?? '');
    const at = async (ms: number) => look([leaf, middle], { now: new Date(end - ms) });
    expect(warned(await at(30 * m.DAY))).toContain('expires-soon');
    expect(warned(await at(30 * m.DAY + 1000))).not.toContain('expires-soon');
    for (const days of [1, 13, 14, 15, 29]) {
      const problem = first(await at(days * m.DAY), 'expires-soon');
      expect(problem?.detail).toBe(
        `leaf expires ${new Date(end).toISOString().slice(0, 19)}Z, in ${days} day${days === 1 ? '' : 's'}`,
      );
      expect(problem?.tolerated).toBe(true);
    }
    expect(mortal(await at(1000))).toEqual([]);
    expect(mortal(await at(0))).toEqual(['expired']);
  });
  it('a cross-signed certificate that expired and is not needed is a warning', async () => {
    const old = m.ca('CN=Old Root');
    const cross = m.ca(root.name, { keys: root.keys, issuer: old, from: m.ago(500), to: m.ago(20) });
    const e = await look([healthy, middle, cross]);
    expect(mortal(e)).toEqual([]);
    expect(first(e, 'expired')).toMatchObject({ depth: 2, tolerated: true });
  });
});

describe('identity', () => {
  it.each([
    ['identity-differs', 'CN=unrelated', [m.names(m.dns('other.example.test'))]],
    ['name-only-in-cn', `CN=${HOST}`, [m.basic(false)]],
    ['partial-wildcard', 'CN=unrelated', [m.names(m.dns('m*.example.test'))]],
  ] as const)('%s', async (problem, subject, extensions) => {
    const e = await look([m.mint({ issuer: middle, subject, extensions }), middle]);
    expect(mortal(e)).toEqual([problem]);
    expect(e.certificate).toMatchObject({ valid: true, identity: false, trusted: true });
  });
  it('names at most ten and the number of all', async () => {
    const list = Array.from({ length: 40 }, (_, i) => m.dns(`h${i}.example.test`));
    const e = await look([leafWith({ subject: 'CN=h0', extensions: [m.names(...list)] }), middle]);
    expect(first(e, 'identity-differs')?.detail).toMatch(
      /^mail\.example\.test is not among the names; .*h9\.example\.test … \(40 names\)$/,
    );
  });
  it('the certificate for clients without a server name', async () => {
    const e = await look([
      m.mint({ subject: 'OU=No SNI provided; please fix your client./CN=invalid2.invalid', extensions: [m.basic(false)] }),
    ]);
    expect(mortal(e)).toEqual(expect.arrayContaining(['server-name-missing', 'self-signed', 'identity-differs']));
  });
});

describe('rules of RFC 5280 that OpenSSL hides behind a code', () => {
  const cases: readonly (readonly [string, ProblemEvidence['problem'], () => readonly m.Authority[], RegExp])[] = [
    [
      'client certificate',
      'wrong-purpose',
      () => [leafWith({ extensions: [...id, m.purposes(m.CLIENT_AUTH)] }), middle],
      /clientAuth/,
    ],
    ['certificate signing only', 'wrong-purpose', () => [leafWith({ extensions: [...id, m.usage(5)] }), middle], /keyCertSign/],
    ['no CA bit', 'path', () => under({ extensions: [m.basic(false), m.usage(5)] }), /CA bit/],
    ['no basic constraints', 'path', () => under({ extensions: [m.usage(5)] }), /no basic constraints/],
    ['no certificate signing', 'path', () => under({ extensions: [m.basic(true), m.usage(6)] }), /certificate signing/],
    [
      'name outside the permitted',
      'constraint',
      () => under({ extensions: [m.basic(true), m.permitted(m.dns('other.test'))] }),
      /DNS:mail\.example\.test: permitted subtree/,
    ],
    [
      'unknown critical extension',
      'critical-extension',
      () => [leafWith({ extensions: [...id, m.extension('1.2.3.4.5', m.int(1), true)] }), middle],
      /1\.2\.3\.4\.5/,
    ],
    ['broken signature', 'bad-signature', () => [leafWith({ broken: true }), middle], /did not make its signature/],
    ['SHA-1', 'weak-signature', () => [leafWith({ digest: 'sha1' }), middle], /ecdsa-with-SHA1/],
    [
      'text in place of names',
      'malformed',
      () => [leafWith({ extensions: [m.extension('2.5.29.17', Buffer.from('DNS:x'))] }), middle],
      /malformed/,
    ],
    [
      'the same extension twice',
      'malformed',
      () => [leafWith({ extensions: [m.names(m.dns(HOST)), m.names(m.dns(HOST))] }), middle],
      /twice/,
    ],
  ];
  const under = (make: m.Make, leaf: m.Make = {}) => {
    const between = m.ca('CN=Odd Issuing', { issuer: root, ...make });
    return [m.mint({ issuer: between, extensions: id, ...leaf }), between];
  };
  it.each(cases)('%s: %s', async (_, problem, chain, words) => {
    const e = await look(chain());
    expect(mortal(e)).toContain(problem);
    expect(first(e, problem)?.detail).toMatch(words);
    expect(mortal(e)).not.toContain('untrusted');
  });
  it('path length', async () => {
    const upper = m.ca('CN=Upper', { issuer: root, extensions: [m.basic(true, 0), m.usage(5)] });
    const lower = m.ca('CN=Lower', { issuer: upper });
    const e = await look([m.mint({ issuer: lower, extensions: id }), lower, upper]);
    expect(first(e, 'path')).toMatchObject({ depth: 2, detail: expect.stringContaining('path length constraint exceeded') });
  });
  it('a circle of authorities', async () => {
    const [a, b] = [m.ca('CN=A'), m.ca('CN=B')];
    const aByB = m.ca('CN=A', { keys: a.keys, issuer: b });
    const bByA = m.ca('CN=B', { keys: b.keys, issuer: a });
    const e = await look([m.mint({ issuer: a, extensions: id }), aByB, bByA]);
    expect(first(e, 'path')?.detail).toContain('in a circle');
  });
});

describe('what the platform lets pass is a warning', () => {
  it.each([
    ['RSA of 1024 bits', { keys: m.rsa(1024) }, 'weak-key'],
    ['leaf with CA:TRUE', { extensions: [m.names(m.dns(HOST)), m.basic(true)] }, 'wrong-purpose'],
  ] as const)('%s', async (_, make, problem) => {
    const e = await look([leafWith(make), middle]);
    // OpenSSL 3.2 and later, in Node 24, refuse the weak key themselves.
    expect([...warned(e), ...mortal(e)]).toContain(problem);
  });
  it('version 1, which also has no names', async () => {
    const e = await look([leafWith({ version1: true }), middle]);
    expect(warned(e)).toContain('malformed');
    expect(mortal(e)).toEqual(['name-only-in-cn']);
  });
  it('serial number zero is only a remark', async () => {
    const e = await look([leafWith({ serial: Buffer.from([0]) }), middle]);
    expect(e.problems).toEqual(
      expect.arrayContaining([expect.objectContaining({ remark: true, detail: 'the serial number is zero' })]),
    );
  });
});

describe('the chain as sent', () => {
  const stranger = m.ca('CN=Stranger');
  const upper = m.ca('CN=Chain Upper', { issuer: root });
  const lower = m.ca('CN=Chain Lower', { issuer: upper });
  const leaf = m.mint({ issuer: lower, extensions: id });
  it.each([
    ['in order', [leaf, lower, upper], []],
    ['reversed', [leaf, upper, lower], [[1, 'out of order']]],
    ['twice', [leaf, lower, lower, upper], [[2, 'sent twice']]],
    ['with a stranger', [leaf, stranger, lower, upper], [[1, 'unrelated']]],
    ['with the leaf again', [leaf, leaf, lower, upper], [[1, 'sent twice']]],
  ] as const)('%s', async (_, chain, wanted) => {
    const e = await look(chain);
    expect(e.certificate.trusted).toBe(true);
    expect(e.certificate.sent).toHaveLength(chain.length);
    const order = e.problems.filter((p) => p.problem === 'chain-order' && !p.remark);
    expect(order.map((p) => [p.depth, p.detail.split(/[:,]/)[0]])).toEqual(
      wanted.map(([d, t]) => [d, expect.stringContaining(t)]),
    );
  });
  it('the root sent too is a remark', async () => {
    const e = await look([leaf, lower, upper, root]);
    expect(first(e, 'chain-order')).toMatchObject({ depth: 3, remark: true, tolerated: true });
  });
});

describe('interception', () => {
  it.each([
    ['O=Avast/CN=Avast Web\\/Mail Shield Root', /Avast/],
    ['O=Kaspersky Lab/CN=Kaspersky Anti-Virus Personal Root Certificate', /Kaspersky/],
    ['O=Fortinet/CN=FGT60F', /Fortinet/],
    ['CN=mitmproxy/O=mitmproxy', /mitmproxy/],
    ['O=Corp/CN=Corp SSL Inspection CA', /“ssl inspection”/],
  ])('%s', async (subject, words) => {
    const product = m.ca(subject.replace('\\/', ' '));
    const e = await look([m.mint({ issuer: product, extensions: id }), product]);
    expect(mortal(e)).toContain('intercepted');
    expect(first(e, 'intercepted')?.detail).toMatch(words);
    const known = await look([m.mint({ issuer: product, extensions: id }), product], {
      trust: loadAnchors({ ca: m.pem(product), env: {} }),
    });
    expect(mortal(known)).toEqual([]);
    expect(warned(known)).toContain('intercepted');
  });
});

describe('S-058 the staple', () => {
  const issuer = middle;
  const other = m.mint({ issuer });
  it.each([
    ['good', m.ocsp({ status: 'good', certificate: healthy, issuer }), [], [], 'good'],
    ['revoked', m.ocsp({ status: 'revoked', certificate: healthy, issuer }), ['revoked'], [], 'revoked'],
    [
      'expired',
      m.ocsp({ status: 'good', certificate: healthy, issuer, nextUpdate: m.ago(1) }),
      [],
      ['staple-invalid'],
      'not-asked',
    ],
    ['of another certificate', m.ocsp({ status: 'good', certificate: other, issuer }), [], ['staple-invalid'], 'not-asked'],
    ['garbage', Buffer.from('garbage'), [], ['staple-invalid'], 'not-asked'],
  ] as const)('%s', async (_, staple, fatal, warning, revocation) => {
    const e = await look([healthy, middle], { staple });
    expect(mortal(e)).toEqual(fatal);
    expect(warned(e)).toEqual(warning);
    expect(e.certificate.revocation).toBe(revocation);
    expect(e.certificate.staple).toBeTruthy();
  });
  it('demanded by the certificate and missing', async () => {
    const e = await look([leafWith({ extensions: [...id, m.extension('1.3.6.1.5.5.7.1.24', m.seq(m.int(5)))] }), middle]);
    expect(warned(e)).toEqual(['staple-invalid']);
  });
});

describe('rare refusals say why, in their own words', () => {
  const detail = (e: Examination, problem: ProblemEvidence['problem']) => first(e, problem)?.detail ?? '';
  const ASN1_NULL = Buffer.from([5, 0]);
  it('a proxy certificate (RFC 3820)', async () => {
    const proxy = m.extension('1.3.6.1.5.5.7.1.14', m.seq(m.seq(m.oid('1.3.6.1.5.5.7.21.1'))), true);
    const e = await look([leafWith({ extensions: [proxy] }), middle]);
    expect(mortal(e)).toContain('path');
    expect(mortal(e)).not.toContain('untrusted');
    expect(detail(e, 'path')).toMatch(/proxy certificate/);
  });
  it("Netscape's certificate type, where it is for clients only", async () => {
    const type = (bits: number) => m.extension('2.16.840.1.113730.1.1', m.bits(Buffer.from([bits]), 4));
    const e = await look([leafWith({ extensions: [...id, type(0x80)] }), middle]);
    expect(mortal(e)).toEqual(['wrong-purpose']);
    expect(detail(e, 'wrong-purpose')).toMatch(/Netscape certificate type/);
    expect(mortal(await look([leafWith({ extensions: [...id, type(0x40)] }), middle]))).toEqual([]);
    const dated = await look([leafWith({ extensions: [...id, type(0x80)], to: m.ago(2) }), middle]);
    expect(mortal(dated)).toEqual(['expired', 'wrong-purpose']);
  });
  it('a malformed purpose is malformed, and not empty as well', async () => {
    const e = await look([leafWith({ extensions: [...id, m.extension('2.5.29.37', ASN1_NULL)] }), middle]);
    expect(mortal(e)).toEqual(['malformed']);
  });
  it.each([
    ['1.3.6.1.5.5.7.1.7', 'address blocks'],
    ['1.3.6.1.5.5.7.1.8', 'autonomous systems'],
    ['2.16.840.1.113730.1.1', 'Netscape certificate type'],
    ['1.3.6.1.5.5.7.1.14', 'proxy certificate'],
  ])('a malformed %s', async (oid, words) => {
    const e = await look([leafWith({ extensions: [...id, m.extension(oid, ASN1_NULL)] }), middle]);
    expect(mortal(e)).toContain('malformed');
    expect(mortal(e)).not.toContain('incomplete-chain');
    expect(detail(e, 'malformed')).toContain(words);
  });
  it('the authority key identifier names another issuer than the one that signed and is sent', async () => {
    const aki = m.extension('2.5.29.35', m.seq(m.tlv(0x80, Buffer.alloc(20, 7))));
    const keyed = m.ca('O=Example Org/CN=Example Issuing', {
      issuer: root,
      keys: middle.keys,
      extensions: [m.basic(true), m.usage(5, 6), m.extension('2.5.29.14', m.octets(Buffer.alloc(20, 9)))],
    });
    const e = await look([m.mint({ issuer: keyed, extensions: [m.names(m.dns(HOST)), aki] }), keyed]);
    expect(mortal(e)).toEqual(['malformed']);
    expect(detail(e, 'malformed')).toMatch(/authority key identifier/);
    expect(warned(e)).toEqual([]);
  });
});

describe('dates that are none', () => {
  it('a month that does not exist is malformed, and nothing is reckoned from it', async () => {
    const make = leafWith({ to: new Date('2030-12-30T01:02:03Z') });
    const der = Buffer.from(make.der.toString('latin1').replace('301230010203Z', '301330010203Z'), 'latin1');
    const e = await look([{ ...make, der }, middle]);
    expect(mortal(e)).toContain('malformed');
    expect(warned(e)).toEqual([]);
    expect(e.problems.map((p) => p.detail).join()).not.toMatch(/NaN/);
  });
  it('an end before the beginning is both, each with its date', async () => {
    const e = await look([leafWith({ from: m.ago(-5), to: m.ago(5) }), middle]);
    expect(mortal(e).sort()).toEqual(['expired', 'not-yet-valid']);
    expect(first(e, 'expired')?.detail).toMatch(/^leaf expired .*Z, 5 days ago$/);
  });
});

describe('what other programs may refuse is remarked', () => {
  const remarks = (e: Examination) => e.problems.filter((p) => p.remark).map((p) => p.detail);
  const server = m.purposes(m.SERVER_AUTH);
  it.each([
    ['a host in the common name alone', { subject: 'CN=other.example.test' }, [server], /common name other\.example\.test/],
    ['no purpose', {}, [], /no extended key usage/],
    ['any purpose', {}, [m.purposes(m.SERVER_AUTH, '2.5.29.37.0')], /anyExtendedKeyUsage/],
    ['a name that is none', {}, [server, m.names(m.dns(HOST), m.dns('my_host.example.test'))], /my_host\.example\.test/],
  ] as const)('%s', async (_, make, extensions, words) => {
    const own = extensions.some((x) => x.includes(Buffer.from('my_host'))) ? [] : [m.names(m.dns(HOST))];
    const e = await look([m.mint({ issuer: middle, ...make, extensions: [...own, ...extensions] }), middle]);
    expect(mortal(e)).toEqual([]);
    expect(warned(e)).toEqual([]);
    expect(remarks(e).join('\n')).toMatch(words);
  });
  it('a wildcard and a title for people are fine', async () => {
    const extensions = [m.names(m.dns('*.example.test')), server];
    const e = await look([m.mint({ issuer: middle, subject: 'CN=Mail of Example', extensions }), middle]);
    expect(remarks(e).join('\n')).not.toMatch(/common name|extended key usage|host name/);
  });
});
