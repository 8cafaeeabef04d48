import { describe, expect, test } from 'vitest';
import { greeting } from '../../src/causes/greeting.ts';
import { protocol } from '../../src/causes/protocol.ts';
import { server } from '../../src/causes/server.ts';
import { broken, live, pasted, reply } from './evidence.ts';
import { wordsOf } from './words.ts';

const list = [...greeting, ...protocol, ...server];

describe('protocol', () => {
  wordsOf(protocol, ['protocol.violation', 'protocol.client-error', 'protocol.preauth']);

  test.each(['malformed', 'line-too-long', 'reply-too-long', 'unasked'] as const)('%s at any stage is a breach', (how) => {
    for (const stage of ['greeting', 'capabilities', 'tls', 'auth', 'mailbox'] as const)
      expect(live(list, [broken(stage, how)])).toMatchObject({ root: 'protocol.violation', certainty: 'proven', stage });
  });

  test('PREAUTH before TLS is told apart from PREAUTH after it', () => {
    const said = reply('greeting', { status: 'preauth', condition: 'PREAUTH', text: 'logged in' });
    expect(live(list, [said]).root).toBe('protocol.preauth');
    expect(live(list, [{ ...said, channel: 'tls' }]).root).toBe('protocol.violation');
  });

  test('capabilities refused without a reason', () => {
    expect(live(list, [reply('capabilities', { command: 'CAPABILITY', condition: 'BAD', text: 'no' })]).root).toBe(
      'protocol.violation',
    );
    expect(live(list, [reply('capabilities', { command: 'EHLO x', code: 421, text: 'Server too busy' })], 'smtp').root).toBe(
      'server.unavailable',
    );
  });

  test.each([
    ['503', 503, 'Bad sequence of commands'],
    ['bare LF', 550, 'message contains bare LF'],
    ['HELO', 503, 'polite people say HELO first'],
    ['brackets', 555, 'Syntax error in MAIL FROM'],
    ['pipelining', 554, 'improper command pipelining'],
    ['twice', 503, 'Recipient already specified'],
  ])('the client’s fault: %s', (_name, code, text) => {
    expect(pasted(list, [reply('identity', { code, text, protocol: 'smtp' })])).toMatchObject({
      root: 'protocol.client-error',
      certainty: 'likely',
    });
  });

  test.each([
    [502, 'STARTTLS command not recognized'],
    [550, 'User unknown'],
    [535, 'authentication failed'],
  ])('not the client’s fault: %i %s', (code, text) => {
    expect(pasted(list, [reply('auth', { code, text, protocol: 'smtp' })]).findings.join()).not.toContain('client-error');
  });

  test.each([
    ["imaplib.IMAP4.abort: unexpected response: b'??'", 'protocol.violation'],
    ['poplib.error_proto: line too long', 'protocol.violation'],
    ['服务器响应格式错误', 'protocol.violation'],
    ['* PREAUTH logged in', 'protocol.preauth'],
  ])('%s', (words, id) => {
    expect(pasted(list, words).findings[0]).toBe(`${id} error`);
  });
});
