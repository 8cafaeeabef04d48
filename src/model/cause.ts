/**
 * Cause: one catalogue entry. How it is recognised, what it means, what to do, and an example that proves it.
 *
 * Recognition is a list of rules over Facts. A rule is pure and synchronous; it reads no clock, no socket, no language.
 */
import type { Evidence } from './evidence.ts';
import type { Facts } from './facts.ts';
import type { Category, Certainty, Language, Owner, Protocol, Severity, StageName } from './terms.ts';

/** The words of one cause in one language. `{host}`, `{port}`, `{user}` … are filled from the sighting and the service. */
export interface CauseWords {
  /** What is wrong, at most 60 characters, no full stop. */
  readonly title: string;
  /** What it means, one or two sentences. */
  readonly meaning: string;
  /** Steps, most likely first, one action each. */
  readonly fix: readonly string[];
}

export interface Link {
  readonly title: string;
  readonly url: string;
}

/** One recognition of a cause in the evidence. */
export interface Sighting {
  readonly certainty: Certainty;
  /** How much the recognition rests on: documented code with its text 90, provider phrase 80, plain phrase 60, structure 50, code alone 30, catch-all 1. */
  readonly strength: number;
  /** What decided; the first is the proof that is shown first. */
  readonly evidence: readonly Evidence[];
  /** The words that decided, verbatim. */
  readonly matched?: string;
  /** The stage where it showed; default: the stage of the first evidence. */
  readonly stage?: StageName;
  /** Values for the holes in the words. */
  readonly params?: Readonly<Record<string, string | number>>;
  /** What was not excluded, likeliest first. */
  readonly alternatives?: readonly string[];
  /** The provider's own steps and page, put before the general ones. */
  readonly provider?: ProviderAdvice;
  readonly severity?: Severity;
}

export interface ProviderAdvice {
  readonly preset: string;
  readonly name: string;
  readonly fix?: Readonly<Partial<Record<Language, readonly string[]>>>;
  readonly link?: Link;
}

export type Rule = (facts: Facts) => Sighting | undefined;

/** One line of a scripted server: what it waits for and what it answers. */
export type ScriptLine = string;

/**
 * An example that anybody may run: the pasted text is judged by `explain`, the script is served and probed live, and both must
 * give this cause. Where the fault has no server side (a local firewall), `serve` is absent and the lab says why.
 */
export interface Example {
  readonly paste: string;
  /** Name of the lab scenario that shows the fault live. */
  readonly scenario?: string;
  /** Why no server can show it, where there is no scenario. */
  readonly unserved?: string;
}

export interface Cause {
  /** `<subject>.<what-is-wrong>`, kebab-case, never reused. */
  readonly id: string;
  readonly category: Category;
  readonly stage: StageName;
  readonly owner: Owner;
  readonly severity: Severity;
  readonly protocols?: readonly Protocol[];
  /** English; the other languages stand in `locales/`, a plugin's may stand here. */
  readonly words: CauseWords;
  readonly translations?: Readonly<Partial<Record<Language, CauseWords>>>;
  readonly links: readonly Link[];
  readonly rules: readonly Rule[];
  /** The test that would prove or exclude this cause when it is an alternative (English; `locales/` has the others). */
  readonly test: string;
  readonly example: Example;
}
