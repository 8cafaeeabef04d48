/**
 * Masking who and where, for reports that are shown in public: user names, addresses, hosts and IP addresses become `user1`,
 * `user1@domain1`, `host1`, `ip1`, the same one everywhere (S-108, S-177). Secrets were masked long before.
 *
 * What is observed is masked before it is worded, so that the sentences stay whole and no language has to be known.
 */
import type { Check, Judged, Report } from '../model/diagnosis.ts';
import type { Evidence } from '../model/evidence.ts';

/** Masks one text after the other, consistently. */
export type Mask = (text: string) => string;

type Kind = 'user' | 'domain' | 'host' | 'ip' | 'org' | 'token';

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

const EMAIL = /[^\s<>()[\]{}"'`,;:=@\\/]{1,64}@(?:[\p{L}\p{N}_-]{1,63}\.){0,8}[\p{L}\p{N}_-]{1,63}/giu;
const IPV4 = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)/g;
const IPV6 = /(?<![\w:.])(IPv6:|IP:)?([0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:%\w{1,20})?)(?![\w:])/gi;
const HOST =
  /(?<![\w.@-])(?:\*\.)?(?:[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?\.){1,126}(?:\p{L}{2,24}|xn--[a-z0-9-]{1,59})(?![\w-])/giu;
const TOKEN = /(?<![\w+/=-])[\w+/=-]{16,}/g;

/** @returns a mask that knows these names from the start, in this order: the account's own come first. */
export function maskOf(known: {
  readonly addresses: readonly string[];
  readonly users: readonly string[];
  readonly hosts: readonly string[];
  readonly organisations?: readonly string[];
}): Mask & { readonly user: Mask; readonly host: Mask } {
  const given = new Map<string, string>();
  const counts: Record<Kind, number> = { user: 0, domain: 0, host: 0, ip: 0, org: 0, token: 0 };
  const name = (kind: Kind, value: string): string => {
    const key = `${kind} ${value.toLowerCase()}`;
    let masked = given.get(key);
    if (masked === undefined) {
      counts[kind] += 1;
      masked = `${kind}${counts[kind]}`;
      given.set(key, masked);
    }
    return masked;
  };
  const email = (address: string) => {
    const at = address.lastIndexOf('@');
    return `${name('user', address.slice(0, at))}@${name('domain', address.slice(at + 1))}`;
  };
  const user = (text: string) => (text.includes('@') ? email(text) : name('user', text));
  const host = (text: string) => (isIp(text) ? name('ip', text) : name('host', text.replace(/\.$/, '')));

  const domains = new Set<string>();
  const exact: { readonly needle: string; readonly mask: string }[] = [];
  const learn = (needle: string, masked: string) => {
    if (needle !== '') exact.push({ needle, mask: masked });
  };
  for (const a of known.addresses) {
    const at = a.lastIndexOf('@');
    domains.add(a.slice(at + 1).toLowerCase());
    learn(a, email(a));
    learn(a.slice(0, at), name('user', a.slice(0, at)));
  }
  for (const u of known.users) learn(u, user(u));
  for (const h of known.hosts) learn(h, host(h));
  for (const o of known.organisations ?? []) if (o.length > 2) learn(o, name('org', o));
  const longestFirst = (a: { needle: string }, b: { needle: string }) => b.needle.length - a.needle.length;
  const words = exact.sort(longestFirst);
  const names = [...known.addresses, ...known.users, ...known.addresses.map((a) => a.slice(0, a.lastIndexOf('@')))];
  const encoded = [...new Set(names)]
    .filter((v) => v.length > 2)
    .flatMap((v) => encodings(v).map((needle) => ({ needle, mask: `base64(${user(v)})` })))
    .sort(longestFirst);

  const mask: Mask = (text) => {
    let t = text;
    for (const { needle, mask: m } of encoded) t = t.replaceAll(needle, m);
    for (const { needle, mask: m } of words) if (needle.includes('@')) t = replaceWord(t, needle, m);
    t = t.replace(EMAIL, (a) => (MASKED.test(a) ? a : email(a)));
    t = t.replace(IPV4, (a) => (isIp(a) ? name('ip', a) : a));
    t = t.replace(IPV6, (all, prefix: string | undefined, a: string) => (isIp(a) ? `${prefix ?? ''}${name('ip', a)}` : all));
    t = t.replace(HOST, (h) => (domains.has(h.toLowerCase()) ? name('domain', h) : name('host', h)));
    for (const { needle, mask: m } of words) if (!needle.includes('@')) t = replaceWord(t, needle, m);
    return t.replace(TOKEN, (x) => (looksLikeToken(x) ? name('token', x) : x));
  };
  return Object.assign(mask, { user, host });
}

const MASKED = /^user\d+@domain\d+$/;

/** Session ids and the like: long, with digits and lower-case letters mixed. Upper-case words are names of mechanisms and ciphers. */
const looksLikeToken = (x: string) => /\d/.test(x) && /[a-z]/.test(x) && !/^(user|domain|host|ip|org|token)\d+$/.test(x);

const WORD_CHAR = /[\p{L}\p{N}_]/u;

/** Replaces a needle where it stands alone, whatever its case; linear. */
function replaceWord(text: string, needle: string, masked: string): string {
  if (needle === '') return text;
  const hay = text.toLowerCase();
  const low = needle.toLowerCase();
  // Lower-casing may change lengths (İ); then only the exact case is looked for.
  const [from, what] = hay.length === text.length && low.length === needle.length ? [hay, low] : [text, needle];
  let out = '';
  let last = 0;
  for (let i = from.indexOf(what); i >= 0; i = from.indexOf(what, i + what.length)) {
    const before = text.charAt(i - 1);
    const after = text.charAt(i + what.length);
    if (WORD_CHAR.test(before) || WORD_CHAR.test(after)) continue;
    out += text.slice(last, i) + masked;
    last = i + what.length;
  }
  return out + text.slice(last);
}

/** The forms of a name inside base64, at each of the three alignments: the characters that do not depend on the neighbours. */
function encodings(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const whole = bytes.toString('base64').replace(/=+$/, '');
  const inner = [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const start = offset === 0 ? 0 : offset + 1;
    const bits = (offset + bytes.length) * 8;
    return padded.slice(start, Math.floor(bits / 6));
  });
  return [...new Set([whole, ...inner])].filter((e) => e.length >= (e === whole ? 4 : 6));
}

/** IPv4 or IPv6 in text form; a time of day is neither. */
function isIp(text: string): boolean {
  const bare = text.replace(/^\[|\]$|%.*$/g, '');
  const v4 = bare.split('.');
  if (v4.length === 4 && v4.every((p) => /^\d{1,3}$/.test(p) && Number(p) < 256)) return true;
  if (!/^[0-9a-f:.]+$/i.test(bare) || !bare.includes(':')) return false;
  const groups = bare.split(':');
  return bare.includes('::') ? groups.length <= 9 && bare !== '::' : groups.length === 8;
}

/** What is masked before it is worded or saved. */
export interface Redactable {
  readonly checks: readonly Check[];
  readonly account: Report['account'];
  readonly working?: Report['working'];
  readonly warnings?: readonly string[];
}

/** @returns the same input with everything masked that tells who and where. */
export function redactInput<T extends Redactable>(input: T): T {
  const mask = maskOf({
    addresses: addressesOf(input),
    users: input.checks.flatMap((c) => (c.service.user === undefined ? [] : [c.service.user])),
    hosts: input.checks.flatMap((c) => [c.service.host, ...hostsOf(c.evidence)]),
    organisations: input.checks.flatMap((c) => organisationsOf(c.evidence)),
  });
  const optional = (v: string | undefined) => (v === undefined ? undefined : mask(v));
  return {
    ...input,
    checks: input.checks.map((c) => redactCheck(c, mask)),
    account: { address: input.account.address === null ? null : mask.user(input.account.address), preset: input.account.preset },
    ...(input.working
      ? { working: input.working.map((w) => ({ ...w, host: mask.host(w.host), user: optional(w.user ?? undefined) ?? null })) }
      : {}),
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

function redactCheck(check: Check, mask: Mask & { readonly user: Mask; readonly host: Mask }): Check {
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
