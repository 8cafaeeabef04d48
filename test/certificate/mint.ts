/** Certificates, revocation lists and OCSP responses of any make, right or wrong, signed with node:crypto. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export const tlv = (id: number, ...parts: readonly (Uint8Array | string)[]): Buffer => {
  const body = Buffer.concat(parts.map((p) => (typeof p === 'string' ? Buffer.from(p, 'utf8') : p)));
  const n = body.length;
  const long = n < 0x100 ? [0x81, n] : n < 0x10000 ? [0x82, n >> 8, n & 255] : [0x83, n >> 16, (n >> 8) & 255, n & 255];
  return Buffer.concat([Buffer.from([id, ...(n < 0x80 ? [n] : long)]), body]);
};
export const seq = (...parts: readonly (Uint8Array | string)[]): Buffer => tlv(0x30, ...parts);
export const int = (n: number | Buffer): Buffer => tlv(2, Buffer.isBuffer(n) ? n : Buffer.from([n]));
export const bool = (b: boolean): Buffer => tlv(1, Buffer.from([b ? 255 : 0]));
export const octets = (b: Uint8Array): Buffer => tlv(4, b);
export const bits = (b: Uint8Array, unused = 0): Buffer => tlv(3, Buffer.from([unused]), b);

export function oid(dotted: string): Buffer {
  const [a = 0, b = 0, ...rest] = dotted.split('.').map(Number);
  const arc = (n: number): number[] => (n < 128 ? [n] : [...arc(Math.floor(n / 128)).map((x) => x | 128), n % 128]);
  return tlv(6, Buffer.from([a * 40 + b, ...rest.flatMap(arc)]));
}

export const time = (d: Date): Buffer => {
  const text = `${d.toISOString().slice(0, 19).replace(/[-T:]/g, '')}Z`;
  return d.getUTCFullYear() < 2050 ? tlv(23, text.slice(2)) : tlv(24, text);
};
export const generalized = (d: Date): Buffer => tlv(24, `${d.toISOString().slice(0, 19).replace(/[-T:]/g, '')}Z`);

const ATTRIBUTES: Readonly<Record<string, string>> = { CN: '2.5.4.3', O: '2.5.4.10', OU: '2.5.4.11', C: '2.5.4.6' };
/** @param text `O=Org/CN=Name`. */
export const name = (text: string): Buffer =>
  seq(
    ...text
      .split('/')
      .filter((p) => p !== '')
      .map((p) => {
        const at = p.indexOf('=');
        return tlv(0x31, seq(oid(ATTRIBUTES[p.slice(0, at)] ?? ''), tlv(12, p.slice(at + 1))));
      }),
  );

export const extension = (id: string, value: Uint8Array, critical = false): Buffer =>
  seq(oid(id), ...(critical ? [bool(true)] : []), octets(value));

export const dns = (host: string): Buffer => tlv(0x82, Buffer.from(host, 'latin1'));
export const ip = (...bytes: readonly number[]): Buffer => tlv(0x87, Buffer.from(bytes));
export const uri = (url: string): Buffer => tlv(0x86, url);
export const names = (...list: readonly Buffer[]): Buffer => extension('2.5.29.17', seq(...list));
export const basic = (ca: boolean, pathLength?: number): Buffer =>
  extension('2.5.29.19', seq(...(ca ? [bool(true)] : []), ...(pathLength === undefined ? [] : [int(pathLength)])), true);
export const usage = (...set: readonly number[]): Buffer => {
  const word = set.reduce((n, bit) => n | (0x80 >> bit), 0);
  return extension('2.5.29.15', bits(Buffer.from([word])), true);
};
export const purposes = (...list: readonly string[]): Buffer => extension('2.5.29.37', seq(...list.map(oid)));
export const access = (...list: readonly (readonly [method: 'ocsp' | 'issuer', url: string])[]): Buffer =>
  extension(
    '1.3.6.1.5.5.7.1.1',
    seq(...list.map(([m, url]) => seq(oid(m === 'ocsp' ? '1.3.6.1.5.5.7.48.1' : '1.3.6.1.5.5.7.48.2'), uri(url)))),
  );
export const crlAt = (url: string): Buffer => extension('2.5.29.31', seq(seq(tlv(0xa0, tlv(0xa0, uri(url))))));
export const permitted = (...bases: readonly Buffer[]): Buffer =>
  extension('2.5.29.30', seq(tlv(0xa0, ...bases.map((b) => seq(b)))), true);
export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

export interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export const ec = (namedCurve = 'P-256'): Pair => generateKeyPairSync('ec', { namedCurve });
export const rsa = (modulusLength = 2048): Pair => generateKeyPairSync('rsa', { modulusLength });

const ALGORITHMS: Readonly<Record<string, Buffer>> = {
  'ec-sha256': seq(oid('1.2.840.10045.4.3.2')),
  'ec-sha1': seq(oid('1.2.840.10045.4.1')),
  'rsa-sha256': seq(oid('1.2.840.113549.1.1.11'), tlv(5)),
  'rsa-sha1': seq(oid('1.2.840.113549.1.1.5'), tlv(5)),
  'rsa-md5': seq(oid('1.2.840.113549.1.1.4'), tlv(5)),
  ed25519: seq(oid('1.3.101.112')),
  ed448: seq(oid('1.3.101.113')),
};

export interface Authority {
  readonly name: string;
  readonly keys: Pair;
  readonly der: Buffer;
}

export interface Make {
  readonly subject?: string;
  readonly keys?: Pair;
  readonly from?: Date;
  readonly to?: Date;
  readonly serial?: Buffer;
  readonly digest?: 'sha256' | 'sha1' | 'md5';
  readonly extensions?: readonly Buffer[];
  readonly issuer?: Authority;
  /** Breaks the signature. */
  readonly broken?: boolean;
  readonly version1?: boolean;
}

export const DAY = 86_400_000;
export const ago = (days: number): Date => new Date(Date.now() + -days * DAY);
let serial = 1000;

export function sealed(body: Buffer, keys: Pair, digest: 'sha256' | 'sha1' | 'md5' = 'sha256', broken = false): Buffer {
  const kind = keys.privateKey.asymmetricKeyType ?? '';
  const algorithm = ALGORITHMS[kind] ?? ALGORITHMS[`${kind}-${digest}`];
  if (!algorithm) throw new Error(`no algorithm for ${kind}`);
  const signature = sign(ALGORITHMS[kind] ? null : digest, body, keys.privateKey);
  if (broken) signature[signature.length - 1] = (signature[signature.length - 1] ?? 0) ^ 1;
  return seq(body, algorithm, bits(signature));
}

/** @returns a certificate; without `issuer` it is signed with its own key. */
export function mint(make: Make = {}): Authority {
  const keys = make.keys ?? ec();
  const subject = make.subject ?? 'CN=mail.example.test';
  const signer = make.issuer ?? { name: subject, keys, der: Buffer.alloc(0) };
  const digest = make.digest ?? 'sha256';
  const kind = signer.keys.privateKey.asymmetricKeyType ?? '';
  const algorithm = ALGORITHMS[kind] ?? ALGORITHMS[`${kind}-${digest}`];
  if (!algorithm) throw new Error(`no algorithm for ${kind}`);
  serial++;
  const body = seq(
    ...(make.version1 ? [] : [tlv(0xa0, int(2))]),
    int(make.serial ?? Buffer.from([1 + (serial >> 8), serial & 255])),
    algorithm,
    name(signer.name),
    seq(time(make.from ?? ago(10)), time(make.to ?? ago(-90))),
    name(subject),
    keys.publicKey.export({ format: 'der', type: 'spki' }),
    ...(make.version1 ? [] : [tlv(0xa3, seq(...(make.extensions ?? [names(dns('mail.example.test'))])))]),
  );
  return { name: subject, keys, der: sealed(body, signer.keys, digest, make.broken) };
}

export const ca = (subject: string, make: Make = {}): Authority =>
  mint({ subject, extensions: [basic(true), usage(5, 6)], ...make });

export const pem = (...list: readonly Authority[]): string =>
  list
    .map(
      (c) =>
        `-----BEGIN CERTIFICATE-----\n${c.der.toString('base64').replace(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    )
    .join('');
export const keyPem = (c: Authority): string => c.keys.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

const hash = (data: Uint8Array) => createHash('sha1').update(data).digest();
/** Bits of a key, as OCSP hashes them. */
const keyBits = (c: Authority) => {
  const spki = c.keys.publicKey.export({ format: 'der', type: 'spki' });
  const inner = (at: number): number => ((spki[at + 1] ?? 0) & 0x80 ? 2 + ((spki[at + 1] ?? 0) & 0x7f) : 2);
  const start = inner(0);
  const algorithm = start + 2 + (spki[start + 1] ?? 0);
  return spki.subarray(algorithm + inner(algorithm) + 1);
};

export interface OcspMake {
  readonly status: 'good' | 'revoked' | 'unknown';
  readonly certificate: Authority;
  readonly issuer: Authority;
  readonly signer?: Authority;
  readonly carried?: readonly Authority[];
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date;
  readonly broken?: boolean;
}

/** The serial number of a certificate made here. */
export const serialOf = (c: Authority): Buffer => {
  const at = c.der.indexOf(Buffer.from([0xa0, 3, 2, 1, 2])) + 5;
  return c.der.subarray(at + 2, at + 2 + (c.der[at + 1] ?? 0));
};

export function ocsp(make: OcspMake): Buffer {
  const { issuer } = make;
  const signer = make.signer ?? issuer;
  const id = seq(
    seq(oid('1.3.14.3.2.26'), tlv(5)),
    octets(hash(name(issuer.name))),
    octets(hash(keyBits(issuer))),
    int(serialOf(make.certificate)),
  );
  const status = {
    good: tlv(0x80),
    revoked: tlv(0xa1, generalized(ago(3)), tlv(0xa0, tlv(10, Buffer.from([1])))),
    unknown: tlv(0x82),
  }[make.status];
  const single = seq(id, status, generalized(make.thisUpdate ?? ago(1)), tlv(0xa0, generalized(make.nextUpdate ?? ago(-3))));
  const data = seq(tlv(0xa2, octets(hash(keyBits(signer)))), generalized(ago(1)), seq(single));
  const sealedData = sealed(data, signer.keys, 'sha256', make.broken);
  const carried = make.carried ? tlv(0xa0, seq(...make.carried.map((c) => c.der))) : Buffer.alloc(0);
  const [, header] = [sealedData[0], sealedData[1] ?? 0];
  const content = sealedData.subarray(header & 0x80 ? 2 + (header & 0x7f) : 2);
  return seq(tlv(10, Buffer.from([0])), tlv(0xa0, seq(oid('1.3.6.1.5.5.7.48.1.1'), octets(seq(content, carried)))));
}

export interface CrlMake {
  readonly issuer: Authority;
  readonly revoked?: readonly Authority[];
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date;
  readonly extensions?: readonly Buffer[];
  readonly padding?: number;
  readonly broken?: boolean;
}

export function crl(make: CrlMake): Buffer {
  const entry = (number: Buffer) => seq(int(number), time(ago(3)), seq(extension('2.5.29.21', tlv(10, Buffer.from([4])))));
  const filler = Array.from({ length: make.padding ?? 0 }, (_, i) =>
    entry(Buffer.from([0x7f, i >> 16, (i >> 8) & 255, i & 255])),
  );
  const entries = [...filler, ...(make.revoked ?? []).map((c) => entry(serialOf(c)))];
  const kind = make.issuer.keys.privateKey.asymmetricKeyType ?? '';
  const body = seq(
    int(1),
    ALGORITHMS[kind] ?? ALGORITHMS[`${kind}-sha256`] ?? seq(),
    name(make.issuer.name),
    time(make.thisUpdate ?? ago(1)),
    time(make.nextUpdate ?? ago(-7)),
    ...(entries.length > 0 ? [seq(...entries)] : []),
    ...(make.extensions ? [tlv(0xa0, seq(...make.extensions))] : []),
  );
  return sealed(body, make.issuer.keys, 'sha256', make.broken);
}
