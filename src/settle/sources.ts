/** What every source of settings has in common: it is asked, it answers with evidence, and it never throws. */
import type { LookupEvidence, SourceEvidence } from '../model/evidence.ts';
import type { HttpAnswer, Net } from '../model/net.ts';
import type { Source } from '../model/terms.ts';

export interface Asked {
  readonly sources: readonly SourceEvidence[];
  readonly lookups: readonly LookupEvidence[];
}

export type Offers = SourceEvidence['offers'];

export function saidNothing(
  source: Source,
  where: string,
  outcome: SourceEvidence['outcome'],
  ms: number,
  detail?: string,
): SourceEvidence {
  return {
    kind: 'source',
    stage: 'settings',
    source,
    where,
    outcome,
    authenticated: false,
    offers: [],
    ms: Math.round(ms),
    ...(detail ? { detail } : {}),
  };
}

export function found(
  source: Source,
  where: string,
  offers: Offers,
  authenticated: boolean,
  ms: number,
  detail?: string,
): SourceEvidence {
  return {
    kind: 'source',
    stage: 'settings',
    source,
    where,
    outcome: offers.length > 0 ? 'found' : 'nothing',
    authenticated,
    offers,
    ms: Math.round(ms),
    ...(detail ? { detail } : {}),
  };
}

/** The outcome of an HTTP answer that has no settings in it. */
export function httpOutcome(answer: HttpAnswer): SourceEvidence['outcome'] {
  if (answer.outcome === 'blocked') return 'blocked';
  if (answer.outcome === 'timeout') return 'timeout';
  if (answer.outcome !== 'ok') return 'failed';
  return answer.status === 401 || answer.status === 403 ? 'refused' : 'nothing';
}

export const textOf = (answer: HttpAnswer) => new TextDecoder('utf-8').decode(answer.body);

/** Looks names of several types up at once. */
export const lookups = (net: Net, questions: readonly (readonly [string, LookupEvidence['type']])[]) =>
  Promise.all(questions.map(([host, type]) => net.lookup(host, type)));
