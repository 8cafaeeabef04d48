/** What machines read obeys the schemas that the package ships, and SARIF its own. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { en } from '../../src/locales/en.ts';
import { LANGUAGES } from '../../src/locales/index.ts';
import type { Report } from '../../src/model/diagnosis.ts';
import { composeEntries, composeExplanation } from '../../src/report/explain.ts';
import { savedEvidence } from '../../src/report/save.ts';
import { explainJson } from '../../src/reporters/catalogue.ts';
import { reporters } from '../../src/reporters/index.ts';
import { CASES } from './cases.ts';
import * as f from './fixtures.ts';
import { HOSTILE, hostileCheck } from './hostile.ts';
import { OPTIONS, reportOf, wordsFor } from './make.ts';
import { all, readXml } from './xml.ts';

const load = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const ajv = new Ajv({ allErrors: true, strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true });
formats.default(ajv);
for (const name of ['report', 'run', 'explain', 'evidence']) ajv.addSchema(load(`../../src/schema/${name}.json`));
ajv.addSchema(load('./sarif.schema.json'), 'sarif');

function valid(id: string, value: unknown): void {
  const ok = ajv.validate(id, value);
  expect(ok ? [] : ajv.errors).toEqual([]);
}
const render = async (format: string, reports: readonly Report[], many: boolean) =>
  (await reporters[format]?.())?.render(reports, en, { ...OPTIONS, many }) ?? '';

describe.each(LANGUAGES)('%s', (language) => {
  test.each(CASES)('$name', async ({ reports, options }) => {
    const words = await wordsFor(language);
    const made = reports(words);
    const single = !options.many && made.length === 1;
    valid(single ? 'urn:mailcheck:report:1' : 'urn:mailcheck:run:1', JSON.parse(await render('json', made, options.many)));
    for (const line of (await render('ndjson', made, options.many)).trim().split('\n'))
      valid('urn:mailcheck:report:1', JSON.parse(line));
    valid('sarif', JSON.parse(await render('sarif', made, options.many)));
  });
});

test.each(Object.entries(HOSTILE))('hostile text keeps to the schemas: %s', async (_, text) => {
  const report = reportOf([hostileCheck(text)]);
  valid('urn:mailcheck:report:1', JSON.parse(await render('json', [report], false)));
  valid('sarif', JSON.parse(await render('sarif', [report], false)));
});

test('explanations, entries and the empty list', () => {
  const { diagnosis } = f.wrongPasswordCheck;
  const explanation = composeExplanation({ diagnosis, words: en, causes: f.CATALOGUE, next: 'mailcheck smtp', maskedSecrets: 2 });
  valid('urn:mailcheck:explain:1', JSON.parse(explainJson(explanation)));
  valid('urn:mailcheck:explain:1', composeEntries(f.CATALOGUE, en));
  const none = composeExplanation({ diagnosis: { verdict: 'pass', findings: [], root: undefined }, words: en });
  valid('urn:mailcheck:explain:1', none);
  expect(none.matches).toEqual([]);
});

test('saved evidence holds no secret and obeys its schema', () => {
  const saved = savedEvidence({
    checks: [f.wrongPasswordCheck, f.senderCheck, f.healthy],
    account: { address: 'you@example.com', preset: null },
    startedAt: f.STARTED,
    version: '1.0.0',
  });
  valid('urn:mailcheck:evidence:1', JSON.parse(JSON.stringify(saved)));
  expect(
    ajv.validate('urn:mailcheck:evidence:1', { ...saved, checks: [{ ...saved.checks[0], evidence: [{ kind: 'reply' }] }] }),
  ).toBe(false);
});

test('a report that breaks the contract is refused', () => {
  const report = JSON.parse(JSON.stringify(reportOf([f.selfSignedCheck])));
  const broken = (change: (r: typeof report) => void) => {
    const copy = structuredClone(report);
    change(copy);
    return ajv.validate('urn:mailcheck:report:1', copy);
  };
  expect(broken(() => {})).toBe(true);
  expect(broken((r) => delete r.checks[0].cause)).toBe(false);
  expect(broken((r) => (r.checks[0].cause = null))).toBe(false);
  expect(broken((r) => (r.verdict = 'bad'))).toBe(false);
  expect(broken((r) => (r.checks[0].stages[0].stage = 'handshake'))).toBe(false);
  expect(broken((r) => (r.checks[0].findings = []))).toBe(false);
});

describe('JUnit as GitLab and Jenkins read it', () => {
  test.each(CASES)('$name: counts add up, one case per stage', async ({ reports, options }) => {
    const made = reports(en);
    const root = readXml(await render('junit', made, options.many));
    const suites = all(root, 'testsuite');
    const checks = made.flatMap((r) => r.checks);
    // An account of a run that could not be checked has a suite of its own.
    expect(suites).toHaveLength(checks.length + made.filter((r) => r.checks.length === 0).length);
    for (const [i, suite] of suites.entries()) {
      const cases = all(suite, 'testcase');
      const count = (name: string) => all(suite, name).length;
      expect(suite.attributes.get('tests')).toBe(String(cases.length));
      expect(suite.attributes.get('failures')).toBe(String(count('failure')));
      expect(suite.attributes.get('skipped')).toBe(String(count('skipped')));
      expect(suite.attributes.get('errors')).toBe(String(count('error')));
      expect(suite.attributes.get('timestamp')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
      expect(cases.map((c) => c.attributes.get('name')).slice(0, checks[i]?.stages.length ?? 0)).toEqual(
        (checks[i]?.stages ?? []).map((s) => en.stages[s.stage]),
      );
      for (const c of cases) expect(c.attributes.get('time')).toMatch(/^\d+\.\d{3}$/);
    }
  });
  test('a finding at a stage that the session does not have still fails a case', async () => {
    const lost = f.check({
      verdict: 'fail',
      stages: [f.stage('dns', 'pass')],
      evidence: [],
      findings: [f.judged(f.notOwned, [])],
    });
    const root = readXml(await render('junit', [reportOf([lost])], false));
    expect(all(root, 'failure').map((e) => e.attributes.get('type'))).toEqual(['sender.not-owned']);
  });
  test('inconclusive is an error, not a pass', async () => {
    const root = readXml(await render('junit', [reportOf([f.interrupted])], false));
    expect(all(root, 'error')).toHaveLength(1);
  });
});
