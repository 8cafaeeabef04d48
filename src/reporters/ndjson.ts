/** One line per finished check: a whole report that holds this check alone, its protocol and cause at the top for filters. */
import type { Report, ReportCheck } from '../model/diagnosis.ts';
import type { Reporter } from '../model/reporter.ts';
import { forJson } from '../report/escape.ts';

/** @returns the line of one check, with its newline. */
export const ndjsonLine = (report: Report, check: ReportCheck): string =>
  `${forJson({ ...report, verdict: check.verdict, protocol: check.protocol, cause: check.cause, checks: [check] }, 0)}\n`;

export const ndjson: Reporter = {
  format: 'ndjson',
  render: (reports) => reports.flatMap((r) => r.checks.map((c) => ndjsonLine(r, c))).join(''),
};
