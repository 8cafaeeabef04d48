import { describe, expect, test } from 'vitest';
import { greeting } from '../../src/causes/greeting.ts';
import { catalogue } from '../../src/causes/index.ts';
import { server } from '../../src/causes/server.ts';
import { broken, live, pasted, reply } from './evidence.ts';
import { wordsOf } from './words.ts';

const list = [...greeting, ...server];

describe('server', () => {
  wordsOf(server, ['server.unavailable', 'server.misconfigured']);

  test.each([
    ['greeting', { code: 421, text: 'Service not available, closing transmission channel' }],
    ['greeting', { condition: 'BYE', text: 'Server is down for maintenance' }],
    ['greeting', { condition: '-ERR', responseCode: 'SYS/TEMP', text: 'come back' }],
    ['mailbox', { condition: 'NO', responseCode: 'UNAVAILABLE', text: 'storage is offline' }],
    ['identity', { code: 451, enhanced: '4.3.0', text: 'Temporary system problem' }],
    ['identity', { code: 452, enhanced: '4.3.1', text: 'Insufficient system storage' }],
  ] as const)('says at %s that it is down', (stage, more) => {
    expect(live(list, [reply(stage, more)])).toMatchObject({ root: 'server.unavailable', stage });
  });

  test.each([
    'Too many concurrent SMTP connections; try again later',
    'Greylisted, try again later',
    'Temporary authentication failure',
    'Your mailbox is full, try again later',
    'Sending rate limit exceeded',
  ])('has other reasons: %s', (text) => {
    expect(live(catalogue, [reply('identity', { code: 451, text })]).root).not.toBe('server.unavailable');
  });

  test('a line that goes dead after the greeting refuses nothing', () => {
    for (const stage of ['capabilities', 'auth', 'mailbox', 'identity'] as const)
      for (const how of ['closed', 'reset', 'timeout'] as const)
        expect(live(list, [broken(stage, how)])).toMatchObject({ root: 'server.unavailable', stage, certainty: 'likely' });
  });

  test.each([
    ['451', { code: 451, enhanced: '4.3.5', text: 'Server configuration error' }],
    ['loop', { code: 554, enhanced: '5.4.6', text: 'Too many hops' }],
    ['maildrop', { condition: '-ERR', responseCode: 'SYS/PERM', text: 'Unable to open maildrop: Mailbox does not exist' }],
  ])('its own words show a broken set-up: %s', (_name, more) => {
    expect(live(list, [reply('mailbox', more)]).root).toBe('server.misconfigured');
  });

  test.each([
    ['mail for example.com loops back to myself', 'server.misconfigured'],
    ['SASL: Connect to private/auth failed: No such file or directory', 'server.misconfigured'],
    ["Can't load SSL certificate: no such file", 'server.misconfigured'],
    ['服务器配置错误', 'server.misconfigured'],
    ['服务器繁忙，请稍后再试', 'server.unavailable'],
    ['Máy chủ đang bảo trì, vui lòng thử lại sau', 'server.unavailable'],
    ['Der Dienst ist zurzeit nicht verfügbar', 'server.unavailable'],
    ['host mx.example.net refused to talk to me: 421 busy', 'server.unavailable'],
  ])('%s', (words, id) => {
    expect(pasted(list, words).findings[0]).toBe(`${id} error`);
  });

  test('a guess of a mail client is no set-up error', () => {
    expect(pasted(list, 'The server may be incorrectly configured.').findings.join()).not.toContain('misconfigured');
  });
});
