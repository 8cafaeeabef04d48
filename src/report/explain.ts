/** What a pasted text means, and catalogue entries in full, in words: `mailcheck.explain/1`. Pure. */
import type { Cause, Link } from '../model/cause.ts';
import type { Diagnosis, Finding } from '../model/diagnosis.ts';
import type { Category, Certainty, Owner, Severity, StageName } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { causeWords, findingOf, type Known } from './finding.ts';
import { fill, say } from './say.ts';

export interface ExplainMatch {
  readonly cause: string;
  readonly category: Category;
  readonly stage: StageName;
  readonly certainty: Certainty;
  readonly title: string;
  readonly meaning: string;
  readonly fix: readonly string[];
  /** The words that decided. */
  readonly matched: string;
  readonly links: readonly Link[];
  readonly owner: Owner;
  readonly severity: Severity;
  readonly alternatives: Finding['alternatives'];
  readonly evidence: readonly string[];
  readonly provider?: string;
  /** Of an entry shown in full: the example and the test that would prove it. */
  readonly example?: string;
  readonly test?: string;
}

export interface Explanation {
  readonly schema: 'mailcheck.explain/1';
  readonly language: string;
  /** Best first; empty where nothing was recognised. */
  readonly matches: readonly ExplainMatch[];
  /** The `mailcheck` command to run next, with what is known filled in, never a secret. */
  readonly next?: string;
  /** How many secrets the text held; they are masked everywhere. */
  readonly maskedSecrets?: number;
  /** A saved check that found nothing wrong. */
  readonly healthy?: true;
}

export interface ExplainInput {
  readonly diagnosis: Diagnosis;
  readonly words: Words;
  readonly causes?: readonly Cause[];
  /** What the text says of the service. */
  readonly known?: Known;
  readonly next?: string;
  readonly maskedSecrets?: number;
  readonly healthy?: true;
}

/** @returns the explanation of a judged text, best match first. */
export function composeExplanation(input: ExplainInput): Explanation {
  const { diagnosis, words, next, maskedSecrets } = input;
  const causes = new Map<string, Cause>((input.causes ?? []).map((c) => [c.id, c]));
  for (const f of diagnosis.findings) causes.set(f.cause.id, f.cause);
  const matches = diagnosis.findings.map((judged) => {
    const f = findingOf(judged, input.known ?? {}, { words, causes });
    return matchOf(f);
  });
  return {
    schema: 'mailcheck.explain/1',
    language: words.language,
    matches,
    ...(next === undefined ? {} : { next }),
    ...(input.healthy ? { healthy: true } : {}),
    ...(maskedSecrets === undefined || maskedSecrets === 0 ? {} : { maskedSecrets }),
  };
}

function matchOf(f: Finding): ExplainMatch {
  const { cause, category, stage, certainty, title, meaning, fix, links, owner, severity, alternatives, evidence } = f;
  return {
    cause,
    category,
    stage,
    certainty,
    title,
    meaning,
    fix,
    matched: f.matched ?? evidence[0] ?? '',
    links,
    owner,
    severity,
    alternatives,
    evidence,
    ...(f.provider === undefined ? {} : { provider: f.provider }),
  };
}

/** @returns catalogue entries in full, as `explain CAUSE` shows them; the holes in their words hold the language's neutral words. */
export function composeEntries(entries: readonly Cause[], words: Words): Explanation {
  return {
    schema: 'mailcheck.explain/1',
    language: words.language,
    matches: entries.map((cause) => {
      const said = causeWords(cause, words);
      const filled = (text: string) => fill(text, {}, words);
      return {
        cause: cause.id,
        category: cause.category,
        stage: cause.stage,
        certainty: 'proven',
        title: filled(said.title),
        meaning: filled(said.meaning),
        fix: said.fix.map(filled),
        matched: cause.id,
        links: cause.links.map(({ title, url }) => ({ title, url })),
        owner: cause.owner,
        severity: cause.severity,
        alternatives: [],
        evidence: [],
        example: cause.example.paste,
        test: filled(said.test),
      };
    }),
  };
}

/** @returns what is said where no cause fits: that nothing is wrong, or what would help to know more. */
export const noMatch = (explanation: Explanation, words: Words): string =>
  say(words, explanation.healthy ? 'explain.healthy' : 'explain.none');
