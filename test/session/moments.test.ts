/** What a reply means at the moment when it is said: response codes, bare codes and words that no rule knows, at log-in and after it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import type { Serve } from '../../src/model/cause.ts';
import type { Protocol } from '../../src/model/terms.ts';
import { checkServe } from '../tools/live.ts';

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});

async function met(serve: Serve) {
  const { check } = await checkServe(serve, authority, { timeoutMs: 4000 });
  const { root, findings } = check.diagnosis;
  return {
    cause: root?.cause.id,
    errors: findings.filter((f) => f.severity === 'error').length,
    failed: check.stages.filter((s) => s.status === 'fail').length,
  };
}

describe('a log-in', () => {
  it.each<[string, Protocol, string]>([
    ['auth.policy-blocked', 'imap', '{tag} NO [NOPERM] Not for you'],
    ['settings.wrong-server', 'imap', '{tag} NO [REFERRAL imap://imap2.example.net/] Your mail is kept elsewhere'],
    ['auth.temporary-failure', 'imap', '{tag} NO [UNAVAILABLE]'],
    ['auth.credentials-rejected', 'imap', '{tag} BAD invalid login'],
    ['auth.credentials-rejected', 'imap', '{tag} NO Unable to authenticate'],
    ['auth.encryption-required', 'imap', '{tag} NO [PRIVACYREQUIRED] Use a safer channel'],
    ['auth.temporary-failure', 'imap', '{tag} NO [UNAVAILABLE] Please retry in 30 seconds'],
    ['settings.user-name-form', 'imap', '{tag} NO Invalid username format, expected user@domain'],
    ['auth.policy-blocked', 'imap', '{tag} NO [ALERT] Your administrator requires sign-in from a managed device'],
    ['auth.smtp-disabled', 'smtp', '535 5.7.3 Client submission is disabled for this mailbox'],
    ['mailbox.in-use', 'pop3', '-ERR [IN-USE]'],
    ['mailbox.login-delay', 'pop3', '-ERR [LOGIN-DELAY] wait'],
    ['auth.temporary-failure', 'pop3', '-ERR [SYS/TEMP]'],
    ['auth.protocol-disabled', 'pop3', '-ERR POP service is off for your class of service'],
    ['auth.credentials-rejected', 'pop3', '-ERR'],
    ['auth.protocol-disabled', 'pop3', '-ERR [SYS/PERM] Permission denied'],
    ['auth.credentials-rejected', 'smtp', '535 Permission denied'],
    ['auth.policy-blocked', 'smtp', '535 5.7.1 Your country is not on the list for this account'],
    ['auth.web-login-required', 'smtp', '535 5.7.14 Please sign in on the web to verify it is you'],
    ['auth.mechanism-unsupported', 'smtp', '432 4.7.12 A password transition is needed'],
    ['auth.temporary-failure', 'smtp', '451 4.7.1 x'],
    ['auth.credentials-rejected', 'smtp', '550 5.1.1 x'],
    ['auth.credentials-rejected', 'smtp', '550 5.2.1 x'],
    ['auth.credentials-rejected', 'smtp', '550 5.6.0 x'],
    ['auth.credentials-rejected', 'smtp', '553 5.1.7 x'],
    ['auth.credentials-rejected', 'smtp', '571 x'],
  ])('%s: %s %s', async (cause, protocol, reply) => {
    const replies = { AUTH: reply, PASS: reply, LOGIN: reply };
    expect(await met({ protocol, replies })).toEqual({ cause, errors: 1, failed: 1 });
  });

  it('that BYE ends says nothing of the password', async () => {
    const said = '* BYE Too busy now, come back later\n!close';
    expect(await met({ protocol: 'imap', replies: { AUTH: said, LOGIN: said } })).toMatchObject({ cause: 'server.unavailable' });
  });
});

describe('after it', () => {
  it.each<[string, Serve]>([
    ['server.unavailable', { protocol: 'imap', replies: { EXAMINE: '* BYE Server shutting down\n!close' } }],
    ['mailbox.unusable', { protocol: 'imap', replies: { EXAMINE: '* BYE Internal error occurred.\n!close' } }],
    ['policy.rate-limited', { protocol: 'imap', replies: { EXAMINE: '{tag} NO [LIMIT] Too much' } }],
    ['mailbox.unusable', { protocol: 'imap', replies: { EXAMINE: '{tag} NO [NOPERM] Permission denied' } }],
    ['mailbox.unusable', { protocol: 'pop3', replies: { STAT: '-ERR sorry' } }],
    ['mailbox.in-use', { protocol: 'pop3', replies: { STAT: '-ERR [IN-USE] busy' } }],
  ])('%s', async (cause, serve) => {
    expect(await met(serve)).toEqual({ cause, errors: 1, failed: 1 });
  });
});
