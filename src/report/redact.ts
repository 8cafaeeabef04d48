/**
 * Masking who and where, for reports that are shown in public: user names, addresses, hosts and IP addresses become `user1`,
 * `user1@domain1`, `host1`, `ip1`, the same one everywhere (S-108, S-177). Secrets were masked long before.
 *
 * What is observed is masked before it is worded, so that the sentences stay whole and no language has to be known.
 */
import type { Check, Judged, Report } from '../model/diagnosis.ts';
import type { Evidence } from '../model/evidence.ts';
import { type Mask, type Masks, maskOf, type Names } from './mask.ts';

/** Fields that hold words of closed lists or numbers as text, never a name of somebody. */
const CLOSED: ReadonlySet<string> = new Set(
  (
    'kind stage protocol control verdict what outcome failure channel status source security how speaks expected why type mode problem remark effect ' +
    'origin revocation anchor field version cipher keyType curve signatureAlgorithm mechanism mechanisms offered condition code enhanced ' +
    'responseCode depth alpn certainty severity program number notBefore notAfter ephemeral limits preset owner category reason shape expire expires'
  ).split(' '),
);

/** Fields that identify a certificate in public logs. */
const FINGERPRINTS: ReadonlySet<string> = new Set(['sha256', 'sha1', 'serial']);

/** What is masked before it is worded or saved. */
export interface Redactable {
  readonly checks: readonly Check[];
  readonly account: Report['account'];
  readonly working?: Report['working'];
  readonly discovery?: Report['discovery'];
  readonly warnings?: readonly string[];
}

/** @param names of the whole run, where the input is one of many. @returns the same input with everything masked that tells who and where. */
export function redactInput<T extends Redactable>(input: T, names?: Names): T {
  const known = {
    addresses: addressesOf(input),
    users: input.checks.flatMap((c) => (c.service.user === undefined ? [] : [c.service.user])),
    hosts: input.checks.flatMap((c) => [c.service.host, ...hostsOf(c.evidence)]),
    organisations: input.checks.flatMap((c) => organisationsOf(c.evidence)),
  };
  const mask = maskOf(known, names);
  const optional = (v: string | undefined) => (v === undefined ? undefined : mask(v));
  return {
    ...input,
    checks: input.checks.map((c) => redactCheck(c, mask)),
    account: { address: input.account.address === null ? null : mask.user(input.account.address), preset: input.account.preset },
    ...(input.working
      ? { working: input.working.map((w) => ({ ...w, host: mask.host(w.host), user: optional(w.user ?? undefined) ?? null })) }
      : {}),
    ...(input.discovery ? { discovery: maskFields(structuredClone(input.discovery), mask) } : {}),
    ...(input.warnings ? { warnings: input.warnings.map(mask) } : {}),
  };
}

function addressesOf(input: Redactable): string[] {
  const found = [input.account.address, ...input.checks.flatMap((c) => [c.service.user, ...c.service.from, c.service.recipient])];
  return [...new Set(found.filter((a): a is string => typeof a === 'string' && a.lastIndexOf('@') > 0))];
}

/** Hosts by their place in the evidence, which no pattern would recognise: `localhost`, `mail`. */
function hostsOf(evidence: readonly Evidence[]): string[] {
  return evidence.flatMap((e) => ('host' in e && typeof e.host === 'string' && e.host !== '' ? [e.host] : []));
}

/** Organisations that a leaf certificate names, and those of a chain that nobody vouches for. */
function organisationsOf(evidence: readonly Evidence[]): string[] {
  return evidence.flatMap((e) => {
    if (e.kind !== 'certificate') return [];
    const named = e.trusted ? e.sent.slice(0, 1).map((c) => c.subject) : e.sent.flatMap((c) => [c.subject, c.issuer]);
    return named.flatMap((dn) =>
      [...dn.matchAll(/(?:^|[,\n/+]\s*)(?:O|OU|L|ST|street|CN)=([^,\n/+]+)/gi)].map((m) => (m[1] ?? '').trim()),
    );
  });
}

function redactCheck(check: Check, mask: Masks): Check {
  const made = new Map<Evidence, Evidence>();
  // A sighting points to evidence of the check: the same object must become the same object.
  const evidence = (e: Evidence): Evidence => {
    const known = made.get(e);
    if (known) return known;
    const copy = structuredClone(e);
    maskFields(copy, mask, e.kind === 'setting' ? 'from' : undefined);
    made.set(e, copy);
    return copy;
  };
  const judged = (j: Judged): Judged => ({
    ...j,
    sighting: {
      ...j.sighting,
      evidence: j.sighting.evidence.map(evidence),
      ...(j.sighting.matched === undefined ? {} : { matched: mask(j.sighting.matched) }),
      ...(j.sighting.params ? { params: maskFields({ ...j.sighting.params }, mask) } : {}),
    },
  });
  const findings = check.diagnosis.findings.map(judged);
  const at = check.diagnosis.root ? check.diagnosis.findings.indexOf(check.diagnosis.root) : -1;
  const { service } = check;
  return {
    ...check,
    service: {
      ...service,
      host: mask.host(service.host),
      ...(service.user === undefined ? {} : { user: mask.user(service.user) }),
      from: service.from.map(mask.user),
      ...(service.recipient === undefined ? {} : { recipient: mask.user(service.recipient) }),
      ...(service.self === undefined ? {} : { self: mask.user(service.self) }),
    },
    evidence: check.evidence.map(evidence),
    diagnosis: {
      verdict: check.diagnosis.verdict,
      findings,
      root: at >= 0 ? findings[at] : check.diagnosis.root ? judged(check.diagnosis.root) : undefined,
    },
    transcript: check.transcript.map((t) => ({ ...t, text: mask(t.text) })),
  };
}

/** Masks every open text field of a copy, in place, however deep. @returns the copy. */
function maskFields<T extends object>(copy: T, mask: Mask, closed?: string): T {
  for (const [key, value] of Object.entries(copy)) {
    if (!Array.isArray(copy) && (CLOSED.has(key) || key === closed)) continue;
    if (typeof value === 'string') Reflect.set(copy, key, FINGERPRINTS.has(key) ? '********' : mask(value));
    else if (typeof value === 'object' && value !== null) maskFields(value, mask);
  }
  return copy;
}
