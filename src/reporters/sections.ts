/** The parts of the terminal report, each a list of finished lines. Pure; the page brings width, colour, words and tables. */
import type { Finding, Report, ReportCheck } from '../model/diagnosis.ts';
import type { StageStatus, Verdict } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { forTerminal, oneLine, safeLines } from '../report/escape.ts';
import { countsOf, groupsOf, verdictOf } from '../report/group.ts';
import { count, formatClauses, formatDuration, formatPair, formatSentences, say } from '../report/say.ts';
import { displayWidth, hang, padEnd, padStart, type Style, widest, wrap } from './layout.ts';
import { factRows } from './rows.ts';
import {
  aboutRows,
  accountOf,
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

export interface Page {
  readonly words: Words;
  readonly width: number;
  readonly paint: (text: string, ...styles: readonly Style[]) => string;
  /** Draws rows as a table that fits the width; `head` is the first row. */
  readonly grid: (rows: readonly (readonly string[])[], head?: boolean) => readonly string[];
}

export const COLORS: Readonly<Record<StageStatus | Verdict, Style>> = {
  pass: 'green',
  warn: 'yellow',
  fail: 'red',
  skipped: 'dim',
  inconclusive: 'yellow',
};

export const heading = (page: Page, text: string) => ['', page.paint(text, 'bold')];

/** @returns a paragraph, indented. */
export const paragraph = (page: Page, text: string, indent = 2) =>
  wrap(oneLine(text), page.width - indent).map((line) => `${' '.repeat(indent)}${line}`.trimEnd());

/** @returns numbered steps. */
export function steps(page: Page, items: readonly string[], indent = 2): string[] {
  const digits = String(items.length).length;
  return items.flatMap((item, i) => hang(`${' '.repeat(indent)}${padStart(String(i + 1), digits)}. `, oneLine(item), page.width));
}

/** @returns foreign text behind a bar, so that it can never stand where our own words or a runner's commands would. */
export function quote(page: Page, text: string, indent = 2): string[] {
  return safeLines(text).flatMap((line) =>
    wrap(line, page.width - indent - 2).map((part) => `${' '.repeat(indent)}${page.paint('│', 'dim')} ${part}`.trimEnd()),
  );
}

/** @returns the verdict line: a mark, the word, what was checked. */
export function verdictLine(page: Page, report: Report, check: ReportCheck): string[] {
  const verdict = verdictOf(report, check);
  return [
    ...wrap(`${MARKS[verdict]} ${oneLine(headline(report, check, page.words))}`, page.width).map((line) =>
      page.paint(line, 'bold', COLORS[verdict]),
    ),
    ...expected(report, page.words).flatMap((line) => paragraph(page, line)),
  ];
}

/** @returns one line per check, for a report over several; of very many those that passed are only counted. */
export function overview(page: Page, reports: readonly Report[], many: boolean): string[] {
  const { words } = page;
  const { shown, hidden } = listed(reports, many);
  const rows = shown.flatMap((report) => {
    const account = accountOf(report);
    const address = reports.length > 1 && account !== null ? oneLine(account) : '';
    const rowOf = (verdict: Verdict, what: string, found: string) => ({ verdict, word: words.verdicts[verdict], what, found });
    if (many && report.checks.length === 0)
      return [rowOf(report.verdict, address, formatClauses(words, (report.warnings ?? []).map(oneLine)))];
    return report.checks.map((check) => {
      const main = mainFinding(check);
      const what = `${words.protocols[check.protocol]} ${address === '' ? '' : `${address} `}${oneLine(endpointOf(check))}`;
      const found = main ? named(main, words, oneLine) : '';
      return rowOf(verdictOf(report, check), what, [found, ...expected(report, words)].filter((p) => p !== '').join(' '));
    });
  });
  const wordWidth = widest(rows.map((r) => r.word));
  const whatWidth = Math.min(Math.floor(page.width / 2), widest(rows.map((r) => r.what)));
  const lines = rows.flatMap(({ verdict, word, what, found }) => {
    const mark = `${MARKS[verdict]} ${padEnd(word, wordWidth)}`;
    const lead = `${mark}  ${padEnd(what, whatWidth)}  `;
    const room = page.width - displayWidth(lead);
    const told =
      room >= 36
        ? hang(lead, found, page.width)
        : [...hang(`${mark}  `, what, page.width), ...(found === '' ? [] : hang('    ', found, page.width))];
    return told.map((line, i) => (i === 0 ? page.paint(mark, COLORS[verdict]) + line.slice(mark.length) : line));
  });
  return hidden > 0 ? [...lines, ...wrap(count(words, 'run.hidden', hidden), page.width)] : lines;
}

/** @returns title, nature, meaning and steps of a finding: what a person needs first. */
export function answer(page: Page, finding: Finding): string[] {
  const { words } = page;
  return [
    ...wrap(oneLine(finding.title), page.width - 2).map((line) => `  ${page.paint(line, 'bold')}`),
    ...paragraph(page, formatPair(words, finding.cause, nature(finding, words))),
    ...paragraph(page, finding.meaning),
    ...(finding.fix.length > 0 ? [...heading(page, say(words, 'label.steps')), ...steps(page, finding.fix)] : []),
  ];
}

/** @returns the tree of stages: a mark, a word and a time each, what was found, and the findings below. */
export function stageTree(page: Page, check: ReportCheck): string[] {
  const { words, paint } = page;
  const status = widest(check.stages.map((s) => words.statuses[s.status]));
  const name = widest(check.stages.map((s) => words.stages[s.stage]));
  const time = widest(check.stages.map((s) => timeOf(s, words)));
  // Branch, mark, and the gaps between the columns.
  const columns = 3 + 2 + status + 2 + name + 2 + time + 2;
  const narrow = page.width - columns < 24;
  return check.stages.flatMap((s, i) => {
    const last = i === check.stages.length - 1;
    const rest = last ? '   ' : '│  ';
    const word = words.statuses[s.status];
    const mark = `${MARKS[s.status]} ${narrow ? word : padEnd(word, status)}`;
    const told = narrow
      ? `${words.stages[s.stage]} ${timeOf(s, words)}`
      : `${padEnd(words.stages[s.stage], name)}  ${padStart(timeOf(s, words), time)}`;
    const lead = `${last ? '└─' : '├─'} ${mark}  ${told}  `;
    const here = s.status === 'skipped' ? [] : check.findings.filter((f) => f.stage === s.stage);
    const texts = [foundAt(s), ...here.map((f) => titled(f, words))];
    const lines = texts.flatMap((t) => wrap(oneLine(t), narrow ? page.width - 6 : page.width - columns));
    const first = narrow ? lead.trimEnd() : `${lead}${lines[0] ?? ''}`.trimEnd();
    const below = narrow ? lines.map((l) => `${rest}   ${l}`) : lines.slice(1).map((l) => `${padEnd(rest, columns)}${l}`);
    return [first.replace(mark, () => paint(mark, COLORS[s.status])), ...below];
  });
}

export function evidence(page: Page, finding: Finding, indent = 2): string[] {
  return finding.evidence.flatMap((e) => quote(page, e, indent));
}

export function alternatives(page: Page, finding: Pick<Finding, 'alternatives'>): string[] {
  return finding.alternatives.flatMap((a) => [
    ...hang('  - ', oneLine(named(a, page.words)), page.width),
    ...hang('    ', oneLine(a.test), page.width),
  ]);
}

export function links(page: Page, items: Finding['links']): string[] {
  return items.flatMap((l) => [...hang('  - ', oneLine(l.title), page.width), `    ${forTerminal(l.url)}`]);
}

/** @returns rows of label and values as a table. */
export function rowsTable(page: Page, rows: readonly Row[]): readonly string[] {
  if (rows.length === 0) return [];
  return page.grid(rows.map((r) => [oneLine(r.label), r.values.flatMap((v) => safeLines(v)).join('\n')]));
}

/** A section with its heading, or nothing where it is empty. */
const section = (page: Page, title: string, lines: readonly string[]) =>
  lines.length > 0 ? [...heading(page, title), ...lines] : [];

/** @returns everything about one check. */
export function checkSections(page: Page, report: Report, check: ReportCheck): string[] {
  const { words } = page;
  const main = mainFinding(check);
  const others = check.findings.filter((f) => f !== main);
  return [
    ...verdictLine(page, report, check),
    ...(main ? answer(page, main) : []),
    ...section(page, say(words, 'label.stages'), stageTree(page, check)),
    ...(main ? section(page, say(words, 'label.evidence'), evidence(page, main)) : []),
    ...(main ? section(page, say(words, 'label.alternatives'), alternatives(page, main)) : []),
    ...section(
      page,
      say(words, 'label.others'),
      others.flatMap((f) => otherFinding(page, f)),
    ),
    ...(main ? section(page, say(words, 'label.links'), links(page, main.links)) : []),
    ...section(page, say(words, 'label.facts'), rowsTable(page, factRows(check, words))),
    ...(check.message ? section(page, say(words, 'label.message'), message(page, check.message)) : []),
    ...section(page, say(words, 'label.transcript'), transcript(page, check)),
  ];
}

function otherFinding(page: Page, finding: Finding): string[] {
  return [
    ...hang('  - ', oneLine(named({ ...finding, title: titled(finding, page.words) }, page.words)), page.width),
    ...paragraph(page, formatSentences(page.words, nature(finding, page.words), finding.meaning), 4),
    ...steps(page, finding.fix, 4),
    ...evidence(page, finding, 4),
    ...alternatives(page, finding),
  ];
}

/** A message to copy: no bar before it; what it quotes keeps its mark on every line. */
function message(page: Page, { en, local }: NonNullable<ReportCheck['message']>): string[] {
  return safeLines(local === undefined ? en : `${local}\n\n${en}`).flatMap((line) => {
    const mark = line.startsWith('> ') ? '  > ' : '  ';
    return wrap(line.slice(mark.length - 2), page.width - mark.length).map((part) => `${mark}${part}`.trimEnd());
  });
}

function transcript(page: Page, check: ReportCheck): string[] {
  const lines = check.transcript ?? [];
  const times = lines.map((t) => formatDuration(page.words, t.atMs));
  const width = widest(times);
  return lines.flatMap((t, i) =>
    hang(`  ${padStart(times[i] ?? '', width)}  ${t.from === 'client' ? 'C:' : 'S:'} `, oneLine(t.text), page.width),
  );
}

/** @returns counts by verdict and failures by cause, for a run over many accounts. */
export function runSummary(page: Page, reports: readonly Report[], unchanged: number | undefined): string[] {
  const groups = groupsOf(reports).filter((g) => g.checks > 1);
  return [
    ...runTotals(countsOf(reports), unchanged, page.words).flatMap((line) => wrap(line, page.width)),
    ...section(
      page,
      say(page.words, 'label.groups'),
      groups.flatMap((g) => hang('  - ', oneLine(groupLine(g, page.words)), page.width)),
    ),
  ];
}

/** @returns the foot: warnings, settings that work, when and by what it was made. */
export function foot(page: Page, report: Report): string[] {
  const { words } = page;
  return [
    ...section(page, say(words, 'label.working'), rowsTable(page, workingRows(report, words))),
    ...section(
      page,
      say(words, 'label.warnings'),
      (report.warnings ?? []).flatMap((w) => hang('  - ', oneLine(w), page.width)),
    ),
    '',
    ...aboutRows(report, words).flatMap((r) =>
      hang(`${r.label}${say(words, 'colon')}`, oneLine(formatClauses(words, r.values)), page.width).map((l) =>
        page.paint(l, 'dim'),
      ),
    ),
  ];
}
