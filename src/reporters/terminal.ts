/** The terminal report: verdict, root cause and what to do first, then the stages as a tree, then the proof. The one door to `table`. */
import { table } from 'table';
import type { Report } from '../model/diagnosis.ts';
import type { RenderOptions, Reporter } from '../model/reporter.ts';
import type { Words } from '../model/words.ts';
import { toldInFull } from '../report/group.ts';
import { say } from '../report/say.ts';
import { padEnd, painter, widest, wrap } from './layout.ts';
import { checkSections, foot, heading, overview, type Page, runSummary } from './sections.ts';
import { sourcesTable, speaking } from './sources.ts';

const DEFAULT_WIDTH = 80;
/** Narrower than this nothing readable fits. */
const LEAST_WIDTH = 40;

/** @returns the page for these options: width, colour, words, and tables that fit. */
export function pageOf(words: Words, options: Pick<RenderOptions, 'width' | 'color'>): Page {
  const asked = Number.isFinite(options.width) && options.width > 0 ? Math.floor(options.width) : DEFAULT_WIDTH;
  const width = Math.max(LEAST_WIDTH, Math.min(asked, 200));
  const paint = painter(options.color);
  return { words, width, paint, grid: (rows, head) => grid(rows, width, head === true, paint) };
}

/** Widths of the columns: what they need, the widest narrowed until all fit. */
function columnWidths(rows: readonly (readonly string[])[], room: number): number[] {
  const columns = rows.reduce((n, r) => Math.max(n, r.length), 0);
  const widths = Array.from({ length: columns }, (_, c) => Math.max(1, widest(rows.flatMap((r) => (r[c] ?? '').split('\n')))));
  // A border and two spaces around each cell.
  const space = room - (3 * columns + 1);
  for (let total = widths.reduce((a, b) => a + b, 0); total > space; total -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    const now = widths[widest] ?? 0;
    if (now <= 6) break;
    widths[widest] = now - 1;
  }
  return widths;
}

/**
 * Cells are wrapped and padded here, by our own measure of width, so that `table` only draws the frame; it gets a row for each line,
 * since it cuts a cell of several lines character by character, again for each line.
 */
function grid(rows: readonly (readonly string[])[], width: number, head: boolean, paint: Page['paint']): readonly string[] {
  if (rows.length === 0) return [];
  const widths = columnWidths(rows, width);
  const ruled = rows.some((r) => r.some((x) => x.includes('\n')));
  const rules = new Set<number>();
  const lines: string[][] = [];
  for (const [y, r] of rows.entries()) {
    if (ruled || (head && y === 1)) rules.add(lines.length);
    const cells = widths.map((w, c) => wrap(r[c] ?? '', w).map((line) => padEnd(line, w)));
    for (let i = 0; i < Math.max(...cells.map((cell) => cell.length)); i++)
      lines.push(cells.map((cell) => (head && y === 0 ? paint(cell[i] ?? '', 'bold') : (cell[i] ?? ''))));
  }
  const drawn = table(lines, {
    columns: Object.fromEntries(widths.map((w, i) => [i, { width: w }])),
    drawHorizontalLine: (line, count) => line === 0 || line === count || rules.has(line),
    border: {
      topLeft: '┌',
      topRight: '┐',
      topBody: '─',
      topJoin: '┬',
      bottomLeft: '└',
      bottomRight: '┘',
      bottomBody: '─',
      bottomJoin: '┴',
      joinLeft: '├',
      joinRight: '┤',
      joinBody: '─',
      joinJoin: '┼',
      bodyLeft: '│',
      bodyRight: '│',
      bodyJoin: '│',
    },
  });
  return drawn.trimEnd().split('\n');
}

export const terminal: Reporter = {
  format: 'terminal',
  render(reports, words, options) {
    const page = pageOf(words, options);
    const several = options.many || reports.length !== 1 || reports.some((r) => r.checks.length !== 1);
    const lines = several ? severalReports(page, reports, options) : reports.flatMap((r) => wholeReport(page, r));
    return `${lines.join('\n')}\n`;
  },
};

const wholeReport = (page: Page, report: Report): string[] => [
  ...report.checks.flatMap((c, i) => [
    ...(i > 0 ? ['', page.paint('─'.repeat(page.width), 'dim'), ''] : []),
    ...checkSections(page, report, c),
  ]),
  ...discovered(page, report),
  ...foot(page, report),
];

/** Where the settings of an account came from, told once for all its services. */
function discovered(page: Page, report: Report): string[] {
  const sources = speaking(report.discovery?.sources ?? []);
  return sources.length === 0 ? [] : [...heading(page, say(page.words, 'discover.asked')), ...sourcesTable(page, sources)];
}

/** Every check has its verdict line first; the details of those that did not pass follow. */
function severalReports(page: Page, reports: readonly Report[], { many, unchanged }: RenderOptions): string[] {
  const rule = ['', page.paint('─'.repeat(page.width), 'dim'), ''];
  const detailed = many ? toldInFull(reports) : reports;
  const first = overview(page, reports, many);
  const summary = many ? [...(first.length > 0 ? [''] : []), ...runSummary(page, reports, unchanged)] : [];
  return [...first, ...summary, ...detailed.flatMap((r) => [...rule, ...wholeReport(page, r)])];
}
