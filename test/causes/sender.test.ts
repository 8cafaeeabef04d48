import { describe, expect, test } from 'vitest';
import { sender as list } from '../../src/causes/sender.ts';
import { live, reply, setting } from './evidence.ts';
import { saidOf } from './said.ts';
import { wordsOf } from './words.ts';

const refused = (command: string, code: number, text: string, about: string, enhanced?: string) =>
  reply('identity', {
    channel: 'authenticated',
    protocol: 'smtp',
    command,
    code,
    text,
    about,
    ...(enhanced ? { enhanced } : {}),
  });
const mail = (text: string, from = 'ann@example.test') => refused(`MAIL FROM:<${from}>`, 550, text, from);
const me = [setting('address', 'ann@example.test'), setting('user', 'ann@example.test')];

describe('sender', () => {
  wordsOf(
    list,
    ['not-owned', 'relay-denied', 'blocked', 'domain-invalid'].map((n) => `sender.${n}`),
  );
});

describe('texts of servers and clients', () => saidOf('sender'));

describe('MAIL FROM refused in unknown words', () => {
  test('with a foreign sender: likely not owned', () => {
    expect(live(list, [...me, mail('xyzzy', 'boss@example.test')], 'smtp')).toMatchObject({
      root: 'sender.not-owned',
      certainty: 'likely',
    });
  });
  test('with the account’s own: possibly blocked', () => {
    expect(live(list, [...me, mail('xyzzy')], 'smtp')).toMatchObject({ root: 'sender.blocked', certainty: 'possible' });
  });
  test('the local part as user name is the account’s own too', () => {
    const own = [setting('user', 'ann')];
    expect(live(list, [...own, mail('xyzzy')], 'smtp').root).toBe('sender.blocked');
  });
});

test('relaying denied and relaying disallowed are two causes', () => {
  const at = (text: string) => live(list, [refused('RCPT TO:<bob@example.org>', 553, text, 'bob@example.org')], 'smtp').root;
  expect(at('Relaying denied')).toBe('sender.relay-denied');
  expect(at('Relaying disallowed as boss@example.test')).toBe('sender.not-owned');
});

test('at the end of DATA', () => {
  const end = reply('send', { protocol: 'smtp', command: '.', code: 553, text: 'xyzzy', about: 'boss@example.test' });
  expect(live(list, [...me, end], 'smtp')).toMatchObject({ root: 'sender.not-owned', stage: 'send' });
});

test('5.1.8 is a sender blocked, or one from nowhere: the words decide', () => {
  const at = (text: string) => live(list, [refused('MAIL FROM:<a@b.test>', 554, text, 'a@b.test', '5.1.8')], 'smtp').root;
  expect(at('Access denied, bad outbound sender')).toBe('sender.blocked');
  expect(at('Domain of sender address a@b.test does not exist')).toBe('sender.domain-invalid');
});
