/** S-109: every claim of a report for people is in the JSON and the reverse: the same verdicts and causes in every format. */
import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../src/locales/index.ts';
import { toldInFull, verdictOf } from '../../src/report/group.ts';
import { reporters } from '../../src/reporters/index.ts';
import { nagios, nagiosStatus } from '../../src/reporters/nagios.ts';
import { CASES } from './cases.ts';
import * as f from './fixtures.ts';
import { OPTIONS, reportOf, wordsFor } from './make.ts';

const IDS = f.CATALOGUE.map((c) => c.id);
/** Ids of causes in a text; those of alternatives and of "explain" count as well. */
const idsIn = (text: string) => IDS.filter((id) => text.includes(id)).sort();

describe.each(LANGUAGES)('%s', (language) => {
  describe.each(CASES)('$name', (c) => {
    test.each(['terminal', 'markdown', 'html', 'junit', 'sarif', 'github', 'prometheus'])(
      '%s names the same causes as JSON',
      async (format) => {
        const words = await wordsFor(language);
        const reports = c.reports(words);
        const text = (await reporters[format]?.())?.render(reports, words, c.options) ?? '';
        const checks = reports.flatMap((r) => r.checks);
        const found = checks.flatMap((x) => x.findings.map((y) => y.cause));
        const alternatives = checks.flatMap((x) => x.findings.flatMap((y) => y.alternatives.map((a) => a.cause)));
        const wanted = [...found, ...(format === 'prometheus' ? [] : alternatives)].filter((id) => IDS.includes(id));
        expect(idsIn(text)).toEqual([...new Set(wanted)].sort());
      },
    );
    test.each(['terminal', 'markdown', 'html'])('%s says each verdict, stage, step, proof and link', async (format) => {
      const words = await wordsFor(language);
      const reports = c.reports(words);
      const raw = (await reporters[format]?.())?.render(reports, words, { ...c.options, width: 200 }) ?? '';
      const text = raw
        .replaceAll('&gt;', '>')
        .replaceAll('&lt;', '<')
        .replaceAll('&quot;', '"')
        .replace(/<\/?(code|span)[^>]*>|[`\\]/g, '')
        .replace(/\s+/g, ' ');
      for (const report of c.options.many ? toldInFull(reports) : reports) {
        for (const check of report.checks) {
          expect(text).toContain(words.verdicts[verdictOf(report, check)]);
          for (const s of check.stages) {
            expect(text).toContain(words.stages[s.stage]);
            expect(text).toContain(s.reason ?? s.summary);
          }
          for (const finding of check.findings) {
            for (const claim of [finding.title, finding.meaning, ...finding.fix, ...finding.alternatives.map((a) => a.test)])
              expect(text).toContain(claim);
          }
          for (const proof of check.findings.flatMap((x) => x.evidence)) expect(text.replaceAll('│ ', '')).toContain(proof);
          for (const link of check.findings[0]?.links ?? []) expect(text).toContain(link.url);
        }
      }
    });
  });
});

test.each([
  [[f.healthy], 0, 'OK'],
  [[f.healthy, f.warned], 1, 'WARNING'],
  [[f.warned, f.selfSignedCheck], 2, 'CRITICAL'],
  [[f.interrupted, f.healthy], 3, 'UNKNOWN'],
  [[], 3, 'UNKNOWN'],
] as const)('Nagios: %# gives its status and word', async (checks, code, word) => {
  const words = await wordsFor('en');
  const report = reportOf([...checks]);
  expect(nagiosStatus([report])).toEqual({ code, word });
  const out = nagios.render([report], words, OPTIONS);
  expect(out).toMatch(new RegExp(`^MAILCHECK ${word} - `));
  expect(out.trimEnd()).not.toContain('\n');
});

test('Nagios performance data obeys the guidelines', async () => {
  const words = await wordsFor('en');
  const [, data = ''] = nagios.render([reportOf([f.healthy, f.senderCheck])], words, OPTIONS).split(' | ');
  const labels = data
    .trim()
    .split(' ')
    .map((item) => {
      expect(item).toMatch(/^[A-Za-z0-9_]+=-?\d+(\.\d+)?s?(;[\d.:@~-]*){0,4}$/);
      return item.split('=')[0];
    });
  expect(new Set(labels).size).toBe(labels.length);
});

describe('Prometheus', () => {
  const parse = (text: string) => {
    const families = new Map<string, string[]>();
    let family = '';
    for (const line of text.trimEnd().split('\n')) {
      const help = /^# HELP (\S+) \S/.exec(line)?.[1];
      if (help !== undefined) {
        expect(families.has(help), `${help} twice`).toBe(false);
        families.set(help, []);
        family = help;
        continue;
      }
      if (line.startsWith('# TYPE ')) {
        expect(line).toBe(`# TYPE ${family} gauge`);
        continue;
      }
      const [, name, series] = /^([a-z_]+)(\{.*\}) -?[\d.]+$/.exec(line) ?? [];
      expect(name, line).toBe(family);
      expect(families.get(family), 'duplicate series').not.toContain(series);
      families.get(family)?.push(series ?? '');
    }
    return families;
  };
  test.each(CASES)('$name: one HELP and TYPE per family, samples together, no duplicate series', async (c) => {
    const words = await wordsFor('en');
    const prometheus = await reporters.prometheus?.();
    const families = parse(prometheus?.render(c.reports(words), words, c.options) ?? '');
    for (const name of ['mailcheck_success', 'probe_success', 'probe_duration_seconds', 'mailcheck_stage_duration_seconds'])
      expect([...families.keys()]).toContain(name);
  });
  test('the same account twice is one series, the later counts', async () => {
    const words = await wordsFor('en');
    const prometheus = await reporters.prometheus?.();
    const twice =
      prometheus?.render([reportOf([f.healthy]), reportOf([{ ...f.healthy, durationMs: 999 }])], words, {
        ...OPTIONS,
        many: true,
      }) ?? '';
    parse(twice);
    expect(twice).toMatch(/^probe_duration_seconds\{.*\} 0\.999$/m);
  });
  test('certificate expiry is the earliest of the chain, in seconds', async () => {
    const words = await wordsFor('en');
    const prometheus = await reporters.prometheus?.();
    expect(prometheus?.render([reportOf([f.healthy])], words, OPTIONS)).toMatch(
      /^probe_ssl_earliest_cert_expiry\{.*\} 1800705600$/m,
    );
  });
});

test('a run groups failures: one cause, how many checks, on which host', async () => {
  const words = await wordsFor('en');
  const run = CASES.find((c) => c.name === 'run');
  const text =
    (await reporters.terminal?.())?.render(run?.reports(words) ?? [], words, { ...OPTIONS, width: 120, many: true }) ?? '';
  expect(text.replace(/\s+/g, ' ')).toContain(
    'One cause explains 2 accounts: The certificate of pop.example.com is self-signed (certificate.self-signed) on pop.example.com.',
  );
  expect(text).toContain('4 checks: 3 FAILED, 1 PASSED.');
  // The second check with the same cause on the same host is not told in full again.
  expect(text.match(/^✗ FAILED: POP3/gm)).toHaveLength(1);
});

test('NDJSON: one whole report per check, each on its line', async () => {
  const words = await wordsFor('en');
  const lines = ((await reporters.ndjson?.())?.render([reportOf([f.healthy, f.selfSignedCheck])], words, OPTIONS) ?? '')
    .trimEnd()
    .split('\n')
    .map((l) => JSON.parse(l));
  expect(lines.map((l) => [l.protocol, l.verdict, l.cause, l.checks.length])).toEqual([
    ['pop3', 'pass', null, 1],
    ['pop3', 'fail', 'certificate.self-signed', 1],
  ]);
});

test('Nagios: of very many checks the line stays within what Nagios reads, each value whole, in linear time', async () => {
  const words = await wordsFor('en');
  const report = reportOf([f.healthy]);
  const out = nagios.render(
    Array.from({ length: 20_000 }, () => report),
    words,
    { ...OPTIONS, many: true },
  );
  expect(Buffer.byteLength(out)).toBeLessThan(8192);
  const [, data = ''] = out.trimEnd().split(' | ');
  for (const item of data.split(' ')) expect(item).toMatch(/^pop3_\d+_\w+=-?[\d.]+s?;/);
});
