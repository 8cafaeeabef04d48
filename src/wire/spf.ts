/** SPF records (RFC 7208): read into terms. Pure; macros are kept as they stand. */

export type Qualifier = '+' | '-' | '~' | '?';

export interface Mechanism {
  readonly kind: 'all' | 'include' | 'a' | 'mx' | 'ptr' | 'ip4' | 'ip6' | 'exists';
  readonly qualifier: Qualifier;
  /** Domain or network; empty where none was given. */
  readonly value: string;
  /** Prefix lengths of `a`, `mx`, `ip4` and `ip6`. */
  readonly four?: number;
  readonly six?: number;
}

export interface Spf {
  readonly mechanisms: readonly Mechanism[];
  readonly redirect?: string;
}

const KINDS = new Set(['all', 'include', 'a', 'mx', 'ptr', 'ip4', 'ip6', 'exists']);
/** Terms that cost a look-up (RFC 7208 §4.6.4). */
export const costs = (m: Mechanism) => ['include', 'a', 'mx', 'ptr', 'exists'].includes(m.kind);

export const isSpf = (record: string) => /^v=spf1(?: |$)/i.test(record);

/** @param record a whole TXT record. @returns its terms, or the one that cannot be read. */
export function readSpf(record: string): Spf | { readonly fault: string } {
  const mechanisms: Mechanism[] = [];
  let redirect: string | undefined;
  for (const term of record.slice('v=spf1'.length).split(/ +/).slice(0, 500)) {
    if (term === '') continue;
    const modifier = /^([a-z][a-z0-9_.-]*)=(.*)$/i.exec(term);
    if (modifier) {
      const name = modifier[1]?.toLowerCase();
      if (name === 'redirect') {
        if (redirect !== undefined || modifier[2] === '') return { fault: term };
        redirect = modifier[2];
      }
      continue;
    }
    const read = readMechanism(term);
    if (!read) return { fault: term };
    mechanisms.push(read);
  }
  return { mechanisms, ...(redirect === undefined ? {} : { redirect }) };
}

function readMechanism(term: string): Mechanism | undefined {
  const m = /^([+~?-]?)([a-z0-9]+)(?::([^\s]*?))?(?:\/(\d{1,3}))?(?:\/\/(\d{1,3}))?$/i.exec(term);
  const kind = m?.[2]?.toLowerCase() ?? '';
  if (!m || !KINDS.has(kind)) return undefined;
  const value = m[3] ?? '';
  const [four, six] = [m[4], m[5]].map((n) => (n === undefined ? undefined : Number(n)));
  const needs = ['include', 'exists', 'ip4', 'ip6'].includes(kind);
  if (needs && value === '') return undefined;
  if (kind === 'all' && (value !== '' || four !== undefined)) return undefined;
  if (kind === 'ip4' && (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(value) || (four ?? 32) > 32 || six !== undefined)) return undefined;
  if (kind === 'ip6' && (!/^[0-9a-f:.]+$/i.test(value) || (four ?? 128) > 128)) return undefined;
  const qualifier = m[1] === '-' || m[1] === '~' || m[1] === '?' ? m[1] : '+';
  return {
    kind: kind as Mechanism['kind'],
    qualifier,
    value,
    ...(four === undefined ? {} : { four }),
    ...(six === undefined ? {} : { six }),
  };
}
