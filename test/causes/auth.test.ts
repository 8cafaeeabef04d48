import { describe, expect, test } from 'vitest';
import { auth as list } from '../../src/causes/auth.ts';
import { catalogue } from '../../src/causes/index.ts';
import type { ReplyEvidence, SecretEvidence } from '../../src/model/evidence.ts';
import { read } from '../../src/paste/read.ts';
import { capabilities, live, pasted, reply, setting, withheld } from './evidence.ts';
import { saidOf } from './said.ts';
import { wordsOf } from './words.ts';

const refused = (code: number, enhanced: string | undefined, text: string, command = 'AUTH PLAIN ********'): ReplyEvidence =>
  reply('auth', { channel: 'tls', protocol: 'smtp', command, code, text, ...(enhanced ? { enhanced } : {}) });
const no = (responseCode: string | undefined, text: string, command = 'LOGIN "ann" "********"'): ReplyEvidence =>
  reply('auth', { channel: 'tls', protocol: 'imap', command, condition: 'NO', text, ...(responseCode ? { responseCode } : {}) });

const secret = (more: Partial<SecretEvidence> = {}): SecretEvidence => ({
  kind: 'secret',
  stage: 'auth',
  type: 'password',
  mechanism: 'PLAIN',
  offered: ['PLAIN'],
  reason: 'best',
  shape: { length: 'medium', spaces: false, outerSpaces: false, nonAscii: false, smartQuotes: false },
  ...more,
});
const shaped = (appPassword: boolean) => secret({ shape: { ...secret().shape, appPassword } });
const offers = (...mechanisms: string[]) => capabilities([`AUTH ${mechanisms.join(' ')}`], { channel: 'tls', mechanisms });

describe('auth', () => {
  wordsOf(
    list,
    [
      'credentials-rejected app-password-required basic-disabled token-rejected web-login-required policy-blocked',
      'protocol-disabled smtp-disabled plan-restriction account-locked account-disabled password-expired too-many-attempts',
      'temporary-failure encryption-required mechanism-unsupported not-offered required unexplained withheld',
    ].flatMap((l) => l.split(' ').map((n) => `auth.${n}`)),
  );
});

describe('texts of servers and clients', () => saidOf('auth'));

describe('one code, many causes: the texts of 535 5.7.139', () => {
  test.each([
    ['SmtpClientAuthentication is disabled for the Tenant.', 'auth.smtp-disabled'],
    ['SmtpClientAuthentication is disabled for the Mailbox.', 'auth.smtp-disabled'],
    ['basic authentication is disabled.', 'auth.basic-disabled'],
    ["user is locked by your organization's security defaults policy.", 'auth.policy-blocked'],
    ['the request did not meet the criteria to be authenticated successfully.', 'auth.policy-blocked'],
    ['the user credentials were incorrect.', 'auth.credentials-rejected'],
    ['account locked.', 'auth.account-locked'],
    ['federated STS service was unreachable.', 'auth.temporary-failure'],
  ])('%s', (words, id) => {
    const text = `Authentication unsuccessful, ${words} [AM0PR03CA0093.eurprd03.prod.outlook.com]`;
    expect(live(list, [refused(535, '5.7.139', text), secret()], 'smtp').root).toBe(id);
    expect(pasted(list, read(`535 5.7.139 ${text}`).evidence).findings[0]).toBe(`${id} error`);
  });
});

describe('the bare refusal', () => {
  test('is likely the credentials, and tells what it leaves open', () => {
    const v = live(list, [offers('PLAIN', 'LOGIN'), secret(), refused(535, '5.7.8', 'Error: authentication failed:')], 'smtp');
    expect(v).toMatchObject({ root: 'auth.credentials-rejected', certainty: 'likely', stage: 'auth' });
    expect(v.alternatives).toEqual(expect.arrayContaining(['auth.app-password-required', 'auth.smtp-disabled']));
    // A list without token mechanisms excludes that passwords are switched off.
    expect(v.alternatives).not.toContain('auth.basic-disabled');
  });
  test('in words that nobody knows is still the credentials', () => {
    expect(live(list, [secret(), no(undefined, 'xyzzy')]).root).toBe('auth.credentials-rejected');
    expect(live(list, [secret(), refused(554, undefined, 'xyzzy')], 'smtp').root).toBe('auth.credentials-rejected');
  });
  test('of a secret unlike the app passwords of this provider: an app password is needed', () => {
    const v = live(list, [offers('PLAIN'), shaped(false), no('AUTHENTICATIONFAILED', 'LOGIN Invalid credentials')]);
    expect(v).toMatchObject({ root: 'auth.app-password-required', certainty: 'likely' });
    expect(v.alternatives[0]).toBe('auth.credentials-rejected');
  });
  test('of a secret that looks like one: not that', () => {
    const v = live(list, [offers('PLAIN'), shaped(true), no('AUTHENTICATIONFAILED', 'LOGIN Invalid credentials')]);
    expect(v.root).toBe('auth.credentials-rejected');
    expect(v.alternatives).not.toContain('auth.app-password-required');
  });
  test('where the name is not the provider’s form, or the server another’s, says so first', () => {
    const v = live(list, [
      setting('user', 'ann', 'user-name-form'),
      setting('host', 'imap.example.test', 'other-provider'),
      secret(),
      no('AUTHENTICATIONFAILED', 'Authentication failed.'),
    ]);
    expect(v.alternatives.slice(0, 2)).toEqual(['settings.user-name-form', 'settings.wrong-server']);
  });
  test('after a digest leaves the mechanism open', () => {
    const v = live(list, [secret({ mechanism: 'CRAM-MD5' }), refused(535, '5.7.8', 'authentication failed', '********')], 'smtp');
    expect(v.alternatives).toContain('auth.mechanism-unsupported');
  });
});

describe('lists of mechanisms', () => {
  test('tokens only: passwords are no longer taken, proven', () => {
    const v = live(
      list,
      [offers('XOAUTH2', 'OAUTHBEARER'), secret({ mechanism: 'none' }), withheld('auth', 'not-offered')],
      'smtp',
    );
    expect(v).toMatchObject({ root: 'auth.basic-disabled', certainty: 'proven' });
  });
  test('tokens only, and a password refused by LOGIN: likely that', () => {
    expect(live(list, [offers('XOAUTH2'), secret({ mechanism: 'LOGIN' }), no(undefined, 'Login failed')]).root).toBe(
      'auth.basic-disabled',
    );
  });
  test('none at all after TLS: not offered', () => {
    const caps = capabilities(['PIPELINING', 'SIZE 1000'], { channel: 'tls', protocol: 'smtp' });
    const v = live(list, [caps, withheld('auth', 'not-offered')], 'smtp');
    expect(v).toMatchObject({ root: 'auth.not-offered', certainty: 'proven' });
  });
  test('none in common: mechanism', () => {
    const v = live(list, [offers('GSSAPI'), secret({ mechanism: 'none' }), withheld('auth', 'not-offered')], 'smtp');
    expect(v.root).toBe('auth.mechanism-unsupported');
  });
  test('refused at its name, before any secret: mechanism, not password', () => {
    expect(live(list, [secret(), refused(535, '5.7.8', 'xyzzy', 'AUTH LOGIN')], 'smtp').root).toBe('auth.mechanism-unsupported');
    expect(live(list, [secret(), refused(504, '5.5.4', 'xyzzy')], 'smtp').root).toBe('auth.mechanism-unsupported');
  });
  test('LOGINDISABLED before TLS: encryption is required, with credentials withheld or not', () => {
    const caps = capabilities(['IMAP4REV1', 'STARTTLS', 'LOGINDISABLED'], { protocol: 'imap' });
    expect(live(list, [caps, withheld('auth', 'plain-channel')])).toMatchObject({
      root: 'auth.encryption-required',
      stage: 'auth',
    });
    expect(live(list, [caps]).root).toBe('auth.encryption-required');
  });
});

describe('tokens', () => {
  const stale = secret({ type: 'token', mechanism: 'XOAUTH2', token: { expired: true, expires: '2024-01-01T00:00:00Z' } });
  test('expired and refused', () => {
    const v = live(list, [stale, no('AUTHENTICATIONFAILED', 'Invalid credentials (Failure)', 'AUTHENTICATE XOAUTH2 ********')]);
    expect(v).toMatchObject({ root: 'auth.token-rejected', certainty: 'likely' });
  });
  test('the decoded challenge names it', () => {
    const said = '{"status":"400","schemes":"Bearer","scope":"https://mail.google.com/"}';
    const challenge = reply('auth', { channel: 'tls', command: 'AUTH XOAUTH2', text: said });
    expect(live(list, [challenge, refused(535, '5.7.8', 'Username and Password not accepted', '********')], 'smtp').root).toBe(
      'auth.token-rejected',
    );
  });
});

describe('never the password', () => {
  test.each([
    [454, '4.7.0', 'xyzzy'],
    [421, undefined, 'closing'],
    [451, '4.3.0', 'internal'],
  ])('%s %s %s', (code, enhanced, words) => {
    const v = live(list, [secret(), refused(code, enhanced, words)], 'smtp');
    expect(v.root).toBe('auth.temporary-failure');
    expect(v.findings.join()).not.toContain('credentials-rejected');
  });
  test.each(['UNAVAILABLE', 'SYS/TEMP', 'LIMIT', 'IN-USE', 'SERVERBUG'])('[%s]', (code) => {
    const v = live(list, [secret(), no(code, 'xyzzy')]);
    expect(v.root).not.toBe('auth.credentials-rejected');
  });
});

describe('withheld', () => {
  test('on a plain channel it is the root', () => {
    expect(live(list, [withheld('auth', 'plain-channel')])).toMatchObject({ root: 'auth.withheld', certainty: 'proven' });
  });
  test.each(['certificate-failed', 'wrong-server'] as const)('beside %s it is a notice', (why) => {
    expect(live(list, [withheld('auth', why)]).findings).toEqual(['auth.withheld notice']);
  });
});

test('a program that hides the words: unexplained, possible only', () => {
  const v = pasted(list, 'SMTP Error: Could not authenticate.');
  expect(v).toMatchObject({ certainty: 'possible' });
  expect(v.findings[0]).toBe('auth.unexplained error');
});

test('a client host refused is a missing log-in only before the log-in', () => {
  const rcpt = reply('identity', {
    protocol: 'smtp',
    command: 'RCPT TO:<a@b.test>',
    code: 554,
    text: '<unknown[192.0.2.7]>: Client host rejected: Access denied',
  });
  const accepted = reply('auth', { protocol: 'smtp', command: 'AUTH PLAIN ********', status: 'ok', code: 235 });
  expect(live(catalogue, [rcpt], 'smtp').root).toBe('auth.required');
  expect(live(catalogue, [accepted, rcpt], 'smtp').root).toBe('policy.blocklisted');
});
