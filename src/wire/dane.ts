/** TLSA records against the chain a server sent (RFC 6698 §2.1, RFC 7671, RFC 7672). */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { type Certificate, isSignedBy, readCertificate } from './certificate.ts';
import { sameName } from './names.ts';

export interface Tlsa {
  /** 0 PKIX-TA, 1 PKIX-EE, 2 DANE-TA, 3 DANE-EE. */
  readonly usage: number;
  /** 0 whole certificate, 1 public key. */
  readonly selector: number;
  /** 0 exact, 1 SHA-256, 2 SHA-512. */
  readonly matching: number;
  readonly data: Buffer;
}

/** @param record presentation form, `3 1 1 8D02…`; blanks within the hexadecimal part are allowed. */
export function readTlsa(record: string): Tlsa | undefined {
  const [usage = '', selector = '', matching = '', ...hex] = record.trim().split(/\s+/);
  const digits = hex.join('');
  if (![usage, selector, matching].every((n) => /^\d{1,3}$/.test(n)) || digits.length % 2 || !/^[0-9a-f]+$/i.test(digits)) {
    return undefined;
  }
  return { usage: Number(usage), selector: Number(selector), matching: Number(matching), data: Buffer.from(digits, 'hex') };
}

/**
 * @param chain DER of the certificates as sent, the leaf first.
 * @returns true where the record vouches for the chain. A record with unknown numbers is unusable and matches nothing
 *   (RFC 7671 §4.2). For usages 0 and 1 the path to a public anchor is to be judged besides.
 */
export function matchTlsa(record: string, chain: readonly Uint8Array[]): boolean {
  const tlsa = readTlsa(record);
  if (!tlsa || tlsa.usage > 3 || tlsa.selector > 1 || tlsa.matching > 2) return false;
  const certificates = chain.slice(0, 100).map(readCertificate);
  const [leaf] = certificates;
  if (!leaf) return false;
  const fits = (c: typeof leaf) => {
    const subject = tlsa.selector === 0 ? c.der : c.spki;
    const value =
      tlsa.matching === 0
        ? subject
        : createHash(tlsa.matching === 1 ? 'sha256' : 'sha512')
            .update(subject)
            .digest();
    return value.equals(tlsa.data);
  };
  if (tlsa.usage === 1 || tlsa.usage === 3) return fits(leaf);
  // A trust anchor counts only where signatures lead from the leaf up to it; the record may carry it whole (RFC 7671 §5.2.3).
  const carried = tlsa.matching === 0 && tlsa.selector === 0 ? readCertificate(tlsa.data) : undefined;
  const key = tlsa.matching === 0 && tlsa.selector === 1 ? keyOf(tlsa.data) : undefined;
  if (carried?.x509) certificates.push(carried);
  let current = leaf;
  const seen = new Set([current]);
  for (;;) {
    if (current !== leaf && fits(current)) return true;
    if (current.selfSigned) return fits(current);
    if (key && verifies(current, key)) return true;
    const next = certificates.find((c) => !seen.has(c) && sameName(c.subject, current.issuer) && isSignedBy(current, c));
    if (!next) return false;
    seen.add(next);
    current = next;
  }
}

function keyOf(spki: Buffer): KeyObject | undefined {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

function verifies(child: Certificate, key: KeyObject): boolean {
  try {
    return child.x509?.verify(key) ?? false;
  } catch {
    return false;
  }
}
