/** What was expected against what was found; what changed against a baseline. Pure. */
import type { ReportCheck } from '../model/diagnosis.ts';
import type { Verdict } from '../model/terms.ts';
import type { Wishes } from './config.ts';

export interface Outcome {
  readonly verdict: Verdict;
  readonly expectation?: { readonly wanted: string; readonly met: boolean; readonly found: string };
}

/** @returns the verdict of one check in the light of what its account expects; a failure that was expected, word for word, is a pass. */
export function outcomeOf(check: ReportCheck, wishes: Wishes): Outcome {
  const effective = allowed(check, wishes) ? 'pass' : check.verdict;
  const found = [effective, check.cause ?? ''].join(' ').trim();
  const days = daysLeft(check);
  if (wishes.daysToExpiry !== undefined && days !== undefined && days < wishes.daysToExpiry)
    return {
      verdict: 'fail',
      expectation: { wanted: `certificate valid for ${wishes.daysToExpiry} days`, met: false, found: `${days} days` },
    };
  if (!wishes.expect) return { verdict: effective };
  const { verdict, cause } = wishes.expect;
  const wanted = [verdict, cause ?? ''].join(' ').trim();
  const met = verdict === effective && (cause === undefined || cause === check.cause);
  return { verdict: met ? 'pass' : 'fail', expectation: { wanted, met, found } };
}

/** Only warnings that the account allows. */
function allowed(check: ReportCheck, wishes: Wishes): boolean {
  const warnings = check.findings.filter((f) => f.severity === 'warning');
  return check.verdict === 'warn' && wishes.allow !== undefined && warnings.every((f) => wishes.allow?.includes(f.cause));
}

function daysLeft(check: ReportCheck): number | undefined {
  const leaf = check.facts.certificates?.[0];
  return typeof leaf?.daysLeft === 'number' ? leaf.daysLeft : undefined;
}

/** What makes two results of one check the same: verdict, cause and warnings. */
export function fingerprint(check: ReportCheck): string {
  const warnings = check.findings.filter((f) => f.severity === 'warning').map((f) => f.cause);
  return `${check.verdict} ${check.cause ?? ''} ${warnings.toSorted().join('+')}`;
}
