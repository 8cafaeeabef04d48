/** What a run shows while it runs and keeps until its end. */
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSink } from '../../src/commands/run-output.ts';
import { barLine, runProgress } from '../../src/commands/run-progress.ts';
import { kitOf } from '../../src/kit.ts';
import type { Report } from '../../src/model/diagnosis.ts';
import type { Verdict } from '../../src/model/terms.ts';
import { createTally } from '../../src/report/group.ts';
import { githubSummary } from '../../src/reporters/github.ts';
import { reporters } from '../../src/reporters/index.ts';
import { displayWidth } from '../../src/reporters/layout.ts';
import * as f from '../reporters/fixtures.ts';
import { OPTIONS, reportOf, wordsFor } from '../reporters/make.ts';
import { pseudo, unmarked } from '../reporters/pseudo.ts';

const counts = (over: Partial<Record<Verdict, number>>): Record<Verdict, number> => ({
  pass: 0,
  warn: 0,
  fail: 0,
  inconclusive: 0,
  ...over,
});

describe('the progress bar', () => {
  const standing = { finished: 412, total: 1000, counts: counts({ fail: 12, pass: 400 }), ms: 11_771 };
  it('has place, counts, rate and time left, in the language', async () => {
    expect(barLine(await wordsFor('en'), standing)).toBe(
      '████████░░░░░░░░░░░░ 412/1,000  FAILED 12  PASSED 400  35 per second, 17 s left',
    );
    expect(barLine(await wordsFor('zh-CN'), standing)).toBe(
      '████████░░░░░░░░░░░░ 412/1,000  未通过 12  通过 400  每秒 35 个、还需 17 秒',
    );
    expect(barLine(await wordsFor('vi'), standing)).toBe(
      '████████░░░░░░░░░░░░ 412/1.000  KHÔNG ĐẠT 12  ĐẠT 400  35 mỗi giây, còn 17 giây',
    );
    expect(unmarked(barLine(pseudo(f.CATALOGUE), standing))).not.toMatch(/\p{L}{2,}/u);
  });
  it('does without a total, and at the very beginning', async () => {
    const en = await wordsFor('en');
    expect(barLine(en, { ...standing, total: 0 })).toBe('412  FAILED 12  PASSED 400  35 per second');
    expect(barLine(en, { ...standing, ms: 1_000_000 })).toContain('0.4 per second, 23:48 left');
    expect(barLine(en, { ...standing, ms: 5_000_000 })).toContain('1:58:56 left');
    expect(barLine(en, { finished: 0, total: 5, counts: counts({}), ms: 0 })).toBe('░░░░░░░░░░░░░░░░░░░░ 0/5  0 per second');
  });
  const stream = (isTTY: boolean, columns: number) => {
    const written: string[] = [];
    return { written, out: { isTTY, columns, write: (t: string) => written.push(t) } as unknown as NodeJS.WriteStream };
  };
  it('stays on one line of a narrow terminal, is cleared at the end, and is silent elsewhere', async () => {
    for (const lang of ['en', 'zh-CN', 'vi'] as const) {
      const { written, out } = stream(true, 40);
      const p = runProgress(await wordsFor(lang), 2, out);
      p.done(counts({ inconclusive: 1 }));
      p.done(counts({ inconclusive: 1, fail: 1 }));
      p.note('mailcheck: x');
      p.end();
      expect(written.at(-1)).toBe('\r\u001b[2K');
      expect(written).toContain(`\r\u001b[2Kmailcheck: x\n${written[1]?.replace('\r\u001b[2K', '')}`);
      for (const w of written) expect(displayWidth(w.replace(/^\r\u001b\[2K(mailcheck: x\n)?/, ''))).toBeLessThan(40);
    }
    const { written, out } = stream(false, 80);
    const p = runProgress(await wordsFor('en'), 2, out);
    p.done(counts({ pass: 1 }));
    p.note('mailcheck: y');
    p.end();
    expect(written).toEqual(['mailcheck: y\n']);
  });
});

describe('what is kept until the end', () => {
  const named = (r: Report, key: string): Report => ({ ...r, key });
  const many = async (language: 'en' | 'vi'): Promise<Report[]> => {
    const words = await wordsFor(language);
    const kinds = [f.healthy, f.selfSignedCheck, f.refusedCheck, f.warned, f.wrongPasswordCheck, f.interrupted];
    return Array.from({ length: 60 }, (_, i) =>
      named(reportOf([kinds[(i * 7) % kinds.length] ?? f.healthy], words), `n${String(i).padStart(2, '0')}`),
    );
  };
  it.each(['terminal', 'markdown', 'html', 'github-summary'])('for %s is less, and renders the same', async (format) => {
    const words = await wordsFor('en');
    const reports = await many('en');
    const path = join(tmpdir(), `mailcheck-kept-${process.pid}-${format}`);
    const sink = openSink({
      outputs: [{ format, path }],
      kit: kitOf([]),
      words,
      resume: undefined,
      print: async () => {},
      failed: () => {},
    });
    // They finish in another order than they stand in.
    for (const [i, r] of [...reports.entries()].sort((a, b) => ((a[0] * 17) % 60) - ((b[0] * 17) % 60))) await sink.take(r, i);
    await sink.end(undefined);
    const text = readFileSync(path, 'utf8');
    rmSync(path);
    const whole = (await reporters[format]?.())?.render(reports, words, { ...OPTIONS, many: true }) ?? '';
    // Which of several checks with one cause is told in full may differ, what is told may not.
    const shape = (t: string) => t.replace(/n\d\d/g, 'N').split('\n').sort();
    expect(shape(text)).toEqual(shape(whole));
  });
});

describe('very many', () => {
  const lots = async (n: number): Promise<Report[]> => {
    const words = await wordsFor('en');
    const [good, bad] = [reportOf([f.healthy], words), reportOf([f.selfSignedCheck], words)];
    return Array.from({ length: n }, (_, i) => ({
      ...(i % 300 === 7 ? bad : good),
      key: `k${i}`,
      account: { address: `u${i}@example.com`, preset: null },
    }));
  };
  it('list what did not pass and count the rest', async () => {
    const words = await wordsFor('en');
    const reports = await lots(1200);
    for (const format of ['terminal', 'markdown', 'html']) {
      const text = (await reporters[format]?.())?.render(reports, words, { ...OPTIONS, many: true }) ?? '';
      expect(text).toContain('1,196 checks that passed are not listed.');
      expect(text).toContain('1,200 checks: 4 FAILED, 1,196 PASSED.');
      expect(text).toContain('u307@example.com');
      expect(text).not.toContain('u8@example.com');
    }
  });
  it('make a step summary that GitHub takes', async () => {
    const words = await wordsFor('en');
    const failed: Report[] = (await lots(9000)).map((r, i) => ({
      ...reportOf([f.selfSignedCheck], words),
      account: r.account,
      key: `k${i}`,
    }));
    const text = githubSummary.render(failed, words, { ...OPTIONS, many: true });
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
    expect(text).toContain('9,000 checks: 9,000 FAILED.');
    expect(text.trimEnd().split('\n').at(-1)).toBe(
      'The details are left out: GitHub shows no longer summary. They are in the other reports and in the log.',
    );
  });
  it('are grouped by how many accounts they are, exactly', async () => {
    const words = await wordsFor('en');
    const bad = reportOf([f.selfSignedCheck], words);
    const tally = createTally();
    for (let i = 0; i < 30_000; i++) tally.add({ ...bad, key: `k${i % 12_000}` });
    expect(tally.groups()).toMatchObject([{ checks: 30_000, cause: 'certificate.self-signed' }]);
    expect(tally.groups()[0]?.accounts.length).toBe(1);
    const small = createTally();
    for (let i = 0; i < 5000; i++) small.add({ ...bad, key: `k${i % 412}` });
    expect(small.groups()[0]?.accountsTotal).toBe(412);
  });
});
