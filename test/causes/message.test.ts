import { describe, expect, test } from 'vitest';
import { message as list } from '../../src/causes/message.ts';
import { live, reply } from './evidence.ts';
import { saidOf } from './said.ts';
import { wordsOf } from './words.ts';

const refused = (code: number, text: string, enhanced?: string) =>
  reply('send', { protocol: 'smtp', command: '.', code, text, ...(enhanced ? { enhanced } : {}) });

describe('message', () => {
  wordsOf(list, ['message.too-large', 'message.content-rejected']);
});

describe('texts of servers and clients', () => saidOf('message'));

test('a message refused in unknown words is possibly its content', () => {
  expect(live(list, [refused(554, 'xyzzy')], 'smtp')).toMatchObject({
    root: 'message.content-rejected',
    certainty: 'possible',
    stage: 'send',
  });
});

test('552 is the size where the words or the enhanced code say so', () => {
  expect(live(list, [refused(552, 'Message size exceeds the limit', '5.3.4')], 'smtp')).toMatchObject({
    root: 'message.too-large',
    certainty: 'proven',
  });
  expect(live(list, [refused(552, 'xyzzy', '5.3.4')], 'smtp').root).toBe('message.too-large');
  expect(live(list, [refused(552, 'attachment contains a virus', '5.7.0')], 'smtp').root).toBe('message.content-rejected');
});
