import { describe, expect, test } from 'vitest';
import { connect as connectCauses } from '../../src/causes/connect.ts';
import { greeting } from '../../src/causes/greeting.ts';
import { protocol } from '../../src/causes/protocol.ts';
import { tls as tlsCauses } from '../../src/causes/tls.ts';
import {
  broken,
  capabilities,
  connect,
  control,
  live,
  pasted,
  problem,
  reply,
  service,
  setting,
  tls,
  upgraded,
  withheld,
} from './evidence.ts';
import { wordsOf } from './words.ts';

const list = [...connectCauses, ...greeting, ...protocol, ...tlsCauses];
const opened = connect('open');
const mode = <E extends Parameters<typeof control>[1]>(e: E) => control('other-mode', e);

describe('tls', () => {
  wordsOf(
    tlsCauses,
    [
      'implicit-on-plain-port',
      'plain-on-implicit-port',
      'starttls-missing',
      'starttls-refused',
      'starttls-required',
      'injected',
      'version-too-old',
      'no-shared-cipher',
      'client-certificate-required',
      'handshake-failed',
      'handshake-timeout',
      'server-name-missing',
    ].map((n) => `tls.${n}`),
  );

  test.each([
    ['plain-answer', 'tls.implicit-on-plain-port'],
    ['not-tls', 'tls.handshake-failed'],
    ['protocol-version', 'tls.version-too-old'],
    ['no-shared-cipher', 'tls.no-shared-cipher'],
    ['handshake-alert', 'tls.handshake-failed'],
    ['certificate-required', 'tls.client-certificate-required'],
    ['unrecognized-name', 'tls.handshake-failed'],
    ['timeout', 'tls.handshake-timeout'],
    ['bad-record', 'tls.handshake-failed'],
    ['failed', 'tls.handshake-failed'],
  ] as const)('a handshake that ends in %s: %s', (failure, id) => {
    expect(live(list, [opened, tls(failure)])).toMatchObject({ root: id, stage: 'tls' });
    expect(pasted(list, [tls(failure)])).toMatchObject({ root: id, certainty: 'likely' });
  });

  test('no failure is without a cause, implicit or upgraded', () => {
    const failures = [
      'plain-answer',
      'not-tls',
      'excessive-message',
      'timeout',
      'closed',
      'reset',
      'bad-record',
      'failed',
    ] as const;
    for (const failure of failures)
      for (const m of ['implicit', 'upgrade'] as const)
        expect(live(list, [opened, tls(failure, { mode: m })]).root).toBeDefined();
    expect(live(list, [opened, tls('closed', { mode: 'upgrade' })]).root).toBe('tls.handshake-failed');
    expect(live(list, [opened, tls('plain-answer', { mode: 'upgrade' })]).root).toBe('tls.handshake-failed');
  });

  describe('port and mode', () => {
    const failed = tls('plain-answer', { port: 587 });
    test('what works instead is told from the plain control connection', () => {
      const heard = mode(reply('greeting', { status: 'ok', code: 220, text: 'ready' }));
      const v = live(list, [opened, failed, heard, mode(capabilities(['SIZE', 'STARTTLS']))], 'smtp');
      expect(v).toMatchObject({ root: 'tls.implicit-on-plain-port', certainty: 'proven', params: { instead: '587 STARTTLS' } });
      const none = live(list, [opened, failed, heard, mode(capabilities(['SIZE']))], 'smtp');
      expect(none.params).toEqual({ instead: '465 SSL/TLS' });
    });
    test('without it, the standard pair of the protocol; pasted, of all three', () => {
      expect(live(list, [opened, failed], 'smtp')).toMatchObject({ certainty: 'likely', params: { instead: '587 STARTTLS' } });
      expect(pasted(list, [tls('plain-answer')]).params).toEqual({
        instead: 'IMAP 143 STARTTLS, POP3 110 STARTTLS, SMTP 587 STARTTLS',
      });
    });
    test('garbage where neither TLS nor plain text speaks is a failed handshake', () => {
      expect(live(list, [opened, failed, mode(connect('open'))]).root).toBe('tls.handshake-failed');
    });
    test('a server that answers TLS with silence and plain text with a greeting', () => {
      const heard = mode(reply('greeting', { status: 'ok', text: 'ready' }));
      expect(live(list, [opened, tls('timeout'), heard]).root).toBe('tls.implicit-on-plain-port');
    });
    test('plain on a TLS port: silence, a cut or an alert, and TLS works', () => {
      const works = mode(tls(undefined, { port: 993 }));
      for (const how of ['timeout', 'closed', 'reset', 'malformed'] as const) {
        const v = upgraded(list, [opened, broken('greeting', how), works]);
        expect(v).toMatchObject({
          root: 'tls.plain-on-implicit-port',
          certainty: 'proven',
          stage: 'greeting',
          params: { instead: '993 SSL/TLS' },
        });
      }
      expect(upgraded(list, [opened, broken('greeting', 'malformed'), service('tls')]).root).toBe('tls.plain-on-implicit-port');
    });
    test('a server’s log tells of the client, so the sides are reversed', () => {
      const logged = tls('plain-answer', { detail: 'imap-login: SSL_accept() failed: wrong version number' });
      expect(pasted(list, [logged]).root).toBe('tls.plain-on-implicit-port');
    });
  });

  describe('the upgrade', () => {
    const wanted = setting('security', 'starttls');
    test('not offered', () => {
      const caps = capabilities(['SIZE 1000']);
      expect(upgraded(list, [wanted, opened, caps, withheld('tls', 'not-offered')], 'smtp')).toMatchObject({
        root: 'tls.starttls-missing',
        certainty: 'proven',
        stage: 'tls',
      });
      expect(upgraded(list, [wanted, opened, caps], 'smtp').root).toBe('tls.starttls-missing');
      expect(upgraded(list, [wanted, opened, capabilities(['STARTTLS'])], 'smtp').root).toBeUndefined();
      expect(upgraded(list, [setting('security', 'tls'), opened, caps], 'smtp').root).toBeUndefined();
    });
    test.each([
      ['smtp', { command: 'STARTTLS', code: 454, text: 'TLS not available' }],
      ['smtp', { command: 'STARTTLS', code: 502, text: 'unknown' }],
      ['imap', { command: 'STARTTLS', condition: 'BAD', text: 'no' }],
      ['pop3', { command: 'STLS', condition: '-ERR', text: 'no' }],
    ] as const)('offered and refused: %s', (p, more) => {
      expect(upgraded(list, [opened, capabilities(['STARTTLS', 'STLS']), reply('tls', more)], p)).toMatchObject({
        root: 'tls.starttls-refused',
        certainty: 'proven',
      });
    });
    test('the answer never comes', () => {
      expect(upgraded(list, [opened, broken('tls', 'timeout', { command: 'STARTTLS' })]).root).toBe('tls.handshake-timeout');
      expect(upgraded(list, [opened, broken('tls', 'closed', { command: 'STLS' })], 'pop3').root).toBe('tls.starttls-refused');
      expect(upgraded(list, [opened, broken('tls', 'malformed', { command: 'STARTTLS' })]).root).toBe('protocol.violation');
    });
    test('bytes slipped in, in the same segment or heard by waiting', () => {
      expect(upgraded(list, [opened, broken('tls', 'injected', { command: 'STARTTLS' })]).root).toBe('tls.injected');
      const taken = { command: 'STARTTLS', detail: '454 4.3.0 cannot load certificate' };
      expect(upgraded(list, [opened, broken('tls', 'injected', taken)]).root).toBe('tls.starttls-refused');
      const failed = tls('plain-answer', { mode: 'upgrade' });
      expect(upgraded(list, [opened, failed, control('wait', broken('tls', 'injected', { command: 'STARTTLS' }))]).root).toBe(
        'tls.injected',
      );
    });
    test('demanded', () => {
      const r = reply('identity', { code: 530, enhanced: '5.7.0', text: 'Must issue a STARTTLS command first' });
      expect(live(list, [opened, r], 'smtp').root).toBe('tls.starttls-required');
      expect(live(list, [reply('auth', { responseCode: 'PRIVACYREQUIRED', text: 'no' })]).root).toBe('tls.starttls-required');
    });
    test('pasted "unknown command" to STARTTLS: it was never offered', () => {
      expect(pasted(list, [reply('tls', { command: 'STARTTLS', code: 502, text: 'unknown command' })]).root).toBe(
        'tls.starttls-missing',
      );
    });
  });

  describe('the handshake with lowered limits', () => {
    const reached = (version: string) => control('old-tls', tls(undefined, { version, cipher: 'AES' }));
    test.each(['handshake-alert', 'closed', 'reset', 'failed', 'protocol-version'] as const)(
      '%s, and TLS 1.0 works',
      (failure) => {
        expect(live(list, [opened, tls(failure), reached('TLSv1')])).toMatchObject({
          root: 'tls.version-too-old',
          certainty: 'proven',
          params: { version: 'TLSv1', oldest: 'TLS 1.0', outdated: expect.stringMatching(/./) },
        });
      },
    );
    test('TLS 1.2 works with old ciphers only', () => {
      expect(live(list, [opened, tls('handshake-alert', { alert: 40 }), reached('TLSv1.2')])).toMatchObject({
        root: 'tls.no-shared-cipher',
        certainty: 'proven',
      });
    });
    test('nothing works: handshake_failure stands for nothing in common', () => {
      const v = live(list, [
        opened,
        tls('handshake-alert', { alert: 40 }),
        control('old-tls', tls('handshake-alert', { alert: 40 })),
      ]);
      expect(v).toMatchObject({ root: 'tls.no-shared-cipher', certainty: 'likely' });
      expect(v.alternatives).toContain('tls.client-certificate-required');
    });
    test('to an address no name is sent, which may be all that is missing', () => {
      const others = (sni: string | null) => live(list, [opened, tls('handshake-alert', { alert: 40, sni })]).alternatives;
      expect(others(null)).toContain('tls.server-name-missing');
      expect(others('mail.example.test')).not.toContain('tls.server-name-missing');
    });
    test('pasted, the same alert leaves all open', () => {
      const v = pasted(list, [tls('handshake-alert', { alert: 40 })]);
      expect(v.root).toBe('tls.handshake-failed');
      expect(v.findings).toContain('tls.no-shared-cipher error');
    });
  });

  test('the alert for a client certificate comes after the handshake under TLS 1.3', () => {
    const late = broken('greeting', 'reset', { detail: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' });
    expect(live(list, [opened, tls(undefined), late]).root).toBe('tls.client-certificate-required');
    const expired = broken('greeting', 'reset', { detail: 'sslv3 alert certificate expired: SSL alert number 45' });
    expect(live(list, [opened, tls(undefined), expired]).root).toBe('tls.client-certificate-required');
    const other = broken('greeting', 'reset', { detail: 'sslv3 alert illegal parameter: SSL alert number 47' });
    expect(live(list, [opened, tls(undefined), other]).root).not.toBe('tls.client-certificate-required');
  });

  test('no server name', () => {
    expect(live(list, [problem('self-signed'), problem('server-name-missing')]).root).toBe('tls.server-name-missing');
    expect(live(list, [tls('unrecognized-name', { sni: null })]).root).toBe('tls.server-name-missing');
    expect(
      pasted(list, [problem('self-signed', { host: 'imap.gmail.com', detail: 'imap.gmail.com:993: self signed' })]).root,
    ).toBe('tls.server-name-missing');
  });

  test.each([
    ['non-SMTP command from unknown[192.0.2.7]: \\x16\\x03\\x01', 'tls.implicit-on-plain-port'],
    ['tls: first record does not look like a TLS handshake', 'tls.implicit-on-plain-port'],
    ['Greeting never received', 'tls.plain-on-implicit-port'],
    ['Got bad greeting from SMTP host: smtp.example.com, port: 465, response: [EOF]', 'tls.plain-on-implicit-port'],
    ['Invalid greeting: \\x15\\x03\\x01\\x00\\x02', 'tls.plain-on-implicit-port'],
    ['STARTTLS extension not supported by server.', 'tls.starttls-missing'],
    ['TLS is required, but was not offered by host mx.example.com', 'tls.starttls-missing'],
    ['缺少服务器功能 STARTTLS', 'tls.starttls-missing'],
    ['Máy chủ không hỗ trợ STARTTLS', 'tls.starttls-missing'],
    ['Le serveur ne propose pas cette fonctionnalité : STARTTLS ne propose pas', 'tls.starttls-missing'],
    ['454 TLS currently unavailable', 'tls.starttls-refused'],
    ['STARTTLS command failed', 'tls.starttls-refused'],
    ['550 Session encryption is required', 'tls.starttls-required'],
    ['5.7.3 STARTTLS is required to send mail', 'tls.starttls-required'],
    ['请先使用 STARTTLS', 'tls.starttls-required'],
    ['leftover data in the buffer after STARTTLS', 'tls.injected'],
    ['TLS 1.0 is no longer supported', 'tls.version-too-old'],
    ['TLS version is not supported', 'tls.version-too-old'],
    ['no cipher suites in common', 'tls.no-shared-cipher'],
    ['The server requires a client certificate', 'tls.client-certificate-required'],
    ['The client certificate is no longer valid', 'tls.client-certificate-required'],
    ['TLS handshake timed out', 'tls.handshake-timeout'],
    ['SSL 握手超时', 'tls.handshake-timeout'],
    ['Secure connection failed', 'tls.handshake-failed'],
    ['SSL 握手失败', 'tls.handshake-failed'],
    ['Lỗi bắt tay TLS', 'tls.handshake-failed'],
    ['the server certificate is for nobody: SNI is missing', 'tls.server-name-missing'],
  ])('%s', (words, id) => {
    expect(pasted(list, words).findings[0]).toBe(`${id} error`);
  });

  test('logged session keys are a warning', () => {
    const e = { kind: 'environment', stage: 'tls', name: 'SSLKEYLOGFILE', effect: 'key-log', detail: '/tmp/keys' } as const;
    expect(live(list, [e, opened]).findings).toEqual(['tls.keys-logged warning']);
  });
});
