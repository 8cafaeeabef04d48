/** Many reports as one: counts by verdict, failures grouped by cause and host, the worst verdict (`mailcheck.run/1`). Pure. */
import type { Report, ReportCheck } from '../model/diagnosis.ts';
import type { Verdict } from '../model/terms.ts';
import { worst } from './compose.ts';

export interface Group {
  readonly cause: string;
  readonly host: string;
  readonly title: string;
  /** Checks with this cause on this host. */
  readonly checks: number;
  /** Accounts among them, at most ten named. */
  readonly accounts: readonly string[];
}

export interface RunDocument {
  readonly schema: 'mailcheck.run/1';
  readonly tool: Report['tool'] | null;
  readonly startedAt: string | null;
  readonly durationMs: number;
  readonly verdict: Verdict;
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly groups: readonly Group[];
  readonly reports: readonly Report[];
}

export interface Placed {
  readonly report: Report;
  readonly check: ReportCheck;
}

/** @returns every check with its report, in order. */
export const checksOf = (reports: readonly Report[]): readonly Placed[] =>
  reports.flatMap((report) => report.checks.map((check) => ({ report, check })));

export function countsOf(reports: readonly Report[]): Readonly<Record<Verdict, number>> {
  const counts: Record<Verdict, number> = { pass: 0, warn: 0, fail: 0, inconclusive: 0 };
  for (const { check } of checksOf(reports)) counts[check.verdict] += 1;
  return counts;
}

/** @returns failures with the same cause on the same host together, the most frequent first. */
export function groupsOf(reports: readonly Report[]): readonly Group[] {
  const groups = new Map<string, { cause: string; host: string; title: string; checks: number; accounts: Set<string> }>();
  for (const { report, check } of checksOf(reports)) {
    if (check.cause === null) continue;
    const { host } = check.endpoint;
    const key = `${check.cause} ${host}`;
    const title = check.findings[0]?.title ?? check.cause;
    const group = groups.get(key) ?? { cause: check.cause, host, title, checks: 0, accounts: new Set<string>() };
    group.checks += 1;
    if (report.account.address !== null && group.accounts.size < 10) group.accounts.add(report.account.address);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.checks - a.checks).map((g) => ({ ...g, accounts: [...g.accounts] }));
}

/**
 * @returns the reports with the checks that a run tells in full: those that did not pass, and of many with one cause on one host
 * the first.
 */
export function toldInFull(reports: readonly Report[]): readonly Report[] {
  const seen = new Set<string>();
  const fresh = (c: ReportCheck) => {
    const key = `${c.cause ?? c.findings[0]?.cause ?? c.verdict} ${c.endpoint.host}`;
    if (c.verdict === 'pass' || seen.has(key)) return false;
    seen.add(key);
    return true;
  };
  return reports.map((r) => ({ ...r, checks: r.checks.filter(fresh) })).filter((r) => r.checks.length > 0);
}

/** @returns the document of a run; its time is that from the first start to the last end. */
export function runDocument(reports: readonly Report[]): RunDocument {
  const starts = reports.map((r) => Date.parse(r.startedAt)).filter((t) => !Number.isNaN(t));
  const begin = starts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const end = reports.reduce((t, r) => Math.max(t, Date.parse(r.startedAt) + r.durationMs), Number.NEGATIVE_INFINITY);
  return {
    schema: 'mailcheck.run/1',
    tool: reports[0]?.tool ?? null,
    startedAt: Number.isFinite(begin) ? new Date(begin).toISOString() : null,
    durationMs: Number.isFinite(begin) && Number.isFinite(end) ? end - begin : 0,
    verdict: worst(reports.map((r) => r.verdict)),
    counts: countsOf(reports),
    groups: groupsOf(reports),
    reports,
  };
}
