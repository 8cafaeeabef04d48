/** One line per finished check: a whole report that holds this check alone, its protocol and cause at the top for filters. */
import type { Report, ReportCheck } from '../model/diagnosis.ts';
import type { Reporter } from '../model/reporter.ts';
import { forJson } from '../report/escape.ts';
import { verdictOf } from '../report/group.ts';

/** @returns the line of one check, with its newline. */
export const ndjsonLine = (report: Report, check: ReportCheck): string =>
  `${forJson({ ...report, verdict: verdictOf(report, check), protocol: check.protocol, cause: check.cause, checks: [check] }, 0)}\n`;

/** @returns the lines of a report: one for each check, or one that says why none could be made. */
export const ndjsonLines = (report: Report): string =>
  report.checks.length === 0
    ? `${forJson({ ...report, cause: null }, 0)}\n`
    : report.checks.map((c) => ndjsonLine(report, c)).join('');

export const ndjson: Reporter = {
  format: 'ndjson',
  render: (reports) => reports.map(ndjsonLines).join(''),
};
