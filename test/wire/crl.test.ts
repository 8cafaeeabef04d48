import { expect, it } from 'vitest';
import { readCertificate } from '../../src/wire/certificate.ts';
import { readCrl } from '../../src/wire/crl.ts';
import * as m from '../certificate/mint.ts';

const issuer = m.ca('O=Example/CN=Issuing');
const certificate = m.mint({ issuer });
const other = m.mint({ issuer });
const read = (bytes: Uint8Array, by = issuer, c = certificate) =>
  readCrl(bytes, readCertificate(c.der), readCertificate(by.der), new Date());
const fault = (bytes: Uint8Array, by = issuer) => {
  const reading = read(bytes, by);
  return reading.ok ? 'none' : reading.fault;
};

it('tells what is on the list from what is not', () => {
  expect(read(m.crl({ issuer, revoked: [other] }))).toMatchObject({ ok: true, answer: { revoked: false, entries: 1 } });
  expect(read(m.crl({ issuer }))).toMatchObject({ ok: true, answer: { revoked: false, entries: 0 } });
  expect(read(m.crl({ issuer, revoked: [other, certificate] }))).toMatchObject({
    ok: true,
    answer: { revoked: true, reason: 'superseded', revokedAt: expect.any(Number) },
  });
});

it('reads PEM too', () => {
  const text = `-----BEGIN X509 CRL-----\n${m.crl({ issuer, revoked: [certificate] }).toString('base64')}\n-----END X509 CRL-----\n`;
  expect(read(Buffer.from(text))).toMatchObject({ ok: true, answer: { revoked: true } });
});

it('a list that does not count says why', () => {
  const unsigned = m.mint({ subject: issuer.name, keys: issuer.keys, extensions: [m.basic(true), m.usage(5)] });
  expect(fault(m.crl({ issuer, broken: true }))).toBe('bad-signature');
  expect(fault(m.crl({ issuer, nextUpdate: m.ago(1) }))).toBe('expired');
  expect(fault(m.crl({ issuer: m.ca('CN=Other') }))).toBe('other-issuer');
  expect(fault(m.crl({ issuer }), unsigned)).toBe('unusable');
  expect(fault(m.crl({ issuer, extensions: [m.extension('1.2.3.4', m.int(1), true)] }))).toBe('unusable');
  expect(fault(m.crl({ issuer, extensions: [m.extension('2.5.29.28', m.seq(m.tlv(0x82, Buffer.from([255]))), true)] }))).toBe(
    'unusable',
  );
  expect(fault(m.crl({ issuer, extensions: [m.extension('2.5.29.28', m.seq(m.tlv(0x81, Buffer.from([255]))), true)] }))).toBe(
    'none',
  );
  expect(fault(Buffer.from('<html>'))).toBe('malformed');
});

it('a list of another part, or of tomorrow, does not count (RFC 5280 §6.3.3)', () => {
  const part = (...names: readonly Buffer[]) => m.extension('2.5.29.28', m.seq(m.tlv(0xa0, ...names)), true);
  const of = (...urls: readonly string[]) => m.crl({ issuer, extensions: [part(m.tlv(0xa0, ...urls.map(m.uri)))] });
  const placed = m.mint({ issuer, extensions: [m.crlAt('http://crl.test/3.crl')] });
  const said = (list: Buffer) => {
    const reading = readCrl(list, readCertificate(placed.der), readCertificate(issuer.der), new Date());
    return reading.ok ? 'none' : reading.fault;
  };
  expect(said(of('http://crl.test/3.crl'))).toBe('none');
  expect(said(of('ldap://x/', 'http://crl.test/3.crl'))).toBe('none');
  expect(said(of('http://crl.test/4.crl'))).toBe('unusable');
  expect(said(m.crl({ issuer, extensions: [part(m.tlv(0xa1))] }))).toBe('unusable');
  expect(said(m.crl({ issuer, thisUpdate: m.ago(-1) }))).toBe('unusable');
});

it('twenty thousand entries', () => {
  const list = m.crl({ issuer, revoked: [certificate], padding: 20_000 });
  expect(read(list)).toMatchObject({ ok: true, answer: { revoked: true, entries: 20_001 } });
});
