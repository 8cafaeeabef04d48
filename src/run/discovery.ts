/** Settings found once for all accounts of a domain: a run asks a domain's sources one time, not once an account. */
import type { CheckupRequest } from '../checkup.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Protocol } from '../model/terms.ts';
import { createNet } from '../net/net.ts';
import type { Offer } from '../settle/settle.ts';

export interface Found {
  readonly offers: readonly Offer[];
  readonly evidence: readonly Evidence[];
}

export interface Discoveries {
  /** @returns what the sources of the address's domain offer. */
  of(address: string, request: Pick<CheckupRequest, 'net' | 'options' | 'signal'>): Promise<Found>;
}

/** Domains that are remembered. */
const MAX = 1000;
const PROTOCOLS: readonly Protocol[] = ['pop3', 'imap', 'smtp'];

export function createDiscoveries(): Discoveries {
  const known = new Map<string, { readonly address: string; readonly found: Promise<Found> }>();
  return {
    async of(address, request) {
      // Who asks another resolver may be told something else.
      const domain = `${address.slice(address.lastIndexOf('@') + 1)} ${request.net.resolver ?? ''}`;
      const before = known.get(domain);
      if (before) return forAddress(await before.found, before.address, address);
      const found = ask(address, request);
      if (known.size >= MAX) for (const old of [...known.keys()].slice(0, MAX / 10)) known.delete(old);
      known.set(domain, { address, found });
      return await found;
    },
  };
}

async function ask(address: string, { net: options, options: check, signal }: Parameters<Discoveries['of']>[1]): Promise<Found> {
  const { discover } = await import('../settle/discover.ts');
  const net = createNet({ ...options, signal, secrets: [], users: [], transcript: false });
  try {
    net.deadline(check.timeoutMs);
    const { offers, evidence } = await discover(address, net, { probe: true, protocols: PROTOCOLS });
    return { offers, evidence };
  } finally {
    await net.close();
  }
}

/** What was found for one address of a domain, for another: the address and the user names made of it are the other's. */
function forAddress(found: Found, asked: string, address: string): Found {
  if (asked === address) return found;
  const local = (a: string) => a.slice(0, a.lastIndexOf('@'));
  const replace = (text: string, key: string): string => {
    if (key === 'user' && text === local(asked)) return local(address);
    return text.replaceAll(asked, address).replaceAll(encodeURIComponent(asked), encodeURIComponent(address));
  };
  return { offers: mapTexts(found.offers, replace), evidence: mapTexts(found.evidence, replace) };
}

/** A copy in which every text went through `change`, with the name of its field. */
function mapTexts<T>(value: T, change: (text: string, key: string) => string): T {
  const walk = (v: unknown, key: string): unknown => {
    if (typeof v === 'string') return change(v, key);
    if (Array.isArray(v)) return v.map((x) => walk(x, key));
    if (typeof v !== 'object' || v === null) return v;
    return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, walk(x, k)]));
  };
  return walk(value, '') as T;
}
