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

it('twenty thousand entries', () => {
  const list = m.crl({ issuer, revoked: [certificate], padding: 20_000 });
  expect(read(list)).toMatchObject({ ok: true, answer: { revoked: true, entries: 20_001 } });
});
