/** Shorthands over the rule builders: phrases by certainty, and rules that hold only live or only for pasted text. */
import type { Rule } from '../model/cause.ts';
import type { ReplyEvidence } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import { type SaysSpec, says } from './rules.ts';

type More = Omit<SaysSpec, 'phrases' | 'certainty' | 'strength'>;

/** Phrases that only one cause can mean: the sender documents them so. */
export const proven = (strength: number, phrases: readonly (string | RegExp)[], more: More = {}): Rule =>
  says({ phrases, certainty: 'proven', strength, ...more });

/** Phrases that servers and clients use for this cause. */
export const likely = (strength: number, phrases: readonly (string | RegExp)[], more: More = {}): Rule =>
  says({ phrases, certainty: 'likely', strength, ...more });

/** Phrases that leave other causes open. */
export const possible = (strength: number, phrases: readonly (string | RegExp)[], more: More = {}): Rule =>
  says({ phrases, certainty: 'possible', strength, ...more });

/** The rule, for live and saved checks only. */
export const live =
  (rule: Rule): Rule =>
  (facts) =>
    facts.pasted ? undefined : rule(facts);

/** The rule, for pasted text only: a bare sentence there has lost the stage at which it was said. */
export const pasted =
  (rule: Rule): Rule =>
  (facts) =>
    facts.pasted ? rule(facts) : undefined;

/** Codes of a final refusal in SMTP; POP3 and IMAP replies have none. */
export const permanent = (r: ReplyEvidence): boolean => r.code === undefined || r.code >= 500;

/** @returns the refusals that the check itself met at `stage`, in order. */
export const refusals = (facts: Facts, stage: ReplyEvidence['stage']): readonly ReplyEvidence[] =>
  facts.all('reply', stage).filter((r) => r.status === 'no');
