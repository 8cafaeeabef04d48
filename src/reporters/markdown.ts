/** The report for tickets, merge requests and e-mail: Markdown that server text cannot break out of (CommonMark, GFM tables). */
import type { Finding, Report, ReportCheck } from '../model/diagnosis.ts';
import type { RenderOptions, Reporter } from '../model/reporter.ts';
import type { Verdict } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import {
  forMarkdownBlock,
  forMarkdownCell,
  forMarkdownCode,
  forMarkdownText,
  forMarkdownTextCell,
  oneLine,
} from '../report/escape.ts';
import { countsOf, groupsOf, toldInFull, verdictOf } from '../report/group.ts';
import { count, formatClauses, formatDuration, formatPair, formatSentences, say } from '../report/say.ts';
import { factRows } from './rows.ts';
import { sourceRows } from './sources.ts';
import {
  aboutRows,
  accountOf,
  alternative,
  endpointOf,
  expected,
  foundAt,
  groupLine,
  headline,
  listed,
  MARKS,
  mainFinding,
  named,
  nature,
  type Row,
  runTotals,
  timeOf,
  titled,
  workingRows,
} from './view.ts';

const text = forMarkdownText;
const cell = forMarkdownTextCell;

export const markdown: Reporter = {
  format: 'markdown',
  render: (reports, words, options) => {
    const level = severalIn(reports, options.many) ? '##' : '#';
    return whole([
      ...head(reports, words, options),
      ...(options.many ? toldInFull(reports) : reports).flatMap((report) => [
        ...report.checks.flatMap((check) => ['', ...section(report, check, words, level)]),
        ...foot(report, words, level),
      ]),
    ]);
  },
};

/** @returns the head of the document alone: the list of checks, the totals and the shared causes. */
export const markdownHead: Reporter['render'] = (reports, words, options) =>
  whole(head(reports, words, { ...options, many: true }));

const whole = (lines: readonly string[]) =>
  `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;

const severalIn = (reports: readonly Report[], many: boolean) =>
  many || reports.length !== 1 || reports.some((r) => r.checks.length !== 1);

function head(reports: readonly Report[], words: Words, { many, unchanged }: RenderOptions): string[] {
  if (!severalIn(reports, many)) return [];
  const totals = many ? runTotals(countsOf(reports), unchanged, words).flatMap((line) => [text(line), '']) : [];
  return [
    `# ${text(say(words, 'title.report'))}`,
    '',
    ...totals,
    ...overview(reports, words, many),
    '',
    ...groups(reports, words),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  return [`| ${head.join(' | ')} |`, `|${head.map(() => '---').join('|')}|`, ...rows.map((r) => `| ${r.join(' | ')} |`), ''];
}

const accountCell = (account: string | null) => (account === null ? '' : forMarkdownCell(account));

function overview(reports: readonly Report[], words: Words, many: boolean): string[] {
  const { shown, hidden } = listed(reports, many);
  const row = (verdict: Verdict, protocol: string, server: string, report: Report, found: readonly string[]) => [
    `${MARKS[verdict]} ${cell(words.verdicts[verdict])}`,
    protocol,
    server,
    accountCell(accountOf(report)),
    found.join(' '),
  ];
  const rows = shown.flatMap((report) => {
    if (many && report.checks.length === 0) return [row(report.verdict, '', '', report, (report.warnings ?? []).map(cell))];
    return report.checks.map((c) => {
      const main = mainFinding(c);
      const found = [...(main ? [named(main, words, cell, forMarkdownCell)] : []), ...expected(report, words).map(cell)];
      return row(verdictOf(report, c), words.protocols[c.protocol], forMarkdownCell(endpointOf(c)), report, found);
    });
  });
  const keys = ['label.result', 'label.protocol', 'label.server', 'about.account', 'label.cause'] as const;
  return [
    ...table(
      keys.map((k) => cell(say(words, k))),
      rows,
    ),
    ...(hidden > 0 ? [text(count(words, 'run.hidden', hidden)), ''] : []),
  ];
}

function groups(reports: readonly Report[], words: Words): string[] {
  const found = groupsOf(reports).filter((g) => g.checks > 1);
  if (found.length === 0) return [];
  return [`## ${text(say(words, 'label.groups'))}`, '', ...found.map((g) => `- ${text(groupLine(g, words))}`), ''];
}

function section(report: Report, check: ReportCheck, words: Words, level: string): string[] {
  const main = mainFinding(check);
  const others = check.findings.filter((f) => f !== main);
  const sub = (key: Parameters<typeof say>[1]) => ['', `${level}# ${text(say(words, key))}`, ''];
  const list = (key: Parameters<typeof say>[1], lines: readonly string[]) => (lines.length > 0 ? [...sub(key), ...lines] : []);
  return [
    `${level} ${MARKS[verdictOf(report, check)]} ${text(headline(report, check, words))}`,
    '',
    ...expected(report, words).flatMap((line) => [text(line), '']),
    ...(main
      ? [
          `**${text(main.title)}**`,
          '',
          formatPair(words, forMarkdownCode(main.cause), text(nature(main, words))),
          '',
          text(main.meaning),
          ...list('label.steps', steps(main)),
        ]
      : []),
    ...sub('label.stages'),
    ...stages(check, words),
    ...(main ? list('label.evidence', quotes(main)) : []),
    ...(main ? list('label.alternatives', alternatives(main, words)) : []),
    ...list(
      'label.others',
      others.flatMap((f) => [
        `- ${formatPair(
          words,
          named({ ...f, title: titled(f, words) }, words, (t) => `**${text(t)}**`, forMarkdownCode),
          formatSentences(words, text(nature(f, words)), text(f.meaning)),
        )}`,
        ...steps(f).map((s) => `    ${s}`),
        ...f.evidence.map((e) => `    - ${forMarkdownCode(e)}`),
        ...alternatives(f, words).map((a) => `    ${a}`),
      ]),
    ),
    ...(main ? list('label.links', main.links.map(link)) : []),
    ...list('label.facts', rowsTable(factRows(check, words), words)),
    ...(check.message
      ? list('label.message', [
          ...(check.message.local === undefined ? [] : [forMarkdownBlock(check.message.local), '']),
          forMarkdownBlock(check.message.en),
        ])
      : []),
    ...transcript(check, words),
    '',
  ];
}

const steps = (f: Finding) => f.fix.map((s, i) => `${i + 1}. ${text(s)}`);
const quotes = (f: Finding) => f.evidence.flatMap((e) => [forMarkdownBlock(e), '']);
const alternatives = (f: Finding, words: Words) => f.alternatives.map((a) => `- ${alternative(a, words, text, forMarkdownCode)}`);

/** Our own and the presets' links; anything but http is shown as text. */
function link({ title, url }: Finding['links'][number]): string {
  const safe = oneLine(url);
  return /^https?:\/\/[^\s<>\\`]+$/.test(safe) ? `- ${text(title)}: <${safe}>` : `- ${text(title)}: ${forMarkdownCode(safe)}`;
}

function stages(check: ReportCheck, words: Words): string[] {
  const keys = ['label.stage', 'label.result', 'label.time', 'label.found'] as const;
  return table(
    keys.map((k) => cell(say(words, k))),
    check.stages.map((s) => [
      cell(words.stages[s.stage]),
      `${MARKS[s.status]} ${cell(words.statuses[s.status])}`,
      cell(timeOf(s, words)),
      cell(foundAt(s)),
    ]),
  );
}

function rowsTable(rows: readonly Row[], words: Words): string[] {
  const value = (r: Row) => r.values.map((v) => (r.verbatim ? forMarkdownCell(v) : cell(v))).join('<br>');
  return table(
    [cell(say(words, 'label.fact')), cell(say(words, 'label.value'))],
    rows.map((r) => [cell(r.label), value(r)]),
  );
}

function transcript(check: ReportCheck, words: Words): string[] {
  if (!check.transcript || check.transcript.length === 0) return [];
  const lines = check.transcript.map(
    (t) => `${formatDuration(words, t.atMs)} ${t.from === 'client' ? 'C:' : 'S:'} ${oneLine(t.text)}`,
  );
  return [
    '',
    '<details>',
    `<summary>${text(say(words, 'label.transcript'))}</summary>`,
    '',
    forMarkdownBlock(lines.join('\n')),
    '',
    '</details>',
  ];
}

function foot(report: Report, words: Words, level: string): string[] {
  const working = rowsTable(workingRows(report, words), words);
  const warnings = (report.warnings ?? []).map((w) => `- ${text(w)}`);
  const sources = rowsTable(sourceRows(report, words), words);
  return [
    ...(sources.length > 0 ? [`${level}# ${text(say(words, 'discover.asked'))}`, '', ...sources] : []),
    ...(working.length > 0 ? [`${level}# ${text(say(words, 'label.working'))}`, '', ...working] : []),
    ...(warnings.length > 0 ? [`${level}# ${text(say(words, 'label.warnings'))}`, '', ...warnings, ''] : []),
    '',
    aboutRows(report, words)
      .map((r) => formatPair(words, text(r.label), text(formatClauses(words, r.values))))
      .join('  \n'),
    '',
  ];
}
