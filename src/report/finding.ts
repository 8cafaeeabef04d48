/** One judged cause in words: title, meaning, steps, proof, what was not excluded and where to read on. */
import type { Cause, CauseWords, Link } from '../model/cause.ts';
import type { Finding, Judged } from '../model/diagnosis.ts';
import type { Protocol, Security } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { capped } from './escape.ts';
import { proofOf } from './proof.ts';
import { fill, type HoleValues, say } from './say.ts';

/** What is known of the service for the holes in the words; of pasted text often nothing. */
export interface Known {
  readonly host?: string;
  readonly port?: number;
  readonly security?: Security;
  readonly protocol?: Protocol;
  readonly user?: string;
  /** The mail address of the account. */
  readonly address?: string;
  readonly from?: string;
  readonly recipient?: string;
}

export interface Wording {
  readonly words: Words;
  /** The catalogue, for the alternatives' words. */
  readonly causes: ReadonlyMap<string, Cause>;
}

/** At most so many proofs of one finding are quoted. */
const PROOFS = 12;

/** @returns the words of a cause in a language, whole: a translation that is missing is English. */
export function causeWords(cause: Cause, words: Words): CauseWords & { readonly test: string } {
  if (words.language === 'en') return { ...cause.words, test: cause.test };
  const translated = words.causes?.[cause.id];
  if (translated) return translated;
  return { ...(cause.translations?.[words.language] ?? cause.words), test: cause.test };
}

/** @returns what fills the holes of a finding's words: the sighting's own values, then the service's. */
export function holesOf(judged: Judged, known: Known): HoleValues {
  const { sighting } = judged;
  const own = Object.entries(sighting.params ?? {}).filter(([, v]) => v !== '');
  const values: HoleValues = {
    ...known,
    domain: known.address?.slice(known.address.lastIndexOf('@') + 1),
    from: known.from ?? known.address,
    sender: known.from ?? known.address,
    provider: sighting.provider?.name,
    stage: judged.stage,
    text: sighting.matched,
    ...Object.fromEntries(own),
  };
  return Object.fromEntries(Object.entries(values).map(([k, v]) => [k, typeof v === 'string' ? capped(v, 300) : v]));
}

/** @returns the finding in the contract's form. */
export function findingOf(judged: Judged, known: Known, wording: Wording): Finding {
  const { cause, sighting } = judged;
  const { words } = wording;
  const said = causeWords(cause, words);
  const holes = holesOf(judged, known);
  const filled = (text: string) => fill(text, holes, words);
  const first = sighting.provider?.fix?.[words.language] ?? sighting.provider?.fix?.en ?? [];
  const proofs = sighting.evidence.map(proofOf).filter((p) => p !== '');
  return {
    cause: cause.id,
    severity: judged.severity,
    stage: judged.stage,
    category: cause.category,
    certainty: judged.certainty,
    owner: cause.owner,
    title: filled(said.title),
    meaning: filled(said.meaning),
    fix: unique([...first, ...said.fix].map(filled)),
    evidence: unique(proofs).slice(0, PROOFS),
    alternatives: alternativesOf(judged, holes, wording),
    links: linksOf(judged),
    ...(sighting.matched ? { matched: capped(sighting.matched, 500) } : {}),
    ...(sighting.provider ? { provider: sighting.provider.preset } : {}),
  };
}

function alternativesOf(judged: Judged, holes: HoleValues, { words, causes }: Wording): Finding['alternatives'] {
  const others = unique(judged.sighting.alternatives ?? []).filter((id) => id !== judged.cause.id);
  return others.map((id) => {
    const cause = causes.get(id);
    if (!cause) return { cause: id, test: say(words, 'alternative.unknown', { cause: id }) };
    const said = causeWords(cause, words);
    return { cause: id, test: fill(said.test, holes, words), title: fill(said.title, holes, words) };
  });
}

/** The provider's own page first, and then no other provider's; each address once. */
function linksOf({ cause, sighting }: Judged): readonly Link[] {
  const own = sighting.provider?.link;
  const all = own ? [own, ...cause.links.filter((link) => !link.provider)] : cause.links;
  return all
    .filter((link, i) => all.findIndex((other) => other.url === link.url) === i)
    .map(({ title, url }) => ({ title, url }));
}

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];
