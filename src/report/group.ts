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
  /** How many accounts they belong to. */
  readonly accountsTotal: number;
  /** Addresses among them, at most ten named. */
  readonly accounts: readonly string[];
}

export interface RunDocument {
  readonly schema: 'mailcheck.run/1';
  readonly tool: Report['tool'] | null;
  readonly startedAt: string | null;
  readonly durationMs: number;
  readonly verdict: Verdict;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** With a baseline: checks that came out as they did then, which `reports` leaves out. */
  readonly unchanged?: number;
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

/** @returns accounts of a run for which no check could be made; their `warnings` say why. */
export const uncheckedOf = (reports: readonly Report[]): readonly Report[] => reports.filter((r) => r.checks.length === 0);

/**
 * @returns the verdict that counts. A report of a run holds one check, and its own verdict has what the configuration expects
 * and allows in it; elsewhere a check's verdict is its own.
 */
export const verdictOf = (report: Report, check: ReportCheck): Verdict =>
  report.checks.length === 1 ? report.verdict : check.verdict;

/** @returns what identifies an account across runs. */
export const accountKey = (report: Report): string =>
  report.key ?? report.account.address ?? report.checks.map((c) => `${c.endpoint.host}:${c.endpoint.port}`).join(' ');

/** @returns what identifies one check of an account across runs. */
export const checkKey = (report: Report, check: ReportCheck): string =>
  `${accountKey(report)} ${check.protocol} ${check.endpoint.host}:${check.endpoint.port}`;

/** Counts and groups while reports come in, in memory that does not grow with the checks that pass. */
export interface Tally {
  add(report: Report): void;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** The most frequent first. */
  groups(): readonly Group[];
}

/** Accounts of a group that are told apart exactly; beyond them neighbours are. */
const EXACT = 10_000;

interface Open {
  readonly cause: string;
  readonly host: string;
  readonly title: string;
  checks: number;
  total: number;
  last: string | undefined;
  readonly keys: Set<string>;
  readonly named: Set<string>;
}

export function createTally(): Tally {
  const counts: Record<Verdict, number> = { pass: 0, warn: 0, fail: 0, inconclusive: 0 };
  const groups = new Map<string, Open>();
  return {
    counts,
    add(report) {
      if (report.checks.length === 0) counts[report.verdict] += 1;
      for (const check of report.checks) {
        const verdict = verdictOf(report, check);
        counts[verdict] += 1;
        if (check.cause !== null && verdict !== 'pass') join(groups, report, check, check.cause);
      }
    },
    groups: () =>
      [...groups.values()]
        .sort((a, b) => b.checks - a.checks)
        .map(({ cause, host, title, checks, total, named }) => {
          return { cause, host, title, checks, accountsTotal: total, accounts: [...named] };
        }),
  };
}

function join(groups: Map<string, Open>, report: Report, check: ReportCheck, cause: string): void {
  const { host } = check.endpoint;
  const key = `${cause} ${host}`;
  const title = check.findings.find((f) => f.cause === cause)?.title ?? cause;
  const fresh = (): Open => ({ cause, host, title, checks: 0, total: 0, last: undefined, keys: new Set(), named: new Set() });
  const group = groups.get(key) ?? fresh();
  const account = accountKey(report);
  group.checks += 1;
  if (account !== group.last && !group.keys.has(account)) {
    group.total += 1;
    if (group.keys.size < EXACT) group.keys.add(account);
  }
  group.last = account;
  if (report.account.address !== null && group.named.size < 10) group.named.add(report.account.address);
  groups.set(key, group);
}

function tallied(reports: readonly Report[]): Tally {
  const tally = createTally();
  for (const report of reports) tally.add(report);
  return tally;
}

/** @returns how many checks there are of each verdict; an account that could not be checked counts as one. */
export const countsOf = (reports: readonly Report[]): Readonly<Record<Verdict, number>> => tallied(reports).counts;

/** @returns failures with the same cause on the same host together, the most frequent first; what was expected is no failure. */
export const groupsOf = (reports: readonly Report[]): readonly Group[] => tallied(reports).groups();

/** Says of one check after the other whether a run tells it in full. */
export function teller(): (report: Report, check: ReportCheck) => boolean {
  const seen = new Set<string>();
  return (report, check) => {
    const key = `${check.cause ?? check.findings[0]?.cause ?? check.verdict} ${check.endpoint.host}`;
    const verdict = verdictOf(report, check);
    // Of a check without stages only the outcome was kept.
    if (verdict === 'pass' || check.stages.length === 0) return false;
    // What was expected and did not come is told for every account: the causes say nothing of it.
    if (report.expectation?.met === false) return true;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
}

/**
 * @returns the reports with the checks that a run tells in full: those that did not pass, and of many with one cause on one host
 * the first.
 */
export function toldInFull(reports: readonly Report[]): readonly Report[] {
  const wanted = teller();
  return reports.flatMap((r) => {
    const checks = r.checks.filter((c) => wanted(r, c));
    // A report of one check keeps its verdict, whatever is left out of another.
    return checks.length > 0 ? [{ ...r, checks, ...(r.checks.length === 1 ? {} : { verdict: worstOf(checks) }) }] : [];
  });
}

const worstOf = (checks: readonly ReportCheck[]) => worst(checks.map((c) => c.verdict));

/** @returns the document of a run; its time is that from the first start to the last end. */
export function runDocument(reports: readonly Report[], unchanged?: number): RunDocument {
  const starts = reports.map((r) => Date.parse(r.startedAt)).filter((t) => !Number.isNaN(t));
  const begin = starts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const end = reports.reduce((t, r) => Math.max(t, Date.parse(r.startedAt) + r.durationMs), Number.NEGATIVE_INFINITY);
  const tally = tallied(reports);
  return {
    schema: 'mailcheck.run/1',
    tool: reports[0]?.tool ?? null,
    startedAt: Number.isFinite(begin) ? new Date(begin).toISOString() : null,
    durationMs: Number.isFinite(begin) && Number.isFinite(end) ? end - begin : 0,
    // A part of the accounts may be empty, and a run may have nothing to tell: nothing failed then.
    verdict: reports.length === 0 ? 'pass' : worst(reports.map((r) => r.verdict)),
    counts: tally.counts,
    ...(unchanged === undefined ? {} : { unchanged }),
    groups: tally.groups(),
    reports,
  };
}
