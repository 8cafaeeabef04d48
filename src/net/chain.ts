/** The chain as sent (RFC 8446 §4.4.2): read off the socket once, and judged for order, duplicates and strangers. */
import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { type Certificate, isoSeconds, readCertificate } from '../wire/certificate.ts';
import { sameName } from '../wire/names.ts';
import type { Fault } from './faults.ts';
import { isRoot, mayIssue } from './path.ts';

/** More certificates than this are not read; OpenSSL's own limit is a hundred (X509_VERIFY_PARAM_set_depth). */
export const MAX_CHAIN = 220;
export const MAX_PATH = 100;
const MAX_REMEMBERED = 500;

/** Where the chain is kept, on the socket itself. */
const CHAIN = Symbol('chain');
type Read = TLSSocket & { [CHAIN]?: readonly X509Certificate[] };

/**
 * @returns the certificates in the order sent, the leaf first. Node 20 empties OpenSSL's list when it is asked for, so that a second
 *   call to `getPeerX509Certificate` finds nothing: ask only here.
 */
export function peerChain(socket: Read): readonly X509Certificate[] {
  const known = socket[CHAIN];
  if (known) return known;
  const found: X509Certificate[] = [];
  let current: X509Certificate | undefined = socket.getPeerX509Certificate();
  while (current && found.length <= MAX_CHAIN) {
    found.push(current);
    current = current.issuerCertificate;
  }
  socket[CHAIN] = found;
  return found;
}

const remembered = new Map<string, Certificate>();

/** @returns the certificate read; remembered by its fingerprint, since the same ones come with every connection. */
export function readOnce(x509: X509Certificate): Certificate {
  const id = x509.fingerprint256;
  const known = remembered.get(id);
  if (known) return known;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  const read = readCertificate(x509);
  remembered.set(id, read);
  return read;
}

/** @returns what is out of order in the list, in the order sent. A root that is sent too is only worth a remark. */
export function orderFaults(sent: readonly Certificate[], inPath: ReadonlySet<string>, now: Date): readonly Fault[] {
  const faults: Fault[] = [];
  const seen = new Map<string, number>();
  let previous = sent[0];
  let rooted = false;
  sent.forEach((certificate, depth) => {
    const step = { certificate, depth };
    const add = (detail: string, remark?: true) =>
      faults.push({ problem: 'chain-order', step, detail, fatal: false, ...(remark ? { remark } : {}) });
    const first = seen.get(certificate.sha256);
    seen.set(certificate.sha256, first ?? depth);
    if (depth === 0 || !previous) return;
    const spare = !inPath.has(certificate.sha256);
    if (first !== undefined) add(`sent twice, at ${first} and at ${depth}`);
    else if (mayIssue(certificate, previous)) {
      previous = certificate;
      if (isRoot(certificate) && !rooted) add('the root is sent too, which clients do not need', true);
      rooted ||= isRoot(certificate);
    } else if (sent.some((other) => other !== certificate && mayIssue(certificate, other))) {
      const child = sent.findIndex((other) => other !== certificate && mayIssue(certificate, other));
      add(`out of order: it stands at ${depth}, and issued the one at ${child}`);
    } else if (!sent.some((other) => other !== certificate && sameName(certificate.subject, other.issuer))) {
      add('unrelated: it issued none of the certificates sent');
    }
    if (spare && first === undefined && certificate.notAfter <= now.getTime()) {
      const detail = `expired ${isoSeconds(certificate.notAfter)}; not needed, but older clients may stumble over it`;
      faults.push({ problem: 'expired', step, detail, fatal: false });
    }
  });
  return faults;
}
