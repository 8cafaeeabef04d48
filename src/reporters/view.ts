/** What the formats for people have in common: headlines, rows of facts, the foot of a report. Text only, nothing escaped. Pure. */
import type { Finding, Report, ReportCheck } from '../model/diagnosis.ts';
import type { StageStatus, Verdict } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { type Group, verdictOf } from '../report/group.ts';
import { place } from '../report/proof.ts';
import { count, formatDate, formatDuration, formatList, formatNumber, formatPair, say } from '../report/say.ts';

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

/** @returns the account as a list names it: "billing (you@example.com)", or null where nothing but its server is known. */
export function accountOf({ key, account: { address }, checks }: Report): string | null {
  const named = key !== undefined && !key.startsWith(address ?? '\0') && !checks.some((c) => key.includes(c.endpoint.host));
  if (!named) return address;
  return address === null ? key : `${key} (${address})`;
}

/** @returns "FAILED: POP3 pop.example:995, implicit TLS". */
export function headline(report: Report, check: ReportCheck, words: Words): string {
  const { security } = check.endpoint;
  return say(words, 'headline', {
    verdict: words.verdicts[verdictOf(report, check)],
    protocol: check.protocol,
    place: endpointOf(check),
    security,
  });
}

/** `fail certificate.expired` of a configuration, as people read it. */
function outcome(text: string, words: Words): string {
  const [verdict = '', cause] = text.split(' ');
  const word = Object.entries<string>(words.verdicts).find(([id]) => id === verdict)?.[1] ?? verdict;
  return cause === undefined ? word : say(words, 'overview.found', { title: word, cause });
}

/** `days-to-expiry 30` of a configuration. */
const daysIn = (text: string) => /^days-to-expiry (-?\d{1,6})$/.exec(text)?.[1];

/** @returns what a run's configuration expects of this report and whether it came so, what it allows, what the baseline had. */
export function expected(report: Report, words: Words): readonly string[] {
  const { expectation, allowed, previous } = report;
  return [
    ...(expectation ? [expectationOf(expectation, words)] : []),
    ...(allowed && allowed.length > 0 ? [say(words, 'expect.allowed', { causes: formatList(words, allowed) })] : []),
    ...(previous
      ? [say(words, 'expect.previous', { wanted: outcome([previous.verdict, previous.cause ?? ''].join(' ').trim(), words) })]
      : []),
  ];
}

function expectationOf({ wanted, met, found }: NonNullable<Report['expectation']>, words: Words): string {
  const [least, left] = [daysIn(wanted), daysIn(found)];
  if (least !== undefined && left !== undefined)
    return say(words, 'expect.days', { wanted: count(words, 'days', Number(least)), found: count(words, 'days', Number(left)) });
  return met
    ? say(words, 'expect.met', { wanted: outcome(wanted, words) })
    : say(words, 'expect.unmet', { wanted: outcome(wanted, words), found: outcome(found, words) });
}

/** @returns "One cause explains 412 accounts: …". */
export function groupLine(g: Group, words: Words): string {
  const holes = { title: g.title, cause: g.cause, host: g.host };
  return g.accountsTotal > 1
    ? count(words, 'run.group-accounts', g.accountsTotal, holes)
    : count(words, 'run.group', g.checks, holes);
}

/** @returns how many checks there were, by verdict; against a baseline, how many are as they were. */
export function runTotals(
  counts: Readonly<Record<Verdict, number>>,
  unchanged: number | undefined,
  words: Words,
): readonly string[] {
  const totals = (['fail', 'warn', 'inconclusive', 'pass'] as const)
    .filter((v) => counts[v] > 0)
    .map((v) => say(words, 'run.count', { verdict: words.verdicts[v], n: formatNumber(words, counts[v]) }));
  const all = Object.values(counts).reduce((a, b) => a + b, 0);
  if (all > 0) {
    const rest = unchanged === undefined || unchanged === 0 ? [] : [count(words, 'run.unchanged-rest', unchanged)];
    return [count(words, 'run.checks', all, { totals: formatList(words, totals) }), ...rest];
  }
  return [unchanged === undefined || unchanged === 0 ? say(words, 'run.none') : count(words, 'run.unchanged', unchanged)];
}

/** Of more checks than this, those that passed are counted, not listed. */
const LISTED = 500;

/** @returns the reports that a list of checks names, and how many passed ones it leaves out. */
export function listed(
  reports: readonly Report[],
  many: boolean,
): { readonly shown: readonly Report[]; readonly hidden: number } {
  const total = reports.reduce((n, r) => n + r.checks.length, 0);
  if (!many || total <= LISTED) return { shown: reports, hidden: 0 };
  const shown = reports.filter((r) => r.verdict !== 'pass');
  return { shown, hidden: total - shown.reduce((n, r) => n + r.checks.length, 0) };
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

const plain = (text: string) => text;

/** @returns "title (id)", where the title is known; `text` and `code` escape them for the format. */
export function named(f: { readonly title?: string; readonly cause: string }, words: Words, text = plain, code = plain): string {
  const cause = code(f.cause);
  return f.title === undefined ? cause : say(words, 'overview.found', { title: text(f.title), cause });
}

/** @returns what was not ruled out, and what would tell: "title (id): test". */
export const alternative = (a: Finding['alternatives'][number], words: Words, text = plain, code = plain) =>
  formatPair(words, named(a, words, text, code), text(a.test));

/** @returns everything about a finding as plain text, as CI pages show it. */
export function toldPlainly(f: Finding, words: Words, title = f.title, evidence = f.evidence): string {
  return [
    named({ title, cause: f.cause }, words),
    nature(f, words),
    f.meaning,
    ...f.fix.map((s, i) => `${i + 1}. ${s}`),
    ...evidence,
    ...f.alternatives.map((a) => `- ${alternative(a, words)}`),
    ...f.links.map((l) => `${l.title}: ${l.url}`),
  ].join('\n');
}

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
  const plugins = pluginsOf(report, words);
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
    ...row(say(words, 'about.account'), accountOf(report)),
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

/** The plugins that were loaded, a linked one marked; with words in their language, else for formats without sentences. */
export const pluginsOf = ({ tool }: Report, words?: Words): readonly string[] => {
  const linked = words ? say(words, 'about.linked') : 'linked';
  return (tool.plugins ?? []).map((p) => `${p.name} ${p.version}${p.linked ? ` (${linked})` : ''}`);
};
