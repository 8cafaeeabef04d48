/** Discovery against a real NSD and real HTTPS: each source, what it said, the choice, and the bounds (requirements S-132 to S-152). */
import { beforeAll, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import type { SourceEvidence } from '../../src/model/evidence.ts';
import { type Discovery, discover } from '../../src/settle/discover.ts';
import { autoconfig, describeWith, net, startNsd, startWeb, type Zones } from './world.ts';

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});

const WEB = '127.0.91.1';
const MX = ['@ IN MX 10 mx', 'mx IN A 127.0.91.9'];
const AUTO = [`autoconfig IN A ${WEB}`];
const SRV_ALL = [
  '_imaps._tcp IN SRV 0 1 993 mail',
  '_pop3s._tcp IN SRV 0 1 995 mail',
  '_submissions._tcp IN SRV 0 1 465 mail',
  'mail IN A 127.0.91.9',
];

async function find(zones: Zones, address: string, options: { readonly probe?: boolean } = {}): Promise<Discovery> {
  const dns = await startNsd(zones);
  return await discover(address, net({ resolver: dns.resolver, ca: authority.rootPem }), {
    probe: options.probe ?? false,
    audit: true,
    protocols: ['imap', 'pop3', 'smtp'],
  });
}

const by = (found: Discovery, where: string): SourceEvidence => {
  const source = found.sources.find((s) => s.where.includes(where));
  if (!source) throw new Error(`no source ${where} among ${found.sources.map((s) => s.where).join(', ')}`);
  return source;
};
const notes = (s: SourceEvidence) => (s.notes ?? []).map((n) => n.id);
const tls = (...names: string[]) => ({
  authority,
  names: names.length > 0 ? names : ['autoconfig.example.test', 'example.test'],
});
const FILE = autoconfig([
  { type: 'imap', host: 'imap.example.test', port: 143, socket: 'plain' },
  { type: 'imap', host: 'imap.example.test', port: 993, socket: 'SSL', user: '%EMAILLOCALPART%' },
  { type: 'smtp', host: 'smtp.%EMAILDOMAIN%', port: 587, socket: 'STARTTLS' },
]);

describeWith(['nsd', 'ports'], 'sources on loopback', () => {
  it('S-143 autoconfig over HTTPS is authenticated, encrypted servers first', async () => {
    const web = await startWeb((_q, r) => r.end(FILE), { address: WEB, tls: tls() });
    const found = await find({ 'example.test': [...MX, ...AUTO] }, 'you@example.test');
    const said = by(found, 'https://autoconfig.example.test');
    expect(said).toMatchObject({ outcome: 'found', authenticated: true });
    expect(said.offers.map((o) => `${o.protocol} ${o.host}:${o.port} ${o.security} ${o.user}`)).toEqual([
      'imap imap.example.test:993 tls you',
      'smtp smtp.example.test:587 starttls you@example.test',
      'imap imap.example.test:143 none you@example.test',
    ]);
    expect(found.choices.map((c) => `${c.protocol} ${c.host}:${c.port} ${c.source}`)).toEqual([
      'imap imap.example.test:993 autoconfig',
      'smtp smtp.example.test:587 autoconfig',
    ]);
    expect(web.requests.filter((r) => r.includes('config-v1.1'))).toContain(
      'GET autoconfig.example.test/mail/config-v1.1.xml?emailaddress=you%40example.test',
    );
    expect(web.requests.join('\n')).not.toMatch(/authorization/i);
  });

  it('S-143 autoconfig over plain HTTP is marked, ranks behind, and needs consent', async () => {
    await startWeb((_q, r) => r.end(autoconfig([{ type: 'imap', host: 'imap.elsewhere.test', port: 993, socket: 'SSL' }])), {
      address: WEB,
    });
    const found = await find({ 'example.test': [...MX, ...AUTO, ...SRV_ALL] }, 'you@example.test');
    const said = by(found, 'http://autoconfig.example.test');
    expect(said).toMatchObject({ outcome: 'found', authenticated: false });
    expect(notes(said)).toContain('plain-http');
    const imap = found.offers.filter((o) => o.protocol === 'imap');
    expect(imap.map((o) => [o.host, o.consent])).toEqual([
      ['mail.example.test', undefined],
      ['imap.elsewhere.test', true],
    ]);
    // Nobody on the way is told the address.
    expect(JSON.stringify(found.sources)).not.toContain('you%40');
  });

  it('S-132 redirects: five are followed and shown, more or a loop are not', async () => {
    await startWeb(
      (q, r) => {
        const n = Number(/step=(\d+)/.exec(q.url ?? '')?.[1] ?? 0);
        const limit = q.headers.host === 'example.test' ? 20 : 5;
        if (n >= limit) return void r.end(FILE);
        return void r.writeHead(302, { location: `/x?step=${n + 1}` }).end();
      },
      { address: WEB, tls: tls() },
    );
    const found = await find({ 'example.test': [...MX, ...AUTO, `@ IN A ${WEB}`] }, 'you@example.test');
    const five = by(found, 'https://autoconfig.example.test');
    expect(five).toMatchObject({ outcome: 'found', authenticated: true });
    expect(notes(five)).toEqual(Array(5).fill('redirected'));
    expect(by(found, 'https://example.test/.well-known/autoconfig')).toMatchObject({
      outcome: 'failed',
      detail: 'more than 5 redirects',
    });
  });

  it('S-132 a redirect to another domain needs a certificate for it, and is shown', async () => {
    await startWeb(
      (q, r) =>
        q.headers.host === 'host.other.test'
          ? void r.end(FILE)
          : void r.writeHead(301, { location: 'https://host.other.test/c.xml' }).end(),
      {
        address: WEB,
        tls: tls('autoconfig.example.test', 'host.other.test'),
      },
    );
    const found = await find(
      { 'example.test': [...MX, ...AUTO, '@ IN A 127.0.91.2'], 'other.test': [`host IN A ${WEB}`] },
      'you@example.test',
    );
    const said = by(found, 'https://autoconfig.example.test');
    expect(said).toMatchObject({
      outcome: 'found',
      authenticated: true,
      notes: [{ id: 'redirected', value: 'https://host.other.test/c.xml' }],
    });
    await startWeb((_q, r) => void r.writeHead(301, { location: 'https://third.other.test/c.xml' }).end(), {
      address: '127.0.91.2',
      tls: tls('example.test'),
    });
    const again = await find(
      { 'example.test': [...MX, '@ IN A 127.0.91.2'], 'other.test': [`third IN A ${WEB}`] },
      'you@example.test',
    );
    expect(by(again, 'https://example.test/.well-known/autoconfig')).toMatchObject({ outcome: 'failed' });
  });

  it.each(['10.1.2.3', '169.254.169.254', '192.168.1.1', '0.0.0.0', '198.51.100.7'])(
    'S-133 an address that is not on the public Internet is not fetched: %s',
    async (address) => {
      const found = await find({ 'example.test': [...MX, `autoconfig IN A ${address}`] }, 'you@example.test');
      // 0.0.0.0 is what DNS filters answer in place of an address.
      if (address === '0.0.0.0') expect(by(found, 'https://autoconfig.example.test')).toMatchObject({ outcome: 'nothing' });
      else
        expect(by(found, 'https://autoconfig.example.test')).toMatchObject({
          outcome: 'blocked',
          detail: expect.stringContaining('not on the public Internet'),
        });
    },
  );

  it.each(['::1', 'fc00::1', '::ffff:10.0.0.1', '64:ff9b::a00:1', '2002:a00:1::', 'fec0::1'])(
    'S-133 nor one in IPv6: %s',
    async (address) => {
      const found = await find({ 'example.test': [...MX, `autoconfig IN AAAA ${address}`] }, 'you@example.test');
      expect(['blocked', 'failed', 'nothing']).toContain(by(found, 'https://autoconfig.example.test').outcome);
      if (address !== '::1') expect(by(found, 'https://autoconfig.example.test').outcome).toBe('blocked');
    },
  );

  it.each([
    'http://127.0.0.1/x',
    'https://2130706433/x',
    'https://0x7f000001/x',
    'https://[::ffff:127.0.0.1]/x',
    'https://169.254.169.254/latest',
    'file:///etc/passwd',
    'ftp://example.test/x',
    'gopher://example.test/',
    'data:text/xml,<a/>',
    'jar:https://example.test!/x',
  ])('S-133 S-135 a redirect to %s is refused', async (location) => {
    await startWeb((_q, r) => void r.writeHead(302, { location }).end(), { address: WEB, tls: tls() });
    const found = await find({ 'example.test': [...MX, ...AUTO] }, 'you@example.test');
    expect(by(found, 'https://autoconfig.example.test').outcome).toBe('blocked');
  });

  it('S-136 Autodiscover never asks a public suffix or another registrable domain', async () => {
    const web = await startWeb(
      (q, r) => {
        if (q.url?.includes('autodiscover.json'))
          return void r.end(
            JSON.stringify({ Protocol: 'AutodiscoverV1', Url: 'https://autodiscover.evil.test/autodiscover/autodiscover.xml' }),
          );
        return void r.writeHead(302, { location: 'https://autodiscover.test/autodiscover/autodiscover.xml' }).end();
      },
      { address: WEB, tls: tls('autodiscover.example.test', 'autodiscover.test', 'autodiscover.evil.test', 'example.test') },
    );
    const zones = {
      'example.test': [...MX, `autodiscover IN A ${WEB}`, `_autodiscover._tcp IN SRV 0 0 443 autodiscover.evil.test.`],
      'autodiscover.test': [`@ IN A ${WEB}`],
      'evil.test': [`autodiscover IN A ${WEB}`],
    };
    const found = await find(zones, 'you@example.test');
    expect(web.requests.filter((r) => !r.includes('autodiscover.example.test'))).toEqual([]);
    expect(by(found, 'autodiscover.json').notes).toEqual([
      { id: 'redirect-told', value: 'https://autodiscover.evil.test/autodiscover/autodiscover.xml' },
    ]);
    expect(by(found, 'https://autodiscover.example.test/autodiscover/autodiscover.xml').outcome).toBe('blocked');
    expect(by(found, '_autodiscover._tcp.example.test').notes).toEqual([
      { id: 'redirect-told', value: 'autodiscover.evil.test' },
    ]);
    const suffix = await find({ 'co.uk': [`autodiscover IN A ${WEB}`] }, 'you@co.uk');
    expect(by(suffix, 'autodiscover.co.uk')).toMatchObject({ outcome: 'blocked', notes: [{ id: 'public-suffix' }] });
    expect(web.requests.filter((r) => r.includes('co.uk'))).toEqual([]);
  });

  it('reads Autodiscover POX, following a redirection within the domain', async () => {
    const answer = `<?xml version="1.0"?><Autodiscover><Response><Account><Protocol><Type>IMAP</Type><Server>imap.example.test</Server><Port>993</Port><SSL>on</SSL><LoginName>you</LoginName></Protocol><Protocol><Type>SMTP</Type><Server>smtp.example.test</Server><Port>587</Port><Encryption>TLS</Encryption></Protocol><Protocol><Type>POP3</Type><Server>pop.example.test</Server><Port>7995</Port><SSL>on</SSL></Protocol></Account></Response></Autodiscover>`;
    await startWeb(
      (q, r, body) =>
        q.url?.includes('json')
          ? void r.end('{"Protocol":"AutodiscoverV1","Url":"https://autodiscover.example.test/autodiscover/autodiscover.xml"}')
          : void r.end(body.includes('you@example.test') ? answer : '<x/>'),
      {
        address: WEB,
        tls: tls('autodiscover.example.test'),
      },
    );
    const found = await find({ 'example.test': [...MX, `autodiscover IN A ${WEB}`] }, 'you@example.test');
    for (const where of ['autodiscover.json', 'https://autodiscover.example.test/autodiscover/autodiscover.xml'])
      expect(by(found, where).offers.map((o) => `${o.protocol} ${o.host}:${o.port} ${o.security}`)).toEqual([
        'imap imap.example.test:993 tls',
        'smtp smtp.example.test:587 starttls',
        'pop3 pop.example.test:7995 tls',
      ]);
  });

  it('S-138 bodies, headers and slowness are bounded', async () => {
    await startWeb(
      (q, r) => {
        if (q.headers.host === 'example.test') {
          // Chunked without end.
          const timer = setInterval(() => r.write('x'.repeat(65_536)), 1);
          r.on('close', () => clearInterval(timer));
          return;
        }
        r.writeHead(200, { 'x-long': 'y'.repeat(1_000_000) }).end('never');
      },
      { address: WEB, tls: tls() },
    );
    await startWeb((_q, r) => void r.writeHead(200, { 'content-encoding': 'gzip' }).end(Buffer.alloc(1000)), { address: WEB });
    const begun = performance.now();
    const found = await find({ 'example.test': [...MX, ...AUTO, `@ IN A ${WEB}`] }, 'you@example.test');
    expect(by(found, 'https://example.test/.well-known/autoconfig')).toMatchObject({
      outcome: 'malformed',
      detail: 'more than 1048576 bytes',
    });
    expect(by(found, 'https://autoconfig.example.test')).toMatchObject({
      outcome: 'malformed',
      detail: expect.stringContaining('header'),
    });
    expect(by(found, 'http://autoconfig.example.test')).toMatchObject({
      outcome: 'failed',
      detail: expect.stringContaining('Content-Encoding'),
    });
    expect(performance.now() - begun).toBeLessThan(8000);
  });

  it('S-138 a body that comes byte by byte puts no deadline off', async () => {
    await startWeb(
      (_q, r) => {
        const timer = setInterval(() => r.write('<'), 50);
        r.on('close', () => clearInterval(timer));
      },
      { address: WEB, tls: tls() },
    );
    const begun = performance.now();
    const found = await find({ 'example.test': [...MX, ...AUTO] }, 'you@example.test');
    expect(by(found, 'https://autoconfig.example.test').outcome).toBe('timeout');
    expect(performance.now() - begun).toBeLessThan(12_000);
  }, 30_000);

  it.each([
    ['billion laughs', '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><clientConfig>&lol2;</clientConfig>'],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><clientConfig>&x;</clientConfig>'],
    ['a parameter entity', '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://example.test/d"> %p;]><clientConfig/>'],
    ['a bare DOCTYPE', '<?xml version="1.0"?>\n<!doctype clientConfig><clientConfig/>'],
  ])('S-139 XML with %s is refused', async (_name, xml) => {
    await startWeb((_q, r) => r.end(xml), { address: WEB, tls: tls() });
    const found = await find({ 'example.test': [...MX, ...AUTO] }, 'you@example.test');
    expect(by(found, 'https://autoconfig.example.test')).toMatchObject({
      outcome: 'malformed',
      detail: expect.stringContaining('xml-doctype'),
    });
  });

  it('S-141 placeholders are filled once, as data', async () => {
    const web = await startWeb(
      (_q, r) =>
        r.end(
          autoconfig([
            { type: 'imap', host: '%EMAILDOMAIN%', port: 993, socket: 'SSL', user: 'x-%EMAILLOCALPART%-%EMAILADDRESS%' },
          ]),
        ),
      { address: WEB, tls: tls() },
    );
    const local = '%EMAILDOMAIN%&a=b#c%0d%0a';
    const found = await find({ 'example.test': [...MX, ...AUTO] }, `${local}@example.test`);
    expect(by(found, 'https://autoconfig.example.test').offers).toMatchObject([
      { host: 'example.test', user: `x-${local}-${local}@example.test` },
    ]);
    expect(web.requests[0]).toContain('?emailaddress=%25EMAILDOMAIN%25%26a%3Db%23c%250d%250a%40example.test');
  });

  it('S-145 an SRV target in another domain, unsigned, is told and needs consent', async () => {
    const found = await find(
      { 'example.test': [...MX, '_imaps._tcp IN SRV 0 1 993 imap.provider.test.'], 'provider.test': ['imap IN A 127.0.91.9'] },
      'you@example.test',
    );
    const said = by(found, '_imaps._tcp.example.test');
    expect(said).toMatchObject({
      outcome: 'found',
      authenticated: false,
      notes: [{ id: 'other-domain', value: 'imap.provider.test' }],
    });
    expect(found.offers).toMatchObject([{ host: 'imap.provider.test', consent: true }]);
  });

  it('S-145 a target of a known provider that the MX names too needs none', async () => {
    const found = await find(
      { 'example.test': ['@ IN MX 10 mx.zoho.com.', '_imaps._tcp IN SRV 0 1 993 imap.zoho.com.'] },
      'you@example.test',
    );
    const imap = found.offers.find((o) => o.protocol === 'imap' && o.host === 'imap.zoho.com');
    expect([imap !== undefined, imap?.consent]).toEqual([true, undefined]);
    expect(found.preset?.id).toBe('zoho');
    expect(notes(by(found, 'MX example.test'))).toContain('provider');
  });

  it('S-146 "." is not offered, port 0 and odd names are left out, priorities are kept, records are limited', async () => {
    const many = Array.from({ length: 1000 }, (_, i) => `_submissions._tcp IN SRV ${i + 5} 1 465 h${i}`);
    const found = await find(
      {
        'example.test': [
          ...MX,
          '_pop3s._tcp IN SRV 0 0 0 .',
          '_pop3._tcp IN SRV 0 0 0 .',
          '_imaps._tcp IN SRV 20 0 993 c',
          '_imaps._tcp IN SRV 10 5 993 b',
          '_imaps._tcp IN SRV 10 50 993 a',
          '_imaps._tcp IN SRV 0 50 0 z',
          '_imap._tcp IN SRV 0 0 143 bad\\032name.example.test.',
          ...many,
        ],
      },
      'you@example.test',
    );
    expect(by(found, '_pop3s._tcp')).toMatchObject({ outcome: 'refused', notOffered: ['pop3'], notes: [{ id: 'not-offered' }] });
    expect(by(found, '_imaps._tcp').offers.map((o) => o.host)).toEqual(['a.example.test', 'b.example.test', 'c.example.test']);
    expect(by(found, '_imaps._tcp').notes).toEqual([{ id: 'no-port', value: 'z.example.test' }]);
    expect(by(found, '_imap._tcp')).toMatchObject({ outcome: 'malformed', offers: [] });
    expect(by(found, '_submissions._tcp').offers.length).toBeLessThanOrEqual(32);
    expect(found.offers.some((o) => o.protocol === 'pop3')).toBe(false);
  });

  it('S-146 a target that is an alias is told', async () => {
    const found = await find(
      { 'example.test': [...MX, '_imaps._tcp IN SRV 0 0 993 alias', 'alias IN CNAME real', 'real IN A 127.0.91.9'] },
      'you@example.test',
      { probe: true },
    );
    expect(notes(by(found, '_imaps._tcp'))).toContain('alias-target');
    expect(by(found, '_imaps._tcp').offers).toMatchObject([{ answers: false }]);
  });

  it('S-149 names with spaces, quotes, markup and controls are never used as hosts', async () => {
    const found = await find(
      {
        'example.test': [
          '@ IN MX 10 a\\032b\\"\\<\\027.example.test.',
          '_imaps._tcp IN SRV 0 0 993 \\<script\\>.example.test.',
          '_submissions._tcp IN SRV 0 0 465 x\\000y.example.test.',
          '_pop3s._tcp IN SRV 0 0 995 a\\.b.example.test.',
        ],
      },
      'you@example.test',
    );
    expect(found.offers).toEqual([]);
    expect(by(found, '_imaps._tcp')).toMatchObject({ outcome: 'malformed', notes: [{ id: 'odd-name' }] });
    expect(JSON.stringify(found.sources.map((s) => s.notes))).not.toMatch(/[\u0000-\u001f]/);
  });

  it('S-151 TXT records are joined, and several SPF records are an error', async () => {
    const long = Array.from({ length: 250 }, (_, i) => `"${'x'.repeat(250)}${String(i).padStart(3, '0')}"`).join(' ');
    const found = await find(
      { 'example.test': ['@ IN MX 10 mx1.ppe-hosted.com.', '@ IN TXT "v=spf1 include:zo" "ho.com -all"', `@ IN TXT ${long}`] },
      'you@example.test',
    );
    expect(notes(by(found, 'MX example.test'))).toEqual(['filter', 'by-spf', 'provider']);
    expect(found.preset?.id).toBe('zoho');
    const several = await find(
      { 'example.test': ['@ IN MX 10 mx1.ppe-hosted.com.', '@ IN TXT "v=spf1 include:zoho.com -all"', '@ IN TXT "v=spf1 -all"'] },
      'you@example.test',
    );
    expect(notes(by(several, 'MX example.test'))).toEqual(['filter', 'several-spf']);
    expect(several.preset).toBeUndefined();
  });

  it('S-152 candidates that disagree are all listed, ranked and told', async () => {
    await startWeb((_q, r) => r.end(autoconfig([{ type: 'imap', host: 'imap.old.test', port: 993, socket: 'SSL' }])), {
      address: WEB,
      tls: tls(),
    });
    const found = await find({ 'example.test': [...MX, ...AUTO, ...SRV_ALL] }, 'you@example.test');
    const imap = found.choices.find((c) => c.protocol === 'imap');
    expect(imap).toMatchObject({
      host: 'imap.old.test',
      source: 'autoconfig',
      reason: 'strongest',
      others: [{ host: 'mail.example.test', source: 'srv', why: 'weaker' }],
    });
    expect(found.evidence.filter((e) => e.kind === 'setting')).toMatchObject([
      { remark: 'sources-disagree', protocol: 'imap', detail: 'autoconfig: imap.old.test:993, srv: mail.example.test:993' },
    ]);
  });

  it('null MX, no mail at all and a slip of the pen are told', async () => {
    const remark = async (zones: Zones, address: string) =>
      (await find(zones, address)).evidence.find((e) => e.kind === 'setting');
    expect(await remark({ 'example.test': ['@ IN MX 0 .', '@ IN A 127.0.91.9'] }, 'you@example.test')).toMatchObject({
      remark: 'no-mail-service',
      detail: 'null MX (RFC 7505)',
    });
    expect(await remark({ 'example.test': [] }, 'you@example.test')).toMatchObject({ remark: 'no-mail-service' });
    expect(await remark({ 'example.test': ['@ IN A 127.0.91.9'] }, 'you@example.test')).toBeUndefined();
    expect(await remark({ 'gmial.com': ['@ IN A 127.0.91.9'] }, 'you@gmial.com')).toMatchObject({ instead: 'gmail.com' });
    const denied = ['imap', 'imaps', 'pop3', 'pop3s', 'submission', 'submissions'].map((s) => `_${s}._tcp IN SRV 0 0 0 .`);
    expect(await remark({ 'example.test': ['@ IN MX 1 mail', ...denied] }, 'you@example.test')).toMatchObject({
      remark: 'no-mail-service',
      detail: 'SRV "." (RFC 6186)',
    });
    expect(await remark({ 'gmial.com': [] }, 'you@gmial.com')).toMatchObject({
      remark: 'near-known-domain',
      instead: 'gmail.com',
    });
    expect(await remark({ 'gmail.con': [] }, 'you@gmail.con')).toMatchObject({ instead: 'gmail.com' });
    expect(await remark({ 'abc.com': [] }, 'you@abc.com')).toMatchObject({ remark: 'no-mail-service' });
  });

  it('PACC and JMAP are told', async () => {
    await startWeb(
      (q, r) =>
        q.headers.host?.startsWith('ua-auto-config')
          ? void r.end(
              '{"protocols":{"imap":{"host":"imap.example.test"},"submit":{"host":"smtp.example.test"},"__proto__":{"host":"x.y"}}}',
            )
          : void r.writeHead(404).end(),
      {
        address: WEB,
        tls: tls('ua-auto-config.example.test'),
      },
    );
    const found = await find(
      { 'example.test': [...MX, `ua-auto-config IN A ${WEB}`, '_jmap._tcp IN SRV 0 1 443 jmap'] },
      'you@example.test',
    );
    expect(by(found, 'ua-auto-config').offers.map((o) => `${o.protocol} ${o.host}:${o.port}`)).toEqual([
      'imap imap.example.test:993',
      'smtp smtp.example.test:465',
    ]);
    expect(by(found, '_jmap._tcp').notes).toEqual([{ id: 'jmap', value: 'jmap.example.test:443' }]);
  });
});
