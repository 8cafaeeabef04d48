/** SPF of a sender's domain, held against the submission server (RFC 7208 §4): who is allowed, and whether the record works at all. */
import type { LookupEvidence } from '../model/evidence.ts';
import type { Net } from '../model/net.ts';
import { addressBytes } from '../wire/address.ts';
import { readMx } from '../wire/records.ts';
import { costs, isSpf, type Mechanism, type Qualifier, readSpf } from '../wire/spf.ts';

export interface SpfQuestion {
  /** The submission server. */
  readonly host: string;
  readonly addresses: readonly string[];
  /** Domains that customers of its provider include. */
  readonly includes: readonly string[];
}

export type SpfAnswer = {
  readonly record?: string;
  readonly dnssec?: boolean;
} & (
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly n: number }
  | { readonly kind: 'unknown'; readonly why: string }
  | { readonly kind: 'malformed'; readonly term: string }
  | { readonly kind: 'too-many'; readonly n: number }
  | { readonly kind: 'includes'; readonly include: string }
  | { readonly kind: 'allows'; readonly address: string }
  | { readonly kind: 'ends'; readonly all: Qualifier }
);

/** Look-ups that a record may cost, and how far a longer one is counted. */
const MAX_COST = 10;
const MAX_COUNTED = 30;

interface Walk {
  readonly net: Net;
  readonly question: SpfQuestion;
  readonly seen: Set<string>;
  cost: number;
  include?: string;
  address?: string;
  all?: Qualifier;
  fault?: string;
}

export async function askSpf(domain: string, net: Net, question: SpfQuestion): Promise<SpfAnswer> {
  const txt = await net.lookup(domain, 'TXT');
  const records = txt.records.filter(isSpf);
  const about = {
    ...(records[0] === undefined ? {} : { record: records[0] }),
    ...(txt.dnssec ? { dnssec: true } : {}),
  };
  if (!isDefinite(txt)) return { ...about, kind: 'unknown', why: txt.code ?? txt.outcome };
  if (records.length === 0) return { ...about, kind: 'none' };
  if (records.length > 1) return { ...about, kind: 'several', n: records.length };
  const walk: Walk = { net, question, seen: new Set([domain]), cost: 0 };
  await follow(walk, records[0] ?? '', true, true);
  if (walk.fault !== undefined) return { ...about, kind: 'malformed', term: walk.fault };
  if (walk.cost > MAX_COST) return { ...about, kind: 'too-many', n: walk.cost };
  if (walk.all === '+') return { ...about, kind: 'ends', all: '+' };
  if (walk.include !== undefined) return { ...about, kind: 'includes', include: walk.include };
  if (walk.address !== undefined) return { ...about, kind: 'allows', address: walk.address };
  return { ...about, kind: 'ends', all: walk.all ?? '?' };
}

const isDefinite = (l: LookupEvidence) => ['answer', 'no-data', 'nxdomain'].includes(l.outcome);

/** @param allowed false below a mechanism that is not `+`: what fits there is not allowed. */
async function follow(walk: Walk, record: string, top: boolean, allowed: boolean): Promise<void> {
  const read = readSpf(record);
  if ('fault' in read) {
    walk.fault ??= read.fault;
    return;
  }
  for (const m of read.mechanisms) {
    if (costs(m)) walk.cost += 1;
    if (walk.cost > MAX_COUNTED) return;
    if (m.kind === 'all') {
      if (top) walk.all ??= m.qualifier;
      return;
    }
    await weigh(walk, m, allowed && m.qualifier === '+');
  }
  if (read.redirect === undefined) return;
  walk.cost += 1;
  await enter(walk, read.redirect, top, allowed);
}

async function weigh(walk: Walk, m: Mechanism, allowed: boolean): Promise<void> {
  // What depends on the message (macros) cannot be settled here.
  if (m.value.includes('%')) return;
  const { net, question } = walk;
  const hit = (address: string | undefined) => {
    if (allowed && address !== undefined) walk.address ??= address;
  };
  if (m.kind === 'include') {
    const name = m.value.toLowerCase().replace(/\.$/, '');
    if (allowed && question.includes.includes(name)) walk.include ??= name;
    await enter(walk, name, false, allowed);
  } else if (m.kind === 'ip4' || m.kind === 'ip6') {
    hit(question.addresses.find((a) => inNetwork(a, m.value, m.kind === 'ip4' ? (m.four ?? 32) : (m.four ?? m.six ?? 128))));
  } else if (m.kind === 'a' || m.kind === 'mx') {
    const domain = m.value === '' ? ([...walk.seen].at(-1) ?? '') : m.value;
    const hosts = m.kind === 'a' ? [domain] : readMx((await net.lookup(domain, 'MX')).records).slice(0, 10);
    const found = await Promise.all(hosts.flatMap((h) => (['A', 'AAAA'] as const).map((type) => net.lookup(h, type))));
    for (const record of found.flatMap((l) => (l.outcome === 'answer' ? l.records : [])))
      hit(question.addresses.find((a) => inNetwork(a, record, record.includes(':') ? (m.six ?? 128) : (m.four ?? 32))));
  }
}

async function enter(walk: Walk, domain: string, top: boolean, allowed: boolean): Promise<void> {
  if (walk.seen.has(domain)) return;
  walk.seen.add(domain);
  const txt = await walk.net.lookup(domain, 'TXT');
  const records = txt.records.filter(isSpf);
  // An include that has no record of its own is an error for the whole (RFC 7208 §5.2).
  if (records.length === 1) await follow(walk, records[0] ?? '', top, allowed);
  else if (isDefinite(txt)) walk.fault ??= `${top ? 'redirect=' : 'include:'}${domain}`;
  walk.seen.delete(domain);
}

function inNetwork(address: string, network: string, bits: number): boolean {
  if (address.includes(':') !== network.includes(':')) return false;
  const [a, b] = [addressBytes(address), addressBytes(network)];
  if (a.length !== b.length) return false;
  return a.every((byte, i) => {
    const left = Math.max(0, Math.min(8, bits - 8 * i));
    return left === 0 || byte >> (8 - left) === (b[i] ?? 0) >> (8 - left);
  });
}
