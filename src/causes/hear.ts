/** Shorthands over the rule builders: phrases by certainty, and rules that hold only live or only for pasted text. */
import type { Cause, Rule } from '../model/cause.ts';
import type { ReplyEvidence } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import type { Certainty } from '../model/terms.ts';
import { hearing, type SaysSpec, says } from './rules.ts';

type More = Omit<SaysSpec, 'phrases' | 'certainty' | 'strength'>;

/** In these phrases `[^.]` means: within the sentence. */
function heard(phrases: readonly (string | RegExp)[], more: More, certainty: Certainty, strength: number): Rule {
  return says({ ...more, sentence: true, phrases, certainty, strength });
}

/** Phrases that only one cause can mean: the sender documents them so. */
export const proven = (strength: number, phrases: readonly (string | RegExp)[], more: More = {}): Rule =>
  heard(phrases, more, 'proven', strength);

/** Phrases that servers and clients use for this cause. */
export const likely = (strength: number, phrases: readonly (string | RegExp)[], more: More = {}): Rule =>
  heard(phrases, more, 'likely', strength);

/** Phrases that leave other causes open. */
export const possible = (strength: number, phrases: readonly (string | RegExp)[], more: More = {}): Rule =>
  heard(phrases, more, 'possible', strength);

/** The rule, for live and saved checks only. */
export const live = (rule: Rule): Rule => when((facts) => !facts.pasted, rule);

/** The rule, for pasted text only: a bare sentence there has lost the stage at which it was said. */
export const pasted = (rule: Rule): Rule => when((facts) => facts.pasted, rule);

/** The rule, for pasted text in which no server refused anything: what a client says of itself after a refusal is its consequence. */
export const unanswered = (rule: Rule): Rule =>
  when((facts) => facts.pasted && !facts.all('reply').some((r) => r.status === 'no' && r.code !== undefined), rule);

function when(holds: (facts: Facts) => boolean, rule: Rule): Rule {
  const made: Rule = (facts) => (holds(facts) ? rule(facts) : undefined);
  return rule.hears ? hearing(made) : made;
}

/**
 * Causes that no answer to a log-in can have: there the codes of senders, recipients and messages are about the account.
 * Live; pasted text has lost the stage.
 */
export const beyondLogIn = (causes: readonly Cause[]): readonly Cause[] =>
  causes.map((c) => (OF_MAIL.test(c.id) ? { ...c, rules: c.rules.map(afterLogIn) } : c));

/** What is said of mail alone; a blocked sender may be told so when it logs in. */
const OF_MAIL = /^(?:sender\.(?!blocked)|recipient\.|message\.|policy\.(?:greylisted|domain-authentication))/;

function afterLogIn(rule: Rule): Rule {
  const made: Rule = (facts) => {
    const s = rule(facts);
    const decided = s?.evidence[0];
    return !facts.pasted && decided?.kind === 'reply' && decided.stage === 'auth' ? undefined : s;
  };
  return rule.hears ? hearing(made) : made;
}

/** Codes of a final refusal in SMTP; POP3 and IMAP replies have none. */
export const permanent = (r: ReplyEvidence): boolean => r.code === undefined || r.code >= 500;

/** @returns the refusals that the check itself met at `stage`, in order. */
export const refusals = (facts: Facts, stage: ReplyEvidence['stage']): readonly ReplyEvidence[] =>
  facts.all('reply', stage).filter((r) => r.status === 'no');
