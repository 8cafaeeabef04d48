/**
 * ASN.1 of X.509 (X.690 DER, RFC 5280): the one door to node-forge, of which only `asn1.fromDer` is used. Trust decisions are
 * OpenSSL's; what is read here explains them. Nothing in this file throws for what a peer sent.
 */
import asn1 from 'node-forge/lib/asn1.js';

/** One element. A constructed one has `children`, a primitive one `bytes`. */
export interface Der {
  /** 0 universal, 1 application, 2 context-specific, 3 private. */
  readonly cls: number;
  readonly tag: number;
  readonly children?: readonly Der[];
  readonly bytes: Buffer;
}

/** The shape in which node-forge hands back an element; strings are binary. */
export interface ForgeElement {
  readonly tagClass: number;
  readonly type: number;
  readonly constructed: boolean;
  readonly value: string | readonly ForgeElement[];
}

const NONE = Buffer.alloc(0);
const MAX_DEPTH = 64;

/** @returns the tree, or undefined where the bytes are not DER. Trailing bytes are refused. */
export function readDer(bytes: Uint8Array): Der | undefined {
  try {
    const options = { strict: true, parseAllBytes: true, decodeBitStrings: false, maxDepth: MAX_DEPTH };
    return convert(asn1.fromDer(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'), options));
  } catch {
    return undefined;
  }
}

function convert(element: ForgeElement): Der {
  const { tagClass, type: tag, value } = element;
  const cls = tagClass >> 6;
  return typeof value === 'string'
    ? { cls, tag, bytes: Buffer.from(value, 'latin1') }
    : { cls, tag, children: value.map(convert), bytes: NONE };
}

/** One element as raw bytes: `raw` with its header, `content` without. */
export interface Raw {
  readonly id: number;
  readonly raw: Buffer;
  readonly content: Buffer;
}

/**
 * The elements that stand one after the other in `bytes`, undecoded: signatures cover the bytes as sent, and a CRL of a megabyte
 * needs no tree. Stops at the first header that is not DER with a definite length.
 */
export function* elements(bytes: Buffer): Generator<Raw> {
  let at = 0;
  while (at + 2 <= bytes.length) {
    const id = bytes[at] ?? 0;
    let length = bytes[at + 1] ?? 0;
    let start = at + 2;
    if (length > 0x80) {
      const n = length - 0x80;
      if (n > 4 || start + n > bytes.length) return;
      length = bytes.readUIntBE(start, n);
      start += n;
    } else if (length === 0x80) return;
    if (start + length > bytes.length) return;
    yield { id, raw: bytes.subarray(at, start + length), content: bytes.subarray(start, start + length) };
    at = start + length;
  }
}

/** @returns the elements of the SEQUENCE (or other constructed element) that `bytes` is; none where it is not one. */
export function inside(bytes: Buffer): readonly Raw[] {
  const [outer] = elements(bytes);
  return outer && (outer.id & 0x20) !== 0 ? [...elements(outer.content)] : [];
}

export const isUniversal = (d: Der | undefined, tag: number): d is Der => d?.cls === 0 && d.tag === tag;
export const isContext = (d: Der | undefined, tag: number): d is Der => d?.cls === 2 && d.tag === tag;

/** Children of a SEQUENCE or SET; undefined where it is something else. */
export function sequence(d: Der | undefined, tag = 16): readonly Der[] | undefined {
  return isUniversal(d, tag) ? d.children : undefined;
}

/** @returns dotted form of an OBJECT IDENTIFIER; undefined where it is none or malformed. Arcs beyond 2^53 are refused. */
export function readOid(d: Der | undefined): string | undefined {
  if (!isUniversal(d, 6) || d.children || d.bytes.length === 0 || d.bytes.length > 64) return undefined;
  return oidOf(d.bytes);
}

export function oidOf(bytes: Uint8Array): string | undefined {
  const arcs: number[] = [];
  let value = 0;
  let open = false;
  for (const b of bytes) {
    value = value * 128 + (b & 0x7f);
    if (!Number.isSafeInteger(value)) return undefined;
    open = (b & 0x80) !== 0;
    if (open) continue;
    if (arcs.length === 0) {
      const first = Math.min(2, Math.floor(value / 40));
      arcs.push(first, value - first * 40);
    } else arcs.push(value);
    value = 0;
  }
  return open || arcs.length === 0 ? undefined : arcs.join('.');
}

/** @returns an INTEGER or ENUMERATED as upper-case hexadecimal of its content, sign octet included. */
export function readHex(d: Der | undefined): string | undefined {
  if (!d || d.children || d.bytes.length === 0) return undefined;
  return d.bytes.toString('hex').toUpperCase();
}

/** @returns a small non-negative INTEGER; undefined where it is none, negative or over six octets. */
export function readSmall(d: Der | undefined): number | undefined {
  if (!d || d.children || d.bytes.length === 0 || d.bytes.length > 6 || ((d.bytes[0] ?? 0) & 0x80) !== 0) return undefined;
  return d.bytes.readUIntBE(0, d.bytes.length);
}

/** @returns BOOLEAN; undefined where it is none. */
export function readBoolean(d: Der | undefined): boolean | undefined {
  return isUniversal(d, 1) && d.bytes.length === 1 ? d.bytes[0] !== 0 : undefined;
}

/** @returns the numbers of the bits set in a named BIT STRING, first bit 0; undefined where it is none. */
export function readBits(d: Der | undefined): readonly number[] | undefined {
  const unused = d?.bytes[0];
  if (!d || d.children || unused === undefined || unused > 7) return undefined;
  const set: number[] = [];
  for (let bit = 0; bit < Math.min((d.bytes.length - 1) * 8 - unused, 64); bit++) {
    if (((d.bytes[1 + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0) set.push(bit);
  }
  return set;
}

const UTC_TIME = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/;
const GENERALIZED_TIME = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:\.\d{1,6})?Z$/;

/** @returns UTCTime or GeneralizedTime (RFC 5280 §4.1.2.5) in epoch milliseconds, whole seconds; undefined where it is neither. */
export function readTime(d: Der | undefined): number | undefined {
  if (!d || d.children) return undefined;
  return timeOf(d.tag, d.bytes);
}

export function timeOf(tag: number, bytes: Buffer): number | undefined {
  if (bytes.length > 32) return undefined;
  const text = bytes.toString('latin1');
  const m = tag === 23 ? UTC_TIME.exec(text) : tag === 24 ? GENERALIZED_TIME.exec(text) : null;
  if (!m) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = m.slice(1).map(Number);
  const full = tag === 23 ? year + (year < 50 ? 2000 : 1900) : year;
  const date = new Date(0);
  date.setUTCFullYear(full, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const sound = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return sound ? date.getTime() : undefined;
}

/** @returns the text of any ASN.1 string type; bytes that are not valid in their type are read as Latin-1. */
export function readString(d: Der | undefined): string | undefined {
  if (!d || d.children) return undefined;
  const { tag, bytes } = d;
  if (tag === 30 && bytes.length % 2 === 0) return Buffer.from(bytes).swap16().toString('utf16le');
  if (tag === 28 && bytes.length % 4 === 0) {
    let text = '';
    for (let i = 0; i < bytes.length; i += 4) {
      const point = bytes.readUInt32BE(i);
      text += point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
    }
    return text;
  }
  if (tag === 12) {
    const text = bytes.toString('utf8');
    return text.includes('\ufffd') ? bytes.toString('latin1') : text;
  }
  return bytes.toString('latin1');
}
