/**
 * Certification paths (RFC 5280 §6, RFC 4158): the one OpenSSL walks, in order to explain its verdict, and any other that leads to
 * an anchor. OpenSSL alone decides whether a chain is accepted; nothing here makes a refused one good.
 */
import { type Certificate, isSignedBy } from '../wire/certificate.ts';
import { sameName } from '../wire/names.ts';
import type { Anchor, Anchors } from './trust.ts';

export interface Step {
  readonly certificate: Certificate;
  /** Position in the chain as sent; absent where it came from a store. */
  readonly depth?: number;
  readonly anchor?: Anchor;
}

export interface Path {
  /** Leaf first. */
  readonly steps: readonly Step[];
  readonly end:
    | 'anchor' // a self-signed trust anchor
    | 'self-signed' // a self-signed certificate that nobody trusts
    | 'missing' // the issuer of the last one is neither sent nor known
    | 'loop'; // the issuer of the last one is in the path already
}

/** Signature checks of one search: a hundred certificates of one name make ten thousand pairs. */
const MAX_CHECKS = 400;
const MAX_REMEMBERED = 5000;
const remembered = new Map<string, boolean>();

/** @returns whether the issuer's key made the child's signature; remembered, since intermediates come again and again. */
export function signs(issuer: Certificate, child: Certificate): boolean {
  const id = child.sha256 + issuer.sha256;
  const known = remembered.get(id);
  if (known !== undefined) return known;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  const verdict = isSignedBy(child, issuer);
  remembered.set(id, verdict);
  return verdict;
}

/** @returns whether the authority key identifier of `child` allows this issuer (RFC 5280 §4.2.1.1). */
export function keyIdFits(issuer: Certificate, child: Certificate): boolean {
  const id = child.extensions.authority;
  if (!id) return true;
  if (id.key !== undefined && issuer.extensions.subjectKey !== undefined && id.key !== issuer.extensions.subjectKey) return false;
  if (id.serial !== undefined && id.serial !== issuer.serial) return false;
  return id.issuer === undefined || sameName(id.issuer, issuer.issuer);
}

const family = (algorithm: string) => (/RSA/.test(algorithm) ? 'RSA' : /^ecdsa|^SM2/.test(algorithm) ? 'EC' : algorithm);

/** @returns whether `issuer` may have issued `child`, by name, key identifier and kind of key; the signature is not checked. */
export function mayIssue(issuer: Certificate, child: Certificate): boolean {
  return (
    sameName(child.issuer, issuer.subject) &&
    keyIdFits(issuer, child) &&
    (family(issuer.key.type) === family(child.signature) || !/^(RSA|EC|Ed)/.test(issuer.key.type))
  );
}

/** What OpenSSL takes for self-signed: by names and identifiers, without checking the signature. */
export const isRoot = (c: Certificate): boolean => c.selfIssued && mayIssue(c, c);

/** OpenSSL prefers an issuer that is in date, else the one that expired last. */
function best<T extends { readonly certificate: Certificate }>(candidates: readonly T[], now: number): T | undefined {
  const current = candidates.find(({ certificate: c }) => c.notBefore <= now && now < c.notAfter);
  return (
    current ??
    candidates.reduce<T | undefined>((a, b) => (a && a.certificate.notAfter >= b.certificate.notAfter ? a : b), undefined)
  );
}

/** @returns the path as OpenSSL builds it: trust anchors first, no way back from a choice. */
export function platformPath(sent: readonly Certificate[], anchors: Anchors, now: Date): Path {
  const [leaf] = sent;
  if (!leaf) return { steps: [], end: 'missing' };
  const steps: Step[] = [stepOf(leaf, 0, anchors)];
  const used = new Set([leaf.sha256]);
  const time = Math.floor(now.getTime() / 1000) * 1000;
  for (let stored = false; ; ) {
    const last = steps.at(-1);
    if (!last) return { steps, end: 'missing' };
    if (isRoot(last.certificate)) return { steps, end: last.anchor ? 'anchor' : 'self-signed' };
    const child = last.certificate;
    const candidates: readonly Step[] = stored
      ? []
      : sent.map((certificate, depth) => ({ certificate, depth })).filter(({ certificate: c }) => mayIssue(c, child));
    const exact: readonly Anchor[] = anchors.issuersOf(child);
    const named: readonly Anchor[] = exact.length > 0 || candidates.length > 0 ? exact : anchors.issuersOf(child, true);
    const known: Anchor | undefined = best(
      named.filter((a) => mayIssue(a.certificate, child) && !used.has(a.certificate.sha256)),
      time,
    );
    const next: Step | undefined = known
      ? { certificate: known.certificate, anchor: known, ...sentAt(sent, known.certificate) }
      : best(
          candidates.filter(({ certificate: c }) => !used.has(c.sha256)),
          time,
        );
    if (!next) return { steps, end: candidates.length > 0 ? 'loop' : 'missing' };
    stored ||= known !== undefined;
    used.add(next.certificate.sha256);
    steps.push(next);
  }
}

/**
 * @param accept which anchors count. @param usable which certificates may stand in the path.
 * @returns the shortest path to such an anchor over verified signatures, or undefined.
 */
export function anchoredPath(
  sent: readonly Certificate[],
  anchors: Anchors,
  accept: (anchor: Anchor) => boolean = () => true,
  usable: (c: Certificate) => boolean = () => true,
): Path | undefined {
  const [leaf] = sent;
  if (!leaf) return undefined;
  const queue: (readonly Step[])[] = [[stepOf(leaf, 0, anchors)]];
  const seen = new Set([leaf.sha256]);
  let checks = 0;
  for (const steps of queue) {
    const last = steps.at(-1);
    if (!last) continue;
    if (last.anchor && accept(last.anchor) && isRoot(last.certificate)) return { steps, end: 'anchor' };
    const child = last.certificate;
    const given: readonly Step[] = sent
      .map((certificate, depth) => ({ certificate, depth }))
      .filter((s) => mayIssue(s.certificate, child));
    const exact = anchors.issuersOf(child);
    const named = exact.length > 0 || given.length > 0 ? exact : anchors.issuersOf(child, true);
    const known: readonly Step[] = named.map((anchor) => ({
      certificate: anchor.certificate,
      anchor,
      ...sentAt(sent, anchor.certificate),
    }));
    for (const next of [...known, ...given]) {
      if (seen.has(next.certificate.sha256) || !mayIssue(next.certificate, child) || !usable(next.certificate)) continue;
      if (++checks > MAX_CHECKS) return undefined;
      if (!signs(next.certificate, child)) continue;
      seen.add(next.certificate.sha256);
      queue.push([...steps, next]);
    }
  }
  return undefined;
}

function stepOf(certificate: Certificate, depth: number, anchors: Anchors): Step {
  const anchor = certificate.selfIssued ? anchors.find(certificate) : undefined;
  return { certificate, depth, ...(anchor ? { anchor } : {}) };
}

function sentAt(sent: readonly Certificate[], c: Certificate): { readonly depth?: number } {
  const depth = sent.findIndex((s) => s.sha256 === c.sha256);
  return depth < 0 ? {} : { depth };
}
