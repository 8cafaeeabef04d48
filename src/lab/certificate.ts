/** X.509 certificates of any kind, good or bad, signed with ECDSA (RFC 5280, 5758); the keys come from node:crypto, the DER from `asn1`. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import * as der from './asn1.ts';

export interface Key {
  readonly private: KeyObject;
  /** AlgorithmIdentifier and content of the SubjectPublicKeyInfo (RFC 5480, 3279). */
  readonly algorithm: der.Value;
  readonly bits: Buffer;
}

/** Relative distinguished names in order: `[['CN', 'mail.example.test']]`. */
export type Name = readonly (readonly ['CN' | 'O' | 'OU' | 'C', string])[];

export interface CertificateSpec {
  readonly serial: Uint8Array;
  readonly subject: Name;
  readonly issuer: Name;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly key: Key;
  readonly signer: Key;
  readonly digest?: 'sha256' | 'sha1';
  readonly extensions: readonly der.Value[];
}

const ATTRIBUTES = { CN: '2.5.4.3', O: '2.5.4.10', OU: '2.5.4.11', C: '2.5.4.6' } as const;
const SIGNATURES = { sha256: '1.2.840.10045.4.3.2', sha1: '1.2.840.10045.4.1' } as const;

const P256_POINT = 65;

/** A P-256 key: a millisecond to make, where RSA takes a tenth of a second. */
export function ecKey(): Key {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    private: pair.privateKey,
    algorithm: der.sequence(der.oid('1.2.840.10045.2.1'), der.oid('1.2.840.10045.3.1.7')),
    bits: pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-P256_POINT),
  };
}

export function rsaKey(modulusLength: number): Key {
  const pair = generateKeyPairSync('rsa', { modulusLength });
  return {
    private: pair.privateKey,
    algorithm: der.sequence(der.oid('1.2.840.113549.1.1.1'), der.nothing()),
    bits: pair.publicKey.export({ type: 'pkcs1', format: 'der' }),
  };
}

export const pem = (label: string, content: Uint8Array) =>
  `-----BEGIN ${label}-----\n${(
    Buffer.from(content)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  ).join('\n')}\n-----END ${label}-----\n`;

export const name = (parts: Name) =>
  der.sequence(...parts.map(([type, value]) => der.set(der.sequence(der.oid(ATTRIBUTES[type]), der.utf8(value)))));

/** Wraps what is to be signed with its algorithm and signature, as certificates, CRLs and OCSP responses all do. */
export function signed(tbs: der.Value, signer: Key, digest: 'sha256' | 'sha1' = 'sha256', ...rest: readonly der.Value[]): Buffer {
  const signature = sign(digest, der.encode(tbs), signer.private);
  return der.encode(der.sequence(tbs, algorithm(digest), der.bits(signature), ...rest));
}
export const algorithm = (digest: 'sha256' | 'sha1' = 'sha256') => der.sequence(der.oid(SIGNATURES[digest]));

/** @returns the DER of the certificate, version 3. */
export function encodeCertificate(spec: CertificateSpec): Buffer {
  const tbs = der.sequence(
    der.explicit(0, der.integer(2)),
    der.integer(spec.serial),
    algorithm(spec.digest),
    name(spec.issuer),
    der.sequence(der.time(spec.notBefore), der.time(spec.notAfter)),
    name(spec.subject),
    der.sequence(spec.key.algorithm, der.bits(spec.key.bits)),
    der.explicit(3, der.sequence(...spec.extensions)),
  );
  return signed(tbs, spec.signer, spec.digest);
}

/** SHA-1 of the public key's bits: key identifiers (RFC 5280 §4.2.1.2) and OCSP's issuer key hash (RFC 6960 §4.1.1). */
export const keyHash = (key: Key): Buffer => createHash('sha1').update(key.bits).digest();

function extension(id: string, critical: boolean, value: der.Value): der.Value {
  return der.sequence(der.oid(id), ...(critical ? [der.boolean(true)] : []), der.octets(der.encode(value)));
}

export const basicConstraints = (ca: boolean, pathLength?: number) =>
  extension(
    '2.5.29.19',
    true,
    der.sequence(...(ca ? [der.boolean(true)] : []), ...(pathLength === undefined ? [] : [der.integer(pathLength)])),
  );

/** Bits from the left: digitalSignature 0x80, keyEncipherment 0x20, keyCertSign 0x04, cRLSign 0x02. */
export function keyUsage(flags: number): der.Value {
  let unused = 0;
  while (unused < 7 && !(flags & (1 << unused))) unused++;
  return extension('2.5.29.15', true, der.bits(Buffer.of(flags), unused));
}

const USES = { server: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'], email: ['1.3.6.1.5.5.7.3.4'] } as const;

/** `server` is for clients too, as in most certificates, so that one may be shown for EXTERNAL. */
export const extendedKeyUsage = (use: keyof typeof USES) =>
  extension('2.5.29.37', false, der.sequence(...USES[use].map(der.oid)));

export const subjectAltName = (dns: readonly string[], ips: readonly string[]) =>
  extension(
    '2.5.29.17',
    false,
    der.sequence(...dns.map((n) => der.implicit(2, Buffer.from(n, 'latin1'))), ...ips.map((ip) => der.implicit(7, ipBytes(ip)))),
  );

export const subjectKeyId = (key: Key) => extension('2.5.29.14', false, der.octets(keyHash(key)));
export const authorityKeyId = (key: Key) => extension('2.5.29.35', false, der.sequence(der.implicit(0, keyHash(key))));

export const permittedNames = (domain: string) =>
  extension('2.5.29.30', true, der.sequence(der.explicit(0, der.sequence(der.implicit(2, Buffer.from(domain, 'latin1'))))));

export const crlUrl = (url: string) =>
  extension(
    '2.5.29.31',
    false,
    der.sequence(der.sequence(der.explicit(0, der.explicit(0, der.implicit(6, Buffer.from(url, 'latin1')))))),
  );

export const issuerUrl = (url: string) =>
  extension(
    '1.3.6.1.5.5.7.1.1',
    false,
    der.sequence(der.sequence(der.oid('1.3.6.1.5.5.7.48.2'), der.implicit(6, Buffer.from(url, 'latin1')))),
  );

/** An extension that nobody knows and that must not be ignored (RFC 5280 §4.2); the number stands in the example arc of RFC 5612. */
export const unknownCritical = () => extension('1.3.6.1.4.1.32473.1', true, der.utf8('mailcheck lab'));

/** The bytes of an address literal: four, or sixteen. */
export function ipBytes(ip: string): Buffer {
  if (!ip.includes(':')) return Buffer.from(ip.split('.').map(Number));
  const [head = '', tail] = ip.split('::');
  const words = (part: string) => (part === '' ? [] : part.split(':').map((w) => Number.parseInt(w, 16)));
  const [front, back] = [words(head), words(tail ?? '')];
  const all = [...front, ...Array(Math.max(0, 8 - front.length - back.length)).fill(0), ...back];
  return Buffer.from(all.flatMap((w) => [w >> 8, w & 0xff]));
}
