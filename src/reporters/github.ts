/** GitHub workflow commands, one annotation per finding; the step summary is the Markdown report. */
import type { Finding, ReportCheck } from '../model/diagnosis.ts';
import type { Reporter } from '../model/reporter.ts';
import type { Severity } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { forGithubCommand, forGithubProperty, oneLine } from '../report/escape.ts';
import { checksOf } from '../report/group.ts';
import { markdown } from './markdown.ts';
import { headline, MARKS, nature } from './view.ts';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', notice: 'notice' };

export const github: Reporter = {
  format: 'github',
  render: (reports, words) =>
    checksOf(reports)
      .flatMap(({ check }) => annotations(check, words))
      .map((line) => `${line}\n`)
      .join(''),
};

function annotations(check: ReportCheck, words: Words): string[] {
  const said = headline(check, words);
  const title = forGithubProperty(said);
  // The mark keeps the line from ever being a command itself.
  const line = `${MARKS[check.verdict]} ${oneLine(said)}`;
  const found = check.findings.map((f) => `::${COMMANDS[f.severity]} title=${title}::${forGithubCommand(told(f, words))}`);
  const open =
    check.verdict === 'inconclusive' && found.length === 0 ? [`::warning title=${title}::${forGithubCommand(said)}`] : [];
  return [line, ...found, ...open];
}

function told(f: Finding, words: Words): string {
  return [
    `${f.title} (${f.cause})`,
    nature(f, words),
    f.meaning,
    ...f.fix.map((s, i) => `${i + 1}. ${s}`),
    ...f.evidence,
    ...f.alternatives.map((a) => `- ${a.title === undefined ? a.cause : `${a.title} (${a.cause})`}: ${a.test}`),
    ...f.links.map((l) => `${l.title}: ${l.url}`),
  ].join('\n');
}

/** @returns the Markdown for the file that `GITHUB_STEP_SUMMARY` names. */
export const stepSummary = (...args: Parameters<Reporter['render']>): string => markdown.render(...args);
