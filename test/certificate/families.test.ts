/**
 * The families of x509-limbo in variants that its suite does not hold: a chain of three with one thing changed, or two, by real
 * handshakes through the whole pipeline. What RFC 5280 and 9525 accept is accepted; what they refuse is refused under its own name.
 */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as m from './mint.ts';
import { checkBare, serveBare } from './program.ts';

const HOST = 'mail.example.test';
const ext = m.extension;
const NULL = m.tlv(5);
const keys = { root: m.ec(), issuing: m.ec(), leaf: m.ec(), other: m.ec(), rsa: m.rsa(2048) };
const small = { rsa1024: m.rsa(1024), rsa768: m.rsa(768), ed: generateKeyPairSync('ed25519') };
const idOf = (k: m.Pair) =>
  createHash('sha1')
    .update(k.publicKey.export({ format: 'der', type: 'spki' }))
    .digest();
const ski = (k: m.Pair, critical = false) => ext('2.5.29.14', m.octets(idOf(k)), critical);
const aki = (k: m.Pair, critical = false) => ext('2.5.29.35', m.seq(m.tlv(0x80, idOf(k))), critical);
const mail = (address: string) => m.tlv(0x81, address);
const directory = (name: string) => m.tlv(0xa4, m.name(name));
const other = m.tlv(0xa0, m.oid('1.2.3.4'), m.tlv(0xa0, m.tlv(12, 'x')));
const constraints = (permitted: readonly Buffer[], excluded: readonly Buffer[] = []) => {
  const side = (id: number, list: readonly Buffer[]) => (list.length > 0 ? [m.tlv(id, ...list.map((b) => m.seq(b)))] : []);
  return ext('2.5.29.30', m.seq(...side(0xa0, permitted), ...side(0xa1, excluded)), true);
};

/** One certificate of the chain: how it is made, its extensions by name, so that a change takes the place of one. */
interface Part extends Omit<m.Make, 'extensions'> {
  readonly with?: Readonly<Record<string, Buffer | undefined>>;
}
interface Change {
  readonly root?: Part;
  readonly issuing?: Part;
  readonly leaf?: Part;
  readonly host?: string;
  /** What is sent, of `leaf`, `issuing` and `root`. */
  readonly sent?: readonly ('leaf' | 'issuing' | 'root')[];
  readonly trusted?: 'nobody' | 'leaf';
}

function made(part: Part, base: Readonly<Record<string, Buffer>>, defaults: m.Make): m.Authority {
  const { with: own, ...make } = part;
  const extensions = Object.values({ ...base, ...own }).filter((e) => e !== undefined);
  return m.mint({ ...defaults, ...make, extensions });
}

async function judged(...changes: readonly Change[]) {
  const c: Change = Object.assign({}, ...changes);
  const part = (name: 'root' | 'issuing' | 'leaf'): Part => {
    const parts = changes.map((one) => one[name] ?? {});
    return Object.assign({}, ...parts, { with: Object.assign({}, ...parts.map((p) => p.with)) });
  };
  const [rootKeys, issuingKeys] = [part('root').keys ?? keys.root, part('issuing').keys ?? keys.issuing];
  const authority = { basic: m.basic(true), usage: m.usage(5, 6) };
  const root = made(part('root'), { ...authority, ski: ski(rootKeys) }, { subject: 'O=Own/CN=Own Root', keys: rootKeys });
  const issuing = made(
    part('issuing'),
    { ...authority, ski: ski(issuingKeys), aki: aki(rootKeys) },
    { subject: 'O=Own/CN=Own Issuing', keys: issuingKeys, issuer: root },
  );
  const purposes = m.purposes(m.SERVER_AUTH);
  const names = m.names(m.dns(HOST));
  const own = { basic: m.basic(false), usage: m.usage(0), ski: ski(keys.leaf), aki: aki(issuingKeys), names, purposes };
  const leaf = made(part('leaf'), own, { subject: `CN=${HOST}`, keys: keys.leaf, issuer: issuing });
  const chain = { root, issuing, leaf };
  const anchor = c.trusted === 'nobody' ? m.ca('CN=Unrelated') : c.trusted === 'leaf' ? leaf : root;
  const sent = (c.sent ?? (['leaf', 'issuing'] as const)).map((name) => chain[name]);
  const server = await serveBare({ chain: m.pem(...sent), key: m.keyPem(leaf) });
  const check = await checkBare(server.port, c.host ?? HOST, m.pem(anchor), { until: 'certificate' });
  server.close();
  const { verdict, root: first, findings } = check.diagnosis;
  const details = check.evidence.filter((e) => e.kind === 'problem').map((p) => p.detail);
  return { verdict, cause: first?.cause.id ?? null, causes: findings.map((f) => f.cause.id), details: details.join('\n') };
}

const leaf = (own: Record<string, Buffer | undefined>, make: Part = {}): Change => ({ leaf: { ...make, with: own } });
const issuing = (own: Record<string, Buffer | undefined>, make: Part = {}): Change => ({ issuing: { ...make, with: own } });
const root = (own: Record<string, Buffer | undefined>, make: Part = {}): Change => ({ root: { ...make, with: own } });
const names = (...list: readonly Buffer[]) => m.names(...list);
const named = (...list: readonly Buffer[]) => leaf({ names: names(m.dns(HOST), ...list) });
const at = (host: string, ...list: readonly Buffer[]): Change => ({ ...leaf({ names: names(...list) }), host });
/** The names of the leaf beside its host, and the constraints of its issuer. */
const within = (list: readonly Buffer[], permitted: readonly Buffer[], excluded: readonly Buffer[] = []): Change => ({
  ...named(...list),
  ...issuing({ constraints: constraints(permitted, excluded) }),
});

const ACCEPTED: Readonly<Record<string, Change>> = {
  'nothing changed': {},
  'both purposes': leaf({ purposes: m.purposes(m.CLIENT_AUTH, m.SERVER_AUTH) }),
  'no purpose': leaf({ purposes: undefined }),
  'critical purpose': leaf({ purposes: ext('2.5.29.37', m.seq(m.oid(m.SERVER_AUTH)), true) }),
  'no usage, no basic constraints': leaf({ usage: undefined, basic: undefined }),
  'server purpose in the issuer': issuing({ purposes: m.purposes(m.SERVER_AUTH) }),
  'basic constraints not critical': issuing({ basic: ext('2.5.29.19', m.seq(m.bool(true))) }),
  'unknown extension': leaf({ odd: ext('1.2.3.4.5.6', NULL) }),
  'explicit FALSE': leaf({ names: m.seq(m.oid('2.5.29.17'), m.bool(false), m.octets(m.seq(m.dns(HOST)))) }),
  'no key identifiers': { ...leaf({ aki: undefined, ski: undefined }), ...issuing({ aki: undefined, ski: undefined }) },
  wildcard: leaf({ names: names(m.dns('*.example.test')) }),
  'upper case': leaf({ names: names(m.dns('MAIL.Example.TEST')) }),
  'second name': leaf({ names: names(m.dns('x.example.test'), m.dns(HOST)) }),
  IPv4: at('192.0.2.9', m.ip(192, 0, 2, 9)),
  IPv6: at('2001:db8::9', m.ip(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9)),
  IDN: at('bücher.example.test', m.dns('xn--bcher-kva.example.test')),
  'empty subject': leaf({ names: ext('2.5.29.17', m.seq(m.dns(HOST)), true) }, { subject: '' }),
  'Ed25519 root': root({}, { keys: small.ed }),
  'SHA-1 in the root': root({}, { digest: 'sha1' }),
  'RSA of 1024 bits': leaf({ usage: m.usage(0, 2) }, { keys: small.rsa1024 }),
  'root sent too': { sent: ['leaf', 'issuing', 'root'] },
  'wrong order': { sent: ['leaf', 'root', 'issuing'] },
  'DNS within': within([], [m.dns('example.test')]),
  'constraint of another kind': within([], [m.ip(10, 0, 0, 0, 255, 0, 0, 0)]),
  'address within': within([m.ip(10, 9, 9, 9)], [m.ip(10, 0, 0, 0, 255, 0, 0, 0)]),
  'mailbox of the host': within([mail('a@example.test')], [mail('example.test')]),
  'mailbox below the domain': within([mail('a@x.example.test')], [mail('.example.test')]),
  'URI within': within([m.uri('http://example.test/x')], [m.uri('example.test')]),
  'directory name within, in another case': {
    leaf: { subject: `O=OWN/CN=${HOST}` },
    ...issuing({ constraints: constraints([directory('O=own')]) }),
  },
  'other name, without such a name': within([], [other]),
};

const REFUSED: readonly (readonly [cause: string, words: RegExp, Readonly<Record<string, Change>>])[] = [
  [
    'certificate.expired',
    /^(leaf|intermediate|root) expired .*, 2 days ago/m,
    {
      leaf: { leaf: { to: m.ago(2) } },
      issuer: { issuing: { to: m.ago(2) } },
      root: { root: { to: m.ago(2) } },
    },
  ],
  [
    'certificate.not-yet-valid',
    /^(leaf|intermediate|root) valid from/m,
    { leaf: { leaf: { from: m.ago(-2) } }, issuer: { issuing: { from: m.ago(-2) } }, root: { root: { from: m.ago(-2) } } },
  ],
  [
    'certificate.wrong-purpose',
    /usage|Netscape/,
    {
      'mail purpose': leaf({ purposes: m.purposes('1.3.6.1.5.5.7.3.4') }),
      'any purpose': leaf({ purposes: m.purposes('2.5.29.37.0') }),
      'unknown purpose': leaf({ purposes: m.purposes('1.2.3.4.5') }),
      'client purpose in the issuer': issuing({ purposes: m.purposes(m.CLIENT_AUTH) }),
      'client purpose in the root': root({ purposes: m.purposes(m.CLIENT_AUTH) }),
      'non-repudiation only': leaf({ usage: m.usage(1) }),
      'lists only': leaf({ usage: m.usage(6) }),
      'Netscape client': leaf({ type: ext('2.16.840.1.113730.1.1', m.bits(Buffer.of(0x80), 7)) }),
    },
  ],
  [
    'certificate.identity-differs',
    /is not among the names/,
    {
      'no names': leaf({ names: undefined }),
      'address only': leaf({ names: names(m.ip(127, 0, 0, 1)) }),
      'mailbox only': leaf({ names: names(mail(`a@${HOST}`)) }),
      'URI only': leaf({ names: names(m.uri(`imap://${HOST}`)) }),
      'two wildcards': leaf({ names: names(m.dns('*.*.test')) }),
      'wildcard in the middle': leaf({ names: names(m.dns('mail.*.test')) }),
      'wildcard of a registry': leaf({ names: names(m.dns('*.test')) }),
      'half a wildcard': leaf({ names: names(m.dns('m*.example.test')) }),
      'leading dot': leaf({ names: names(m.dns('.example.test')) }),
      NUL: leaf({ names: names(m.dns(`${HOST}\0.evil.test`)) }),
      blank: leaf({ names: names(m.dns(`${HOST} `)) }),
      'address as a DNS name': at('192.0.2.9', m.dns('192.0.2.9')),
      'address in a URI': at('192.0.2.9', m.uri('http://192.0.2.9/')),
      'address with a mask': at('192.0.2.9', m.ip(192, 0, 2, 9, 255, 255, 255, 255)),
      'IPv4 within IPv6': at('192.0.2.9', m.ip(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 9)),
      'IDN in its own letters': at('bücher.example.test', m.tlv(0x82, 'bücher.example.test')),
      'version 1': { leaf: { version1: true } },
    },
  ],
  [
    'certificate.invalid',
    /subtree violation|name constraint|name syntax/,
    {
      'DNS outside': within([], [m.dns('other.test')]),
      'DNS excluded, in another case': within([], [], [m.dns('EXAMPLE.test')]),
      'every DNS name excluded': within([], [], [m.dns('')]),
      'by the root': root({ constraints: constraints([m.dns('other.test')]) }),
      'issuer outside': {
        ...issuing({ names: names(m.dns('ca.other.test')) }),
        ...root({ constraints: constraints([m.dns('example.test')]) }),
      },
      'address outside': within([m.ip(10, 0, 0, 1)], [m.ip(192, 168, 0, 0, 255, 255, 0, 0)]),
      'every address excluded': within([m.ip(10, 0, 0, 1)], [], [m.ip(0, 0, 0, 0, 0, 0, 0, 0)]),
      'address constraint without mask': within([m.ip(10, 0, 0, 1)], [m.ip(10, 0, 0, 0)]),
      'mailbox outside': within([mail('a@b.test')], [mail('example.test')]),
      'mailbox below the host': within([mail('a@x.example.test')], [mail('example.test')]),
      'another mailbox': within([mail('a@example.test')], [mail('b@example.test')]),
      'mailbox excluded': within([mail('a@example.test')], [], [mail('a@example.test')]),
      'no mailbox': within([mail('nobody')], [mail('example.test')]),
      'URI outside': within([m.uri('http://b.test/')], [m.uri('example.test')]),
      'URI of an address': within([m.uri('http://10.0.0.1/')], [m.uri('example.test')]),
      'URI without a host': within([m.uri('urn:x')], [m.uri('example.test')]),
      'directory name outside': { leaf: { subject: 'O=Other' }, ...issuing({ constraints: constraints([directory('O=Own')]) }) },
      'directory name excluded': {
        leaf: { subject: 'O=Own' },
        ...issuing({ constraints: constraints([], [directory('O=Own')]) }),
      },
      'other name': within([other], [other]),
      'registered id': within([m.tlv(0x88, Buffer.of(42, 3))], [m.tlv(0x88, Buffer.of(42))]),
      minimum: issuing({
        constraints: ext('2.5.29.30', m.seq(m.tlv(0xa0, m.seq(m.dns('example.test'), m.tlv(0x80, Buffer.of(1))))), true),
      }),
      'host in the common name, outside': {
        ...at('10.0.0.1', m.ip(10, 0, 0, 1)),
        leaf: { subject: 'CN=evil.other.test', with: { names: names(m.ip(10, 0, 0, 1)) } },
        ...issuing({ constraints: constraints([m.dns('example.test')]) }),
      },
    },
  ],
  [
    'certificate.invalid',
    /CA bit|basic constraints|certificate signing|path length|authority/,
    {
      'no basic constraints': issuing({ basic: undefined }),
      'not an authority': issuing({ basic: m.basic(false) }),
      'no signing': issuing({ usage: m.usage(0, 6) }),
      'path length of the root': root({ basic: m.basic(true, 0) }),
      'path length below zero': issuing({ basic: ext('2.5.29.19', m.seq(m.bool(true), m.tlv(2, Buffer.of(255))), true) }),
      'path length without the CA bit': issuing({ basic: ext('2.5.29.19', m.seq(m.int(0)), true) }),
      'version 1': { issuing: { version1: true } },
    },
  ],
  [
    'certificate.invalid',
    /critical extension|malformed|twice|identifier|signature|another key/,
    {
      'unknown critical, leaf': leaf({ odd: ext('1.2.3.4.5.6', NULL, true) }),
      'unknown critical, issuer': issuing({ odd: ext('1.2.3.4.5.6', NULL, true) }),
      'unknown critical, root': root({ odd: ext('1.2.3.4.5.6', NULL, true) }),
      'critical must-staple': leaf({ odd: ext('1.3.6.1.5.5.7.1.24', m.seq(m.int(5)), true) }),
      'critical key identifier': leaf({ aki: aki(keys.issuing, true) }),
      'names twice': leaf({ odd: ext('2.5.29.17', m.seq(m.dns(HOST))) }),
      'usage twice, issuer': issuing({ odd: m.usage(5, 6) }),
      'names malformed': leaf({ names: ext('2.5.29.17', Buffer.of(0x30, 3, 0x82, 5, 1)) }),
      'usage malformed': leaf({ usage: ext('2.5.29.15', m.int(5), true) }),
      'usage of no bits': leaf({ usage: ext('2.5.29.15', Buffer.of(3, 1, 0), true) }),
      'purpose malformed': leaf({ purposes: ext('2.5.29.37', m.int(5)) }),
      'basic constraints malformed': leaf({ basic: ext('2.5.29.19', m.int(5), true) }),
      'constraints malformed': issuing({ constraints: ext('2.5.29.30', m.octets(Buffer.of(1)), true) }),
      'lists malformed': leaf({ lists: ext('2.5.29.31', m.int(5)) }),
      'key identifier malformed': leaf({ aki: ext('2.5.29.35', m.octets(Buffer.of(1))) }),
      'key identifier of another': leaf({ aki: aki(keys.other) }),
      'broken signature': { leaf: { broken: true } },
      'broken signature of the issuer': { issuing: { broken: true } },
      'signed with another key': { leaf: { issuer: { name: 'O=Own/CN=Own Issuing', keys: keys.other, der: Buffer.alloc(0) } } },
      'signed with another kind of key': {
        leaf: { issuer: { name: 'O=Own/CN=Own Issuing', keys: keys.rsa, der: Buffer.alloc(0) } },
      },
    },
  ],
  [
    'certificate.weak',
    /signed with|key of 768 bits/,
    {
      'SHA-1': { leaf: { digest: 'sha1' } },
      'SHA-1 of the issuer': { issuing: { digest: 'sha1' } },
      MD5: { leaf: { digest: 'md5' }, issuing: { keys: keys.rsa } },
      'RSA of 768 bits in the issuer': { issuing: { keys: small.rsa768 } },
    },
  ],
  ['certificate.untrusted-root', /no trust anchor here/, { sent: { sent: ['leaf', 'issuing', 'root'], trusted: 'nobody' } }],
  ['certificate.incomplete-chain', /was not sent/, { 'without the issuer': { sent: ['leaf'] } }],
];

describe.skipIf(Number(process.versions.openssl.replace(/^(\d+\.\d+).*/, '$1')) >= 3.2)('as OpenSSL 3.0 reads them', () => {
  it.each(Object.entries(ACCEPTED))('accepted: %s', async (_, change) => {
    const { verdict, cause, details } = await judged(change);
    expect(verdict, details).not.toBe('fail');
    expect(cause).toBeNull();
  });

  const refused = REFUSED.flatMap(([cause, words, changes]) =>
    Object.entries(changes).map(([title, change]) => [cause, title, words, change] as const),
  );
  it.each(refused)('%s: %s', async (cause, _, words, change) => {
    const seen = await judged(change);
    expect(seen.verdict).toBe('fail');
    expect(seen.cause, seen.details).toBe(cause);
    expect(seen.details).toMatch(words);
  });

  /** Two faults of different places: both are told, and the first is the one to be mended first. */
  const FAULTS: Readonly<Record<string, readonly [cause: string, change: Change]>> = {
    purpose: ['certificate.wrong-purpose', leaf({ purposes: m.purposes(m.CLIENT_AUTH) })],
    issuer: ['certificate.invalid', issuing({ basic: m.basic(false) })],
    trust: ['certificate.untrusted-root', { sent: ['leaf', 'issuing', 'root'], trusted: 'nobody' }],
    date: ['certificate.expired', { leaf: { to: m.ago(2) } }],
    name: ['certificate.identity-differs', leaf({ names: names(m.dns('www.example.test')) })],
    digest: ['certificate.weak', { issuing: { digest: 'sha1' } }],
  };
  const list = Object.entries(FAULTS);
  const pairs = list.flatMap(([a, first], i) => list.slice(i + 1).map(([b, second]) => [a, b, first, second] as const));
  it.each(pairs)('%s and %s', async (_a, _b, [cause, change], [also, more]) => {
    const seen = await judged(change, more);
    expect(seen.cause, seen.details).toBe(cause);
    expect(seen.causes).toContain(also);
  });
});
