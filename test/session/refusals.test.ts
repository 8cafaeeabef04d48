/** Refused log-ins, live: what the provider's rules, the secret's form, the user name and a token's own claims make of a bare "no". */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import type { Serve } from '../../src/model/cause.ts';
import type { Protocol } from '../../src/model/terms.ts';
import { checkServe } from '../tools/live.ts';

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});

const BARE: Readonly<Record<Protocol, NonNullable<Serve['replies']>>> = {
  smtp: { AUTH: '535 5.7.8 Error: authentication failed' },
  pop3: { AUTH: '-ERR [AUTH] Authentication failed.', PASS: '-ERR [AUTH] Authentication failed.' },
  imap: {
    AUTH: '{tag} NO [AUTHENTICATIONFAILED] Authentication failed.',
    LOGIN: '{tag} NO [AUTHENTICATIONFAILED] Authentication failed.',
  },
};

async function refused(protocol: Protocol, client: Serve['client'], replies = BARE[protocol]) {
  const { check } = await checkServe({ protocol, ...(client ? { client } : {}), replies }, authority);
  const { root } = check.diagnosis;
  return {
    cause: root?.cause.id,
    certainty: root?.certainty,
    alternatives: root?.sighting.alternatives ?? [],
    matched: root?.sighting.matched,
    check,
  };
}

describe.each(['smtp', 'pop3', 'imap'] as const)('a bare refusal by %s', (protocol) => {
  const off = protocol === 'smtp' ? 'auth.smtp-disabled' : 'auth.protocol-disabled';

  it('of a server that nothing is known of: the password, then what else it may be', async () => {
    const { cause, alternatives } = await refused(protocol, undefined);
    expect(cause).toBe('auth.credentials-rejected');
    expect(alternatives).toEqual(
      expect.arrayContaining(['auth.app-password-required', 'settings.user-name-form', off, 'auth.account-locked']),
    );
  });

  it.each([
    ['gmail', 'you@gmail.com'],
    ['icloud', 'you@icloud.com'],
    ['yahoo', 'you@yahoo.com'],
    ['qq', 'you@qq.com'],
    ['netease', 'you@163.com'],
  ])('of %s, where the secret has no app password’s form', async (preset, address) => {
    const { cause, certainty, alternatives } = await refused(protocol, { address, user: address, args: ['--preset', preset] });
    expect([cause, certainty, alternatives[0]]).toEqual(['auth.app-password-required', 'likely', 'auth.credentials-rejected']);
  });

  it('of Gmail, where it has: then it is not that', async () => {
    const { cause, alternatives } = await refused(protocol, {
      address: 'you@gmail.com',
      user: 'you@gmail.com',
      password: 'abcd efgh ijkl mnop',
      args: ['--preset', 'gmail'],
    });
    expect(cause).toBe('auth.credentials-rejected');
    expect(alternatives).not.toContain('auth.app-password-required');
  });

  it('of a provider that wants the whole address, where the name is half of it', async () => {
    const { cause, alternatives } = await refused(protocol, { address: 'you@zoho.com', user: 'you', args: ['--preset', 'zoho'] });
    expect([cause, ...alternatives].slice(0, 2)).toContain('settings.user-name-form');
  });

  it('of a provider that always wants an app password of no known form', async () => {
    const { cause, alternatives } = await refused(protocol, {
      address: 'you@yandex.com',
      user: 'you@yandex.com',
      args: ['--preset', 'yandex'],
    });
    expect([cause, ...alternatives].slice(0, 3)).toContain('auth.app-password-required');
  });

  it('of a provider whose accounts start with the protocol off', async () => {
    const { cause, alternatives } = await refused(protocol, {
      address: 'you@yandex.com',
      user: 'you@yandex.com',
      args: ['--preset', 'yandex'],
    });
    if (protocol !== 'smtp') expect([cause, ...alternatives].slice(0, 2)).toContain(off);
  });

  it('of a provider that takes tokens alone', async () => {
    const { cause, alternatives } = await refused(protocol, {
      address: 'you@outlook.com',
      user: 'you@outlook.com',
      args: ['--preset', 'outlook-com'],
    });
    expect([cause, ...alternatives].slice(0, 2)).toContain('auth.basic-disabled');
  });
});

describe('Exchange Online says 5.7.139 for many reasons', () => {
  it.each([
    ['Authentication unsuccessful, the user credentials were incorrect.', 'auth.credentials-rejected'],
    ['Authentication unsuccessful, basic authentication is disabled.', 'auth.basic-disabled'],
    [
      'Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information.',
      'auth.smtp-disabled',
    ],
    [
      'Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information.',
      'auth.smtp-disabled',
    ],
    [
      "Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator.",
      'auth.policy-blocked',
    ],
    [
      'Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator.',
      'auth.policy-blocked',
    ],
    ['Authentication unsuccessful, account locked.', 'auth.account-locked'],
    ['Authentication unsuccessful, federated STS service was unreachable.', 'auth.temporary-failure'],
    ['Authentication unsuccessful, the federated STS URL does not support HTTPS.', 'server.misconfigured'],
  ])('%s', async (text, wanted) => {
    const { cause } = await refused('smtp', undefined, {
      AUTH: `535 5.7.139 ${text} [AM0PR02CA0001.eurprd02.prod.outlook.com 2026-11-20T10:00:00.000Z 08DB]`,
    });
    expect(cause).toBe(wanted);
  });
});

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: Readonly<Record<string, unknown>>) =>
  `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url(claims)}.c2lnbmF0dXJl`;
const LATER = 4_000_000_000;

describe('a refused token', () => {
  const client = (password: string, mechanism = 'XOAUTH2'): Serve['client'] => ({ password, args: ['--mechanism', mechanism] });
  const challenge = (said: unknown) => Buffer.from(JSON.stringify(said)).toString('base64');

  it.each(['smtp', 'pop3', 'imap'] as const)('%s: the challenge is read, and the refusal is the token’s', async (protocol) => {
    for (const mechanism of ['XOAUTH2', 'OAUTHBEARER']) {
      const { check } = await checkServe({ protocol, client: client('ya29.someone-elses', mechanism) }, authority);
      const said = check.evidence.filter((e) => e.kind === 'reply').map((e) => e.text);
      expect(said.some((t) => t.startsWith('{"status":'))).toBe(true);
      expect(check.diagnosis.root?.cause.id).toBe('auth.token-rejected');
    }
  });

  it.each([
    ['{"status":"401","schemes":"bearer mac","scope":"https://mail.google.com/"}', 'auth.token-rejected'],
    [
      '{"status":"invalid_token","scope":"mail","openid-configuration":"https://idp.example.test/.well-known/openid-configuration"}',
      'auth.token-rejected',
    ],
    ['{"status":"insufficient_scope","scope":"mail"}', 'auth.token-rejected'],
  ])('challenge %s', async (said, wanted) => {
    const { cause, check } = await refused('smtp', client('ya29.x'), {
      AUTH: `334 ${challenge(JSON.parse(said))}\n535 5.7.8 Authentication failed`,
    });
    expect(cause).toBe(wanted);
    expect(check.evidence).toContainEqual(expect.objectContaining({ kind: 'reply', text: said }));
  });

  it('is read as far as its own words are not masked in it', async () => {
    const token = jwt({ iss: 'https://mail.google.com/', aud: 'mail', exp: LATER });
    const { check } = await checkServe({ protocol: 'smtp', client: client(token) }, authority);
    const replies = check.evidence.filter((e) => e.kind === 'reply');
    expect(replies.find((r) => r.code === 334)?.text).toContain('********');
    expect(replies).toContainEqual(expect.objectContaining({ status: 'no', text: expect.stringContaining('"status":"400"') }));
    expect(replies.at(-1)).toMatchObject({ code: 535 });
  });

  it('that has expired', async () => {
    const { cause, matched } = await refused('imap', client(jwt({ aud: 'https://outlook.office.com', exp: 1_600_000_000 })));
    expect([cause, matched]).toEqual(['auth.token-rejected', expect.stringContaining('2020-09-13')]);
  });

  it('that is for another audience', async () => {
    const { cause, matched } = await refused('imap', {
      ...client(jwt({ aud: 'https://graph.microsoft.com', exp: LATER, scp: 'Mail.Read' })),
      args: ['--mechanism', 'XOAUTH2', '--preset', 'office365'],
    });
    expect([cause, matched]).toEqual(['auth.token-rejected', expect.stringContaining('https://graph.microsoft.com')]);
  });

  it('that lacks the scope of the protocol', async () => {
    const { cause, matched } = await refused('smtp', {
      ...client(jwt({ aud: 'https://outlook.office.com', exp: LATER, scp: 'IMAP.AccessAsUser.All' })),
      args: ['--mechanism', 'XOAUTH2', '--preset', 'office365'],
    });
    expect([cause, matched]).toEqual(['auth.token-rejected', expect.stringContaining('IMAP.AccessAsUser.All')]);
  });

  it('that belongs to somebody else', async () => {
    const { cause, matched } = await refused(
      'imap',
      client(jwt({ aud: 'https://outlook.office.com', exp: LATER, scp: 'IMAP.AccessAsUser.All', upn: 'other@example.test' })),
    );
    expect([cause, matched]).toEqual(['auth.token-rejected', expect.stringContaining('other@example.test')]);
  });

  it.each(['smtp', 'pop3', 'imap'] as const)('of Gmail, in the words that it has for passwords, by %s', async (protocol) => {
    const words = {
      smtp: '535-5.7.8 Username and Password not accepted. For more information, go to\n535 5.7.8  https://support.google.com/mail/?p=BadCredentials x - gsmtp',
      pop3: '-ERR [AUTH] Username and password not accepted.',
      imap: '{tag} NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)',
    };
    const { cause } = await refused(
      protocol,
      { ...client('ya29.x'), args: ['--mechanism', 'XOAUTH2', '--preset', 'gmail'] },
      { AUTH: words[protocol] },
    );
    expect(cause).toBe('auth.token-rejected');
  });

  it('where the words name something else, the words decide', async () => {
    const { cause } = await refused('smtp', client(jwt({ aud: 'https://outlook.office.com', exp: LATER, scp: 'SMTP.Send' })), {
      AUTH: '535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.',
    });
    expect(cause).toBe('auth.smtp-disabled');
  });
});
