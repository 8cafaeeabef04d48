/** `mailcheck run` from end to end against lab servers: results, expectations, formats, baselines, shards, bad input. */
import { existsSync, openSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Running } from '../../src/lab/server.ts';
import { accountOf, type Bench, bench, config, type Json, lines } from './cli.ts';

const REFUSAL = { 'AUTHENTICATE PLAIN': '{tag} NO [AUTHENTICATIONFAILED] Invalid credentials' };
let b: Bench;
let good: Running;
let expired: Running;
let refusing: Running;
beforeAll(async () => {
  b = bench();
  good = await b.serve({ protocol: 'imap' });
  expired = await b.serve({ protocol: 'imap', certificate: 'expired' });
  refusing = await b.serve({
    protocol: 'imap',
    replies: { ...REFUSAL, LOGIN: REFUSAL['AUTHENTICATE PLAIN'] },
    capabilities: { tls: ['IMAP4rev1', 'AUTH=PLAIN'], plain: ['IMAP4rev1', 'AUTH=PLAIN'] },
  });
});
afterAll(() => b.close());

let count = 0;
const yaml = (accounts: readonly unknown[], more: Readonly<Record<string, unknown>> = {}) => {
  const name = `c${count++}.yaml`;
  b.file(name, config(accounts, { defaults: { timeout: 3 }, ...more }));
  return name;
};
const documentOf = async (
  args: readonly string[],
  command = 'run',
): Promise<{ status: number | null; stderr: string; json: Json }> => {
  const ran = await b.run([command, ...args, '--json']);
  return { status: ran.status, stderr: ran.stderr, json: JSON.parse(ran.stdout) };
};

describe('results', () => {
  it('come in the order of the file, one report for each account and protocol, with failures grouped', async () => {
    const file = yaml([
      accountOf(expired, { name: 'a' }),
      accountOf(good, { name: 'b' }),
      accountOf(expired, { name: 'c' }),
      accountOf(expired, { name: 'd', expect: 'fail certificate.expired' }),
      accountOf(good, { name: 'e', expect: 'fail' }),
    ]);
    const { status, stderr, json } = await documentOf([file]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(json.schema).toBe('mailcheck.run/1');
    expect(json.reports.map((r: Json) => [r.key, r.verdict, r.checks[0].verdict, r.checks[0].cause])).toEqual([
      ['a', 'fail', 'fail', 'certificate.expired'],
      ['b', 'pass', 'pass', null],
      ['c', 'fail', 'fail', 'certificate.expired'],
      ['d', 'pass', 'fail', 'certificate.expired'],
      ['e', 'fail', 'pass', null],
    ]);
    expect(json.reports[4].expectation).toEqual({ wanted: 'fail', met: false, found: 'pass' });
    expect(json.counts).toEqual({ pass: 2, warn: 0, fail: 3, inconclusive: 0 });
    expect(json.groups).toMatchObject([{ cause: 'certificate.expired', host: expired.host, checks: 2, accountsTotal: 2 }]);
    const text = (await b.run(['run', file, '--lang', 'vi'])).stdout.replace(/\s+/g, ' ');
    expect(text).toContain(
      `Một nguyên nhân giải thích 2 tài khoản: Chứng chỉ đã hết hạn (certificate.expired) trên ${expired.host}.`,
    );
  });
  it('that were expected and came let the run pass, in every format', async () => {
    const file = yaml([accountOf(expired, { expect: 'fail certificate.expired' })]);
    const ran = await b.run([
      'run',
      file,
      '--output',
      'junit:met.xml',
      '--output',
      'sarif:met.sarif',
      '--output',
      'prometheus:met.prom',
    ]);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^✓ PASSED/);
    expect(ran.stdout.replace(/\s+/g, ' ')).toContain('As expected: FAILED (certificate.expired).');
    expect(readFileSync(join(b.folder, 'met.xml'), 'utf8')).toContain('failures="0" errors="0"');
    expect(readFileSync(join(b.folder, 'met.prom'), 'utf8')).toMatch(/^mailcheck_success\{.*\} 1$/m);
    expect(JSON.parse(readFileSync(join(b.folder, 'met.sarif'), 'utf8')).runs[0].results[0].suppressions[0].status).toBe(
      'accepted',
    );
    expect(statSync(join(b.folder, 'met.xml')).mode & 0o777).toBe(0o600);
  });
  it('hold days to expiry and allowed warnings', async () => {
    const soon = await b.serve({ protocol: 'imap', certificate: 'expires-soon' });
    const file = yaml([
      accountOf(soon, { name: 'warns' }),
      accountOf(soon, { name: 'allowed', allow: 'certificate.expires-soon' }),
      accountOf(soon, { name: 'days', 'days-to-expiry': 60 }),
    ]);
    const { status, json } = await documentOf([file]);
    expect(status).toBe(1);
    expect(json.reports.map((r: Json) => r.verdict)).toEqual(['warn', 'pass', 'fail']);
    expect(json.reports[1].allowed).toEqual(['certificate.expires-soon']);
    expect(json.reports[2].expectation).toMatchObject({ wanted: 'days-to-expiry 60', met: false });
    expect((await b.run(['run', yaml([accountOf(soon)]), '--strict'])).status).toBe(1);
  });
  it('mask who and where, consistently over the whole run', async () => {
    const file = yaml([
      accountOf(good, { name: 'Bob at home' }),
      accountOf(expired, { name: 'Alice' }),
      accountOf(expired, { name: 'Eve', address: 'eve@other.example' }),
    ]);
    const ran = await b.run(['run', file, '--json', '--redact', '--transcript']);
    expect(ran.stdout).not.toMatch(/you@example|example\.test|Bob|Alice|\bEve\b|eve@|127\.0\.0\.1/i);
    const json = JSON.parse(ran.stdout);
    expect(json.reports.map((r: Json) => [r.key, r.account.address])).toEqual([
      ['#1', 'user1@domain1'],
      ['#2', 'user1@domain1'],
      ['#3', 'user2@domain2'],
    ]);
    expect(new Set(json.reports.map((r: Json) => r.checks[0].endpoint.host)).size).toBe(1);
  });
});

it('--save with --redact tells nobody either', async () => {
  const ran = await b.run([
    ...['imap', good.mail, '--host', good.host, '--connect-to', `${good.address}:${good.port}`, '--ca-file', good.caFile],
    ...['--resolver', good.resolver, '--password-env', 'MAILCHECK_LAB_PASSWORD', '--redact', '--save', 'saved.json'],
  ]);
  expect(ran.status).toBe(0);
  expect(readFileSync(join(b.folder, 'saved.json'), 'utf8')).not.toMatch(/you@example|example\.test|127\.0\.0\.1|correct horse/);
});

describe('a refused log-in', () => {
  it('ends the tries of the account: later services are checked without it and say why', async () => {
    const smtp = await b.serve({ protocol: 'smtp' });
    const before = refusing.received.length;
    const file = yaml(
      [
        {
          ...accountOf(refusing, { checks: ['imap', 'smtp'] }),
          'connect-to': undefined,
          imap: { host: '127.0.0.1', port: refusing.port },
          smtp: { host: '127.0.0.1', port: smtp.port },
        },
      ],
      { retries: 3 },
    );
    const { status, json } = await documentOf([file]);
    expect(status).toBe(1);
    const [imap, submission] = json.reports.map((r: Json) => r.checks[0]);
    expect(imap.cause).toBe('auth.credentials-rejected');
    expect(submission.stages.find((s: Json) => s.stage === 'auth')).toMatchObject({
      status: 'skipped',
      reasonId: 'refused-before',
      reason: 'IMAP refused the log-in of this account in the same run, so it was not tried again.',
    });
    expect(smtp.received.join('\n')).not.toMatch(/AUTH /);
    expect(refusing.received.slice(before).filter((l) => /AUTHENTICATE|LOGIN/.test(l))).toHaveLength(1);
  });
  it('is not tried again under another name with the same secret', async () => {
    const before = refusing.received.length;
    const { json } = await documentOf([
      yaml([accountOf(refusing, { name: 'one' }), accountOf(refusing, { name: 'two' }), accountOf(refusing, { name: 'three' })], {
        'per-host': 1,
      }),
    ]);
    expect(refusing.received.slice(before).filter((l) => /AUTHENTICATE|LOGIN/.test(l))).toHaveLength(1);
    expect(json.reports.map((r: Json) => r.checks[0].cause)).toEqual(['auth.credentials-rejected', null, null]);
  });
});

describe('secrets', () => {
  it('come from a file and a command that learns for whom; none is in any output', async () => {
    b.file('secret', 'correct horse battery\n', 0o600);
    b.file('find.sh', 'test "$MAILCHECK_ADDRESS" = you@example.test && printf "correct %s battery" horse');
    const file = yaml([
      accountOf(good, { name: 'file', password: { file: 'secret' } }),
      accountOf(good, { name: 'command', password: { command: `sh ${join(b.folder, 'find.sh')}` } }),
    ]);
    const ran = await b.run(['run', file, '--json', '--transcript']);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).not.toContain('correct horse');
    expect(
      JSON.parse(ran.stdout).reports.map((r: Json) => r.checks[0].stages.find((s: Json) => s.stage === 'auth').status),
    ).toEqual(['pass', 'pass']);
  });
  it('in the file itself work with a warning, and another where others may read it (S-162)', async () => {
    const text = config([accountOf(good, { password: 'correct horse battery' })]);
    b.file('open.yaml', text, 0o644);
    b.file('closed.yaml', text, 0o600);
    const open = await b.run(['run', 'open.yaml']);
    expect(open.status).toBe(0);
    expect(open.stderr.trim().split('\n')).toEqual([
      expect.stringMatching(
        /^mailcheck: open\.yaml:1:\d+: the password stands in the file itself; use password: \{ env: NAME \}/,
      ),
      'mailcheck: open.yaml holds secrets and others may read it (mode 0644); run: chmod 600 open.yaml',
    ]);
    const closed = await b.run(['run', 'closed.yaml']);
    expect(closed.stderr.trim().split('\n')).toHaveLength(1);
    expect(`${open.stdout}${open.stderr}`).not.toContain('correct horse');
  });
  it('that are missing are one line each; the other accounts are checked, and the missing ones stand in the report', async () => {
    const file = yaml([
      accountOf(good, { name: 'lost', password: { env: 'NO_SUCH_VARIABLE' } }),
      accountOf(good, { name: 'fine' }),
      accountOf(good, { name: 'gone', password: { file: 'no-such-file' } }),
      accountOf(good, { name: 'broken', password: { command: 'exit 3' } }),
    ]);
    const { status, stderr, json } = await documentOf([file]);
    expect(status).toBe(2);
    const said = stderr.trim().split('\n').sort();
    expect(said).toHaveLength(3);
    expect(said.join('\n')).toMatch(
      /^mailcheck: c\d+\.yaml:1:\d+: password: \{ env \}: the environment has no variable NO_SUCH_VARIABLE; export it first$/m,
    );
    expect(said.join('\n')).toMatch(/password: \{ file \}: the file cannot be read \(ENOENT\)/);
    expect(said.join('\n')).toMatch(/password: \{ command \}: the command ended with status 3/);
    expect(json.reports.map((r: Json) => [r.key, r.verdict, r.checks.length])).toEqual([
      ['lost', 'inconclusive', 0],
      ['fine', 'pass', 1],
      ['gone', 'inconclusive', 0],
      ['broken', 'inconclusive', 0],
    ]);
    expect(json.reports[0].warnings[0]).toContain('NO_SUCH_VARIABLE');
  });
});

describe('a baseline', () => {
  it('leaves what did not change out, and says so in the language', async () => {
    const file = yaml([accountOf(good, { name: 'a' }), accountOf(expired, { name: 'b' })]);
    writeFileSync(join(b.folder, 'base.ndjson'), (await b.run(['run', file, '--format', 'ndjson'])).stdout);
    for (const [lang, words] of [
      ['en', 'Nothing changed since the baseline: 2 checks.'],
      ['zh-CN', '与基准结果相比没有变化：共 2 项检查。'],
      ['vi', 'Không có thay đổi so với kết quả gốc: 2 lần kiểm tra.'],
    ] as const) {
      const same = await b.run(['run', file, '--baseline', 'base.ndjson', '--lang', lang]);
      expect(same.stdout).toBe(`${words}\n`);
      // What failed and still fails is a failure all the same.
      expect(same.status).toBe(1);
    }
    const changed = yaml([accountOf(expired, { name: 'a' }), accountOf(expired, { name: 'b' })]);
    const { json } = await documentOf([changed, '--baseline', 'base.ndjson']);
    expect(json.unchanged).toBe(1);
    expect(json.reports.map((r: Json) => [r.key, r.verdict, r.previous])).toEqual([
      ['a', 'fail', { verdict: 'pass', cause: null }],
    ]);
    expect((await b.run(['run', file, '--baseline', 'base.ndjson', '--format', 'nagios'])).stdout).toMatch(
      /^MAILCHECK UNKNOWN - --baseline does not go with/,
    );
  });
});

describe('parallel jobs', () => {
  it('share the accounts by flag or variables, and merge joins them again', async () => {
    const file = yaml(Array.from({ length: 8 }, (_, i) => accountOf(i === 3 ? expired : good, { name: `n${i}` })));
    const whole = (await documentOf([file])).json;
    const parts = ['0', '1', '2'];
    for (const i of parts) {
      const env = { JOB_COMPLETION_INDEX: i, JOB_COMPLETIONS: '3' };
      const ran = await b.run(['run', file, '--output', `ndjson:part-${i}.ndjson`], { env });
      expect(ran.stderr).toBe(`mailcheck: Part ${Number(i) + 1} of 3 of the accounts (JOB_COMPLETION_INDEX, JOB_COMPLETIONS).\n`);
    }
    const merged = await b.run(['merge', ...parts.map((i) => `part-${i}.ndjson`), '--json', '--output', 'junit:all.xml']);
    expect(merged.status).toBe(1);
    const json = JSON.parse(merged.stdout);
    const keys = (d: Json) => d.reports.map((r: Json) => r.key).sort();
    expect(keys(json)).toEqual(keys(whole));
    expect(json.counts).toEqual(whole.counts);
    expect(json.groups).toEqual(whole.groups);
    expect(readFileSync(join(b.folder, 'all.xml'), 'utf8').match(/<testsuite /g)).toHaveLength(8);
    const one = parts.map((i) => lines(readFileSync(join(b.folder, `part-${i}.ndjson`), 'utf8')).length);
    expect(one.reduce((x, y) => x + y)).toBe(8);
  });
  it('merge: a part that is missing leaves it open, in every format; one without accounts is an empty file and is not missed', async () => {
    const file = yaml(Array.from({ length: 8 }, (_, i) => accountOf(good, { name: `n${i}`, until: 'dns' })));
    for (const i of [1, 3]) await b.run(['run', file, '--shard', `${i}/3`, '--output', `ndjson:of-three-${i}.ndjson`]);
    const { json, status } = await documentOf(['of-three-1.ndjson', 'of-three-3.ndjson'], 'merge');
    expect(status).toBe(3);
    expect(json.reports.at(-1)).toMatchObject({
      verdict: 'inconclusive',
      warnings: ['Results are missing: part 2 of 3 stands in none of these files, and its accounts in no report.'],
    });
    writeFileSync(join(b.folder, 'empty.ndjson'), '');
    const whole = await documentOf(['of-three-1.ndjson', 'empty.ndjson', 'of-three-3.ndjson'], 'merge');
    expect([whole.status, whole.json.counts.inconclusive]).toEqual([0, 0]);
  });
  it('merge: the later file wins, a lost account that another run checked is checked, and nonsense is one line', async () => {
    const a = yaml([accountOf(expired, { name: 'x' }), accountOf(good, { name: 'y', password: { env: 'NO_SUCH_VARIABLE' } })]);
    const z = yaml([accountOf(good, { name: 'x' }), accountOf(good, { name: 'y' })]);
    await b.run(['run', a, '--output', 'ndjson:first.ndjson']);
    await b.run(['run', z, '--output', 'ndjson:second.ndjson']);
    const ran = await b.run(['merge', 'first.ndjson', 'second.ndjson', '--json']);
    expect(ran.status).toBe(0);
    expect(JSON.parse(ran.stdout).counts).toEqual({ pass: 2, warn: 0, fail: 0, inconclusive: 0 });
    expect((await b.run(['merge', 'first.ndjson', a])).stderr).toMatch(
      /^mailcheck: c\d+\.yaml: holds no results of mailcheck run; give a file written with --format ndjson or json\n$/,
    );
    expect((await b.run(['merge', 'nowhere.ndjson'])).stderr).toBe(
      'mailcheck: nowhere.ndjson: cannot be read (ENOENT); check its path\n',
    );
  });
});

describe('CSV', () => {
  it('is read beside or in place of a configuration; bad rows are one line each and the others are checked', async () => {
    const at = `${good.address}:${good.port}`;
    b.file(
      'rows.csv',
      `address,name,imap-host,checks,connect-to,ca-file,resolver,password-env\n${['one', 'two', 'two'].map((n) => `you@example.test,${n},${good.host},imap,${at},${good.caFile},${good.resolver},MAILCHECK_LAB_PASSWORD`).join('\n')}\nnobody,x\n`,
    );
    const direct = await documentOf(['rows.csv']);
    expect(direct.status).toBe(2);
    expect(direct.stderr.split('\n')).toEqual([
      'mailcheck: rows.csv:4: two stands here twice (first in line 3); remove one, or give each a name',
      'mailcheck: rows.csv:5: address needs an "@", as in you@example.com',
      '',
    ]);
    expect(direct.json.counts).toEqual({ pass: 2, warn: 0, fail: 0, inconclusive: 2 });
    const beside = await documentOf([yaml([accountOf(good, { name: 'zero' })], { csv: ['rows.csv', 'nowhere.csv'] })]);
    expect(beside.json.counts.pass).toBe(3);
    expect(beside.stderr).toContain('nowhere.csv cannot be read (ENOENT: there is no such folder); check its path');
  });
});

describe('bad input is one clear line, and nothing is lost', () => {
  it.each([
    [
      'broken YAML',
      ['run', 'broken.yaml'],
      'mailcheck: broken.yaml:1:16: a ] is missing: the list that begins with [ is not closed',
    ],
    [
      'no file',
      ['run', 'nowhere.yaml'],
      'mailcheck: there is no file nowhere.yaml; name the configuration (mailcheck run accounts.yaml), or write one with: mailcheck run --init',
    ],
    [
      'the same account twice',
      ['run', 'twice.yaml'],
      'mailcheck: twice.yaml:1:20: imap of a@b.cd stands here twice (first at twice.yaml:1:12); remove one, or give each a "name:" of its own',
    ],
    [
      'an output folder that is not there',
      ['run', 'fine.yaml', '--output', 'junit:no/where.xml'],
      'mailcheck: --output cannot be written to no/where.xml (ENOENT: there is no such folder); check that the folder exists and is yours',
    ],
    [
      'an output that is a folder',
      ['run', 'fine.yaml', '--output', 'junit:.'],
      'mailcheck: --output names ., which is a folder; name a file in it',
    ],
    [
      'an output that exists',
      ['run', 'fine.yaml', '--output', 'junit:fine.yaml'],
      'mailcheck: --output names fine.yaml, which is a file that exists; add --overwrite to replace it',
    ],
    [
      'an output that is a link',
      ['run', 'fine.yaml', '--output', 'junit:link.xml'],
      'mailcheck: --output names link.xml, which is a symbolic link; name the file itself',
    ],
    ['a limit', ['run', 'fine.yaml', '--concurrency', '0'], 'mailcheck: --concurrency takes a whole number from 1 to 512'],
    [
      'a shard',
      ['run', 'fine.yaml', '--shard', '6/5'],
      'mailcheck: --shard takes PART/PARTS with PART from 1 to PARTS, such as 2/5',
    ],
    [
      'a baseline',
      ['run', 'fine.yaml', '--baseline', 'fine.yaml'],
      'mailcheck: fine.yaml: holds no results of mailcheck run; give a file written with --format ndjson or json',
    ],
    [
      'a resumed file of somebody else',
      ['run', 'fine.yaml', '--resume', 'fine.yaml'],
      'mailcheck: fine.yaml: holds no results of mailcheck run; give a file written with --format ndjson or json',
    ],
  ])('%s', async (_, args, line) => {
    b.file('broken.yaml', 'accounts: [a@b.');
    b.file('twice.yaml', 'accounts: [a@b.cd, a@b.cd]');
    const fine = b.file('fine.yaml', 'accounts: [you@example.com]');
    const link = join(b.folder, 'link.xml');
    if (!existsSync(link)) symlinkSync(fine, link);
    const ran = await b.run(args);
    expect(ran).toMatchObject({ status: 2, stdout: '', stderr: `${line}\n` });
    expect(readFileSync(fine, 'utf8')).toBe('accounts: [you@example.com]');
  });
  it('a full disk costs the output on it, not the others, and the report comes on stdout where it would be lost', async () => {
    const file = yaml([accountOf(good, { name: 'a' }), accountOf(expired, { name: 'b' })]);
    const several = await b.run(['run', file, '--output', 'junit:/dev/full', '--output', 'json:kept.json']);
    expect(several).toMatchObject({
      status: 2,
      stderr: 'mailcheck: the report could not be written to /dev/full (ENOSPC: the disk is full)\n',
    });
    expect(several.stdout).toContain('2 checks: 1 FAILED, 1 PASSED.');
    expect(JSON.parse(readFileSync(join(b.folder, 'kept.json'), 'utf8')).reports).toHaveLength(2);
    const only = await b.run(['run', file, '--format', 'json', '--output', '/dev/full']);
    expect(only.status).toBe(2);
    expect(JSON.parse(only.stdout).reports).toHaveLength(2);
    const stream = await b.run(['run', file, '--format', 'ndjson', '--output', '/dev/full', '--concurrency', '1']);
    expect(stream.status).toBe(2);
    expect(stream.stderr).toBe(
      'mailcheck: results could not be written to /dev/full (ENOSPC: the disk is full); what stands there is whole\n',
    );
    expect(lines(stream.stdout).length).toBeGreaterThan(0);
    const full = openSync('/dev/full', 'w');
    const alone = await b.run(['run', file], { stdout: full });
    expect(alone).toMatchObject({
      status: 2,
      stderr: 'mailcheck: standard output could not be written (ENOSPC: the disk is full)\n',
    });
    const out = await b.run(['run', file, '--output', 'json:beside.json'], { stdout: full });
    expect(out).toMatchObject({
      status: 2,
      stderr: 'mailcheck: standard output could not be written (ENOSPC: the disk is full)\n',
    });
    expect(JSON.parse(readFileSync(join(b.folder, 'beside.json'), 'utf8')).reports).toHaveLength(2);
  });
  it('the configuration may come from standard input', async () => {
    const ran = await b.run(['run', '-', '--json'], { stdin: config([accountOf(good)]) });
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect((await b.run(['run', '-'], { stdin: 'accounts: [' })).stderr).toMatch(/^mailcheck: stdin:1:\d+: /);
  });
  it('--init writes a private file that is never over another', async () => {
    const first = await b.run(['run', '--init']);
    expect(first).toMatchObject({ status: 0, stdout: 'mailcheck.yaml\n', stderr: '' });
    expect(statSync(join(b.folder, 'mailcheck.yaml')).mode & 0o777).toBe(0o600);
    expect((await b.run(['run', '--init'])).status).toBe(2);
  });
});

describe('exit status', () => {
  it('for Nagios is the plugin’s own: 0, 1, 2, 3', async () => {
    const soon = await b.serve({ protocol: 'imap', certificate: 'expires-soon' });
    const status = async (...accounts: readonly unknown[]) => (await b.run(['run', yaml(accounts), '--format', 'nagios'])).status;
    expect(await status(accountOf(good))).toBe(0);
    expect(await status(accountOf(soon))).toBe(1);
    expect(await status(accountOf(good), accountOf(expired, { name: 'x' }))).toBe(2);
    expect(await status(accountOf(good, { password: { env: 'NO_SUCH_VARIABLE' } }))).toBe(3);
    const wrong = await b.run(['run', 'nowhere.yaml', '--format', 'nagios']);
    expect(wrong).toMatchObject({
      status: 3,
      stdout: expect.stringMatching(/^MAILCHECK UNKNOWN - there is no file nowhere\.yaml/),
    });
    const single = await b.run([
      'imap',
      expired.mail,
      '--host',
      expired.host,
      '--connect-to',
      `${expired.address}:${expired.port}`,
      '--ca-file',
      expired.caFile,
      '--resolver',
      expired.resolver,
      '--format',
      'nagios',
    ]);
    expect(single).toMatchObject({ status: 2, stdout: expect.stringMatching(/^MAILCHECK CRITICAL - IMAP/) });
  });
  it('a run of nothing but what another part has is fine', async () => {
    const ran = await b.run(['run', yaml([accountOf(good)]), '--shard', '1/64']);
    const other = await b.run(['run', yaml([accountOf(good)]), '--shard', '2/64']);
    expect([ran.status, other.status]).toEqual([0, 0]);
    expect([ran.stdout, other.stdout]).toContain('Nothing was checked.\n');
  });
});
