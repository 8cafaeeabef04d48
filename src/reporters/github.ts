/** GitHub workflow commands, one annotation per finding, and the step summary: the Markdown report, as long as GitHub takes it. */
import type { Finding, Report, ReportCheck } from '../model/diagnosis.ts';
import type { Reporter } from '../model/reporter.ts';
import type { Severity } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { forGithubCommand, forGithubProperty, oneLine } from '../report/escape.ts';
import { countsOf, groupsOf, teller, verdictOf } from '../report/group.ts';
import { formatPair, say } from '../report/say.ts';
import { markdown, markdownHead } from './markdown.ts';
import { accountOf, expected, groupLine, headline, MARKS, named, pluginsOf, runTotals, toldPlainly } from './view.ts';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', notice: 'notice' };

const command = (name: string, title: string, text: string) =>
  `::${name} title=${forGithubProperty(title)}::${forGithubCommand(text)}`;

export const github: Reporter = {
  format: 'github',
  render(reports, words, { many, unchanged }) {
    // GitHub shows ten annotations of a kind: causes that many share come first, and the rest of their checks are log lines only.
    const groups = many ? groupsOf(reports).filter((g) => g.checks > 1) : [];
    const full = teller();
    const lines = [
      ...groups.map((g) => command('error', named(g, words), [groupLine(g, words), ...g.accounts].join('\n'))),
      ...reports.flatMap((r) =>
        many && r.checks.length === 0
          ? unchecked(r, words)
          : r.checks.flatMap((c) => annotations(r, c, words, { full: !many || full(r, c), many })),
      ),
      ...(many ? runTotals(countsOf(reports), unchanged, words).map((t) => `= ${oneLine(t)}`) : []),
    ];
    return lines.map((line) => `${line}\n`).join('');
  },
};

function unchecked(report: Report, words: Words): string[] {
  const title = [words.verdicts[report.verdict], accountOf(report) ?? ''].join(' ').trim();
  return [`${MARKS[report.verdict]} ${oneLine(title)}`, command('warning', title, (report.warnings ?? []).join('\n') || title)];
}

function annotations(report: Report, check: ReportCheck, words: Words, how: { full: boolean; many: boolean }): string[] {
  const verdict = verdictOf(report, check);
  const who = how.many ? accountOf(report) : null;
  const title = [headline(report, check, words), who ?? ''].join(' ').trim();
  const more = expected(report, words);
  // The mark keeps the line from ever being a command itself.
  const line = [`${MARKS[verdict]} ${oneLine(title)}`, ...more.map(oneLine)].join('  ');
  if (!how.full && verdict !== 'pass') return [line];
  const met = report.expectation?.met === true;
  const allowed = (f: Finding) => met || report.allowed?.includes(f.cause) === true;
  const found = check.findings.map((f) => command(allowed(f) ? 'notice' : COMMANDS[f.severity], title, toldPlainly(f, words)));
  const unmet = report.expectation?.met === false ? [command('error', title, more.join('\n'))] : [];
  const open = verdict === 'inconclusive' && found.length === 0 ? [command('warning', title, title)] : [];
  const plugins = how.many
    ? []
    : pluginsOf(report, words).map((p) => `= ${oneLine(formatPair(words, say(words, 'about.plugins'), p))}`);
  return [line, ...unmet, ...found, ...open, ...plugins];
}

/** GitHub refuses a summary of more than 1 MiB for a step: room is left for what other commands of the step add. */
const SUMMARY_BYTES = 900_000;

/** The Markdown for the file that `GITHUB_STEP_SUMMARY` names. */
export const githubSummary: Reporter = {
  format: 'github-summary',
  render(reports, words, options) {
    const whole = markdown.render(reports, words, options);
    if (Buffer.byteLength(whole) <= SUMMARY_BYTES) return whole;
    let room = SUMMARY_BYTES;
    const lines = markdownHead(reports, words, options)
      .split('\n')
      .filter((line) => {
        room -= Buffer.byteLength(line) + 1;
        return room > 0;
      });
    return `${[...lines, '', say(words, 'github.cut')].join('\n')}\n`;
  },
};
