/** A whole account on real Dovecot and Postfix, found by name on a DNS server of the lab: services side by side, reasons across them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/lab/authority.ts';
import { type LabDns, startDns } from '../../src/lab/dns.ts';
import { run } from './client.ts';
import { account, type Dovecot, PASSWORD, startDovecot, USER } from './servers/dovecot.ts';
import { missing } from './servers/installed.ts';
import { type Postfix, startPostfix } from './servers/postfix.ts';

const WHERE: Readonly<Record<string, string>> = {
  'pop.example.test': '127.0.0.2',
  'imap.example.test': '127.0.0.2',
  'smtp.example.test': '127.0.0.1',
};

interface Shown {
  readonly verdict: string;
  readonly checks: readonly {
    readonly protocol: string;
    readonly verdict: string;
    readonly cause: string | null;
    readonly stages: readonly { readonly stage: string }[];
  }[];
  readonly working?: readonly { readonly protocol: string; readonly host: string; readonly port: number }[];
}

describe.skipIf(missing('dovecot', 'postfix'))('a whole account', () => {
  let folder: string;
  let dns: LabDns;
  let dovecot: Dovecot;
  /** Knows the account by another password, so that only sending is refused. */
  let stranger: Dovecot;
  let postfix: Postfix<'open' | 'closed'>;

  beforeAll(async () => {
    const authority = createAuthority();
    folder = mkdtempSync(join(tmpdir(), 'mca-'));
    writeFileSync(join(folder, 'ca.pem'), authority.rootPem);
    dns = await startDns((name, type) => {
      const address = WHERE[name];
      if (address === undefined) return { code: 'NXDOMAIN', records: [] };
      return { code: 'NOERROR', records: type === 'A' ? [{ type: 'A', address }] : [] };
    });
    dovecot = await startDovecot({ authority });
    stranger = await startDovecot({ authority, users: [account(USER, '', 'another password')] });
    postfix = await startPostfix({
      authority,
      dovecot,
      services: { open: {}, closed: { set: () => ({ smtpd_sasl_path: stranger.auth }) } },
    });
  });
  afterAll(async () => {
    await postfix?.stop();
    await stranger?.stop();
    await dovecot?.stop();
    await dns?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  async function check(smtpPort: number, password = PASSWORD, ...more: string[]) {
    const ran = await run(
      [
        'account',
        USER,
        ...['--pop-host', 'pop.example.test', '--pop-port', String(dovecot.pop3s.port), '--pop-security', 'tls'],
        ...['--imap-host', 'imap.example.test', '--imap-port', String(dovecot.imap.port), '--imap-security', 'starttls'],
        ...['--smtp-host', 'smtp.example.test', '--smtp-port', String(smtpPort), '--smtp-security', 'starttls'],
        ...['--resolver', dns.resolver, '--ca-file', join(folder, 'ca.pem'), '--password-env', 'SECRET', '--json'],
        ...more,
      ],
      { SECRET: password },
    );
    expect(ran.stderr).toBe('');
    expect(ran.stdout).not.toContain(password);
    const shown: Shown = JSON.parse(ran.stdout);
    return { status: ran.status, shown, causes: Object.fromEntries(shown.checks.map((c) => [c.protocol, c.cause])) };
  }

  it('passes, and its settings are told ready to type in', async () => {
    const { status, shown, causes } = await check(postfix.at.open.port);
    expect([status, shown.verdict, causes]).toEqual([0, 'pass', { pop3: null, imap: null, smtp: null }]);
    expect(shown.working?.map((w) => w.port)).toEqual(
      expect.arrayContaining([dovecot.pop3s.port, dovecot.imap.port, postfix.at.open.port]),
    );
  });

  it('a password that reads mail and does not send is no wrong password', async () => {
    const { status, causes } = await check(postfix.at.closed.port);
    expect([status, causes]).toEqual([1, { pop3: null, imap: null, smtp: 'auth.smtp-disabled' }]);
  });

  it('a password that nobody takes is one', async () => {
    const { status, causes } = await check(postfix.at.open.port, 'wrong horse-7');
    const wrong = 'auth.credentials-rejected';
    expect([status, causes]).toEqual([1, { pop3: wrong, imap: wrong, smtp: wrong }]);
  });

  it('with --send --arrival the message is sent and found', async () => {
    const { status, shown } = await check(postfix.at.open.port, PASSWORD, '--send', '--arrival');
    expect([status, shown.verdict]).toEqual([0, 'pass']);
    const sent = shown.checks.find((c) => c.protocol === 'smtp')?.stages.find((s) => s.stage === 'send');
    expect(sent).toMatchObject({ status: 'pass', summary: expect.stringMatching(/arrived after [\d.]+/) });
  }, 90_000);
});
