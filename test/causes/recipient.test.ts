import { describe, expect, test } from 'vitest';
import { recipient as list } from '../../src/causes/recipient.ts';
import { live, reply } from './evidence.ts';
import { saidOf } from './said.ts';
import { wordsOf } from './words.ts';

const refused = (code: number, text: string, enhanced?: string) =>
  reply('identity', {
    protocol: 'smtp',
    command: 'RCPT TO:<bob@example.org>',
    code,
    text,
    about: 'bob@example.org',
    ...(enhanced ? { enhanced } : {}),
  });

describe('recipient', () => {
  wordsOf(list, ['recipient.unknown', 'recipient.rejected']);
});

describe('texts of servers and clients', () => saidOf('recipient'));

test('a refusal in unknown words is possibly the recipient’s own rule', () => {
  const v = live(list, [refused(550, 'xyzzy')], 'smtp');
  expect(v).toMatchObject({ root: 'recipient.rejected', certainty: 'possible' });
  expect(v.alternatives).toEqual(['recipient.unknown', 'sender.relay-denied']);
});

test('the same 550 tells unknown from disabled by its words', () => {
  expect(live(list, [refused(550, 'User unknown', '5.1.1')], 'smtp')).toMatchObject({
    root: 'recipient.unknown',
    certainty: 'proven',
  });
  expect(live(list, [refused(550, 'mailbox disabled', '5.2.1')], 'smtp').root).toBe('recipient.rejected');
});

test('an unknown user at the log-in is not a recipient', () => {
  const log = reply('auth', { protocol: 'smtp', command: 'AUTH PLAIN ********', code: 535, text: 'unknown user' });
  expect(live(list, [log], 'smtp').root).toBeUndefined();
});
