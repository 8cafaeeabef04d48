/** What was expected against what was found; what makes two results of one check the same. Pure. */
import type { Report, ReportCheck } from '../model/diagnosis.ts';
import type { Verdict } from '../model/terms.ts';
import { verdictOf } from '../report/group.ts';
import type { Expectation, Wishes } from './wishes.ts';

export interface Outcome {
  readonly verdict: Verdict;
  readonly expectation?: NonNullable<Report['expectation']>;
  readonly allowed?: readonly string[];
}

/** @returns the verdict of one check in the light of what its account expects: what was expected, and came, is a pass. */
export function outcomeOf(check: ReportCheck, wishes: Wishes): Outcome {
  const endpoint = wishes.endpoints?.[check.protocol];
  const allowed = allowedIn(check, endpoint?.allow ?? wishes.allow ?? []);
  const warnings = check.findings.filter((f) => f.severity === 'warning');
  const found: Verdict = check.verdict === 'warn' && warnings.every((f) => allowed.includes(f.cause)) ? 'pass' : check.verdict;
  const more = allowed.length > 0 ? { allowed } : {};
  const expect = endpoint?.expect ?? wishes.expect;
  // What could not be made out is neither what was expected nor anything else.
  if (check.verdict === 'inconclusive') return { verdict: 'inconclusive', ...more };
  const expired = expect?.verdict === 'fail' ? undefined : tooSoon(check, wishes.daysToExpiry);
  if (expired) return { verdict: 'fail', expectation: expired, ...more };
  if (!expect) return { verdict: found, ...more };
  const met = expect.verdict === found && (expect.cause === undefined || holds(check, expect));
  const told = { wanted: [expect.verdict, expect.cause ?? ''].join(' ').trim(), met, found: foundOf(check, found, expect) };
  return { verdict: met ? 'pass' : 'fail', expectation: told, ...more };
}

const allowedIn = (check: ReportCheck, allow: readonly string[]) => [
  ...new Set(check.findings.filter((f) => f.severity === 'warning' && allow.includes(f.cause)).map((f) => f.cause)),
];

/** A failure is expected by its root cause, a warning by any of them. */
const holds = (check: ReportCheck, { verdict, cause }: Expectation) =>
  verdict === 'fail' ? check.cause === cause : check.findings.some((f) => f.cause === cause);

function foundOf(check: ReportCheck, found: Verdict, expect: Expectation): string {
  const warning = check.findings.find((f) => f.severity === 'warning' && f.cause === expect.cause) ?? check.findings[0];
  const cause = check.cause ?? (found === 'warn' ? warning?.cause : undefined);
  return [found, cause ?? ''].join(' ').trim();
}

/** A certificate that has fewer days left than the account demands, where nothing else is wrong. */
function tooSoon(check: ReportCheck, least: number | undefined): Outcome['expectation'] {
  const left = check.facts.certificates?.[0]?.daysLeft;
  if (least === undefined || typeof left !== 'number' || left >= least || check.verdict === 'fail') return undefined;
  return { wanted: `days-to-expiry ${least}`, met: false, found: `days-to-expiry ${left}` };
}

/** @returns what makes two results of one check the same: verdicts, cause and warnings. */
export function fingerprint(report: Report, check: ReportCheck): string {
  const warnings = check.findings.filter((f) => f.severity === 'warning').map((f) => f.cause);
  return `${verdictOf(report, check)} ${check.verdict} ${check.cause ?? ''} ${[...new Set(warnings)].toSorted().join('+')}`;
}
