/** Healthy accounts on real Dovecot and Postfix pass: every protocol, both ways to TLS, every mechanism that the servers have. */
import { createHmac } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority } from '../../src/lab/authority.ts';
import type { Check } from '../../src/model/diagnosis.ts';
import type { Protocol, Security } from '../../src/model/terms.ts';
import { type Asked, check, expectCause } from './client.ts';
import { account, type Dovecot, startDovecot, USER } from './servers/dovecot.ts';
import { missing } from './servers/installed.ts';
import { type Postfix, startPostfix } from './servers/postfix.ts';

const SIGNING_KEY = 'a key that only this test knows';
const MECHANISMS = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'DIGEST-MD5', 'SCRAM-SHA-1', 'SCRAM-SHA-256'];

/** A bearer token signed by us (RFC 7519), which Dovecot checks itself. */
function token(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const body = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${body}.${createHmac('sha256', SIGNING_KEY).update(body).digest('base64url')}`;
}

const now = () => Math.floor(Date.now() / 1000);
const good = () => token({ sub: USER, email: USER, iat: now() - 10, exp: now() + 3600 });

describe.skipIf(missing('dovecot', 'postfix'))('healthy accounts', () => {
  let dovecot: Dovecot;
  let postfix: Postfix<'tls' | 'starttls'>;

  beforeAll(async () => {
    const authority = createAuthority();
    dovecot = await startDovecot({
      authority,
      users: [account(USER), account('bjørn@example.test', '', 'blåbær 😀')],
      set: {
        auth_mechanisms: 'plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256 apop oauthbearer xoauth2 external',
        auth_username_chars: '',
      },
      passdb: (folder) =>
        [
          `passdb {\n  driver = passwd-file\n  args = username_format=%u ${folder}/users\n}`,
          `passdb {\n  driver = oauth2\n  mechanisms = oauthbearer xoauth2\n  args = ${folder}/oauth2.conf\n}`,
        ].join('\n'),
      prepare(folder) {
        const keys = join(folder, 'keys', 'default', 'HS256');
        mkdirSync(keys, { recursive: true });
        writeFileSync(join(keys, 'default'), Buffer.from(SIGNING_KEY).toString('base64'));
        const lines = [
          'introspection_mode = local',
          `local_validation_key_dict = fs:posix:prefix=${folder}/keys/`,
          'username_attribute = email',
        ];
        writeFileSync(join(folder, 'oauth2.conf'), `${lines.join('\n')}\n`);
      },
    });
    postfix = await startPostfix({ authority, dovecot, services: { tls: { wrapper: true }, starttls: {} } });
  });
  afterAll(async () => {
    await postfix?.stop();
    await dovecot?.stop();
  });

  const place = (protocol: Protocol, security: Security) => {
    if (protocol === 'smtp') return postfix.at[security === 'tls' ? 'tls' : 'starttls'];
    if (protocol === 'pop3') return security === 'tls' ? dovecot.pop3s : dovecot.pop3;
    return security === 'tls' ? dovecot.imaps : dovecot.imap;
  };
  const visit = async (protocol: Protocol, security: Security, more: Partial<Asked> = {}): Promise<Check> =>
    await check({ protocol, security, place: place(protocol, security), ca: dovecot.ca, ...more });
  const used = (made: Check) => made.evidence.flatMap((e) => (e.kind === 'secret' ? [e.mechanism] : []));

  describe.each(['pop3', 'imap', 'smtp'] as const)('%s', (protocol) => {
    it.each(['tls', 'starttls'] as const)('over %s passes, stage by stage', async (security) => {
      const made = await visit(protocol, security);
      expectCause(made, null);
      expect(made.diagnosis.verdict).toBe('pass');
      expect(made.stages.filter((s) => s.status !== 'pass').map((s) => s.stage)).toEqual(protocol === 'smtp' ? ['send'] : []);
      expect(made.transcript.map((t) => t.text).join('\n')).not.toContain('correct horse');
    });

    it.each(MECHANISMS)('takes %s', async (mechanism) => {
      const made = await visit(protocol, 'tls', { mechanism });
      expectCause(made, null);
      expect(used(made)).toEqual([mechanism]);
    });

    it.each(['OAUTHBEARER', 'XOAUTH2'])('takes a token by %s', async (mechanism) => {
      const made = await visit(protocol, 'tls', { mechanism, token: good() });
      expectCause(made, null);
      expect(used(made)).toEqual([mechanism]);
    });

    it('names an expired token', async () => {
      const made = await visit(protocol, 'tls', {
        token: token({ sub: USER, email: USER, iat: now() - 7200, exp: now() - 3600 }),
      });
      expectCause(made, 'auth.token-rejected');
    });

    it('names a token for somebody else', async () => {
      const made = await visit(protocol, 'tls', {
        token: token({ sub: 'eve@example.test', email: 'eve@example.test', exp: now() + 3600 }),
      });
      expectCause(made, 'auth.token-rejected');
    });

    it('takes a user name and a password beyond ASCII', async () => {
      const made = await visit(protocol, 'tls', { user: 'bjørn@example.test', password: 'blåbær 😀', from: [USER] });
      expectCause(made, null);
    });
  });

  it('takes APOP, in plain text too, since it shows no password', async () => {
    expectCause(await visit('pop3', 'tls', { mechanism: 'APOP' }), null);
  });

  it('takes USER and PASS', async () => {
    const made = await visit('pop3', 'tls', { mechanism: 'USER' });
    expectCause(made, null);
    expect(made.transcript.map((t) => t.text)).toContain(`USER ${USER}`);
  });

  it('stops where it is told to', async () => {
    const made = await visit('imap', 'starttls', { options: { until: 'certificate' } });
    expectCause(made, null);
    expect(made.diagnosis.verdict).toBe('pass');
    expect(made.stages.find((s) => s.stage === 'auth')).toMatchObject({ status: 'skipped', reason: { id: 'stopped-before' } });
  });

  it('without a password runs what needs none, and says so', async () => {
    const made = await visit('smtp', 'starttls', { password: null });
    expectCause(made, null);
    expect(made.diagnosis.verdict).toBe('pass');
    expect(made.stages.find((s) => s.stage === 'auth')).toMatchObject({ status: 'skipped', reason: { id: 'no-password' } });
  });

  it('with --send delivers one message to the account, which POP then counts', async () => {
    const before = await messages();
    const made = await visit('smtp', 'starttls', { options: { send: true } });
    expectCause(made, null);
    expect(made.stages.find((s) => s.stage === 'send')?.status).toBe('pass');
    const folder = join(dovecot.maildir(USER), 'new');
    await until(() => readdirSync(folder).length > 0);
    const text = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
    const id = made.evidence.flatMap((e) => (e.kind === 'sender' && e.messageId !== undefined ? [e.messageId] : []))[0];
    expect(id).toBeDefined();
    expect(text).toContain(id);
    expect(await messages()).toBe(before + 1);
  });

  async function messages(): Promise<number> {
    const made = await visit('pop3', 'tls');
    return made.evidence.flatMap((e) => (e.kind === 'mailbox' ? [e.messages ?? 0] : []))[0] ?? 0;
  }
});

/** Waits for a condition that the servers bring about, at most ten seconds. */
async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (performance.now() < end) {
    try {
      if (condition()) return;
    } catch {
      // The folder is not there yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new Error('it did not come about in ten seconds');
}
