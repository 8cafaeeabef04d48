/** What the formats for people have in common: headlines, rows of facts, the foot of a report. Text only, nothing escaped. Pure. */
import type { Finding, Report, ReportCheck } from '../model/diagnosis.ts';
import type { StageStatus, Verdict } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { place } from '../report/proof.ts';
import { formatDate, formatDuration, formatPair, say } from '../report/say.ts';

/** A sign for each status; the word always stands beside it. */
export const MARKS: Readonly<Record<StageStatus | Verdict, string>> = {
  pass: '✓',
  warn: '!',
  fail: '✗',
  skipped: '-',
  inconclusive: '?',
};

export interface Row {
  readonly label: string;
  /** One line each. */
  readonly values: readonly string[];
  /** Server text or names: quoted as code where the format has that. */
  readonly verbatim?: boolean;
}

export const endpointOf = (check: ReportCheck) => place(check.endpoint.host, check.endpoint.port);

/** @returns "FAILED: POP3 pop.example:995, implicit TLS". */
export function headline(check: ReportCheck, words: Words): string {
  const { security } = check.endpoint;
  return say(words, 'headline', {
    verdict: words.verdicts[check.verdict],
    protocol: check.protocol,
    place: endpointOf(check),
    security,
  });
}

/** @returns the finding that stands first: the root cause, or the first warning. */
export function mainFinding(check: ReportCheck): Finding | undefined {
  return check.findings.find((f) => f.cause === check.cause) ?? check.findings.find((f) => f.severity === 'warning');
}

/** @returns "certificate, proven. Who can mend it: the administrator." */
export function nature(finding: Finding, words: Words): string {
  return say(words, 'nature', {
    category: words.categories[finding.category],
    certainty: words.certainties[finding.certainty],
    owner: words.owners[finding.owner],
  });
}

/** @returns what else a finding is called where several are listed: "warning: title". */
export const titled = (finding: Finding, words: Words) =>
  say(words, 'finding.titled', { severity: words.severities[finding.severity], title: finding.title });

/** @returns a stage's time, empty for one that did not run. */
export const timeOf = (stage: ReportCheck['stages'][number], words: Words) =>
  stage.status === 'skipped' ? '' : formatDuration(words, stage.durationMs);

/** @returns what was found at a stage, or why it did not run. */
export const foundAt = (stage: ReportCheck['stages'][number]) =>
  stage.status === 'skipped' ? (stage.reason ?? stage.summary) : stage.summary;

/** @returns one row, or none where there is nothing to show. */
export const row = (label: string, value: unknown, verbatim = true): readonly Row[] =>
  value === undefined || value === null || value === '' ? [] : [{ label, values: [String(value)], verbatim }];

/** @returns when, by what and for whom the report was made. */
export function aboutRows(report: Report, words: Words): readonly Row[] {
  const { tool, account } = report;
  const plugins = (tool.plugins ?? []).map((p) => `${p.name} ${p.version}${p.linked ? ` (${say(words, 'about.linked')})` : ''}`);
  return [
    {
      label: say(words, 'about.time'),
      values: [
        say(words, 'about.time-value', {
          date: formatDate(words, report.startedAt),
          time: formatDuration(words, report.durationMs),
        }),
      ],
    },
    { label: say(words, 'about.version'), values: [`mailcheck ${tool.version}`] },
    ...row(say(words, 'about.account'), account.address),
    ...row(say(words, 'about.preset'), account.preset),
    ...(plugins.length > 0 ? [{ label: say(words, 'about.plugins'), values: plugins, verbatim: true }] : []),
  ];
}

/** @returns the settings that work, ready to type in. */
export function workingRows(report: Report, words: Words): readonly Row[] {
  return (report.working ?? []).map((w) => ({
    label: words.protocols[w.protocol],
    values: [
      formatPair(words, say(words, 'field.host'), w.host),
      formatPair(words, say(words, 'field.port'), String(w.port)),
      formatPair(words, say(words, 'field.security'), words.securities[w.security]),
      ...(w.user === null ? [] : [formatPair(words, say(words, 'field.user'), w.user)]),
    ],
  }));
}
