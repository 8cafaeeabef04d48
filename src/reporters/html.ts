/** The report as one HTML page: no script, nothing fetched (CSP `default-src 'none'`), readable on a phone and on paper. */
import { createHash } from 'node:crypto';
import type { Finding, Report, ReportCheck } from '../model/diagnosis.ts';
import type { Reporter } from '../model/reporter.ts';
import type { Verdict } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { forHtml, oneLine, safeLines } from '../report/escape.ts';
import { checksOf, countsOf, groupsOf, toldInFull, verdictOf } from '../report/group.ts';
import { count, formatClauses, formatDuration, formatPair, say } from '../report/say.ts';
import { factRows } from './rows.ts';
import { sourceRows } from './sources.ts';
import { STYLE } from './style.ts';
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

type Key = Parameters<typeof say>[1];

const text = (t: string) => forHtml(oneLine(t));
const block = (t: string) => `<pre>${forHtml(safeLines(t).join('\n'))}</pre>`;
const code = (t: string) => `<code>${text(t)}</code>`;

export const html: Reporter = {
  format: 'html',
  render(reports, words, { many, unchanged }) {
    const several = many || reports.length !== 1 || reports.some((r) => r.checks.length !== 1);
    const [first] = checksOf(reports);
    const title = several || !first ? say(words, 'title.report') : headline(first.report, first.check, words);
    const hash = createHash('sha256').update(STYLE).digest('base64');
    return `${[
      '<!doctype html>',
      `<html lang="${forHtml(words.language)}">`,
      '<head>',
      '<meta charset="utf-8">',
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'">`,
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      '<meta name="color-scheme" content="light dark">',
      '<meta name="referrer" content="no-referrer">',
      `<title>${text(title)}</title>`,
      `<style>${STYLE}</style>`,
      '</head>',
      '<body>',
      '<main>',
      ...(several ? [`<h1>${text(title)}</h1>`] : []),
      ...(many ? runTotals(countsOf(reports), unchanged, words).map((line) => `<p>${text(line)}</p>`) : []),
      ...(several ? [...overview(reports, words, many), ...groups(reports, words)] : []),
      ...(many ? toldInFull(reports) : reports).flatMap((r) => [
        ...r.checks.flatMap((c) => section(r, c, words, several ? 2 : 1)),
        ...extras(r, words),
      ]),
      '</main>',
      '<footer>',
      ...reports
        .slice(0, 1)
        .flatMap((r) =>
          aboutRows(r, words).map(
            (row) => `<p>${formatPair(words, text(row.label), text(formatClauses(words, row.values)))}</p>`,
          ),
        ),
      '</footer>',
      '</body>',
      '</html>',
    ].join('\n')}\n`;
  },
};

const heading = (words: Words, key: Key) => `<h3>${text(say(words, key))}</h3>`;
const list = (words: Words, key: Key, lines: readonly string[]) => (lines.length > 0 ? [heading(words, key), ...lines] : []);
const items = (tag: 'ol' | 'ul', lines: readonly string[]) =>
  lines.length > 0 ? [`<${tag}>`, ...lines.map((l) => `<li>${l}</li>`), `</${tag}>`] : [];

function table(kind: 'stages' | 'facts' | 'checks', head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const cells = (r: readonly string[]) => r.map((c) => `<td>${c}</td>`).join('');
  return [
    `<table class="stack ${kind}">`,
    `<thead><tr>${head.map((h) => `<th scope="col">${text(h)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...rows.map((r) => `<tr>${cells(r)}</tr>`),
    '</tbody>',
    '</table>',
  ];
}

const status = (s: keyof typeof MARKS, word: string) => `<span class="${s}">${MARKS[s]} ${text(word)}</span>`;

const accountCell = (account: string | null) => (account === null ? '' : code(account));

function overview(reports: readonly Report[], words: Words, many: boolean): string[] {
  const { shown, hidden } = listed(reports, many);
  const keys = ['label.result', 'label.protocol', 'label.server', 'about.account', 'label.cause'] as const;
  const row = (verdict: Verdict, protocol: string, server: string, report: Report, found: readonly string[]) => [
    status(verdict, words.verdicts[verdict]),
    protocol,
    server,
    accountCell(accountOf(report)),
    found.join(' '),
  ];
  const rows = shown.flatMap((r) => {
    if (many && r.checks.length === 0) return [row(r.verdict, '', '', r, (r.warnings ?? []).map(text))];
    return r.checks.map((c) => {
      const main = mainFinding(c);
      const found = [...(main ? [named(main, words, text, code)] : []), ...expected(r, words).map(text)];
      return row(verdictOf(r, c), text(words.protocols[c.protocol]), code(endpointOf(c)), r, found);
    });
  });
  return [
    ...table(
      'checks',
      keys.map((k) => say(words, k)),
      rows,
    ),
    ...(hidden > 0 ? [`<p>${text(count(words, 'run.hidden', hidden))}</p>`] : []),
  ];
}

function groups(reports: readonly Report[], words: Words): string[] {
  const found = groupsOf(reports).filter((g) => g.checks > 1);
  const lines = found.map((g) => text(groupLine(g, words)));
  return list(words, 'label.groups', items('ul', lines));
}

function section(report: Report, check: ReportCheck, words: Words, level: 1 | 2): string[] {
  const verdict = verdictOf(report, check);
  const main = mainFinding(check);
  const others = check.findings.filter((f) => f !== main);
  return [
    '<section>',
    `<h${level} class="verdict ${verdict}">${MARKS[verdict]} ${text(headline(report, check, words))}</h${level}>`,
    ...expected(report, words).map((line) => `<p>${text(line)}</p>`),
    ...(main ? finding(main, words) : []),
    ...list(words, 'label.stages', stages(check, words)),
    ...(main ? list(words, 'label.evidence', main.evidence.map(block)) : []),
    ...(main ? list(words, 'label.alternatives', alternatives(main, words)) : []),
    ...list(
      words,
      'label.others',
      others.flatMap((f) => [
        `<p class="title">${text(titled(f, words))}</p>`,
        ...body(f, words),
        ...f.evidence.map(block),
        ...alternatives(f, words),
      ]),
    ),
    ...(main ? list(words, 'label.links', items('ul', main.links.map(link))) : []),
    ...list(words, 'label.facts', rowsTable(factRows(check, words), words)),
    ...(check.message
      ? list(words, 'label.message', [check.message.local, check.message.en].filter((m) => m !== undefined).map(block))
      : []),
    ...transcript(check, words),
    '</section>',
  ];
}

const finding = (f: Finding, words: Words) => [`<p class="title">${text(f.title)}</p>`, ...body(f, words)];

const body = (f: Finding, words: Words): string[] => [
  `<p class="soft">${formatPair(words, code(f.cause), text(nature(f, words)))}</p>`,
  `<p>${text(f.meaning)}</p>`,
  ...list(words, 'label.steps', items('ol', f.fix.map(text))),
];

const alternatives = (f: Finding, words: Words) =>
  items(
    'ul',
    f.alternatives.map((a) => alternative(a, words, text, code)),
  );

const link = ({ title, url }: Finding['links'][number]) =>
  /^https?:\/\//i.test(url)
    ? `<a href="${text(url)}" rel="noopener noreferrer">${text(title)}</a>`
    : `${text(title)}: ${code(url)}`;

function stages(check: ReportCheck, words: Words): string[] {
  const keys = ['label.stage', 'label.result', 'label.time', 'label.found'] as const;
  return table(
    'stages',
    keys.map((k) => say(words, k)),
    check.stages.map((s) => [
      text(words.stages[s.stage]),
      status(s.status, words.statuses[s.status]),
      text(timeOf(s, words)),
      text(foundAt(s)),
    ]),
  );
}

function rowsTable(rows: readonly Row[], words: Words): string[] {
  return table(
    'facts',
    [say(words, 'label.fact'), say(words, 'label.value')],
    rows.map((r) => [text(r.label), r.values.map((v) => (r.verbatim ? code(v) : text(v))).join('<br>')]),
  );
}

function transcript(check: ReportCheck, words: Words): string[] {
  if (!check.transcript || check.transcript.length === 0) return [];
  const lines = check.transcript.map(
    (t) => `${formatDuration(words, t.atMs)} ${t.from === 'client' ? 'C:' : 'S:'} ${oneLine(t.text)}`,
  );
  return ['<details>', `<summary>${text(say(words, 'label.transcript'))}</summary>`, block(lines.join('\n')), '</details>'];
}

const extras = (report: Report, words: Words): string[] => [
  ...list(words, 'discover.asked', rowsTable(sourceRows(report, words), words)),
  ...list(words, 'label.working', rowsTable(workingRows(report, words), words)),
  ...list(words, 'label.warnings', items('ul', (report.warnings ?? []).map(text))),
];
