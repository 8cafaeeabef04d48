/**
 * JUnit XML as GitLab and Jenkins read it: a suite per check, a test case per stage. In a run, one more case says whether the check
 * came out as the configuration expects; where it did, what failed as expected passes.
 */
import type { Finding, Report, ReportCheck } from '../model/diagnosis.ts';
import type { Reporter } from '../model/reporter.ts';
import type { StageName } from '../model/terms.ts';
import type { Words } from '../model/words.ts';
import { forXml, oneLine } from '../report/escape.ts';
import { checksOf, uncheckedOf, verdictOf } from '../report/group.ts';
import { say } from '../report/say.ts';
import { accountOf, endpointOf, expected, foundAt, headline, pluginsOf, titled, toldPlainly } from './view.ts';

type Stage = ReportCheck['stages'][number];
interface Case {
  readonly name: string;
  readonly time: number;
  readonly result: 'passed' | 'failed' | 'skipped' | 'error';
  readonly body: readonly string[];
}

/** An attribute: on one line, since XML folds newlines in attributes. */
const attribute = (text: string) => forXml(oneLine(text));
const seconds = (ms: number) => (ms / 1000).toFixed(3);

export const junit: Reporter = {
  format: 'junit',
  render(reports, words, { many }) {
    const suites = checksOf(reports).map(({ report, check }) => ({ report, check, cases: casesOf(report, check, words) }));
    const unchecked = many ? uncheckedOf(reports).map((report) => ({ report, cases: [notChecked(report, words)] })) : [];
    const all = [...suites, ...unchecked].flatMap((s) => s.cases);
    const time = seconds(reports.reduce((t, r) => t + r.durationMs, 0));
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites name="mailcheck" ${totals(all)} time="${time}">`,
      ...suites.flatMap((s) => suite(s.report, s.check, s.cases, words)),
      ...unchecked.flatMap((s) => suiteOf(s.report, accountOf(s.report) ?? 'mailcheck', 0, s.cases, {}, 'mailcheck.run')),
      '</testsuites>',
      '',
    ].join('\n');
  },
};

const totals = (cases: readonly Case[]) => {
  const n = (result: Case['result']) => cases.filter((c) => c.result === result).length;
  return `tests="${cases.length}" failures="${n('failed')}" errors="${n('error')}"`;
};
/** Jenkins' schema knows this on a suite, not on the root. */
const skipped = (cases: readonly Case[]) => `skipped="${cases.filter((c) => c.result === 'skipped').length}"`;

function suite(report: Report, check: ReportCheck, cases: readonly Case[], words: Words): string[] {
  const name = [words.protocols[check.protocol], endpointOf(check), accountOf(report) ?? ''].join(' ').trim();
  const ms = check.durationMs ?? check.stages.reduce((t, s) => t + s.durationMs, 0);
  const properties = { verdict: verdictOf(report, check), cause: check.cause ?? '' };
  return suiteOf(report, name, ms, cases, properties, `mailcheck.${check.protocol}.${check.endpoint.host.replaceAll('.', '_')}`);
}

function suiteOf(
  report: Report,
  name: string,
  ms: number,
  cases: readonly Case[],
  more: Readonly<Record<string, string>>,
  className: string,
): string[] {
  const plugins = pluginsOf(report);
  const properties = {
    'mailcheck.version': report.tool.version,
    ...(plugins.length > 0 ? { 'mailcheck.plugins': plugins.join(', ') } : {}),
    ...more,
    language: report.language,
  };
  return [
    `  <testsuite name="${attribute(name)}" ${totals(cases)} ${skipped(cases)} time="${seconds(ms)}" timestamp="${attribute(report.startedAt.slice(0, 19))}">`,
    '    <properties>',
    ...Object.entries(properties).map(([k, v]) => `      <property name="${k}" value="${attribute(v)}"/>`),
    '    </properties>',
    ...cases.flatMap((c) => testCase(c, className)),
    '  </testsuite>',
  ];
}

function testCase(c: Case, className: string): string[] {
  const open = `    <testcase name="${attribute(c.name)}" classname="${attribute(className)}" time="${seconds(c.time)}"`;
  return c.body.length === 0 ? [`${open}/>`] : [`${open}>`, ...c.body.map((l) => `      ${l}`), '    </testcase>'];
}

function casesOf(report: Report, check: ReportCheck, words: Words): readonly Case[] {
  const known = new Set<StageName>(check.stages.map((s) => s.stage));
  const met = report.expectation?.met === true;
  const stages = check.stages.map((s) => stageCase(s, check, words, met));
  // A finding at a stage that this session does not have still needs a case to fail.
  const homeless = [...new Set(check.findings.map((f) => f.stage))].filter((s) => !known.has(s));
  const extra = homeless.map((stage) =>
    stageCase({ stage, status: 'pass', durationMs: 0, summary: say(words, 'summary.done') }, check, words, met),
  );
  const open = verdictOf(report, check) === 'inconclusive' ? [inconclusive(report, check, words)] : [];
  return [...stages, ...extra, ...expectationCase(report, words), ...open];
}

function expectationCase(report: Report, words: Words): readonly Case[] {
  const { expectation } = report;
  const said = expected(report, words);
  if (said.length === 0) return [];
  const base = { name: say(words, 'label.expectation'), time: 0 };
  const text = forXml(said.join('\n'));
  if (expectation?.met !== false) return [{ ...base, result: 'passed', body: [`<system-out>${text}</system-out>`] }];
  const message = attribute(said[0] ?? '');
  return [{ ...base, result: 'failed', body: [`<failure message="${message}" type="expectation">${text}</failure>`] }];
}

/** An account of a run for which no check could be made. */
function notChecked(report: Report, words: Words): Case {
  const why = (report.warnings ?? []).join('\n') || words.verdicts.inconclusive;
  return {
    name: words.verdicts.inconclusive,
    time: 0,
    result: 'error',
    body: [`<error message="${attribute(why)}" type="inconclusive">${forXml(why)}</error>`],
  };
}

function stageCase(s: Stage, check: ReportCheck, words: Words, met: boolean): Case {
  const here = check.findings.filter((f) => f.stage === s.stage);
  const errors = here.filter((f) => f.severity === 'error');
  const base = { name: words.stages[s.stage], time: s.durationMs };
  const output = (text: string) => `<system-out>${forXml(text)}</system-out>`;
  const notes = here.filter((f) => met || f.severity !== 'error').map((f) => told(f, words));
  const said = [foundAt(s), ...notes].join('\n\n');
  if (!met && (errors.length > 0 || s.status === 'fail')) {
    const [first] = errors;
    const message = first?.title ?? foundAt(s);
    const text = errors.length > 0 ? errors.map((f) => told(f, words)).join('\n\n') : said;
    return {
      ...base,
      result: 'failed',
      body: [
        `<failure message="${attribute(message)}" type="${attribute(first?.cause ?? 'stage')}">${forXml(text)}</failure>`,
        output(said),
      ],
    };
  }
  if (s.status === 'skipped') return { ...base, result: 'skipped', body: [`<skipped message="${attribute(foundAt(s))}"/>`] };
  return { ...base, result: 'passed', body: [output(said)] };
}

function inconclusive(report: Report, check: ReportCheck, words: Words): Case {
  const message = headline(report, check, words);
  return {
    name: words.verdicts.inconclusive,
    time: 0,
    result: 'error',
    body: [`<error message="${attribute(message)}" type="inconclusive">${forXml(message)}</error>`],
  };
}

/** A finding as a text that a CI page shows; what was seen keeps its mark on every line. */
const told = (f: Finding, words: Words) =>
  toldPlainly(
    f,
    words,
    titled(f, words),
    f.evidence.flatMap((e) => e.split('\n').map((line) => `> ${line}`)),
  );
