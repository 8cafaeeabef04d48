/** The OCSP response stapled in the handshake (RFC 6066 §8, RFC 7633): what it says, or why it says nothing. */
import type { CertificateEvidence } from '../model/evidence.ts';
import { type Certificate, isoSeconds } from '../wire/certificate.ts';
import { type OcspAnswer, readOcsp } from '../wire/ocsp.ts';
import type { Fault } from './faults.ts';

export interface Staple {
  /** For the report; absent where nothing was stapled. */
  readonly text?: string;
  readonly faults: readonly Fault[];
  readonly revocation: NonNullable<CertificateEvidence['revocation']>;
}

/** @returns `revoked 2026-01-02T00:00:00Z (key compromise)` or the like. */
export function showAnswer(a: OcspAnswer): string {
  const dates = `this update ${isoSeconds(a.thisUpdate)}${a.nextUpdate === undefined ? '' : `, next update ${isoSeconds(a.nextUpdate)}`}`;
  if (a.status !== 'revoked') return `${a.status}, ${dates}`;
  return `revoked${a.revokedAt === undefined ? '' : ` ${isoSeconds(a.revokedAt)}`}${a.reason ? ` (${a.reason})` : ''}, ${dates}`;
}

export function readStaple(leaf: Certificate, issuer: Certificate | undefined, stapled: Buffer | undefined, now: Date): Staple {
  const step = { certificate: leaf, depth: 0 };
  const invalid = (detail: string): Fault => ({ problem: 'staple-invalid', step, detail, fatal: false });
  if (!stapled || stapled.length === 0) {
    const due = leaf.extensions.mustStaple;
    return {
      faults: due ? [invalid('the certificate demands a stapled OCSP response (RFC 7633), and none came')] : [],
      revocation: 'not-asked',
    };
  }
  const reading = readOcsp(stapled, leaf, issuer ?? (leaf.selfSigned ? leaf : undefined), now);
  if (!reading.ok) return { text: reading.detail, faults: [invalid(reading.detail)], revocation: 'not-asked' };
  const text = showAnswer(reading.answer);
  if (reading.answer.status === 'revoked') {
    return {
      text,
      faults: [{ problem: 'revoked', step, detail: `OCSP response of the server: ${text}`, fatal: true }],
      revocation: 'revoked',
    };
  }
  if (reading.answer.status === 'unknown') {
    return { text, faults: [invalid(`the OCSP response says unknown: ${text}`)], revocation: 'unknown' };
  }
  return { text, faults: [], revocation: 'good' };
}
