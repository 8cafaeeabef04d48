/**
 * One certificate as a value (RFC 5280 §4.1): what `crypto.X509Certificate` knows, and from the DER what it does not.
 * Never throws: what cannot be read is absent and named in `faults`.
 */
import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import type { CertificateFacts } from '../model/evidence.ts';
import { type Extensions, NO_EXTENSIONS, readExtensions, unknownCritical } from './extensions.ts';
import { COMMON_NAME, EMPTY_NAME, type Name, readName, sameName, showName, valuesOf } from './names.ts';
import { type Der, inside, isContext, isUniversal, readDer, readHex, readOid, readSmall, readTime, sequence } from './x509.ts';

export interface Key {
  /** RSA, RSA-PSS, EC, Ed25519, Ed448, DSA, or the algorithm's OID. */
  readonly type: string;
  readonly bits?: number;
  readonly curve?: string;
  /** Public exponent of RSA. */
  readonly exponent?: bigint;
  /** The key itself; absent where OpenSSL cannot use it. */
  readonly object?: KeyObject;
}

export interface Certificate {
  readonly der: Buffer;
  /** SHA-256 of the DER, upper-case hexadecimal. */
  readonly sha256: string;
  readonly x509?: X509Certificate;
  readonly version: number;
  /** Content of the serial number, upper-case hexadecimal. */
  readonly serial: string;
  readonly subject: Name;
  readonly issuer: Name;
  /** Epoch milliseconds; NaN where unreadable. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly key: Key;
  /** SubjectPublicKeyInfo as sent. */
  readonly spki: Buffer;
  readonly signature: string;
  /** The digest behind the signature: sha1, sha256 …; absent where the algorithm has its own or is unknown. */
  readonly digest?: string;
  readonly extensions: Extensions;
  readonly selfIssued: boolean;
  /** Signed with its own key, proved by its signature. */
  readonly selfSigned: boolean;
  readonly faults: readonly string[];
}

/** Names kept of one certificate; `namesTotal` counts all. */
export const MAX_NAMES = 100;
const DAY = 86_400_000;

const SIGNATURES: Readonly<Record<string, readonly [name: string, digest?: string]>> = {
  '1.2.840.113549.1.1.2': ['md2WithRSAEncryption', 'md2'],
  '1.2.840.113549.1.1.3': ['md4WithRSAEncryption', 'md4'],
  '1.2.840.113549.1.1.4': ['md5WithRSAEncryption', 'md5'],
  '1.2.840.113549.1.1.5': ['sha1WithRSAEncryption', 'sha1'],
  '1.3.14.3.2.29': ['sha1WithRSA', 'sha1'],
  '1.2.840.113549.1.1.10': ['RSASSA-PSS'],
  '1.2.840.113549.1.1.11': ['sha256WithRSAEncryption', 'sha256'],
  '1.2.840.113549.1.1.12': ['sha384WithRSAEncryption', 'sha384'],
  '1.2.840.113549.1.1.13': ['sha512WithRSAEncryption', 'sha512'],
  '1.2.840.113549.1.1.14': ['sha224WithRSAEncryption', 'sha224'],
  '1.2.840.10040.4.3': ['dsa-with-SHA1', 'sha1'],
  '2.16.840.1.101.3.4.3.2': ['dsa-with-SHA256', 'sha256'],
  '1.2.840.10045.4.1': ['ecdsa-with-SHA1', 'sha1'],
  '1.2.840.10045.4.3.1': ['ecdsa-with-SHA224', 'sha224'],
  '1.2.840.10045.4.3.2': ['ecdsa-with-SHA256', 'sha256'],
  '1.2.840.10045.4.3.3': ['ecdsa-with-SHA384', 'sha384'],
  '1.2.840.10045.4.3.4': ['ecdsa-with-SHA512', 'sha512'],
  '1.2.156.10197.1.501': ['SM2-with-SM3', 'sm3'],
  '1.3.101.112': ['Ed25519'],
  '1.3.101.113': ['Ed448'],
};

const DIGESTS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.5': 'md5',
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.4': 'sha224',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** @returns the digest that an AlgorithmIdentifier of a hash names. */
export const digestOf = (d: Der | undefined): string | undefined => DIGESTS[readOid(sequence(d)?.[0]) ?? ''];

/** @returns name and digest of a signature's AlgorithmIdentifier; of RSASSA-PSS the digest stands in its parameters (RFC 4055). */
export function readAlgorithm(d: Der | undefined): { readonly name: string; readonly digest?: string; readonly salt?: number } {
  const [id, parameters] = sequence(d) ?? [];
  const oid = readOid(id) ?? '';
  const [name = oid || 'unknown', digest] = SIGNATURES[oid] ?? [];
  if (name !== 'RSASSA-PSS') return { name, ...(digest ? { digest } : {}) };
  const hash = digestOf(parameters?.children?.find((p) => isContext(p, 0))?.children?.[0]) ?? 'sha1';
  const salt = readSmall(parameters?.children?.find((p) => isContext(p, 2))?.children?.[0]) ?? 20;
  return { name: `RSASSA-PSS with ${hash.toUpperCase()}`, digest: hash, salt };
}

const CURVES: Readonly<Record<string, readonly [name: string, bits: number]>> = {
  prime192v1: ['P-192', 192],
  secp224r1: ['P-224', 224],
  prime256v1: ['P-256', 256],
  secp384r1: ['P-384', 384],
  secp521r1: ['P-521', 521],
  SM2: ['SM2', 256],
};

const KEY_TYPES: Readonly<Record<string, string>> = {
  rsa: 'RSA',
  'rsa-pss': 'RSA-PSS',
  ec: 'EC',
  ed25519: 'Ed25519',
  ed448: 'Ed448',
  dsa: 'DSA',
  dh: 'DH',
  x25519: 'X25519',
  x448: 'X448',
};

const KEY_OIDS: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.1': 'RSA',
  '1.2.840.113549.1.1.10': 'RSA-PSS',
  '1.2.840.10045.2.1': 'EC',
  '1.2.840.10040.4.1': 'DSA',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
};

function readKey(x509: X509Certificate | undefined, spki: Der | undefined): Key {
  const oid = readOid(sequence(sequence(spki)?.[0])?.[0]);
  try {
    if (!x509) throw new Error('unreadable');
    const object = x509.publicKey;
    const details = object.asymmetricKeyDetails ?? {};
    const id = details.namedCurve;
    const [curve = id, size] = CURVES[id ?? ''] ?? [];
    const bits = details.modulusLength ?? size ?? Number(/\d{3}/.exec(id ?? '')?.[0] ?? 0);
    const fixed = object.asymmetricKeyType === 'ed25519' ? 256 : object.asymmetricKeyType === 'ed448' ? 456 : 0;
    return {
      type: KEY_TYPES[object.asymmetricKeyType ?? ''] ?? object.asymmetricKeyType ?? oid ?? 'unknown',
      ...(bits || fixed ? { bits: bits || fixed || 0 } : {}),
      ...(curve ? { curve } : {}),
      ...(details.publicExponent === undefined ? {} : { exponent: details.publicExponent }),
      object,
    };
  } catch {
    return { type: KEY_OIDS[oid ?? ''] ?? oid ?? 'unknown' };
  }
}

function parse(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

/** @param input DER or PEM bytes, or what the TLS library already read. */
export function readCertificate(input: Uint8Array | X509Certificate): Certificate {
  const x509 = input instanceof X509Certificate ? input : parse(Buffer.from(input));
  const der = x509 ? x509.raw : Buffer.from(input instanceof X509Certificate ? input.raw : input);
  const faults: string[] = [];
  const whole = sequence(readDer(der));
  const fields = [...(sequence(whole?.[0]) ?? [])];
  const explicit = isContext(fields[0], 0) ? fields.shift()?.children?.[0] : undefined;
  const [serial, inner, issuerName, validity, subjectName, spki] = fields;
  if (fields.length < 6) faults.push('the certificate is not well-formed DER');
  else if (!x509) faults.push('OpenSSL cannot read the certificate');
  const issuer = readName(issuerName);
  const subject = readName(subjectName);
  if (fields.length >= 6 && !issuer) faults.push('the issuer name is malformed');
  if (fields.length >= 6 && !subject) faults.push('the subject name is malformed');
  const [from, to] = (sequence(validity) ?? []).map(readTime);
  if (fields.length >= 6 && (from === undefined || to === undefined)) faults.push('the validity dates are malformed');
  const list = sequence(fields.slice(6).find((f) => isContext(f, 3))?.children?.[0]);
  const extensions = list ? readExtensions(list) : NO_EXTENSIONS;
  const algorithm = readAlgorithm(whole?.[1]);
  if (whole && fields.length >= 6 && !sameDer(inner, whole[1])) {
    faults.push('the signature algorithm inside differs from the one outside');
  }
  const key = readKey(x509, spki);
  const selfIssued = issuer !== undefined && subject !== undefined && sameName(issuer, subject);
  return {
    der,
    sha256: createHash('sha256').update(der).digest('hex').toUpperCase(),
    ...(x509 ? { x509 } : {}),
    version: (readSmall(explicit) ?? 0) + 1,
    serial: readHex(isUniversal(serial, 2) ? serial : undefined) ?? '',
    subject: subject ?? EMPTY_NAME,
    issuer: issuer ?? EMPTY_NAME,
    notBefore: from ?? Number.NaN,
    notAfter: to ?? Number.NaN,
    key,
    spki: rawField(der, 5),
    signature: algorithm.name,
    ...(algorithm.digest ? { digest: algorithm.digest } : {}),
    extensions,
    selfIssued,
    selfSigned: selfIssued && signedBy(x509, key),
    faults: [...faults, ...extensions.faults],
  };
}

function signedBy(x509: X509Certificate | undefined, key: Key): boolean {
  try {
    return x509 !== undefined && key.object !== undefined && x509.verify(key.object);
  } catch {
    return false;
  }
}

/** @returns true where `issuer`'s key made the signature of `child`. */
export const isSignedBy = (child: Certificate, issuer: Certificate): boolean => signedBy(child.x509, issuer.key);

const sameDer = (a: Der | undefined, b: Der | undefined): boolean =>
  a !== undefined && b !== undefined && a.cls === b.cls && a.tag === b.tag
    ? a.children && b.children
      ? a.children.length === b.children.length && a.children.every((c, i) => sameDer(c, b.children?.[i]))
      : !a.children && !b.children && a.bytes.equals(b.bytes)
    : false;

const rawField = (der: Buffer, at: number): Buffer => {
  const fields = inside(inside(der)[0]?.raw ?? Buffer.alloc(0));
  return fields[fields[0]?.id === 0xa0 ? at + 1 : at]?.raw ?? Buffer.alloc(0);
};

/** Issuer's and subject's name as sent. */
export const rawIssuer = (c: Pick<Certificate, 'der'>): Buffer => rawField(c.der, 2);
export const rawSubject = (c: Pick<Certificate, 'der'>): Buffer => rawField(c.der, 4);

/** The bits of the public key, whose hash names an issuer (RFC 6960 §4.1.1). */
export const keyBits = (c: Certificate): Buffer => inside(c.spki)[1]?.content.subarray(1) ?? Buffer.alloc(0);

const iso = (ms: number) => (Number.isNaN(ms) ? '' : `${new Date(ms).toISOString().slice(0, 19)}Z`);

/** Subject for people: the distinguished name, else the first alternative name. */
export const titleOf = (c: Certificate): string =>
  c.subject.text || (c.extensions.names?.[0] ? showName(c.extensions.names[0]) : '(empty subject)');

const shown = new WeakMap<Certificate, Omit<CertificateFacts, 'daysLeft'>>();

/** @returns what the report shows of a certificate. `daysLeft` is whole days, negative once expired. */
export function certificateFacts(c: Certificate, now: Date): CertificateFacts {
  const facts = shown.get(c) ?? fixedFacts(c);
  shown.set(c, facts);
  return { ...facts, daysLeft: Number.isNaN(c.notAfter) ? 0 : Math.floor((c.notAfter - now.getTime()) / DAY) };
}

function fixedFacts(c: Certificate): Omit<CertificateFacts, 'daysLeft'> {
  const names = c.extensions.names ?? [];
  const cn = valuesOf(c.subject, COMMON_NAME).at(-1);
  return {
    subject: titleOf(c),
    issuer: c.issuer.text,
    names: names.slice(0, MAX_NAMES).map(showName),
    namesTotal: names.length,
    ...(cn === undefined ? {} : { commonName: cn.slice(0, 300) }),
    notBefore: iso(c.notBefore),
    notAfter: iso(c.notAfter),
    serial: c.serial,
    keyType: c.key.type,
    ...(c.key.bits ? { keyBits: c.key.bits } : {}),
    ...(c.key.curve ? { curve: c.key.curve } : {}),
    signatureAlgorithm: c.signature,
    sha256: c.sha256,
    sha1: createHash('sha1').update(c.der).digest('hex').toUpperCase(),
    selfIssued: c.selfIssued,
    selfSigned: c.selfSigned,
    ca: c.extensions.basic?.ca ?? false,
    version: c.version,
    ...(c.extensions.issuerUrls.length > 0 ? { issuerUrls: c.extensions.issuerUrls } : {}),
    ...(c.extensions.ocspUrls.length > 0 ? { ocspUrls: c.extensions.ocspUrls } : {}),
    ...(c.extensions.crlUrls.length > 0 ? { crlUrls: c.extensions.crlUrls } : {}),
  };
}

export { iso as isoSeconds, unknownCritical };
