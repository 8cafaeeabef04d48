import { describe, expect, test } from 'vitest';
import { catalogue } from '../../src/causes/index.ts';
import { mailbox as list } from '../../src/causes/mailbox.ts';
import type { MailboxEvidence } from '../../src/model/evidence.ts';
import { live, reply } from './evidence.ts';
import { saidOf } from './said.ts';
import { wordsOf } from './words.ts';

const refused = (text: string, more: Parameters<typeof reply>[1] = {}) =>
  reply('mailbox', { channel: 'authenticated', command: 'EXAMINE INBOX', condition: 'NO', text, ...more });
const box = (quota: string): MailboxEvidence => ({ kind: 'mailbox', stage: 'mailbox', protocol: 'imap', quota });

describe('mailbox', () => {
  wordsOf(
    list,
    ['in-use', 'over-quota', 'unusable', 'client-id-required', 'login-delay'].map((n) => `mailbox.${n}`),
  );
});

describe('texts of servers and clients', () => saidOf('mailbox'));

describe('after the log-in', () => {
  test('a refusal in unknown words is still a refused mailbox', () => {
    expect(live(list, [refused('xyzzy')])).toMatchObject({ root: 'mailbox.unusable', stage: 'mailbox', certainty: 'likely' });
    expect(live(list, [refused('', { condition: '-ERR', command: 'STAT' })], 'pop3').root).toBe('mailbox.unusable');
  });
  test('authenticated but not connected: unusable, the switched-off protocol likeliest beside it', () => {
    const v = live(list, [refused('User is authenticated but not connected.', { condition: 'BAD' })]);
    expect(v.root).toBe('mailbox.unusable');
    expect(v.alternatives[0]).toBe('auth.protocol-disabled');
  });
  test('the lock may answer PASS', () => {
    const v = live(
      list,
      [reply('auth', { command: 'PASS ********', condition: '-ERR', responseCode: 'IN-USE', text: 'xyzzy' })],
      'pop3',
    );
    expect(v).toMatchObject({ root: 'mailbox.in-use', stage: 'auth' });
  });
});

describe('the quota that IMAP reports', () => {
  test.each([
    ['"" (STORAGE 960 1000)', ['mailbox.over-quota warning']],
    ['"User quota" (STORAGE 1000 1000 MESSAGE 3 9)', ['mailbox.over-quota warning']],
    ['"" (STORAGE 900 1000)', []],
    ['"" (STORAGE 0 0)', []],
    ['"" (MESSAGE 10 10)', []],
  ])('%s', (quota, findings) => {
    expect(live(list, [box(quota)]).findings).toEqual(findings);
  });
});

test('an internal error at the mailbox is the mailbox refused; the same at PASS too', () => {
  expect(live(catalogue, [refused('Internal error occurred. Refer to server log.', { responseCode: 'SERVERBUG' })]).root).toBe(
    'mailbox.unusable',
  );
  const pass = reply('auth', {
    protocol: 'pop3',
    channel: 'tls',
    command: 'PASS ********',
    condition: '-ERR',
    responseCode: 'SYS/TEMP',
    text: "Couldn't open INBOX: Internal error occurred.",
  });
  expect(live(catalogue, [pass], 'pop3').root).toBe('mailbox.unusable');
});
