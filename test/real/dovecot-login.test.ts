/** Real Dovecot refuses to let somebody in: each reason, made in its configuration, is told from the others. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectCause } from './client.ts';
import { account, USER } from './servers/dovecot.ts';
import { missing } from './servers/installed.ts';
import { BOTH, useDovecot, visit } from './servers/use.ts';

const start = useDovecot();

describe.skipIf(missing('dovecot'))('Dovecot, log-in', () => {
  it.each(BOTH)('%s: a wrong password', async (protocol) => {
    const made = await visit(await start(), protocol, { password: 'wrong horse-7' });
    expectCause(made, 'auth.credentials-rejected');
    expect(made.transcript.filter((t) => t.from === 'client' && /\b(PASS|AUTH|AUTHENTICATE|LOGIN)\b/.test(t.text))).toHaveLength(
      1,
    );
    expect(made.transcript.map((t) => t.text).join('\n')).not.toContain('wrong horse');
  });

  it.each(['SCRAM-SHA-256', 'CRAM-MD5', 'DIGEST-MD5'])('a wrong password by %s', async (mechanism) => {
    const set = { auth_mechanisms: 'plain login cram-md5 digest-md5 scram-sha-256' };
    expectCause(await visit(await start({ set }), 'imap', { mechanism, password: 'wrong horse-7' }), 'auth.credentials-rejected');
  });

  it('a wrong password by USER and PASS, and by APOP', async () => {
    const server = await start({ set: { auth_mechanisms: 'plain apop' } });
    expectCause(await visit(server, 'pop3', { mechanism: 'USER', password: 'x' }), 'auth.credentials-rejected');
    expectCause(await visit(server, 'pop3', { mechanism: 'APOP', password: 'x' }), 'auth.credentials-rejected');
  });

  it.each(BOTH)('%s: an unknown user', async (protocol) => {
    expectCause(await visit(await start(), protocol, { user: 'nobody@example.test' }), 'auth.credentials-rejected');
  });

  it.each(BOTH)('%s: a user whose log-in was switched off, with the reason', async (protocol) => {
    const server = await start({ users: [account(USER, 'nologin'), account('bo@example.test', 'nologin reason=Suspended')] });
    expectCause(await visit(server, protocol), 'auth.account-disabled');
    expectCause(await visit(server, protocol, { user: 'bo@example.test' }), 'auth.account-disabled');
  });

  it.each(BOTH)('%s: the account database does not answer', async (protocol) => {
    const server = await start({
      passdb: (folder) => `passdb {\n  driver = dict\n  args = ${folder}/dict.conf\n}`,
      prepare: (folder) =>
        writeFileSync(
          join(folder, 'dict.conf'),
          `uri = proxy:${folder}/no-such-socket:users\npassword_key = passdb/%u\nuser_key = userdb/%u\n`,
        ),
    });
    expectCause(await visit(server, protocol), 'auth.temporary-failure');
  });

  it.each(BOTH)('%s: the log-in service itself is broken', async (protocol) => {
    const server = await start({ set: { auth_mechanisms: 'plain no-such-mechanism' } });
    const made = await visit(server, protocol, { security: 'starttls' });
    expectCause(made, 'server.misconfigured');
  });

  it.each(BOTH)('%s: the proxied back end is down', async (protocol) => {
    const server = await start({ users: [account(USER, 'proxy host=127.0.0.1 port=1 proxy_timeout=2')] });
    expectCause(await visit(server, protocol), 'auth.temporary-failure');
  });

  it.each(BOTH)('%s: nothing but tokens', async (protocol) => {
    const server = await start({
      set: { auth_mechanisms: 'oauthbearer xoauth2' },
      passdb: (folder) => `passdb {\n  driver = oauth2\n  mechanisms = oauthbearer xoauth2\n  args = ${folder}/oauth2.conf\n}`,
      prepare: (folder) =>
        writeFileSync(
          join(folder, 'oauth2.conf'),
          'introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix=/tmp/\n',
        ),
    });
    expectCause(await visit(server, protocol), 'auth.basic-disabled');
  });

  it.each(BOTH)('%s: nothing but client certificates', async (protocol) => {
    expectCause(await visit(await start({ set: { auth_mechanisms: 'external' } }), protocol), 'auth.mechanism-unsupported');
  });

  it.each(BOTH)('%s: a mechanism that the server does not have', async (protocol) => {
    expectCause(await visit(await start(), protocol, { mechanism: 'SCRAM-SHA-256' }), 'auth.mechanism-unsupported');
  });

  it.each(BOTH)('%s: a token where its check is out of reach', async (protocol) => {
    const server = await start({
      set: { auth_mechanisms: 'plain oauthbearer xoauth2' },
      passdb: (folder) => `passdb {\n  driver = oauth2\n  mechanisms = oauthbearer xoauth2\n  args = ${folder}/oauth2.conf\n}`,
      prepare: (folder) =>
        writeFileSync(
          join(folder, 'oauth2.conf'),
          'introspection_mode = post\nintrospection_url = http://127.0.0.1:1/\nusername_attribute = email\n',
        ),
    });
    expectCause(await visit(server, protocol, { token: 'opaque-token-1' }), 'auth.temporary-failure');
  });

  it.each(BOTH)('%s: a password in plain text is withheld, and with --insecure-auth refused', async (protocol) => {
    const server = await start();
    // IMAP says in its list that it would refuse (LOGINDISABLED); POP3 has no such word.
    const kept = await visit(server, protocol, { security: 'none' });
    expectCause(kept, protocol === 'imap' ? 'auth.encryption-required' : 'auth.withheld');
    expect(kept.stages.find((s) => s.stage === 'auth')).toMatchObject({ status: 'skipped', reason: { id: 'channel-plain' } });
    for (const mechanism of protocol === 'pop3' ? [undefined, 'USER'] : [undefined, 'LOGIN']) {
      const made = await visit(server, protocol, {
        security: 'none',
        options: { insecureAuth: true },
        ...(mechanism ? { mechanism } : {}),
      });
      expectCause(made, 'auth.encryption-required');
    }
  });

  it.each(BOTH)('%s: a client certificate is demanded at the log-in', async (protocol) => {
    const server = await start({
      set: { ssl_verify_client_cert: 'yes', auth_ssl_require_client_cert: 'yes' },
      more: (folder) => `ssl_ca = <${folder}/ca.pem\nssl_require_crl = no`,
    });
    expectCause(await visit(server, protocol), 'tls.client-certificate-required');
  });

  it('pop3: the wrong addresses (allow_nets) look like a wrong password, and that is what the report says, with its doubt', async () => {
    const server = await start({ users: [account(USER, 'allow_nets=192.0.2.0/24')] });
    const made = await visit(server, 'pop3');
    expectCause(made, 'auth.credentials-rejected');
    expect(made.diagnosis.root?.certainty).not.toBe('proven');
  });
});

describe.skipIf(missing('dovecot', 'lua'))('Dovecot, states of the account', () => {
  const lua = (result: string, text = '') => ({
    passdb: (folder: string) => `passdb {\n  driver = lua\n  args = file=${folder}/auth.lua blocking=no\n}`,
    prepare: (folder: string) =>
      writeFileSync(
        join(folder, 'auth.lua'),
        `function auth_passdb_lookup(req)\n  return dovecot.auth.PASSDB_RESULT_${result}, "${text}"\nend\nfunction auth_password_verify(req, pass)\n  return dovecot.auth.PASSDB_RESULT_${result}, "${text}"\nend\n`,
      ),
  });

  it.each(BOTH)('%s: an expired password', async (protocol) => {
    expectCause(await visit(await start(lua('PASS_EXPIRED')), protocol), 'auth.password-expired');
  });
  it.each(BOTH)('%s: the back end fails inside', async (protocol) => {
    expectCause(await visit(await start(lua('INTERNAL_FAILURE')), protocol), 'auth.temporary-failure');
  });
});
