import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readCertificate } from '../../src/wire/certificate.ts';
import { ocspRequest, readOcsp } from '../../src/wire/ocsp.ts';
import * as m from '../certificate/mint.ts';

const issuer = m.ca('O=Example/CN=Issuing');
const certificate = m.mint({ issuer });
const other = m.mint({ issuer });
const now = new Date();
const read = (bytes: Uint8Array, by = issuer) => readOcsp(bytes, readCertificate(certificate.der), readCertificate(by.der), now);
const make = (more: Partial<m.OcspMake>) => m.ocsp({ status: 'good', certificate, issuer, ...more });
const fault = (bytes: Uint8Array) => {
  const reading = read(bytes);
  return reading.ok ? 'none' : reading.fault;
};

it.each(['good', 'unknown'] as const)('%s', (status) => {
  const reading = read(make({ status }));
  expect(reading).toMatchObject({ ok: true, answer: { status } });
});

it('revoked, with date and reason', () => {
  expect(read(make({ status: 'revoked' }))).toMatchObject({
    ok: true,
    answer: { status: 'revoked', reason: 'key compromise', revokedAt: expect.any(Number), nextUpdate: expect.any(Number) },
  });
});

it('what says nothing of this certificate now', () => {
  expect(fault(make({ certificate: other }))).toBe('other-certificate');
  expect(fault(make({ nextUpdate: m.ago(1) }))).toBe('expired');
  expect(fault(make({ thisUpdate: m.ago(-1) }))).toBe('not-yet-valid');
  expect(fault(make({ broken: true }))).toBe('bad-signature');
  expect(fault(m.seq(m.tlv(10, Buffer.from([6]))))).toBe('refused');
  expect(fault(Buffer.from('garbage'))).toBe('malformed');
  expect(fault(Buffer.alloc(0))).toBe('malformed');
  expect(fault(m.ocsp({ status: 'good', certificate, issuer: m.ca('O=Example/CN=Issuing') }))).toBe('other-certificate');
});

it('a delegated responder answers only with a certificate of the issuer for that purpose', () => {
  const signing = [m.purposes('1.3.6.1.5.5.7.3.9')];
  const delegate = m.mint({ subject: 'CN=Responder', issuer, extensions: signing });
  const stranger = m.mint({ subject: 'CN=Responder', extensions: signing });
  const plain = m.mint({ subject: 'CN=Responder', issuer });
  const expired = m.mint({ subject: 'CN=Responder', issuer, extensions: signing, to: m.ago(1) });
  const by = (signer: m.Authority) => fault(make({ signer, carried: [signer] }));
  expect([by(delegate), by(stranger), by(plain), by(expired)]).toEqual([
    'none',
    'bad-signature',
    'bad-signature',
    'bad-signature',
  ]);
});

it('a revoked answer with a broken signature revokes nothing', () => {
  expect(fault(make({ status: 'revoked', broken: true }))).toBe('bad-signature');
});

it('never throws', () => {
  const sound = make({});
  fc.assert(
    fc.property(fc.nat(sound.length - 1), fc.nat(255), fc.nat(sound.length), (at, value, cut) => {
      const bytes = Buffer.from(sound);
      bytes[at] = value;
      read(bytes);
      read(bytes.subarray(0, cut));
    }),
    { numRuns: 150 },
  );
});

it('asks about the right certificate', () => {
  const request = ocspRequest(readCertificate(certificate.der), readCertificate(issuer.der));
  const answered = make({});
  // The CertID of the request is the one that the response repeats.
  expect(answered.includes(request.subarray(10))).toBe(true);
});
