/** DER values for the lab's certificates, CRLs and OCSP responses (X.690), written by node-forge: the lab's one door to it. */
import forge from 'node-forge';

export type Value = forge.asn1.Asn1;

const { asn1 } = forge;
const { Class, Type } = asn1;
const bytes = (b: Uint8Array) => Buffer.from(b).toString('latin1');
const primitive = (type: forge.asn1.Type, value: string) => asn1.create(Class.UNIVERSAL, type, false, value);

/** @returns the DER of a value. */
export const encode = (value: Value): Buffer => Buffer.from(asn1.toDer(value).getBytes(), 'latin1');

export const sequence = (...items: readonly Value[]) => asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, [...items]);
export const set = (...items: readonly Value[]) => asn1.create(Class.UNIVERSAL, Type.SET, true, [...items]);
export const oid = (dotted: string) => primitive(Type.OID, asn1.oidToDer(dotted).getBytes());
export const boolean = (value: boolean) => primitive(Type.BOOLEAN, value ? '\xff' : '\x00');
export const enumerated = (value: number) => primitive(Type.ENUMERATED, String.fromCharCode(value));
export const nothing = () => primitive(Type.NULL, '');
export const octets = (content: Uint8Array) => primitive(Type.OCTETSTRING, bytes(content));
export const utf8 = (text: string) => primitive(Type.UTF8, bytes(Buffer.from(text, 'utf8')));

/** A non-negative integer, big-endian. */
export function integer(value: number | Uint8Array): Value {
  const raw = typeof value === 'number' ? Buffer.from(value.toString(16).padStart(8, '0'), 'hex') : Buffer.from(value);
  let start = 0;
  while (start < raw.length - 1 && raw[start] === 0) start++;
  const short = raw.subarray(start);
  return primitive(Type.INTEGER, ((short[0] ?? 0) & 0x80 ? '\0' : '') + bytes(short));
}

export const bits = (content: Uint8Array, unused = 0) => primitive(Type.BITSTRING, String.fromCharCode(unused) + bytes(content));

/** UTCTime up to 2049, GeneralizedTime from then on (RFC 5280 §4.1.2.5). */
export function time(date: Date): Value {
  return date.getUTCFullYear() < 2050 ? primitive(Type.UTCTIME, stamp(date).slice(2)) : generalizedTime(date);
}
export const generalizedTime = (date: Date) => primitive(Type.GENERALIZEDTIME, stamp(date));
const stamp = (date: Date) => `${date.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;

/** `[tag]` around a value, EXPLICIT. */
export const explicit = (tag: number, ...inner: readonly Value[]) => asn1.create(Class.CONTEXT_SPECIFIC, tag, true, [...inner]);
/** `[tag]` in place of a primitive's own tag, IMPLICIT. */
export const implicit = (tag: number, content: Uint8Array) => asn1.create(Class.CONTEXT_SPECIFIC, tag, false, bytes(content));
