/** Names in certificates: distinguished names and GeneralNames (RFC 5280 §4.1.2.4 and §4.2.1.6, RFC 4514). */
import { type Der, isUniversal, readOid, readString, sequence } from './x509.ts';

export interface Attribute {
  readonly oid: string;
  readonly value: string;
  /** Comparable form (RFC 5280 §7.1): case and runs of blanks do not count. */
  readonly canonical: string;
}

/** A distinguished name. `text` is RFC 4514 escaping in the order sent, so that no value can pass for two. */
export interface Name {
  readonly text: string;
  /** Comparable form of each RDN, in order. */
  readonly canonical: readonly string[];
  readonly attributes: readonly Attribute[];
}

export const EMPTY_NAME: Name = { text: '', canonical: [], attributes: [] };

export const COMMON_NAME = '2.5.4.3';
export const ORGANIZATION = '2.5.4.10';
export const EMAIL = '1.2.840.113549.1.9.1';

const SHORT: Readonly<Record<string, string>> = {
  [COMMON_NAME]: 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  [ORGANIZATION]: 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.15': 'businessCategory',
  '2.5.4.17': 'postalCode',
  '2.5.4.42': 'GN',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  [EMAIL]: 'emailAddress',
};

/** Longer names are cut in the text; a name is never compared by its text. */
const MAX_TEXT = 1000;

const escapeValue = (value: string) => value.replace(/[,+"\\<>;=]/g, '\\$&').replace(/^[ #]| $/g, '\\$&');
const fold = (value: string) => value.trim().replace(/\s+/g, ' ').toLowerCase();

/** @returns the name, or undefined where the element is not a Name. */
export function readName(d: Der | undefined): Name | undefined {
  const rdns = sequence(d);
  if (!rdns) return undefined;
  const attributes: Attribute[] = [];
  const canonical: string[] = [];
  const texts: string[] = [];
  for (const rdn of rdns) {
    const parts: Attribute[] = [];
    for (const pair of sequence(rdn, 17) ?? []) {
      const [type, value] = sequence(pair) ?? [];
      const oid = readOid(type);
      const text = readString(value);
      if (oid === undefined || text === undefined) return undefined;
      parts.push({ oid, value: text, canonical: fold(text) });
    }
    if (parts.length === 0) return undefined;
    attributes.push(...parts);
    canonical.push(
      parts
        .map((p) => `${p.oid}=${p.canonical.length}:${p.canonical}`)
        .sort()
        .join('+'),
    );
    texts.push(parts.map((p) => `${SHORT[p.oid] ?? p.oid}=${escapeValue(p.value)}`).join('+'));
  }
  const text = texts.join(', ');
  return { text: text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text, canonical, attributes };
}

/** @returns true where both are the same name. */
export function sameName(a: Name, b: Name): boolean {
  return a.canonical.length === b.canonical.length && a.canonical.every((x, i) => x === b.canonical[i]);
}

/** @returns the values of one attribute, in the order sent. */
export const valuesOf = (name: Name, oid: string): readonly string[] =>
  name.attributes.filter((a) => a.oid === oid).map((a) => a.value);

/** One GeneralName. `value` is text for people; `bytes` is what comparisons use; `name` is set for directory names. */
export interface GeneralName {
  readonly type: 'other' | 'email' | 'dns' | 'x400' | 'directory' | 'edi' | 'uri' | 'ip' | 'id';
  readonly value: string;
  readonly bytes: Buffer;
  readonly name?: Name;
}

const TYPES = ['other', 'email', 'dns', 'x400', 'directory', 'edi', 'uri', 'ip', 'id'] as const;

/** @returns the GeneralName, or undefined where it is malformed. */
export function readGeneralName(d: Der | undefined): GeneralName | undefined {
  const type = d?.cls === 2 ? TYPES[d.tag] : undefined;
  if (!d || type === undefined) return undefined;
  if (type === 'directory') {
    const name = readName(d.children?.[0]);
    return name && { type, value: name.text, bytes: d.bytes, name };
  }
  if (type === 'other' || type === 'x400' || type === 'edi') {
    return d.children ? { type, value: readOid(d.children[0]) ?? '', bytes: d.bytes } : undefined;
  }
  if (d.children) return undefined;
  if (type === 'ip') return { type, value: ipText(d.bytes), bytes: d.bytes };
  if (type === 'id') return { type, value: d.bytes.toString('hex'), bytes: d.bytes };
  // IA5String: seven bits; what is beyond is kept visible and never matches anything.
  return { type, value: d.bytes.toString('latin1'), bytes: d.bytes };
}

/** @returns the GeneralNames of a SEQUENCE OF, or undefined where one is malformed. */
export function readGeneralNames(list: readonly Der[] | undefined): readonly GeneralName[] | undefined {
  const names = list?.map(readGeneralName);
  return names?.every((n) => n !== undefined) ? names : undefined;
}

const LABEL: Readonly<Record<GeneralName['type'], string>> = {
  other: 'othername:',
  email: 'email:',
  dns: 'DNS:',
  x400: 'X400:',
  directory: 'DirName:',
  edi: 'EDI:',
  uri: 'URI:',
  ip: 'IP:',
  id: 'RID:',
};

/** @returns `DNS:mail.example.com`, `IP:192.0.2.1`, … at most 300 characters of value. */
export const showName = (n: GeneralName): string =>
  LABEL[n.type] + (n.value.length > 300 ? `${n.value.slice(0, 300)}…` : n.value);

/** @returns text of 4 or 16 octets (RFC 5952 for IPv6); with 8 or 32, address and mask; else the hexadecimal octets. */
export function ipText(bytes: Buffer): string {
  if (bytes.length === 8 || bytes.length === 32) {
    const half = bytes.length / 2;
    return `${ipText(bytes.subarray(0, half))}/${ipText(bytes.subarray(half))}`;
  }
  if (bytes.length === 4) return [...bytes].join('.');
  if (bytes.length !== 16) return `#${bytes.toString('hex')}`;
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16));
  let best = { at: -1, length: 1 };
  for (let i = 0; i < 8; i++) {
    let n = 0;
    while (groups[i + n] === '0') n++;
    if (n > best.length) best = { at: i, length: n };
  }
  if (best.at < 0) return groups.join(':');
  return `${groups.slice(0, best.at).join(':')}::${groups.slice(best.at + best.length).join(':')}`;
}

export const isEmptySequence = (d: Der | undefined): boolean => isUniversal(d, 16) && (d.children?.length ?? 0) === 0;
