/** Certificate revocation lists (RFC 5280 §5), read without building a tree: a list of a megabyte has twenty thousand entries. */
import type { Certificate } from './certificate.ts';
import { readName, sameName } from './names.ts';
import { REASONS } from './ocsp.ts';
import { isSigned } from './signed.ts';
import { elements, inside, isContext, type Raw, readBoolean, readDer, readOid, readSmall, sequence, timeOf } from './x509.ts';

export interface CrlAnswer {
  readonly revoked: boolean;
  readonly thisUpdate: number;
  readonly nextUpdate?: number;
  readonly revokedAt?: number;
  readonly reason?: string;
  readonly entries: number;
}

export type CrlReading =
  | { readonly ok: true; readonly answer: CrlAnswer }
  | {
      readonly ok: false;
      readonly fault: 'malformed' | 'other-issuer' | 'bad-signature' | 'expired' | 'unusable';
      readonly detail: string;
    };

const EXTENSION = {
  number: '2.5.29.20',
  authority: '2.5.29.35',
  freshest: '2.5.29.46',
  distribution: '2.5.29.28',
  reason: '2.5.29.21',
} as const;
const CRL_SIGN = 6;
/** Clocks differ. */
const SKEW = 300_000;
const day = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const NONE = Buffer.alloc(0);

const fault = (kind: Extract<CrlReading, { ok: false }>['fault'], detail: string): CrlReading => ({
  ok: false,
  fault: kind,
  detail,
});

/** @returns the DER of a list that may be PEM. */
export function crlBytes(input: Uint8Array): Buffer {
  const bytes = Buffer.from(input);
  if (bytes[0] === 0x30) return bytes;
  const m = /-----BEGIN X509 CRL-----([A-Za-z0-9+/=\s]*)-----END/.exec(bytes.toString('latin1'));
  return m?.[1] === undefined ? bytes : Buffer.from(m[1], 'base64');
}

/** @returns what the list says of `certificate`; its signature must be `issuer`'s. */
export function readCrl(input: Uint8Array, certificate: Certificate, issuer: Certificate, now: Date): CrlReading {
  const [body, algorithm, signature] = inside(crlBytes(input));
  const fields = body ? [...elements(body.content)] : [];
  if (fields[0]?.id === 0x02) fields.shift();
  const [inner, name, from, ...rest] = fields;
  if (!body || !algorithm || !signature || !inner || !name || !from)
    return fault('malformed', 'not a certificate revocation list');
  const next = rest[0] && (rest[0].id === 23 || rest[0].id === 24) ? rest.shift() : undefined;
  const entries = rest[0]?.id === 0x30 ? rest.shift() : undefined;
  const thisUpdate = timeOf(from.id, from.content);
  const nextUpdate = next && timeOf(next.id, next.content);
  const issued = readName(readDer(name.raw));
  if (thisUpdate === undefined || !issued || (next && nextUpdate === undefined))
    return fault('malformed', 'the list is malformed');
  if (!sameName(issued, issuer.subject) || !sameName(issued, certificate.issuer))
    return fault('other-issuer', `the list was issued by ${issued.text}`);
  if (!issuer.key.object || !isSigned(body.raw, algorithm.raw, signature.content, issuer.key.object)) {
    return fault('bad-signature', 'the signature of the list does not verify');
  }
  if (issuer.extensions.usage && !issuer.extensions.usage.includes(CRL_SIGN)) {
    return fault('unusable', 'the key usage of the issuer does not allow signing lists');
  }
  const refused = scopeFault(rest, certificate);
  if (refused) return fault('unusable', refused);
  if (thisUpdate > now.getTime() + SKEW) return fault('unusable', `the list is dated ${day(thisUpdate)}`);
  if (nextUpdate !== undefined && nextUpdate <= now.getTime()) {
    return fault('expired', `the list expired ${day(nextUpdate)}`);
  }
  return { ok: true, answer: { thisUpdate, ...(nextUpdate ? { nextUpdate } : {}), ...find(entries, certificate) } };
}

/** Extensions that narrow the list so that it says nothing of this certificate (RFC 5280 §5.2.5), or that nobody here knows. */
function scopeFault(rest: readonly Raw[], certificate: Certificate): string | undefined {
  const wrapper = rest.find((r) => r.id === 0xa0);
  for (const item of inside(inside(wrapper?.raw ?? NONE)[0]?.raw ?? NONE)) {
    const parts = sequence(readDer(item.raw)) ?? [];
    const oid = readOid(parts[0]);
    const critical = readBoolean(parts[1]) === true;
    if (oid === EXTENSION.distribution) {
      const fields = sequence(readDer(parts.at(-1)?.bytes ?? NONE)) ?? [];
      const flag = (tag: number) => fields.some((f) => isContext(f, tag));
      const ca = certificate.extensions.basic?.ca ?? false;
      if ((flag(1) && ca) || (flag(2) && !ca) || flag(3) || flag(4) || flag(5)) {
        return 'the list covers only a part of the certificates';
      }
      const point = fields.find((f) => isContext(f, 0))?.children?.[0];
      const places = (point?.children ?? []).map((p) => p.bytes.toString('latin1'));
      if (point && !places.some((p) => certificate.extensions.crlUrls.includes(p))) {
        return `the list is that of another distribution point (${places.join(', ')})`;
      }
    } else if (critical && oid !== EXTENSION.authority && oid !== EXTENSION.freshest) {
      return oid === EXTENSION.number ? 'the CRL number is marked critical' : `unknown critical extension ${oid}`;
    }
  }
  return undefined;
}

function find(list: Raw | undefined, certificate: Certificate): Pick<CrlAnswer, 'revoked' | 'entries' | 'revokedAt' | 'reason'> {
  const serial = Buffer.from(certificate.serial, 'hex');
  let entries = 0;
  let found: Raw | undefined;
  for (const entry of elements(list?.content ?? NONE)) {
    entries++;
    if (!found) {
      const [number] = elements(entry.content);
      if (number?.id === 2 && number.content.equals(serial)) found = entry;
    }
  }
  if (!found) return { revoked: false, entries };
  const [, when, extensions] = inside(found.raw);
  const at = when && timeOf(when.id, when.content);
  const reason = sequence(readDer(extensions?.raw ?? NONE))
    ?.map((e) => sequence(e))
    .find((e) => readOid(e?.[0]) === EXTENSION.reason);
  const code = readSmall(readDer(reason?.at(-1)?.bytes ?? NONE));
  return {
    revoked: code !== 8,
    entries,
    ...(at === undefined ? {} : { revokedAt: at }),
    ...(code === undefined ? {} : { reason: REASONS[code] ?? `reason ${code}` }),
  };
}
