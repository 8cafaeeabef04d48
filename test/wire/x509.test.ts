import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certificatesIn } from '../../src/wire/bundle.ts';
import { certificateFacts, MAX_NAMES, readCertificate } from '../../src/wire/certificate.ts';
import { oidOf, readDer } from '../../src/wire/x509.ts';
import * as m from '../certificate/mint.ts';

const now = new Date();
const facts = (made: m.Authority) => certificateFacts(readCertificate(made.der), now);

describe('a certificate of any key', () => {
  const rows: readonly [string, m.Pair, Record<string, unknown>][] = [
    ['RSA', m.rsa(2048), { keyType: 'RSA', keyBits: 2048, signatureAlgorithm: 'sha256WithRSAEncryption' }],
    ['P-256', m.ec('P-256'), { keyType: 'EC', keyBits: 256, curve: 'P-256', signatureAlgorithm: 'ecdsa-with-SHA256' }],
    ['P-384', m.ec('P-384'), { keyType: 'EC', keyBits: 384, curve: 'P-384' }],
    ['P-521', m.ec('P-521'), { keyType: 'EC', keyBits: 521, curve: 'P-521' }],
    ['secp256k1', m.ec('secp256k1'), { keyType: 'EC', keyBits: 256, curve: 'secp256k1' }],
    ['Ed25519', generateKeyPairSync('ed25519'), { keyType: 'Ed25519', keyBits: 256, signatureAlgorithm: 'Ed25519' }],
    ['Ed448', generateKeyPairSync('ed448'), { keyType: 'Ed448', keyBits: 456, signatureAlgorithm: 'Ed448' }],
  ];
  it.each(rows)('%s is read whole', (_, keys, wanted) => {
    const made = m.mint({ keys, subject: 'O=Example/CN=mail.example.test' });
    const read = readCertificate(made.der);
    expect(read.faults).toEqual([]);
    expect(certificateFacts(read, now)).toMatchObject({
      ...wanted,
      subject: 'O=Example, CN=mail.example.test',
      issuer: 'O=Example, CN=mail.example.test',
      names: ['DNS:mail.example.test'],
      commonName: 'mail.example.test',
      selfSigned: true,
      version: 3,
    });
  });

  it('RSA-PSS, with the digest that its parameters name', () => {
    const keys = generateKeyPairSync('rsa-pss', { modulusLength: 2048, hashAlgorithm: 'sha256', saltLength: 32 });
    const signer = m.ca('CN=Root', { keys: m.rsa() });
    const read = facts(m.mint({ keys, issuer: signer }));
    expect(read).toMatchObject({ keyType: 'RSA-PSS', keyBits: 2048, selfSigned: false, issuer: 'CN=Root' });
  });
});

describe('names as sent', () => {
  it('keeps NUL, ESC and bidi controls raw, and escapes what would join two values', () => {
    const made = m.mint({
      subject: 'O=Example, Inc./CN=a\u0000b\u001b[31m\u202e',
      extensions: [m.names(m.dns('good.test\u0000.evil.test'), m.dns('a.test, DNS:b.test'), m.ip(192, 0, 2, 1))],
    });
    expect(facts(made)).toMatchObject({
      subject: 'O=Example\\, Inc., CN=a\u0000b\u001b[31m\u202e',
      names: ['DNS:good.test\u0000.evil.test', 'DNS:a.test, DNS:b.test', 'IP:192.0.2.1'],
    });
  });

  it('counts ten thousand and keeps a hundred', () => {
    const list = Array.from({ length: 10_000 }, (_, i) => m.dns(`h${i}.example.test`));
    const read = facts(m.mint({ extensions: [m.names(...list)] }));
    expect(read.namesTotal).toBe(10_000);
    expect(read.names).toHaveLength(MAX_NAMES);
  });

  it('shows IPv6 addresses short', () => {
    const v6 = m.ip(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    expect(facts(m.mint({ extensions: [m.names(v6)] })).names).toEqual(['IP:2001:db8::1']);
  });
});

describe('what is wrong inside is named', () => {
  const faults = (...extensions: Buffer[]) => readCertificate(m.mint({ extensions }).der).faults;
  it('twice the same extension', () => {
    expect(faults(m.names(m.dns('a.test')), m.names(m.dns('b.test')))).toEqual([
      'the subject alternative name extension stands twice',
    ]);
  });
  it('text in place of DER', () => {
    expect(faults(m.extension('2.5.29.17', Buffer.from('DNS:a.test')))).toEqual([
      'the subject alternative name extension is malformed',
    ]);
  });
  it('empty key usage', () => {
    expect(faults(m.extension('2.5.29.15', m.bits(Buffer.alloc(0))))).toEqual(['the key usage extension is malformed']);
  });
});

describe('hostile bytes', () => {
  const made = m.mint({
    extensions: [m.names(m.dns('a.test')), m.basic(true, 3), m.access(['issuer', 'http://x/']), m.crlAt('http://y/')],
  });
  it('never throw, whatever octet is changed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(made.der.length - 1), fc.nat(255)), { maxLength: 4 }), fc.nat(600), (edits, cut) => {
        const bytes = Buffer.from(made.der.subarray(0, made.der.length - (cut > 500 ? cut - 500 : 0)));
        for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
        certificateFacts(readCertificate(bytes), now);
      }),
      { numRuns: 400 },
    );
  });
  it('never throw when they are noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(readCertificate(bytes).faults.length).toBeGreaterThan(0);
        certificatesIn(bytes);
      }),
    );
  });
  it('of great depth are refused', () => {
    let nested = Buffer.alloc(0);
    for (let i = 0; i < 200; i++) nested = m.seq(nested) as Buffer<ArrayBuffer>;
    expect(readDer(nested)).toBeUndefined();
  });
});

it('object identifiers keep large arcs apart, and overlong ones are refused', () => {
  expect(oidOf(Buffer.from('550411', 'hex'))).toBe('2.5.4.17');
  expect(oidOf(Buffer.from('2b81ffffff7f', 'hex'))).toBe('1.3.536870911');
  expect(oidOf(Buffer.from('2b90808080808080808000', 'hex'))).toBeUndefined();
});

it('certificates are found in DER, PEM and PKCS #7', () => {
  const [a, b] = [m.ca('CN=A'), m.ca('CN=B')];
  const bundle = m.seq(
    m.oid('1.2.840.113549.1.7.2'),
    m.tlv(0xa0, m.seq(m.int(1), m.tlv(0x31), m.seq(m.oid('1.2.840.113549.1.7.1')), m.tlv(0xa0, a.der, b.der), m.tlv(0x31))),
  );
  expect(certificatesIn(a.der)).toEqual([a.der]);
  expect(certificatesIn(Buffer.from(m.pem(a, b)))).toEqual([a.der, b.der]);
  expect(certificatesIn(bundle)).toEqual([a.der, b.der]);
  expect(certificatesIn(Buffer.from('<html>'))).toEqual([]);
});
