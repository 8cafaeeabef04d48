/** Faults met from outside by independent servers: refusals for now without a reason, senders all refused, words of servers that mean something else on a client. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import type { Serve } from '../../src/model/cause.ts';
import { checkServe } from '../tools/live.ts';

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});

async function met(serve: Serve) {
  const { check } = await checkServe(serve, authority);
  const { root, verdict } = check.diagnosis;
  return {
    check,
    verdict,
    cause: root?.cause.id,
    status: (stage: string) => check.stages.find((s) => s.stage === stage)?.status,
  };
}

describe('a refusal for now that gives no reason', () => {
  it.each([
    ['MAIL FROM', '451 4.3.0 x'],
    ['RCPT TO', '450 hm'],
    ['.', '451 4.3.0 Mail server temporarily rejected message'],
    ['.', '421 4.4.2 timeout exceeded'],
    ['.', '450 4.2.0 try later'],
  ])('never passes: %s is answered %s', async (command, reply) => {
    const { verdict, cause } = await met({ protocol: 'smtp', client: { args: ['--send'] }, replies: { [command]: reply } });
    expect({ verdict, cause }).toEqual({ verdict: 'fail', cause: 'server.unavailable' });
  });
});

it('nothing is said to have been sent where every sender was refused', async () => {
  const { status } = await met({ protocol: 'smtp', client: { args: ['--send'] }, replies: { 'MAIL FROM': '554 5.0.0 no' } });
  expect([status('identity'), status('send')]).toEqual(['fail', 'skipped']);
});

describe('the words of a server', () => {
  const auth = (reply: string) => ({ AUTH: reply, PASS: reply, LOGIN: reply });
  it.each<[string, Serve]>([
    ['greeting.rejected', { protocol: 'pop3', greeting: '-ERR Permission denied - closing connection.' }],
    ['greeting.rejected', { protocol: 'imap', greeting: '* BYE Access denied' }],
    [
      'greeting.wrong-service',
      {
        protocol: 'smtp',
        security: 'starttls',
        greeting: '220 (vsFTPd 3.0.5)',
        replies: { EHLO: '530 Please login with USER and PASS.' },
      },
    ],
    [
      'greeting.wrong-service',
      { protocol: 'smtp', greeting: '220 mail LMTP ready', replies: { EHLO: '500 5.5.1 Use LHLO', HELO: '500 5.5.1 Use LHLO' } },
    ],
    [
      'greeting.wrong-service',
      { protocol: 'smtp', greeting: '220 mail LMTP Cyrus', replies: { EHLO: '500 5.5.1 Unknown', HELO: '500 5.5.1 Unknown' } },
    ],
    ['mailbox.in-use', { protocol: 'imap', replies: auth('{tag} NO [INUSE] mailbox locked') }],
    ['auth.protocol-disabled', { protocol: 'pop3', replies: auth('-ERR [AUTH] Your account is not configured for POP access') }],
    [
      'settings.user-name-form',
      { protocol: 'pop3', replies: auth('-ERR [AUTH] Invalid login: please use full email address (user@domain)') },
    ],
    ['auth.app-password-required', { protocol: 'smtp', replies: auth('535 Login fail. Authorization code is expired') }],
    ['mailbox.unusable', { protocol: 'imap', replies: { EXAMINE: '{tag} BAD User is authenticated but not connected.' } }],
  ])('%s', async (cause, serve) => {
    expect((await met(serve)).cause).toBe(cause);
  });
});
