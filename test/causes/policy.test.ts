import { describe, expect, test } from 'vitest';
import { policy as list } from '../../src/causes/policy.ts';
import { control, live, reply } from './evidence.ts';
import { saidOf } from './said.ts';
import { wordsOf } from './words.ts';

describe('policy', () => {
  wordsOf(
    list,
    [
      'helo-rejected',
      'reverse-dns',
      'blocklisted',
      'rate-limited',
      'greylisted',
      'connection-limit',
      'domain-authentication',
    ].map((n) => `policy.${n}`),
  );
});

describe('texts of servers and clients', () => saidOf('policy'));

describe('EHLO refused', () => {
  const ehlo = (code: number, text: string) =>
    reply('capabilities', { protocol: 'smtp', command: 'EHLO [127.0.0.1]', code, text });
  test('by words, whichever', () => {
    expect(live(list, [ehlo(550, 'xyzzy')], 'smtp')).toMatchObject({ root: 'policy.helo-rejected', certainty: 'likely' });
  });
  test('proven where another name passes', () => {
    const passed = control('no-helo-name', reply('capabilities', { command: 'EHLO lab.test', status: 'ok', code: 250 }));
    expect(live(list, [ehlo(504, 'xyzzy'), passed], 'smtp').certainty).toBe('proven');
  });
  test('a server that does not know the command is another matter', () => {
    expect(live(list, [ehlo(500, 'command not recognized'), ehlo(502, 'not implemented')], 'smtp').root).toBeUndefined();
  });
});

test('the enhanced code of a failed reverse look-up proves it', () => {
  const r = reply('greeting', { protocol: 'smtp', code: 550, enhanced: '5.7.25', text: 'xyzzy' });
  expect(live(list, [r], 'smtp')).toMatchObject({ root: 'policy.reverse-dns', certainty: 'proven', stage: 'greeting' });
});

test('a permanent refusal that talks of greylisting is not proven to pass by waiting', () => {
  const r = (code: number) => reply('identity', { protocol: 'smtp', command: 'RCPT TO:<a@b.test>', code, text: 'Greylisted' });
  expect(live(list, [r(451)], 'smtp').certainty).toBe('proven');
  expect(live(list, [r(550)], 'smtp').certainty).toBe('likely');
});
