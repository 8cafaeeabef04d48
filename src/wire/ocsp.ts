/** OCSP requests and responses (RFC 6960), as stapled in TLS (RFC 6066 §8) or fetched over HTTP. */
import { createHash } from 'node:crypto';
import { type Certificate, digestOf, isSignedBy, keyBits, rawIssuer, readCertificate } from './certificate.ts';
import { sameName } from './names.ts';
import { isSigned } from './signed.ts';
import { type Der, inside, isContext, isUniversal, readDer, readHex, readOid, readSmall, readTime, sequence } from './x509.ts';

export type OcspStatus = 'good' | 'revoked' | 'unknown';

export interface OcspAnswer {
  readonly status: OcspStatus;
  /** Epoch milliseconds. */
  readonly thisUpdate: number;
  readonly nextUpdate?: number;
  readonly revokedAt?: number;
  /** CRLReason in words. */
  readonly reason?: string;
}

/** Either the answer for the certificate asked about, or what is wrong with the response. */
export type OcspReading =
  | { readonly ok: true; readonly answer: OcspAnswer }
  | { readonly ok: false; readonly fault: OcspFault; readonly detail: string };

export type OcspFault = 'malformed' | 'refused' | 'other-certificate' | 'bad-signature' | 'expired' | 'not-yet-valid';

const BASIC = '1.3.6.1.5.5.7.48.1.1';
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const SHA1 = Buffer.from('300906052b0e03021a0500', 'hex');
/** Clocks differ: what was signed less than this ago, by a clock before ours, is taken. */
const SKEW = 300_000;

const STATUS = [
  'successful',
  'malformed request',
  'internal error',
  'try later',
  'status 4',
  'signature required',
  'unauthorized',
] as const;

export const REASONS = [
  'unspecified',
  'key compromise',
  'CA compromise',
  'affiliation changed',
  'superseded',
  'cessation of operation',
  'certificate hold',
  'reason 7',
  'remove from CRL',
  'privilege withdrawn',
  'AA compromise',
] as const;

const tlv = (id: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const n = body.length;
  const length = n < 0x80 ? [n] : n < 0x100 ? [0x81, n] : [0x82, n >> 8, n & 0xff];
  return Buffer.concat([Buffer.from([id, ...length]), body]);
};

const hash = (name: string, data: Buffer) => createHash(name).update(data).digest();

/** @returns an OCSPRequest for one certificate, with SHA-1 CertID as every responder knows (RFC 5019 §2.1.1), no nonce. */
export function ocspRequest(certificate: Certificate, issuer: Certificate): Buffer {
  const id = tlv(
    0x30,
    SHA1,
    tlv(4, hash('sha1', rawIssuer(certificate))),
    tlv(4, hash('sha1', keyBits(issuer))),
    tlv(2, Buffer.from(certificate.serial, 'hex')),
  );
  return tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x30, id))));
}

const fault = (kind: OcspFault, detail: string): OcspReading => ({ ok: false, fault: kind, detail });
const day = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/**
 * @param issuer the certificate that issued `certificate`; without it neither the CertID's hashes nor the signature can be
 *   checked, and the response is refused.
 */
export function readOcsp(bytes: Uint8Array, certificate: Certificate, issuer: Certificate | undefined, now: Date): OcspReading {
  const outer = sequence(readDer(bytes));
  const status = readSmall(isUniversal(outer?.[0], 10) ? outer[0] : undefined);
  if (!outer || status === undefined) return fault('malformed', 'not an OCSP response');
  if (status !== 0) return fault('refused', `the responder says: ${STATUS[status] ?? `status ${status}`}`);
  const [type, octets] = sequence(outer[1]?.children?.[0]) ?? [];
  if (readOid(type) !== BASIC || !octets) return fault('malformed', 'not a basic OCSP response');
  const basic = sequence(readDer(octets.bytes));
  const raw = inside(octets.bytes);
  const [data, algorithm, signature] = raw;
  const fields = sequence(basic?.[0]);
  const list = fields?.map((f) => sequence(f)).find((s) => s !== undefined);
  if (!basic || !data || !algorithm || !signature || !fields || !list)
    return fault('malformed', 'the OCSP response is malformed');
  const single = list.map((s) => sequence(s)).find((s) => isAbout(s, certificate, issuer));
  if (!single) return fault('other-certificate', 'the OCSP response is about another certificate');
  if (!issuer) return fault('bad-signature', 'the issuer is not known, so the OCSP response cannot be verified');
  const responder = fields.find((f) => isContext(f, 1) || isContext(f, 2));
  const extra = basic.find((b) => isContext(b, 0));
  const carried = extra ? inside(inside(raw.find((r) => r.id === 0xa0)?.raw ?? Buffer.alloc(0))[0]?.raw ?? Buffer.alloc(0)) : [];
  const signers = [
    issuer,
    ...carried
      .slice(0, 5)
      .map((r) => readCertificate(r.raw))
      .filter((c) => mayAnswer(c, issuer, now)),
  ];
  const named = signers.filter((s) => isResponder(responder, s));
  const good = (named.length > 0 ? named : signers).some(
    (s) => s.key.object && isSigned(data.raw, algorithm.raw, signature.content, s.key.object),
  );
  if (!good) return fault('bad-signature', 'the signature of the OCSP response does not verify');
  const answer = answerOf(single);
  if (!answer) return fault('malformed', 'the OCSP answer is malformed');
  if (answer.thisUpdate > now.getTime() + SKEW) {
    return fault('not-yet-valid', `the OCSP response is dated ${day(answer.thisUpdate)}`);
  }
  if (answer.nextUpdate !== undefined && answer.nextUpdate < now.getTime() - SKEW) {
    return fault('expired', `the OCSP response expired ${day(answer.nextUpdate)}`);
  }
  return { ok: true, answer };
}

/** A delegated responder: issued by the CA itself, for OCSP signing, and in date (RFC 6960 §4.2.2.2). */
function mayAnswer(c: Certificate, issuer: Certificate, now: Date): boolean {
  const fits = c.extensions.purposes?.includes(OCSP_SIGNING) && sameName(c.issuer, issuer.subject);
  return (fits && c.notBefore <= now.getTime() && now.getTime() < c.notAfter && isSignedBy(c, issuer)) ?? false;
}

function isResponder(id: Der | undefined, c: Certificate): boolean {
  if (isContext(id, 2)) return id.children?.[0]?.bytes.equals(hash('sha1', keyBits(c))) ?? false;
  return isContext(id, 1);
}

/** Is this SingleResponse about the certificate: serial number, and the hashes of its issuer where that is known. */
function isAbout(single: readonly Der[] | undefined, c: Certificate, issuer: Certificate | undefined): boolean {
  const [algorithm, name, key, serial] = sequence(single?.[0]) ?? [];
  if (readHex(serial) !== c.serial || !name || !key) return false;
  const digest = digestOf(algorithm);
  if (digest === undefined) return false;
  if (!name.bytes.equals(hash(digest, rawIssuer(c)))) return false;
  return !issuer || key.bytes.equals(hash(digest, keyBits(issuer)));
}

function answerOf(single: readonly Der[]): OcspAnswer | undefined {
  const [, status, thisUpdate] = single;
  const from = readTime(thisUpdate);
  const next = readTime(single.slice(3).find((f) => isContext(f, 0))?.children?.[0]);
  if (status?.cls !== 2 || from === undefined) return undefined;
  const base = { thisUpdate: from, ...(next === undefined ? {} : { nextUpdate: next }) };
  if (status.tag === 0) return { status: 'good', ...base };
  if (status.tag === 2) return { status: 'unknown', ...base };
  if (status.tag !== 1) return undefined;
  const at = readTime(status.children?.[0]);
  const reason = readSmall(status.children?.find((f) => isContext(f, 0))?.children?.[0]);
  return {
    status: 'revoked',
    ...base,
    ...(at === undefined ? {} : { revokedAt: at }),
    ...(reason === undefined ? {} : { reason: REASONS[reason] ?? `reason ${reason}` }),
  };
}
