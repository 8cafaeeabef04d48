/** The domain's sending side (--domain) against a real NSD and real HTTPS, beside a submission session (S-144, S-151). */
import { generateKeyPairSync } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import { serve } from '../../src/lab/server.ts';
import type { Served } from '../../src/wire/dns.ts';
import { type Json, run, runJson } from './cli.ts';
import { describeWith, later, oddDns, startNsd, startWeb, type Zones } from './world.ts';

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});
const WEB = '127.0.93.1';
const STS = { authority: () => authority, names: ['mta-sts.example.test'] };
const POLICY = 'version: STSv1\r\nmode: enforce\r\nmx: mx.example.test\r\nmax_age: 86400\r\n';
const HOSTS = ['mail IN A 127.0.0.1', '@ IN MX 10 mx', 'mx IN A 127.0.93.9'];

async function facts(zones: Zones, ...more: string[]): Promise<readonly Json[]> {
  const server = await serve({ protocol: 'smtp' }, { authority });
  later(server.close);
  const dns = await startNsd(zones);
  return await factsBy(server, dns.resolver, ...more);
}

async function factsBy(server: Awaited<ReturnType<typeof serve>>, resolver: string, ...more: string[]): Promise<readonly Json[]> {
  const { json } = await runJson([
    'smtp',
    'you@example.test',
    '--host',
    'mail.example.test',
    '--port',
    String(server.port),
    '--resolver',
    resolver,
    '--ca-file',
    server.caFile,
    '--timeout',
    '3',
    '--domain',
    ...more,
  ]);
  return json.checks[0].facts.domain ?? [];
}
const said = (found: readonly Json[], what: string, domain = 'example.test') =>
  found.filter((f) => f.what === what && f.domain === domain).map((f) => `${f.verdict} ${f.outcome}`);
const web = (handler: Parameters<typeof startWeb>[0], certificate?: 'expired') =>
  startWeb(handler, {
    address: WEB,
    tls: { authority: STS.authority(), names: STS.names, ...(certificate ? { certificate } : {}) },
  });
const text =
  (body: string): Parameters<typeof startWeb>[0] =>
  (_q, r) =>
    void r.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(body);

describeWith(['nsd', 'ports'], 'the sending side of a domain', () => {
  it('with everything in place', async () => {
    await web(text(POLICY));
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const p = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const found = await facts(
      {
        'example.test': [
          ...HOSTS,
          '@ IN TXT "v=spf1 a:mail.example.test -all"',
          `s1._domainkey IN TXT "v=DKIM1; k=rsa; p=${p.slice(0, 200)}" "${p.slice(200)}"`,
          '_dmarc IN TXT "v=DMARC1; p=reject; rua=mailto:d@example.test"',
          '_mta-sts IN TXT "v=STSv1; id=20260101"',
          `mta-sts IN A ${WEB}`,
          '_smtp._tls IN TXT "v=TLSRPTv1; rua=mailto:t@example.test"',
        ],
        '127.in-addr.arpa': ['1.0.0 IN PTR mail.example.test.'],
      },
      '--dkim-selector',
      's1',
    );
    expect(['spf', 'dkim', 'dmarc', 'mta-sts', 'tls-rpt'].map((w) => said(found, w))).toEqual([
      ['spf-allows good'],
      ['dkim-key good'],
      ['dmarc-reject good'],
      ['mta-sts-enforce good'],
      ['tls-rpt-on good'],
    ]);
    expect(said(found, 'reverse', 'mail.example.test')).toEqual(['reverse-confirmed good']);
    expect(said(found, 'helo', 'mail.example.test')).toEqual(['helo-fits good']);
    expect(said(found, 'dane', 'mx.example.test')).toEqual(['dane-none none']);
  });

  it('with nothing in place', async () => {
    const found = await facts({ 'example.test': HOSTS, '127.in-addr.arpa': [] });
    expect(['spf', 'dkim', 'dmarc', 'mta-sts', 'tls-rpt'].map((w) => said(found, w))).toEqual([
      ['spf-none none'],
      [],
      ['dmarc-none none'],
      ['mta-sts-none none'],
      ['tls-rpt-none none'],
    ]);
    expect(said(found, 'reverse', 'mail.example.test')).toEqual(['reverse-none warning']);
  });

  it.each([
    ['S-151 several records', ['"v=spf1 -all"', '"v=spf1 ~all"'], 'spf-several wrong'],
    ['a term that is none', ['"v=spf1 ip4:1.2.3 -all"'], 'spf-malformed wrong'],
    ['an include without a record', ['"v=spf1 include:empty.example.test -all"'], 'spf-malformed wrong'],
    ['a hard end', ['"v=spf1 ip4:192.0.2.0/24 -all"'], 'spf-fail warning'],
    ['a soft end', ['"v=spf1 ip4:192.0.2.0/24 ~all"'], 'spf-softfail warning'],
    ['no end', ['"v=spf1 ip4:192.0.2.0/24"'], 'spf-neutral warning'],
    ['an open end', ['"v=spf1 +all"'], 'spf-open wrong'],
    ['the network of the server', ['"v=spf1 ip4:127.0.0.0/8 -all"'], 'spf-allows good'],
    ['an include that allows it, in two strings', ['"v=spf1 include:sub.exam" "ple.test -all"'], 'spf-allows good'],
    ['a redirect', ['"v=spf1 redirect=sub.example.test"'], 'spf-allows good'],
    ['an include that denies it', ['"v=spf1 -include:sub.example.test ~all"'], 'spf-softfail warning'],
    [
      'eleven look-ups',
      [`"v=spf1 ${Array.from({ length: 11 }, (_, i) => `a:h${i}.example.test`).join(' ')} -all"`],
      'spf-too-many wrong',
    ],
    ['a circle', ['"v=spf1 include:ring.example.test -all"'], 'spf-fail warning'],
  ])('SPF with %s', async (_name, records, verdict) => {
    const found = await facts({
      'example.test': [
        ...HOSTS,
        ...records.map((r) => `@ IN TXT ${r}`),
        'empty IN A 127.0.0.1',
        'sub IN TXT "v=spf1 ip4:127.0.0.1 -all"',
        'ring IN TXT "v=spf1 include:ring.example.test -all"',
      ],
    });
    expect(said(found, 'spf')).toEqual([verdict]);
  });

  it('DMARC of a sender in another domain is told as such', async () => {
    const found = await facts(
      {
        'example.test': [...HOSTS, '_dmarc IN TXT "v=DMARC1; p=none"'],
        'other.test': ['_dmarc IN TXT "v=DMARC1; p=none; sp=quarantine"'],
        'third.test': ['_dmarc IN TXT "v=DMARC1; p=none"', '_dmarc IN TXT "v=DMARC1; p=reject"'],
      },
      '--from',
      'me@sub.other.test',
      '--from',
      'me@third.test',
    );
    expect(said(found, 'dmarc')).toEqual(['dmarc-watch good']);
    expect(said(found, 'dmarc', 'sub.other.test')).toEqual(['dmarc-foreign-strict wrong']);
    expect(said(found, 'dmarc', 'third.test')).toEqual(['dmarc-several wrong']);
  });

  it.each([
    [
      'a redirect',
      ((_q, r) => void r.writeHead(301, { location: 'https://mta-sts.example.test/other.txt' }).end()) as Parameters<
        typeof startWeb
      >[0],
      'mta-sts-redirect',
    ],
    [
      'another content type',
      ((_q, r) => void r.writeHead(200, { 'content-type': 'text/html' }).end(POLICY)) as Parameters<typeof startWeb>[0],
      'mta-sts-type',
    ],
    ['more than 64 KB', text(`${POLICY}${'x: y\r\n'.repeat(12_000)}`), 'mta-sts-large'],
    ['a status', ((_q, r) => void r.writeHead(404).end()) as Parameters<typeof startWeb>[0], 'mta-sts-status'],
    ['no mode', text(POLICY.replace('mode: enforce', 'mode: maybe')), 'mta-sts-malformed'],
    ['another MX', text(POLICY.replace('mx.example.test', '*.mx.example.test')), 'mta-sts-mx'],
    ['mode testing', text(POLICY.replace('enforce', 'testing')), 'mta-sts-testing'],
    ['mode none', text(POLICY.replace('enforce', 'none').replaceAll('\r\n', '\n')), 'mta-sts-off'],
  ])('S-144 MTA-STS with %s', async (_name, handler, verdict) => {
    await web(handler);
    const found = await facts({ 'example.test': [...HOSTS, '_mta-sts IN TXT "v=STSv1; id=1"', `mta-sts IN A ${WEB}`] });
    expect(said(found, 'mta-sts')[0]).toMatch(new RegExp(`^${verdict} `));
  });

  it('S-144 MTA-STS needs a certificate that holds, one record, and an id', async () => {
    await web(text(POLICY), 'expired');
    const zone = (...records: string[]) => ({ 'example.test': [...HOSTS, ...records, `mta-sts IN A ${WEB}`] });
    expect(said(await facts(zone('_mta-sts IN TXT "v=STSv1; id=1"')), 'mta-sts')).toEqual(['mta-sts-certificate wrong']);
    expect(said(await facts(zone('_mta-sts IN TXT "v=STSv1; id=1"', '_mta-sts IN TXT "v=STSv1; id=2"')), 'mta-sts')).toEqual([
      'mta-sts-several wrong',
    ]);
    expect(said(await facts(zone('_mta-sts IN TXT "v=STSv1; id=!"')), 'mta-sts')).toEqual(['mta-sts-record wrong']);
  });

  it('is worded in three languages, and absent without the flag', async () => {
    const server = await serve({ protocol: 'smtp' }, { authority });
    later(server.close);
    const dns = await startNsd({ 'example.test': [...HOSTS, '@ IN TXT "v=spf1 -all"'] });
    const args = [
      'smtp',
      'you@example.test',
      '--host',
      'mail.example.test',
      '--port',
      String(server.port),
      '--resolver',
      dns.resolver,
      '--ca-file',
      server.caFile,
    ];
    for (const [lang, words] of [
      ['en', 'no DMARC record'],
      ['zh-CN', '没有 DMARC 记录'],
      ['vi', 'không có bản ghi DMARC'],
    ] as const) {
      const ran = await run([...args, '--domain', '--lang', lang, '--format', 'markdown']);
      expect(ran.stdout).toContain(words);
    }
    expect((await runJson(args)).json.checks[0].facts.domain).toBeUndefined();
  });
});

describe('DANE', () => {
  it.each([
    ['signed and fitting', true, true, 'dane-match good'],
    ['signed and not fitting', true, false, 'dane-mismatch wrong'],
    ['unsigned', false, true, 'dane-unsigned warning'],
  ])('%s', async (_name, authentic, fits, verdict) => {
    const server = await serve({ protocol: 'smtp' }, { authority });
    later(server.close);
    const tlsa = (data: string) => Buffer.concat([Buffer.of(3, 0, 1), Buffer.from(data, 'hex')]);
    let fingerprint = 'ab'.repeat(32);
    const answers = (q: { name: string; type: string }): Partial<Served> => {
      if (q.type === 'A' && q.name === 'mail.example.test') return { answers: [{ type: 'A', name: q.name, data: '127.0.0.1' }] };
      if (q.type === 'TLSA' && q.name === `_${server.port}._tcp.mail.example.test`)
        return {
          authentic,
          answers: [
            {
              type: 'TLSA',
              name: q.name,
              data: { usage: 3, selector: 0, matchingType: 1, certificate: tlsa(fingerprint).subarray(3) },
            } as never,
          ],
        };
      return { rcode: 3 };
    };
    const dns = await oddDns(answers);
    if (fits) {
      const { json } = await runJson([
        'smtp',
        '--host',
        'mail.example.test',
        '--port',
        String(server.port),
        '--resolver',
        dns.resolver,
        '--ca-file',
        server.caFile,
        '--until',
        'certificate',
      ]);
      fingerprint = json.checks[0].facts.certificates[0].sha256.replace(/:/g, '');
    }
    const found = await factsBy(server, dns.resolver);
    expect(said(found, 'dane', `_${server.port}._tcp.mail.example.test`)).toEqual([verdict]);
  });
});
