/** Ctrl-C, kill -9 and resumption: what runs is finished, what is done is written, nothing is checked twice. */
import { appendFileSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Running } from '../../src/lab/server.ts';
import { accountOf, type Bench, bench, config, type Json, lines, until } from './cli.ts';

let b: Bench;
beforeEach(() => {
  b = bench();
});
afterEach(() => b.close());

const slow = (ms: number) => b.serve({ protocol: 'imap', greeting: `!wait ${ms}\n* OK ready` });
const many = (server: Running, n: number, more: Readonly<Record<string, unknown>> = {}) =>
  config(
    Array.from({ length: n }, (_, i) => accountOf(server, { name: `n${i}`, ...more })),
    { 'per-host': 2, defaults: { timeout: 30 } },
  );
const logins = (server: Running) => server.received.filter((l) => /AUTHENTICATE|LOGIN/.test(l)).length;

describe('Ctrl-C', () => {
  it('finishes what runs, writes what is done, begins nothing new, and ends with 3', async () => {
    const server = await slow(400);
    b.file('c.yaml', many(server, 12));
    const going = await b.start(['run', 'c.yaml', '--json', '--output', 'ndjson:done.ndjson']);
    await until(() => server.connections >= 3);
    going.child.kill('SIGINT');
    const ran = await going.done;
    expect(ran.status).toBe(3);
    expect(ran.stderr.split('\n')).toEqual([
      'Interrupted. What runs now is finished first; Ctrl-C again ends it at once.',
      'mailcheck: Interrupted: what was finished is in the report, the rest was not checked.',
      '',
    ]);
    const { reports } = JSON.parse(ran.stdout);
    expect(reports.length).toBeGreaterThanOrEqual(2);
    expect(reports.length).toBeLessThan(12);
    expect(reports.map((r: Json) => r.verdict)).toEqual(reports.map(() => 'pass'));
    expect(server.connections).toBe(reports.length);
    expect(lines(readFileSync(join(b.folder, 'done.ndjson'), 'utf8'))).toHaveLength(reports.length);
    // And the rest afterwards.
    const rest = await b.run(['run', 'c.yaml', '--json', '--resume', 'done.ndjson']);
    expect(rest.status).toBe(0);
    const all = JSON.parse(rest.stdout).reports;
    expect(all.map((r: Json) => r.key)).toEqual(Array.from({ length: 12 }, (_, i) => `n${i}`));
    expect(logins(server)).toBe(12);
  });
  it('twice ends what hangs at once, politely, and still writes', async () => {
    const hangs = await b.serve({ protocol: 'imap', tcp: 'silent' });
    const good = await b.serve({ protocol: 'imap' });
    const text = config([accountOf(good, { name: 'good' }), accountOf(hangs, { name: 'hangs' })], { defaults: { timeout: 60 } });
    b.file('c.yaml', text);
    const going = await b.start(['run', 'c.yaml', '--format', 'ndjson', '--lang', 'zh-CN']);
    await until(() => going.seen().stdout.includes('\n') && hangs.connections > 0);
    going.child.kill('SIGINT');
    await until(() => going.seen().stderr !== '');
    const again = performance.now();
    going.child.kill('SIGTERM');
    const ran = await going.done;
    expect(performance.now() - again).toBeLessThan(4000);
    expect(ran.status).toBe(3);
    expect(ran.stderr).toContain('已中断');
    expect(lines(ran.stdout).map((r) => [r.key, r.verdict])).toEqual([
      ['good', 'pass'],
      ['hangs', 'inconclusive'],
    ]);
  });
  it('once is enough where what runs hangs: CI systems do not wait', async () => {
    const hangs = await b.serve({ protocol: 'imap', tcp: 'silent' });
    b.file('c.yaml', config([accountOf(hangs)], { defaults: { timeout: 60 } }));
    const going = await b.start(['run', 'c.yaml', '--json']);
    await until(() => hangs.connections > 0);
    const begun = performance.now();
    going.child.kill('SIGTERM');
    expect((await going.done).status).toBe(3);
    expect(performance.now() - begun).toBeLessThan(9000);
  });
});

describe('a run that was killed', () => {
  it('is resumed, also when it was killed in the middle of a line; nothing is checked twice', async () => {
    const server = await slow(100);
    b.file('c.yaml', many(server, 10));
    const going = await b.start(['run', 'c.yaml', '--resume', 'r.ndjson', '--format', 'ndjson']);
    await until(() => lines(going.seen().stdout).length >= 3);
    going.child.kill('SIGKILL');
    await going.done;
    const path = join(b.folder, 'r.ndjson');
    const stood = readFileSync(path, 'utf8');
    const whole = lines(stood.slice(0, stood.lastIndexOf('\n') + 1));
    expect(whole.length).toBeGreaterThanOrEqual(3);
    // Cut in the middle of a line, as a crash of the machine would.
    truncateSync(path, Buffer.byteLength(stood.slice(0, stood.lastIndexOf('\n') + 1)) - 100);
    const before = logins(server);
    const ran = await b.run(['run', 'c.yaml', '--resume', 'r.ndjson', '--json']);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toMatch(/^mailcheck: r\.ndjson:\d+: no result, or a part of one; passed over\n$/);
    expect(JSON.parse(ran.stdout).reports.map((r: Json) => r.key)).toEqual(Array.from({ length: 10 }, (_, i) => `n${i}`));
    const keys = lines(readFileSync(path, 'utf8')).map((r) => r.key);
    expect(keys.sort()).toEqual(Array.from({ length: 10 }, (_, i) => `n${i}`));
    expect(logins(server) - before).toBe(10 - (whole.length - 1));
    // A third time there is nothing left to do.
    const third = await b.run(['run', 'c.yaml', '--resume', 'r.ndjson', '--json']);
    expect(JSON.parse(third.stdout).counts.pass).toBe(10);
    expect(logins(server) - before).toBe(10 - (whole.length - 1));
  });
  it('between two services of an account goes on with the second', async () => {
    const imap = await b.serve({ protocol: 'imap' });
    const smtp = await b.serve({ protocol: 'smtp' });
    const account = {
      address: imap.mail,
      imap: { host: '127.0.0.1', port: imap.port },
      smtp: { host: '127.0.0.1', port: smtp.port },
      'ca-file': imap.caFile,
      password: { env: 'MAILCHECK_LAB_PASSWORD' },
    };
    b.file('c.yaml', config([account]));
    await b.run(['run', 'c.yaml', '--resume', 'r.ndjson']);
    const path = join(b.folder, 'r.ndjson');
    const [first = ''] = readFileSync(path, 'utf8').split('\n');
    truncateSync(path, 0);
    appendFileSync(path, `${first}\n`);
    const [i, s] = [imap.connections, smtp.connections];
    const ran = await b.run(['run', 'c.yaml', '--resume', 'r.ndjson', '--json']);
    expect(JSON.parse(ran.stdout).reports.map((r: Json) => r.checks[0].protocol)).toEqual(['imap', 'smtp']);
    expect([imap.connections - i, smtp.connections - s]).toEqual([0, 1]);
  });
});

it('a reader that goes away ends the run quietly', async () => {
  const server = await b.serve({ protocol: 'imap' });
  b.file('c.yaml', many(server, 60));
  const going = await b.start(['run', 'c.yaml', '--format', 'ndjson']);
  await until(() => going.seen().stdout.includes('\n'));
  going.child.stdout?.destroy();
  const ran = await going.done;
  expect(ran.stderr).toBe('');
  expect(server.connections).toBeLessThan(60);
});
