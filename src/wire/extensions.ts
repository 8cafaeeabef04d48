/** Certificate extensions that Node does not show (RFC 5280 §4.2, RFC 7633). */
import { type GeneralName, type Name, readGeneralNames } from './names.ts';
import {
  type Der,
  isContext,
  isUniversal,
  readBits,
  readBoolean,
  readDer,
  readHex,
  readOid,
  readSmall,
  sequence,
} from './x509.ts';

export interface Subtree {
  readonly base: GeneralName;
  /** `minimum` or `maximum` stands there, which RFC 5280 forbids. */
  readonly bounded: boolean;
}

export interface Extensions {
  readonly ids: readonly string[];
  readonly critical: readonly string[];
  readonly basic?: { readonly ca: boolean; readonly pathLength?: number };
  /** Bits of KeyUsage, 0 digitalSignature … 5 keyCertSign, 6 cRLSign. */
  readonly usage?: readonly number[];
  /** Key purposes as OIDs. */
  readonly purposes?: readonly string[];
  /** Bits of Netscape's certificate type, 0 SSL client, 1 SSL server. */
  readonly netscapeType?: readonly number[];
  readonly names?: readonly GeneralName[];
  readonly constraints?: { readonly permitted: readonly Subtree[]; readonly excluded: readonly Subtree[] };
  readonly authority?: { readonly key?: string; readonly issuer?: Name; readonly serial?: string };
  readonly subjectKey?: string;
  readonly issuerUrls: readonly string[];
  readonly ocspUrls: readonly string[];
  readonly crlUrls: readonly string[];
  /** RFC 7633: the server must staple OCSP. */
  readonly mustStaple: boolean;
  /** What could not be read, or stands twice. */
  readonly faults: readonly string[];
}

export const EXTENSION = {
  subjectKey: '2.5.29.14',
  usage: '2.5.29.15',
  names: '2.5.29.17',
  basic: '2.5.29.19',
  constraints: '2.5.29.30',
  crl: '2.5.29.31',
  policies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authority: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  purposes: '2.5.29.37',
  anyPolicy: '2.5.29.54',
  access: '1.3.6.1.5.5.7.1.1',
  ipBlocks: '1.3.6.1.5.5.7.1.7',
  asBlocks: '1.3.6.1.5.5.7.1.8',
  proxy: '1.3.6.1.5.5.7.1.14',
  feature: '1.3.6.1.5.5.7.1.24',
  netscapeType: '2.16.840.1.113730.1.1',
} as const;

/** Extensions that OpenSSL understands where they are critical (X509_supported_extension). */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  EXTENSION.netscapeType,
  EXTENSION.usage,
  EXTENSION.names,
  EXTENSION.basic,
  EXTENSION.policies,
  EXTENSION.crl,
  EXTENSION.purposes,
  EXTENSION.ipBlocks,
  EXTENSION.asBlocks,
  EXTENSION.policyConstraints,
  EXTENSION.proxy,
  EXTENSION.constraints,
  EXTENSION.policyMappings,
  EXTENSION.anyPolicy,
]);

const NAMES: Readonly<Record<string, string>> = {
  [EXTENSION.subjectKey]: 'subject key identifier',
  [EXTENSION.usage]: 'key usage',
  [EXTENSION.names]: 'subject alternative name',
  [EXTENSION.basic]: 'basic constraints',
  [EXTENSION.constraints]: 'name constraints',
  [EXTENSION.crl]: 'CRL distribution points',
  [EXTENSION.authority]: 'authority key identifier',
  [EXTENSION.purposes]: 'extended key usage',
  [EXTENSION.access]: 'authority information access',
  [EXTENSION.policies]: 'certificate policies',
  [EXTENSION.ipBlocks]: 'address blocks',
  [EXTENSION.asBlocks]: 'autonomous systems',
  [EXTENSION.proxy]: 'proxy certificate',
  [EXTENSION.netscapeType]: 'Netscape certificate type',
};

export const extensionName = (oid: string): string => NAMES[oid] ?? oid;

/** @returns critical extensions that a verifier does not know and must refuse (RFC 5280 §4.2). */
export const unknownCritical = (e: Extensions): readonly string[] => e.critical.filter((id) => !UNDERSTOOD.has(id));

export const NO_EXTENSIONS: Extensions = {
  ids: [],
  critical: [],
  issuerUrls: [],
  ocspUrls: [],
  crlUrls: [],
  mustStaple: false,
  faults: [],
};

type Mutable = { -readonly [K in keyof Extensions]: Extensions[K] };

/** @param list the SEQUENCE OF Extension. @returns what could be read, and in `faults` what could not. */
export function readExtensions(list: readonly Der[]): Extensions {
  const faults: string[] = [];
  const ids: string[] = [];
  const critical: string[] = [];
  const out: Mutable = { ...NO_EXTENSIONS };
  for (const item of list) {
    const parts = sequence(item) ?? [];
    const oid = readOid(parts[0]);
    const value = parts.at(-1);
    if (oid === undefined || parts.length < 2 || parts.length > 3 || !isUniversal(value, 4)) {
      faults.push('an extension is malformed');
      continue;
    }
    if (ids.includes(oid)) faults.push(`the ${extensionName(oid)} extension stands twice`);
    else if (ids.length < 100) ids.push(oid);
    if (parts.length === 3 && readBoolean(parts[1]) === true && !critical.includes(oid)) critical.push(oid);
    const read = READERS[oid];
    if (!read) continue;
    const tree = readDer(value.bytes);
    if (!tree || !read(tree, out)) faults.push(`the ${extensionName(oid)} extension is malformed`);
  }
  return { ...out, ids, critical, faults };
}

/** Each reader fills its fields and says whether the value was well-formed. */
const READERS: Readonly<Record<string, (d: Der, out: Mutable) => boolean>> = {
  [EXTENSION.basic]: (d, out) => {
    const parts = sequence(d);
    if (!parts) return false;
    const ca = readBoolean(parts[0]);
    const length = parts.find((p) => isUniversal(p, 2));
    const pathLength = readSmall(length);
    out.basic = { ca: ca ?? false, ...(pathLength === undefined ? {} : { pathLength }) };
    return parts.length === (ca === undefined ? 0 : 1) + (length ? 1 : 0) && (!length || pathLength !== undefined);
  },
  [EXTENSION.usage]: (d, out) => {
    const bits = isUniversal(d, 3) ? readBits(d) : undefined;
    if (bits) out.usage = bits;
    return bits !== undefined && bits.length > 0;
  },
  [EXTENSION.purposes]: (d, out) => {
    const list = sequence(d)?.map(readOid);
    const purposes = (list ?? []).filter((p) => p !== undefined);
    if (list === undefined || purposes.length < list.length) return false;
    out.purposes = purposes;
    return true;
  },
  [EXTENSION.netscapeType]: (d, out) => {
    const bits = isUniversal(d, 3) ? readBits(d) : undefined;
    if (bits) out.netscapeType = bits;
    return bits !== undefined;
  },
  // OpenSSL refuses a certificate in which one of these is malformed; what they say is not asked here.
  [EXTENSION.ipBlocks]: (d) => sequence(d) !== undefined,
  [EXTENSION.asBlocks]: (d) => sequence(d) !== undefined,
  [EXTENSION.proxy]: (d) => sequence(d) !== undefined,
  [EXTENSION.names]: (d, out) => {
    const names = readGeneralNames(sequence(d));
    if (names) out.names = names;
    return names !== undefined && names.length > 0;
  },
  [EXTENSION.constraints]: (d, out) => {
    const parts = sequence(d);
    if (!parts) return false;
    const subtrees = (tag: number) => (parts.find((p) => isContext(p, tag))?.children ?? []).map(readSubtree);
    const permitted = subtrees(0);
    const excluded = subtrees(1);
    const sound = (list: readonly (Subtree | undefined)[]): list is readonly Subtree[] => list.every((s) => s !== undefined);
    if (!sound(permitted) || !sound(excluded)) return false;
    out.constraints = { permitted, excluded };
    return true;
  },
  [EXTENSION.authority]: (d, out) => {
    const parts = sequence(d);
    if (!parts) return false;
    const key = readHex(parts.find((p) => isContext(p, 0)));
    const serial = readHex(parts.find((p) => isContext(p, 2)));
    const names = parts.find((p) => isContext(p, 1));
    const issuer = readGeneralNames(names?.children)?.find((n) => n.name)?.name;
    out.authority = { ...(key ? { key } : {}), ...(issuer ? { issuer } : {}), ...(serial ? { serial } : {}) };
    return parts.every((p) => p.cls === 2 && p.tag <= 2);
  },
  [EXTENSION.subjectKey]: (d, out) => {
    const key = isUniversal(d, 4) ? readHex(d) : undefined;
    if (key) out.subjectKey = key;
    return isUniversal(d, 4);
  },
  [EXTENSION.access]: (d, out) => {
    const list = sequence(d);
    const issuer: string[] = [];
    const ocsp: string[] = [];
    for (const item of list ?? []) {
      const [method, where] = sequence(item) ?? [];
      const url = isContext(where, 6) ? urlOf(where) : undefined;
      const oid = readOid(method);
      if (url !== undefined && oid === '1.3.6.1.5.5.7.48.1') ocsp.push(url);
      if (url !== undefined && oid === '1.3.6.1.5.5.7.48.2') issuer.push(url);
    }
    out.issuerUrls = issuer.slice(0, 10);
    out.ocspUrls = ocsp.slice(0, 10);
    // OpenSSL never reads this extension, so a malformed one is found by nobody else; it is remarked, not counted as a fault.
    return true;
  },
  [EXTENSION.crl]: (d, out) => {
    const points = sequence(d);
    const urls: string[] = [];
    for (const point of points ?? []) {
      const full = point.children?.find((p) => isContext(p, 0))?.children?.find((p) => isContext(p, 0));
      for (const name of full?.children ?? []) if (isContext(name, 6)) urls.push(urlOf(name));
    }
    out.crlUrls = urls.slice(0, 10);
    return points !== undefined;
  },
  [EXTENSION.feature]: (d, out) => {
    const list = sequence(d);
    out.mustStaple = list?.some((f) => readSmall(f) === 5) ?? false;
    return true;
  },
};

const urlOf = (d: Der) => d.bytes.toString('latin1').slice(0, 2000);

function readSubtree(d: Der): Subtree | undefined {
  const parts = sequence(d);
  const base = readGeneralNames(parts?.slice(0, 1))?.[0];
  return base && { base, bounded: (parts?.length ?? 0) > 1 };
}
