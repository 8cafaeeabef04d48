/** What every source of settings has in common: it is asked, it answers with evidence, and it never throws. */
import type { LookupEvidence, SourceEvidence, SourceNote } from '../model/evidence.ts';
import type { HttpAnswer } from '../model/net.ts';
import type { Source } from '../model/terms.ts';

export interface Asked {
  readonly sources: readonly SourceEvidence[];
  readonly lookups: readonly LookupEvidence[];
}

export const NOTHING_ASKED: Asked = { sources: [], lookups: [] };

export type Offers = SourceEvidence['offers'];
export type Notes = NonNullable<SourceEvidence['notes']>;
export type Said = Pick<SourceEvidence, 'detail' | 'notes' | 'notOffered'>;

export const note = (id: SourceNote, value?: string): Notes[number] =>
  value === undefined ? { id } : { id, value: value.slice(0, 300) };

function said(more: Said): Said {
  return {
    ...(more.detail ? { detail: more.detail.slice(0, 500) } : {}),
    ...(more.notes && more.notes.length > 0 ? { notes: more.notes } : {}),
    ...(more.notOffered && more.notOffered.length > 0 ? { notOffered: more.notOffered } : {}),
  };
}

export function saidNothing(
  source: Source,
  where: string,
  outcome: SourceEvidence['outcome'],
  ms: number,
  more: Said & { readonly authenticated?: boolean } = {},
): SourceEvidence {
  const { authenticated = false, ...rest } = more;
  return {
    kind: 'source',
    stage: 'settings',
    source,
    where,
    outcome,
    authenticated,
    offers: [],
    ...said(rest),
    ms: Math.round(ms),
  };
}

export function found(
  source: Source,
  where: string,
  offers: Offers,
  authenticated: boolean,
  ms: number,
  more: Said = {},
): SourceEvidence {
  const outcome = offers.length > 0 ? 'found' : 'nothing';
  return { kind: 'source', stage: 'settings', source, where, outcome, authenticated, offers, ...said(more), ms: Math.round(ms) };
}

/** What an HTTP answer without settings in it comes to. */
export function httpNothing(source: Source, where: string, answer: HttpAnswer): SourceEvidence {
  const detail = answer.detail ?? (answer.status === undefined ? undefined : `HTTP ${answer.status}`);
  return saidNothing(source, where, httpOutcome(answer), answer.ms, {
    ...(detail ? { detail } : {}),
    notes: redirects(answer),
    authenticated: answer.authenticated,
  });
}

function httpOutcome(answer: HttpAnswer): SourceEvidence['outcome'] {
  if (answer.outcome === 'blocked') return 'blocked';
  if (answer.outcome === 'timeout') return 'timeout';
  if (answer.outcome === 'too-large') return 'malformed';
  // No such host, or no web server on it, is how most domains say that they publish nothing.
  if (answer.outcome !== 'ok') return / has no address$|\bECONNREFUSED\b/.test(answer.detail ?? '') ? 'nothing' : 'failed';
  return answer.status === 401 || answer.status === 403 ? 'refused' : 'nothing';
}

/** Every place that an answer led through after the first, without queries, which hold the address. */
export const redirects = (answer: HttpAnswer): Notes => answer.hops.slice(1).map((hop) => note('redirected', withoutQuery(hop)));

/** The address says nothing to the reader of the report. */
export const withoutQuery = (url: string) => url.replace(/\?.*$/s, '');

export const textOf = (answer: HttpAnswer) => new TextDecoder('utf-8').decode(answer.body);

/** The outcome of a look-up that brought no record. */
export const lookupOutcome = (lookup: LookupEvidence): SourceEvidence['outcome'] =>
  lookup.outcome === 'timeout' ? 'timeout' : lookup.outcome === 'nxdomain' || lookup.outcome === 'no-data' ? 'nothing' : 'failed';

/** A look-up as a fact about the settings. */
export const asSetting = (lookup: LookupEvidence): LookupEvidence => ({ ...lookup, stage: 'settings' });

/** Host names as discovery may name them: what stands in an answer is never used otherwise (S-149). */
export const isServerName = (name: string) =>
  name.length <= 253 && /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?)+$/.test(name);
