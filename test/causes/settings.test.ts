import { describe, expect, test } from 'vitest';
import { connect as connectCauses } from '../../src/causes/connect.ts';
import { dns } from '../../src/causes/dns.ts';
import { settings } from '../../src/causes/settings.ts';
import { connect, live, lookup, pasted, problem, reply, setting } from './evidence.ts';
import { wordsOf } from './words.ts';

const list = [...settings, ...dns, ...connectCauses];
const refused = reply('auth', { command: 'PASS', condition: '-ERR', text: 'Authentication failed.' });
const loggedIn = reply('auth', { command: 'PASS', status: 'ok', condition: '+OK', text: 'welcome' });
const there = [lookup('answer'), connect('open')];

describe('settings', () => {
  wordsOf(
    settings,
    ['user-name-form', 'host-misspelled', 'wrong-server', 'address-misspelled', 'client-policy'].map((n) => `settings.${n}`),
  );

  test.each([
    ['user-name-form', 'settings.user-name-form'],
    ['other-provider', 'settings.wrong-server'],
    ['other-plan', 'settings.wrong-server'],
  ] as const)('%s explains a refusal without a reason: %s', (remark, id) => {
    const s = setting(remark === 'user-name-form' ? 'user' : 'host', 'x', remark, { instead: 'right.example' });
    expect(live(list, [s, ...there, refused])).toMatchObject({
      root: id,
      stage: 'auth',
      certainty: 'likely',
      params: { instead: 'right.example' },
      alternatives: ['auth.credentials-rejected'],
    });
    expect(live(list, [s, ...there]).findings).toEqual([`${id} warning`]);
    expect(live(list, [s, ...there, loggedIn]).findings).toEqual([]);
  });

  test.each([
    'Application-specific password required',
    'basic authentication is disabled',
    'Too many login attempts',
    'Log in via your browser: https://example.com',
  ])('but not one that has its reason: %s', (text) => {
    const s = setting('user', 'x', 'user-name-form');
    expect(live(list, [s, ...there, { ...refused, text }]).root).toBeUndefined();
    expect(live(list, [s, ...there, { ...refused, code: 454 }]).root).toBeUndefined();
  });

  test('a retired host explains what fails before the log-in', () => {
    const s = setting('host', 'pop3.live.com', 'replaced-host', { instead: 'outlook.office365.com' });
    expect(live(list, [s, lookup('nxdomain')])).toMatchObject({ root: 'settings.wrong-server', stage: 'dns' });
    expect(live(list, [s, ...there, problem('self-signed')])).toMatchObject({
      root: 'settings.wrong-server',
      stage: 'certificate',
    });
    expect(live(list, [s, ...there, loggedIn]).findings).toEqual(['settings.wrong-server warning']);
  });

  test('a host one letter away, proven where it does not exist', () => {
    const s = setting('host', 'imap.gmial.com', 'near-published-host', { instead: 'imap.gmail.com' });
    expect(live(list, [s, lookup('nxdomain')])).toMatchObject({
      root: 'settings.host-misspelled',
      stage: 'dns',
      certainty: 'proven',
      params: { instead: 'imap.gmail.com' },
    });
    expect(live(list, [s, lookup('servfail')]).root).toBe('dns.server-failure');
    expect(live(list, [s, ...there, loggedIn]).findings).toEqual([]);
    expect(live(list, [s, lookup('answer'), connect('timeout')]).findings).toContain('settings.host-misspelled warning');
  });

  test('an address one letter away', () => {
    const s = setting('address', 'gmial.com', 'near-known-domain', { instead: 'gmail.com' });
    expect(live(list, [s])).toMatchObject({
      root: 'settings.address-misspelled',
      certainty: 'likely',
      params: { instead: 'gmail.com' },
    });
    expect(live(list, [s, lookup('nxdomain')]).root).toBe('settings.address-misspelled');
    expect(live(list, [s, ...there, loggedIn]).findings).toEqual([]);
    const none = setting('address', 'x.example', 'no-mail-service');
    expect(live(list, [none])).toMatchObject({ root: 'settings.no-mail-service', certainty: 'proven' });
    expect(live(list, [none, ...there, loggedIn]).findings).toEqual([]);
  });

  test('a consumer’s demand fails alone, or beside what is mended first', () => {
    const s = setting('client', 'zoho-fetch', 'client-demands', { instead: '110, 995' });
    expect(live(list, [s, ...there, loggedIn], 'pop3')).toMatchObject({
      root: 'settings.client-policy',
      params: { instead: '110, 995' },
    });
    const v = live(list, [s, lookup('answer'), connect('refused')], 'pop3');
    expect(v.root).toBe('connect.refused');
    expect(v.findings).toContain('settings.client-policy warning');
  });

  test('remarks that change no verdict', () => {
    expect(live(list, [setting('security', 'none', 'plaintext'), ...there]).findings).toEqual(['settings.plaintext warning']);
    expect(live(list, [setting('mechanism', '--insecure-auth', 'insecure-auth'), ...there]).findings).toEqual([
      'settings.insecure-auth warning',
    ]);
    expect(live(list, [setting('host', 'x', 'sources-disagree'), ...there]).findings).toEqual([
      'settings.sources-disagree notice',
    ]);
  });

  test.each([
    ['Username must be your full email address', 'settings.user-name-form'],
    ['Log in with your full e-mail address', 'settings.user-name-form'],
    ['Bitte die vollständige E-Mail-Adresse als Benutzernamen eingeben', 'settings.user-name-form'],
    ['用户名必须为完整的邮箱地址', 'settings.user-name-form'],
    ['Tên đăng nhập phải là địa chỉ email đầy đủ', 'settings.user-name-form'],
    ["Given Username doesn't contain a @domainpart while virtualhosting support is enabled", 'settings.user-name-form'],
    ['This mailbox is hosted in another data center', 'settings.wrong-server'],
    ['Your account has moved to a different server', 'settings.wrong-server'],
    ['该账号不属于本服务器', 'settings.wrong-server'],
    ['Did you mean smtp.gmail.com?', 'settings.host-misspelled'],
    ['Did you mean joe@gmail.com?', 'settings.address-misspelled'],
    ['<joe@gmial.com>: mail for this domain bounces', 'settings.address-misspelled'],
    ['Only ports 110 and 995 are supported', 'settings.client-policy'],
  ])('%s', (words, id) => {
    expect(pasted(list, words).findings[0]).toBe(`${id} error`);
  });

  test.each(['535 5.7.8 Error: authentication failed', 'joe@gmail.com', 'Relaying disallowed as joe@example.com'])(
    'leaves alone: %s',
    (words) => {
      expect(pasted(settings, words).findings).toEqual([]);
    },
  );
});
