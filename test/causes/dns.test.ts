import { describe, expect, test } from 'vitest';
import { dns } from '../../src/causes/dns.ts';
import { connect, live, lookup, pasted } from './evidence.ts';
import { wordsOf } from './words.ts';

describe('dns', () => {
  wordsOf(dns, ['dns.no-such-host', 'dns.no-address', 'dns.server-failure', 'dns.timeout', 'dns.answers-differ']);

  test.each([
    ['nxdomain', 'dns.no-such-host'],
    ['no-data', 'dns.no-address'],
    ['servfail', 'dns.server-failure'],
    ['refused', 'dns.server-failure'],
    ['malformed', 'dns.server-failure'],
    ['failed', 'dns.server-failure'],
    ['timeout', 'dns.timeout'],
    ['unreachable', 'dns.timeout'],
    ['sinkhole', 'dns.answers-differ'],
  ] as const)('both look-ups end in %s: %s, proven', (outcome, id) => {
    const v = live(dns, [lookup(outcome), lookup(outcome, { type: 'AAAA' })]);
    expect(v).toMatchObject({ root: id, certainty: 'proven', stage: 'dns' });
  });

  test('one address of either family is enough', () => {
    expect(live(dns, [lookup('servfail'), lookup('answer', { type: 'AAAA', records: ['2001:db8::1'] })]).findings).toEqual([]);
    expect(live(dns, [lookup('answer'), lookup('no-data', { type: 'AAAA' })]).findings).toEqual([]);
  });

  test('a name that does not exist outweighs a look-up that failed beside it', () => {
    expect(live(dns, [lookup('timeout'), lookup('nxdomain', { type: 'AAAA' })]).root).toBe('dns.no-such-host');
    expect(live(dns, [lookup('no-data'), lookup('servfail', { type: 'AAAA' })]).root).toBe('dns.server-failure');
  });

  test('an answer without records is no data', () => {
    expect(live(dns, [lookup('answer', { records: [] }), lookup('no-data', { type: 'AAAA' })]).root).toBe('dns.no-address');
  });

  test('look-ups made while settling say nothing about the host', () => {
    const mx = lookup('nxdomain', { stage: 'settings', type: 'MX', host: 'example.test' });
    expect(live(dns, [mx, lookup('answer'), connect('open')]).findings).toEqual([]);
  });

  test('two resolvers that disagree are told, as an error where only the other one knows the name', () => {
    const other = { resolver: '192.0.2.53:53' };
    const none = live(dns, [lookup('nxdomain'), lookup('answer', other)]);
    expect(none).toMatchObject({ root: 'dns.answers-differ', certainty: 'proven' });
    const two = live(dns, [lookup('answer'), lookup('answer', { ...other, records: ['198.51.100.9'] })]);
    expect(two.findings).toEqual(['dns.answers-differ warning']);
    expect(two.certainty).toBe('possible');
    expect(live(dns, [lookup('answer'), lookup('answer', other)]).findings).toEqual([]);
    expect(live(dns, [lookup('answer'), lookup('timeout', other)]).findings).toEqual([]);
  });

  test('pasted look-ups are likely, never proven', () => {
    expect(pasted(dns, [lookup('nxdomain')])).toMatchObject({ root: 'dns.no-such-host', certainty: 'likely' });
  });

  test.each([
    ['Failed to connect to server imap.exampel.org.', 'dns.no-such-host'],
    ['Échec lors de la connexion au serveur pop.exampel.org.', 'dns.no-such-host'],
    ['连接服务器 pop.exampel.org 失败。', 'dns.no-such-host'],
    ['Không thể kết nối với máy chủ pop.exampel.org.', 'dns.no-such-host'],
    ['Cannot find the e-mail server. (0x800CCC0D)', 'dns.no-such-host'],
    ['Il server in uscita (SMTP) smtp.exampel.it è sconosciuto.', 'dns.no-such-host'],
    ['找不到服务器，请检查域名', 'dns.no-such-host'],
    ['Name service error for name=exampel.org type=MX: Host not found', 'dns.no-such-host'],
    ['Name service error for name=mail.example.org type=AAAA: Host found but no data record of requested type', 'dns.no-address'],
    ['Name service error for name=example.org type=MX: Host not found, try again', 'dns.server-failure'],
    ['lookup smtp.example.com: server misbehaving', 'dns.server-failure'],
    ['DNS server failure', 'dns.server-failure'],
    ['Temporary failure in name resolution', 'dns.timeout'],
    ['域名解析超时', 'dns.timeout'],
    ['The host name lookup timed out', 'dns.timeout'],
  ])('%s', (words, id) => {
    expect(pasted(dns, words).findings[0]).toBe(`${id} error`);
  });

  test.each([
    'SMTP ERROR: Failed to connect to server: Connection refused (111)',
    '450 4.1.8 <x@example.org>: Sender address rejected: Domain not found',
    '450 4.7.1 <x>: Helo command rejected: Host not found',
    'Recipient address rejected: User unknown in virtual mailbox table',
  ])('leaves alone: %s', (words) => {
    expect(pasted(dns, words).findings.filter((f) => f.endsWith('error'))).toEqual([]);
  });
});
