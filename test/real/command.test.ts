/** The built command against real servers, as a person or a script runs it: exit status, JSON, terminal, and no secret anywhere. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import { CLI, type Ran, run } from './client.ts';
import { type Dovecot, HOST, PASSWORD, startDovecot, USER } from './servers/dovecot.ts';
import { missing } from './servers/installed.ts';
import { type Postfix, startPostfix } from './servers/postfix.ts';
import type { Place } from './servers/process.ts';

const notBuilt = !existsSync(CLI);
if (notBuilt && process.env.MAILCHECK_REQUIRE_REAL === '1') throw new Error('dist/cli.js is missing: run "npm run build" first');
if (notBuilt) process.stderr.write('SKIPPED: the built command is missing: run "npm run build" first\n');

describe.skipIf(missing('dovecot', 'postfix') || notBuilt)('mailcheck, the command', () => {
  let authority: Authority;
  let dovecot: Dovecot;
  let selfSigned: Dovecot;
  let postfix: Postfix<'open' | 'owned' | 'bare'>;
  let folder: string;

  beforeAll(async () => {
    authority = createAuthority();
    folder = mkdtempSync(join(tmpdir(), 'mcc-'));
    dovecot = await startDovecot({ authority });
    selfSigned = await startDovecot({ authority, certificate: 'self-signed' });
    postfix = await startPostfix({
      authority,
      dovecot,
      services: {
        open: {},
        owned: {
          set: () => ({
            smtpd_sender_login_maps: `inline:{ {${USER} = ${USER}} }`,
            smtpd_sender_restrictions: 'reject_sender_login_mismatch',
          }),
        },
        bare: { set: () => ({ smtpd_tls_security_level: 'none' }) },
      },
    });
    writeFileSync(join(folder, 'ca.pem'), authority.rootPem);
    writeFileSync(join(folder, 'password'), `${PASSWORD}\n`, { mode: 0o600 });
  });
  afterAll(async () => {
    await postfix?.stop();
    await selfSigned?.stop();
    await dovecot?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const to = (place: Place) => [
    '--host',
    HOST,
    '--connect-to',
    `${place.address}:${place.port}`,
    '--ca-file',
    join(folder, 'ca.pem'),
  ];
  const secret = () => ['--password-file', join(folder, 'password')];

  interface Shown {
    readonly schema: string;
    readonly verdict: string;
    readonly checks: readonly { readonly cause: string | null; readonly stages: readonly { stage: string; status: string }[] }[];
  }
  function report(ran: Ran): Shown {
    expect(ran.stderr).toBe('');
    expect(ran.stdout).not.toContain(PASSWORD);
    expect(ran.stdout).not.toContain(Buffer.from(PASSWORD).toString('base64'));
    const shown: Shown = JSON.parse(ran.stdout);
    expect(shown.schema).toBe('mailcheck.report/1');
    return shown;
  }

  it.each([
    ['pop', 'pop3', 'starttls'],
    ['pop', 'pop3s', 'tls'],
    ['imap', 'imap', 'starttls'],
    ['imap', 'imaps', 'tls'],
  ] as const)('%s on %s passes with status 0', async (command, service, security) => {
    const ran = await run([
      command,
      USER,
      ...to(dovecot[service]),
      '--security',
      security,
      ...secret(),
      '--json',
      '--transcript',
    ]);
    const shown = report(ran);
    expect([ran.status, shown.verdict, shown.checks[0]?.cause]).toEqual([0, 'pass', null]);
  });

  it('smtp --send passes with status 0', async () => {
    const ran = await run(['smtp', USER, ...to(postfix.at.open), '--security', 'starttls', ...secret(), '--send', '--json']);
    expect([ran.status, report(ran).verdict]).toEqual([0, 'pass']);
  });

  it('a wrong password: status 1, and the cause', async () => {
    const ran = await run(['pop', USER, ...to(dovecot.pop3s), '--password-env', 'SECRET', '--json'], { SECRET: 'wrong horse-7' });
    const shown = report(ran);
    expect([ran.status, shown.verdict, shown.checks[0]?.cause]).toEqual([1, 'fail', 'auth.credentials-rejected']);
    expect(ran.stdout).not.toContain('wrong horse');
  });

  it('a self-signed certificate: status 1, the cause, and no credentials sent', async () => {
    const ran = await run(['imap', USER, ...to(selfSigned.imaps), ...secret(), '--json']);
    const shown = report(ran);
    expect([ran.status, shown.checks[0]?.cause]).toEqual([1, 'certificate.self-signed']);
    expect(shown.checks[0]?.stages.find((s) => s.stage === 'auth')?.status).toBe('skipped');
  });

  it('a foreign sender: status 1, the cause', async () => {
    const ran = await run([
      'smtp',
      USER,
      ...to(postfix.at.owned),
      '--security',
      'starttls',
      '--from',
      'boss@example.test',
      ...secret(),
      '--json',
    ]);
    expect([ran.status, report(ran).checks[0]?.cause]).toEqual([1, 'sender.not-owned']);
  });

  it('no STARTTLS: status 1, the cause', async () => {
    const ran = await run(['smtp', USER, ...to(postfix.at.bare), '--security', 'starttls', ...secret(), '--json']);
    expect([ran.status, report(ran).checks[0]?.cause]).toEqual([1, 'tls.starttls-missing']);
  });

  it('refused: status 1, the cause', async () => {
    const ran = await run(['pop', '--host', '127.0.0.2', '--port', '1', '--json', '--no-input', '--no-control-probes']);
    expect([ran.status, report(ran).checks[0]?.cause]).toEqual([1, 'connect.refused']);
  });

  it('the first lines on the terminal name verdict and cause', async () => {
    const ran = await run(['imap', USER, ...to(selfSigned.imaps), ...secret()]);
    expect(ran.status).toBe(1);
    expect(ran.stdout.split('\n').slice(0, 4).join('\n')).toContain('certificate.self-signed');
  });

  it('--save keeps the evidence, which explain judges alike', async () => {
    const file = join(folder, 'evidence.json');
    const ran = await run(['pop', USER, ...to(dovecot.pop3s), '--password-env', 'SECRET', '--save', file], {
      SECRET: 'wrong horse-7',
    });
    expect(ran.status).toBe(1);
    expect(readFileSync(file, 'utf8')).not.toContain('wrong horse');
    const again = await run(['explain', '--file', file, '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ matches: [{ cause: 'auth.credentials-rejected' }] });
  });

  it('works in a pipeline of the shell', () => {
    const args = ['pop', USER, ...to(dovecot.pop3s), '--password-stdin', '--json'];
    const piped = spawnSync('/bin/sh', ['-c', 'printf "%s\\n" "$SECRET" | "$0" "$@"', process.execPath, CLI, ...args], {
      encoding: 'utf8',
      env: { ...process.env, SECRET: PASSWORD },
      timeout: 60_000,
    });
    expect([piped.status, JSON.parse(piped.stdout).checks[0].cause]).toEqual([0, null]);
  });
});
