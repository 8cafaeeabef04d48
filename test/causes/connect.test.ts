import { describe, expect, test } from 'vitest';
import { connect as list } from '../../src/causes/connect.ts';
import { broken, connect, control, live, over6, pasted, reply, setting, text, tls, withheld } from './evidence.ts';
import { wordsOf } from './words.ts';

describe('connect', () => {
  wordsOf(
    list,
    [
      'refused',
      'timeout',
      'unreachable',
      'reset',
      'port-blocked',
      'port-25',
      'one-family',
      'local-policy',
      'unexplained',
      'proxy',
    ].map((n) => `connect.${n}`),
  );

  test.each([
    ['refused', 'connect.refused'],
    ['timeout', 'connect.timeout'],
    ['unreachable', 'connect.unreachable'],
    ['reset', 'connect.reset'],
    ['denied', 'connect.local-policy'],
    ['no-source', 'connect.local-policy'],
    ['proxy', 'connect.proxy'],
    ['failed', 'connect.unexplained'],
  ] as const)('all attempts end in %s: %s, proven', (outcome, id) => {
    expect(live(list, [connect(outcome), connect(outcome, { address: '192.0.2.2' })])).toMatchObject({
      root: id,
      certainty: 'proven',
      stage: 'connect',
    });
  });

  test('IPv6 that this machine lacks is noise beside a failure over IPv4', () => {
    const v = live(list, [over6('unreachable'), connect('timeout')]);
    expect(v).toMatchObject({ root: 'connect.timeout', certainty: 'proven' });
    expect(live(list, [over6('unreachable')]).root).toBe('connect.unreachable');
  });

  test('different ends are likely only, and the others are told', () => {
    const v = live(list, [
      connect('refused'),
      connect('refused', { address: '192.0.2.2' }),
      connect('timeout', { address: '192.0.2.3' }),
    ]);
    expect(v).toMatchObject({ root: 'connect.refused', certainty: 'likely' });
    expect(v.findings).toContain('connect.timeout error');
  });

  test('one family dead, the other open: a warning', () => {
    expect(live(list, [over6('refused'), connect('open')]).findings).toEqual(['connect.one-family warning']);
    expect(live(list, [over6('open'), connect('timeout')]).findings).toEqual(['connect.one-family warning']);
  });

  test('one dead address among open ones of its family: a warning that says how it fails', () => {
    const v = live(list, [connect('timeout'), connect('open', { address: '192.0.2.2' })]);
    expect(v.findings).toEqual(['connect.timeout warning']);
  });

  describe('a port that is blocked', () => {
    const silent = connect('timeout');
    const port = (outcome: 'open' | 'timeout') => control('other-port', connect(outcome, { port: 465 }));
    const host = (outcome: 'open' | 'timeout' | 'refused') => control('other-host', connect(outcome, { host: 'other.example' }));

    test('other ports of the host open: likely', () => {
      expect(live(list, [silent, port('open')])).toMatchObject({
        root: 'connect.port-blocked',
        certainty: 'likely',
        alternatives: ['connect.timeout'],
      });
    });
    test('no port of the host opens: the plain time-out', () => {
      expect(live(list, [silent, port('timeout')]).root).toBe('connect.timeout');
    });
    test('another host fails on it too: likely, and proven where this host answers elsewhere', () => {
      expect(live(list, [silent, host('timeout')])).toMatchObject({ root: 'connect.port-blocked', certainty: 'likely' });
      expect(live(list, [silent, host('timeout'), port('open')])).toMatchObject({
        root: 'connect.port-blocked',
        certainty: 'proven',
      });
      expect(live(list, [connect('refused'), host('refused')]).root).toBe('connect.port-blocked');
    });
    test('another host opens on it: this one alone is silent', () => {
      expect(live(list, [silent, port('open'), host('open')]).root).toBe('connect.timeout');
    });
    test('a refusal is the host speaking, whatever else is open', () => {
      expect(live(list, [connect('refused'), port('open')]).root).toBe('connect.refused');
    });
  });

  describe('port 25', () => {
    const port = setting('port', '25', 'port-25', { instead: '465, 587' });
    test('fails to connect', () => {
      for (const outcome of ['timeout', 'refused'] as const)
        expect(live(list, [port, connect(outcome, { port: 25 })], 'smtp')).toMatchObject({
          root: 'connect.port-25',
          stage: 'connect',
        });
    });
    test('offers no log-in, or refuses it', () => {
      const open = connect('open', { port: 25 });
      expect(live(list, [port, open, withheld('auth', 'not-offered', 'no AUTH')], 'smtp')).toMatchObject({
        root: 'connect.port-25',
        stage: 'auth',
      });
      expect(live(list, [port, open, reply('auth', { command: 'AUTH PLAIN', code: 503 })], 'smtp').root).toBe('connect.port-25');
    });
    test('a wrong password is no matter of the port', () => {
      const v = live(list, [port, connect('open', { port: 25 }), reply('auth', { command: 'AUTH PLAIN', code: 535 })], 'smtp');
      expect(v.findings).toEqual(['connect.port-25 warning']);
    });
    test('works: a warning', () => {
      expect(live(list, [port, connect('open', { port: 25 })], 'smtp').findings).toEqual(['connect.port-25 warning']);
    });
    test('pasted: silence on 25 is the usual block, in a bounce it is not', () => {
      const silent = connect('timeout', { port: 25 });
      expect(pasted(list, [silent])).toMatchObject({ root: 'connect.port-25', certainty: 'likely' });
      expect(pasted(list, [silent, text('delivery failed', { origin: 'bounce' })]).root).toBe('connect.timeout');
      expect(pasted(list, [connect('unreachable', { port: 25 })]).root).toBe('connect.unreachable');
    });
  });

  describe('cut before a word', () => {
    test('at the greeting', () => {
      for (const how of ['closed', 'reset'] as const)
        expect(live(list, [connect('open'), broken('greeting', how)])).toMatchObject({
          root: 'connect.reset',
          certainty: 'proven',
          stage: 'greeting',
        });
    });
    test('not where TLS from the first byte explains it', () => {
      expect(
        live(list, [connect('open'), broken('greeting', 'closed'), control('other-mode', tls(undefined))]).root,
      ).toBeUndefined();
    });
    test('at the first byte of TLS', () => {
      expect(live(list, [connect('open'), tls('reset')])).toMatchObject({ root: 'connect.reset', certainty: 'likely' });
      expect(live(list, [connect('open'), tls('handshake-alert', { alert: 80 })]).root).toBeUndefined();
      expect(live(list, [connect('open'), tls('reset', { mode: 'upgrade' })]).root).toBeUndefined();
    });
  });

  test.each([
    ['Socket Error: 10061, connection refused', 'connect.refused'],
    ['Impossible de se connecter au serveur : la connexion a été refusée.', 'connect.refused'],
    ['连接邮件服务器 mail.example.cn 时被拒绝。', 'connect.refused'],
    ['Kết nối đã bị từ chối', 'connect.refused'],
    ['Serwer odrzucił: połączenie zostało odrzucone', 'connect.refused'],
    ['Temps limite de connexion au serveur imap.example.fr dépassé.', 'connect.timeout'],
    ['Đã hết thời gian kết nối tới máy chủ imap.example.vn.', 'connect.timeout'],
    ['连接服务器超时', 'connect.timeout'],
    ['サーバーへの接続がタイムアウトしました', 'connect.timeout'],
    ['The operation timed out waiting for a response from the sending (SMTP) server. 0x8004210B', 'connect.timeout'],
    ['Network is unreachable', 'connect.unreachable'],
    ['The Internet connection appears to be offline.', 'connect.unreachable'],
    ['网络不可达', 'connect.unreachable'],
    ['Verbindung mit Server x.example.de wurde zurückgesetzt.', 'connect.reset'],
    ['Your server has unexpectedly terminated the connection.', 'connect.reset'],
    ['连接被重置', 'connect.reset'],
    ['lost connection with mx.example.net[192.0.2.1] while performing the EHLO handshake', 'connect.reset'],
    ['Permission denied (connect)', 'connect.local-policy'],
    [
      'Windows Firewall on this computer: your computer’s firewall blocks it. The local firewall blocked the program',
      'connect.local-policy',
    ],
    ['curl: (7) SOCKS4 connection to smtp.example.com failed', 'connect.proxy'],
    ['Received HTTP code 407 from proxy after CONNECT', 'connect.proxy'],
    ['Your ISP may be blocking outgoing SMTP', 'connect.port-blocked'],
    ['端口 587 被防火墙屏蔽', 'connect.port-blocked'],
    ['Your provider blocks port 25, use 587 instead of port 25', 'connect.port-25'],
    ['IPv6 connections time out, it works over IPv4', 'connect.one-family'],
    ['SMTP Error: Could not connect to SMTP host.', 'connect.unexplained'],
    ['SMTP 错误：无法连接到 SMTP 主机。', 'connect.unexplained'],
    ['Lỗi SMTP: Không thể kết nối máy chủ SMTP.', 'connect.unexplained'],
    ['Błąd SMTP: Nie można połączyć się z hostem SMTP.', 'connect.unexplained'],
  ])('%s', (words, id) => {
    expect(pasted(list, words).findings[0]?.split(' ')[0]).toBe(id);
  });

  test('what is not proven is not called so', () => {
    for (const words of ['connection refused', 'connection timed out', 'network is unreachable', 'connection reset by peer'])
      expect(pasted(list, words).certainty).not.toBe('proven');
  });
});
