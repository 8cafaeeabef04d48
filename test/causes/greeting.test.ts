import { describe, expect, test } from 'vitest';
import { greeting } from '../../src/causes/greeting.ts';
import { protocol } from '../../src/causes/protocol.ts';
import { server } from '../../src/causes/server.ts';
import { tls as tlsCauses } from '../../src/causes/tls.ts';
import {
  broken,
  capabilities,
  connect,
  control,
  live,
  pasted,
  reply,
  service,
  setting,
  tls,
  upgraded,
  withheld,
} from './evidence.ts';
import { wordsOf } from './words.ts';

const list = [...greeting, ...protocol, ...server, ...tlsCauses];
const opened = connect('open', { port: 143 });

describe('greeting', () => {
  wordsOf(
    greeting,
    ['wrong-service', 'middlebox', 'redirected', 'timeout', 'rejected'].map((n) => `greeting.${n}`),
  );

  test.each(['http', 'ssh', 'pop3', 'smtp', 'ftp', 'nntp', 'mysql', 'sieve'] as const)('%s on the IMAP port', (speaks) => {
    expect(live(list, [opened, service(speaks)])).toMatchObject({ root: 'greeting.wrong-service', certainty: 'proven' });
  });

  test('bytes of nobody known are a breach first, another service perhaps', () => {
    const v = live(list, [opened, broken('greeting', 'malformed'), service('unknown')]);
    expect(v.root).toBe('protocol.violation');
    expect(v.findings).toContain('greeting.wrong-service error');
  });

  test('another protocol behind a failed handshake: heard by the control connection or in the first bytes', () => {
    const failed = tls('plain-answer', { port: 8993 });
    expect(live(list, [failed, control('other-mode', service('http', { stage: 'tls' }))]).root).toBe('greeting.wrong-service');
    expect(live(list, [tls('plain-answer', { firstBytes: 'SSH-2.0-OpenSSH_9.6' })]).root).toBe('greeting.wrong-service');
    expect(live(list, [tls('plain-answer', { firstBytes: '+OK ready' })]).root).toBe('greeting.wrong-service');
    expect(live(list, [tls('plain-answer', { firstBytes: '* OK ready' })]).root).toBe('tls.implicit-on-plain-port');
  });

  test('a masked greeting: the cause where something fails by it, a warning where all works', () => {
    const masked = reply('greeting', { status: 'ok', code: 220, text: '*****************2*****0' });
    const listed = capabilities(['SIZE 1000', 'XXXXXXXA']);
    const v = upgraded(list, [opened, masked, listed, withheld('tls', 'not-offered')], 'smtp');
    expect(v).toMatchObject({ root: 'greeting.middlebox', certainty: 'proven' });
    expect(
      upgraded(list, [opened, masked, capabilities(['STARTTLS']), tls(undefined, { mode: 'upgrade' })], 'smtp').findings,
    ).toEqual(['greeting.middlebox warning']);
    expect(
      upgraded(list, [opened, reply('greeting', { status: 'ok', text: 'ready' }), listed, withheld('tls', 'not-offered')], 'smtp')
        .root,
    ).toBe('greeting.middlebox');
    // Six digits of a time stamp may be those of a password in hexadecimal by chance: that mask is ours.
    const own = reply('greeting', {
      status: 'ok',
      text: 'mail.example.test POP3 ready <5860.179554********0.a155@mail.example.test>',
    });
    expect(live(list, [opened, own]).findings).toEqual([]);
  });

  test('a stranger greets in the name of a provider', () => {
    const stranger = setting('host', 'smtp.gmail.com', 'other-provider', {
      stage: 'greeting',
      detail: '220 web12.hoster.example',
    });
    expect(live(list, [opened, reply('greeting', { status: 'ok', code: 220 }), stranger], 'smtp')).toMatchObject({
      root: 'greeting.redirected',
      stage: 'greeting',
    });
  });

  test('silence: the wrong encryption where TLS works on the port, else the server', () => {
    const silent = broken('greeting', 'timeout');
    expect(live(list, [opened, silent, control('other-mode', tls(undefined, { port: 143 }))]).root).toBe(
      'tls.plain-on-implicit-port',
    );
    const alone = live(list, [opened, silent]);
    expect(alone).toMatchObject({ root: 'greeting.timeout', certainty: 'likely', alternatives: ['tls.plain-on-implicit-port'] });
    const compared = live(list, [opened, silent, control('other-mode', connect('open')), control('other-mode', tls('timeout'))]);
    expect(compared).toMatchObject({ root: 'greeting.timeout', certainty: 'proven' });
    expect(live(list, [opened, tls(undefined), silent])).toMatchObject({ root: 'greeting.timeout', certainty: 'proven' });
  });

  test('turned away, for a reason that no other cause names', () => {
    expect(live(list, [opened, reply('greeting', { code: 554, text: 'go home' })], 'smtp').root).toBe('greeting.rejected');
    expect(live(list, [opened, reply('greeting', { condition: '-ERR', text: 'no' })], 'pop3').root).toBe('greeting.rejected');
    expect(
      live(list, [opened, reply('greeting', { code: 421, text: 'Service not available, closing channel' })], 'smtp').root,
    ).toBe('server.unavailable');
  });

  test.each([
    ['Exim: rejected connection from H=[192.0.2.1] input="GET / HTTP/1.1\\r\\n"', 'greeting.wrong-service'],
    ['imap.example.com is not an IMAP4 mail server', 'greeting.wrong-service'],
    ['该服务器不是 POP3 服务器', 'greeting.wrong-service'],
    ['451 Request action aborted on MFE proxy', 'greeting.middlebox'],
    ['421 Cannot connect to POP3 server 192.0.2.9 (192.0.2.9:110), connect error 10061', 'greeting.middlebox'],
    ['Your hosting provider redirects SMTP connections to its own server', 'greeting.redirected'],
    ['timed out while waiting for the server greeting', 'greeting.timeout'],
    ['The mail server sent an incorrect greeting: 554 denied', 'greeting.rejected'],
    ['554 No SMTP service here', 'greeting.rejected'],
  ])('%s', (words, id) => {
    expect(pasted(list, words).findings[0]).toBe(`${id} error`);
  });
});
