/** Results of earlier runs, whole and cut off; files of lines that stay whole (S-107). */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/diagnosis.ts';
import { checkKey } from '../../src/report/group.ts';
import { json } from '../../src/reporters/json.ts';
import { ndjsonLines } from '../../src/reporters/ndjson.ts';
import { openLines } from '../../src/run/lines.ts';
import { against, readBaseline, readDone, readResults } from '../../src/run/results.ts';
import * as f from '../reporters/fixtures.ts';
import { OPTIONS, reportOf, wordsFor } from '../reporters/make.ts';

const folder = mkdtempSync(join(tmpdir(), 'mailcheck-results-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const file = (text: string) => {
  const path = join(folder, `f${count++}`);
  writeFileSync(path, text);
  return path;
};
const named = (r: Report, key: string): Report => ({ ...r, key });
const good = named(reportOf([f.healthy]), 'good');
const bad = named(reportOf([f.selfSignedCheck]), 'bad');
const keysIn = async (path: string, broken?: (n: number) => void) => {
  const out: (string | undefined)[] = [];
  for await (const r of readResults(path, broken)) out.push(r.key);
  return out;
};

describe('results', () => {
  it('are read from NDJSON, one report, and the document of a run, on one line or many', async () => {
    const words = await wordsFor('en');
    expect(await keysIn(file(ndjsonLines(good) + ndjsonLines(bad)))).toEqual(['good', 'bad']);
    expect(await keysIn(file(json.render([good], words, OPTIONS)))).toEqual(['good']);
    const run = json.render([good, bad], words, { ...OPTIONS, many: true });
    expect(await keysIn(file(run))).toEqual(['good', 'bad']);
    expect(await keysIn(file(JSON.stringify(JSON.parse(run))))).toEqual(['good', 'bad']);
  });
  it('of a run that was killed are read up to the cut, which is told', async () => {
    const cut: number[] = [];
    const text = ndjsonLines(good) + ndjsonLines(bad);
    expect(await keysIn(file(text.slice(0, -40)), (n) => cut.push(n))).toEqual(['good']);
    expect(await keysIn(file(`${text}garbage\n${ndjsonLines(good)}`), (n) => cut.push(n))).toEqual(['good', 'bad', 'good']);
    expect(cut).toEqual([2, 3]);
    for (const n of [1, 10, 200]) expect(await keysIn(file(text.slice(0, n)))).toEqual([]);
    expect(await keysIn(file(''))).toEqual([]);
  });
  it.each([['hello\n'], ['{"a":1}\n'], ['[]'], ['\u0000\u0001']])('%j is none', async (text) => {
    await expect(keysIn(file(text))).rejects.toThrow('holds no results of mailcheck run');
  });
  it('that cannot be read are one line', async () => {
    await expect(keysIn(join(folder, 'nowhere'))).rejects.toThrow(/nowhere: cannot be read \(ENOENT\)/);
    await expect(keysIn(folder)).rejects.toThrow(/cannot be read \(EISDIR\)/);
  });
});

it('a baseline leaves out what is as it was and says what was before', async () => {
  const before = await readBaseline(file(ndjsonLines(good) + ndjsonLines(bad)));
  const told = (r: Report) => {
    const [check] = r.checks;
    return check && against(before, r, check);
  };
  expect(told(good)).toBeUndefined();
  expect(told({ ...bad, startedAt: '2027-01-01T00:00:00.000Z' })).toBeUndefined();
  expect(told(named(reportOf([f.selfSignedCheck]), 'good'))?.previous).toEqual({ verdict: 'pass', cause: null });
  expect(told(named(good, 'new'))?.previous).toBeUndefined();
});

it('a resumed run does again what was open, and knows whose log-in was refused', async () => {
  const kept: Report[] = [];
  const lines = [
    good,
    named(reportOf([f.wrongPasswordCheck]), 'wrong'),
    named(reportOf([f.interrupted]), 'open'),
    { ...reportOf([]), key: 'lost' },
  ];
  const done = await readDone(file(lines.map(ndjsonLines).join('')), (r) => kept.push(r));
  expect([...done.checked].map(([k, v]) => [k, [...v]])).toEqual([
    ['good', ['pop3']],
    ['wrong', [f.wrongPasswordCheck.service.protocol]],
  ]);
  expect([...done.refused.keys()]).toEqual(['wrong']);
  expect(kept.map((r) => r.key)).toEqual(['good', 'wrong']);
});

describe('a file of lines', () => {
  it('is new, private, and grows by whole lines', () => {
    const path = join(folder, 'lines');
    const lines = openLines(path, 'fresh');
    lines.append('{"a":1}\n');
    lines.append('{"b":2}\n');
    lines.close();
    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n{"b":2}\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    openLines(path, 'fresh').close();
    expect(readFileSync(path, 'utf8')).toBe('');
  });
  it.each([
    ['{"a":1}\n{"b":', '{"a":1}\n'],
    ['{"b":', ''],
    ['{"a":1}\n', '{"a":1}\n'],
    ['{"a":1}', '{"a":1}\n'],
    ['', ''],
    [`{"a":"${'x'.repeat(200_000)}"}\n{"b":"${'y'.repeat(100_000)}`, `{"a":"${'x'.repeat(200_000)}"}\n`],
  ])('%#: that was cut off in its last line is mended before it grows', (text, stands) => {
    const path = file(text);
    const lines = openLines(path, 'resume');
    lines.append('{"c":3}\n');
    lines.close();
    expect(readFileSync(path, 'utf8')).toBe(`${stands}{"c":3}\n`);
  });
  it('that cannot be written says why in one line', () => {
    const full = openLines('/dev/full', 'fresh');
    expect(() => full.append('{"a":1}\n')).toThrow('results could not be written to /dev/full (ENOSPC: the disk is full)');
    full.close();
    mkdirSync(join(folder, 'sub'));
    symlinkSync(join(folder, 'target'), join(folder, 'link'));
    expect(() => openLines(join(folder, 'sub'), 'fresh')).toThrow('EISDIR: it is a folder');
    expect(() => openLines(join(folder, 'link'), 'fresh')).toThrow('ELOOP: it is a symbolic link');
    expect(() => openLines(join(folder, 'no', 'where'), 'fresh')).toThrow('ENOENT: there is no such folder');
  });
});

it('a check is known by account, protocol and place', () => {
  const [check] = good.checks;
  expect(check && checkKey(good, check)).toBe('good pop3 pop.example.com:995');
});
