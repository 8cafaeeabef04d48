/** What a configuration wishes for one account: which services to check, with which settings, and what is to come of it. */
import type { Protocol, Security, StageName } from '../model/terms.ts';

export interface SecretSource {
  readonly kind: 'env' | 'file' | 'command' | 'inline';
  readonly value: string;
  readonly type: 'password' | 'token';
}

export interface Expectation {
  readonly verdict: 'pass' | 'warn' | 'fail';
  readonly cause?: string;
}

/** One service of the account; `expect` and `allow` here go before the account's. */
export interface Endpoint {
  readonly host?: string;
  readonly port?: number;
  readonly security?: Security;
  readonly expect?: Expectation;
  readonly allow?: readonly string[];
}

/** One account's wishes; what is absent comes from the shared settings, then the defaults. */
export interface Wishes {
  readonly address?: string;
  readonly name?: string;
  readonly preset?: string;
  readonly user?: string;
  readonly mechanism?: string;
  readonly checks?: readonly Protocol[];
  readonly endpoints?: Readonly<Partial<Record<Protocol, Endpoint>>>;
  readonly secret?: SecretSource;
  readonly from?: readonly string[];
  readonly rcpt?: string;
  readonly send?: boolean;
  readonly until?: StageName;
  readonly expect?: Expectation;
  readonly allow?: readonly string[];
  readonly daysToExpiry?: number;
  /** Seconds per stage. */
  readonly timeout?: number;
  readonly connectTo?: string;
  readonly resolver?: string;
  readonly caFile?: string;
  readonly insecureAuth?: boolean;
  readonly client?: string;
  /** Where it stands in its file, for messages. */
  readonly at?: string;
}

/** What a source of accounts gives: an account, or a line that says why there is none in this place. */
export type Entry = { readonly wishes: Wishes } | { readonly problem: string };

/** Words for the protocols in configurations. */
export const PROTOCOLS: Readonly<Record<string, Protocol>> = { pop: 'pop3', pop3: 'pop3', imap: 'imap', smtp: 'smtp' };
export const WORDS: Readonly<Record<Protocol, 'pop' | 'imap' | 'smtp'>> = { pop3: 'pop', imap: 'imap', smtp: 'smtp' };

/** @returns the object without what is undefined. */
export function defined<T extends object>(o: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

/** @returns both, where `over` says otherwise it wins; endpoints are joined by protocol and field. */
export function merge(under: Wishes, over: Wishes): Wishes {
  const endpoints: Partial<Record<Protocol, Endpoint>> = { ...under.endpoints };
  for (const p of ['pop3', 'imap', 'smtp'] as const) {
    const own = over.endpoints?.[p];
    if (own) endpoints[p] = { ...endpoints[p], ...own };
  }
  return { ...under, ...over, ...(Object.keys(endpoints).length > 0 ? { endpoints } : {}) };
}

/** @returns the protocols to check: those named, else those with an endpoint of their own, else IMAP and submission. */
export function protocolsOf(wishes: Wishes): readonly Protocol[] {
  if (wishes.checks && wishes.checks.length > 0) return [...new Set(wishes.checks)];
  const given = (['pop3', 'imap', 'smtp'] as const).filter((p) => wishes.endpoints?.[p] !== undefined);
  return given.length > 0 ? given : ['imap', 'smtp'];
}

/** @returns what identifies an account in shards, baselines and resumed runs: its name, else its address and servers. */
export const keyOf = (w: Wishes): string =>
  w.name ??
  [
    w.address ?? '',
    ...(['pop3', 'imap', 'smtp'] as const).flatMap((p) => {
      const e = w.endpoints?.[p];
      return e?.host === undefined && e?.port === undefined ? [] : [`${e.host ?? ''}:${e.port ?? ''}`];
    }),
  ]
    .join(' ')
    .trim();
