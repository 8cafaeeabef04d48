/** A provider's phrase in another house: bare words decide for that provider's accounts alone; its codes and names decide anywhere. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import type { Protocol } from '../../src/model/terms.ts';
import { checkServe } from '../tools/live.ts';

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});

const auth = (reply: string) => ({ AUTH: reply, PASS: reply, LOGIN: reply });

async function met(protocol: Protocol, reply: string, preset?: string) {
  const client = preset === undefined ? {} : { client: { args: ['--preset', preset] } };
  const { check } = await checkServe({ protocol, ...client, replies: auth(reply) }, authority, { timeoutMs: 4000 });
  const { root, findings } = check.diagnosis;
  return {
    cause: root?.cause.id,
    provider: root?.sighting.provider?.preset,
    alternatives: root?.sighting.alternatives ?? [],
    errors: findings.filter((f) => f.severity === 'error').length,
  };
}

describe('at a server that nothing is known of', () => {
  it.each<[Protocol, string]>([
    ['imap', '{tag} NO LOGIN failed.'],
    ['imap', '{tag} NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)'],
    ['pop3', '-ERR Authentication failure: unknown user name or bad password'],
    ['smtp', '535 5.7.8 Username and Password not accepted'],
  ])('%s %s: a refusal like any other, with the alternatives', async (protocol, reply) => {
    const { cause, provider, alternatives } = await met(protocol, reply);
    expect([cause, provider]).toEqual(['auth.credentials-rejected', undefined]);
    expect(alternatives.length).toBeGreaterThan(0);
  });

  it.each<[Protocol, string, string]>([
    ['imap', '{tag} NO [AUTHORIZATIONFAILED] LOGIN failed. (#MBR1212)', 'auth.app-password-required'],
    [
      'smtp',
      '535-5.7.8 Username and Password not accepted. For more information, go to\r\n535 5.7.8  https://support.google.com/mail/?p=BadCredentials x - gsmtp',
      'auth.app-password-required',
    ],
    ['smtp', '535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [X]', 'auth.basic-disabled'],
    ['pop3', '-ERR [IN-USE] mailbox is locked by another POP session', 'mailbox.in-use'],
  ])('%s %s: the words say it', async (protocol, reply, wanted) => {
    expect((await met(protocol, reply)).cause).toBe(wanted);
  });

  it('no other provider’s steps go with words that anybody may say', async () => {
    expect((await met('pop3', '-ERR [IN-USE] mailbox is locked by another POP session')).provider).toBeUndefined();
  });
});

describe('at the provider', () => {
  it('Microsoft: no password can be right', async () => {
    expect((await met('imap', '{tag} NO LOGIN failed.', 'office365')).cause).toBe('auth.basic-disabled');
  });
  it('another provider: its own rules, not Microsoft’s', async () => {
    expect((await met('imap', '{tag} NO LOGIN failed.', 'zoho')).cause).not.toBe('auth.basic-disabled');
  });
});

it('one reply is one error: what only closes the stage adds none', async () => {
  expect(await met('pop3', '-ERR [SYS/PERM] Mailbox disabled')).toMatchObject({ cause: 'auth.account-disabled', errors: 1 });
  expect(await met('smtp', '503 AUTH command used when not advertised')).toMatchObject({ cause: 'auth.not-offered', errors: 1 });
});
