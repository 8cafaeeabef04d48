/** DNS and connection as stages that diagnose: a real Unbound over a real NSD, and answers that no real server gives (S-147, S-091, S-092). */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import { refusingPort, unansweringPort } from '../../src/lab/dead.ts';
import { serve } from '../../src/lab/server.ts';
import { readQuery, writeAnswer } from '../../src/wire/dns.ts';
import { run, runJson } from './cli.ts';
import { describeWith, later, oddDns, startNsd, startUnbound, startWeb } from './world.ts';

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});

const check = async (host: string, resolver: string, ...more: string[]) => {
  const { json } = await runJson(['imap', '--host', host, '--resolver', resolver, '--until', 'dns', '--timeout', '1.5', ...more]);
  return json.checks[0];
};

describeWith(['nsd', 'unbound'], 'a real resolver', () => {
  it('S-147 NXDOMAIN, no data, SERVFAIL, REFUSED and silence are told apart, with the server that answered', async () => {
    const nsd = await startNsd({
      'example.test': ['mail IN A 127.0.0.1', 'text IN TXT "nothing else"', 'gone IN CNAME away', 'v4 IN A 127.0.0.1'],
    });
    const port = nsd.resolver.split(':')[1];
    const unbound = await startUnbound(
      [
        'local-zone: "test." nodefault',
        'local-zone: "refused.test." always_refuse',
        'local-zone: "silent.test." always_deny',
        'local-zone: "sink.test." redirect',
        'local-data: "sink.test. A 0.0.0.0"',
      ],
      [
        `stub-zone:\n  name: "example.test"\n  stub-addr: 127.0.0.1@${port}`,
        `stub-zone:\n  name: "broken.test"\n  stub-addr: 127.0.0.1@${port}`,
      ],
    );
    const seen: Record<string, unknown> = {};
    for (const host of [
      'nowhere.example.test',
      'text.example.test',
      'gone.example.test',
      'mail.broken.test',
      'mail.refused.test',
      'mail.silent.test',
      'mail.sink.test',
    ]) {
      const c = await check(host, unbound.resolver);
      seen[host] = c.cause;
      expect(JSON.stringify(c.findings[0].evidence)).toContain(unbound.resolver);
      expect(c.stages.find((s: { stage: string }) => s.stage === 'dns').status).toBe('fail');
    }
    expect(seen).toEqual({
      'nowhere.example.test': 'dns.no-such-host',
      'text.example.test': 'dns.no-address',
      'gone.example.test': 'dns.no-such-host',
      'mail.broken.test': 'dns.server-failure',
      'mail.refused.test': 'dns.server-failure',
      'mail.silent.test': 'dns.timeout',
      'mail.sink.test': 'dns.answers-differ',
    });
    expect((await check('mail.example.test', unbound.resolver)).verdict).toBe('pass');
    expect((await check('v4.example.test', unbound.resolver, '--ipv6')).cause).toBe('dns.no-address');
  });

  it('the second resolver that knows better makes it a difference', async () => {
    const right = await startNsd({ 'example.test': ['mail IN A 127.0.0.1'] });
    const wrong = await startNsd({ 'example.test': [] });
    const other = await startNsd({ 'example.test': ['mail IN A 192.0.2.7'] });
    const differ = await check('mail.example.test', wrong.resolver, '--compare-resolver', right.resolver);
    expect(differ.cause).toBe('dns.answers-differ');
    expect(JSON.stringify(differ.facts.controls)).toContain(right.resolver);
    const same = await check('mail.example.test', right.resolver, '--compare-resolver', right.resolver);
    expect([same.verdict, same.cause]).toEqual(['pass', null]);
    const moved = await check('mail.example.test', right.resolver, '--compare-resolver', other.resolver);
    expect([moved.verdict, moved.findings.map((f: { cause: string }) => f.cause)]).toEqual(['warn', ['dns.answers-differ']]);
    const both = await check('mail.example.test', wrong.resolver, '--compare-resolver', wrong.resolver);
    expect(both.cause).toBe('dns.no-such-host');
  });

  it('a host one letter away from one that the domain publishes is a slip of the pen', async () => {
    const nsd = await startNsd({
      'exmaple.test': [],
      'example.test': ['_imaps._tcp IN SRV 0 1 993 mailserver', 'mailserver IN A 127.0.0.1', 'imap IN A 127.0.0.1'],
    });
    const args = (host: string) => [
      'imap',
      'you@example.test',
      '--host',
      host,
      '--resolver',
      nsd.resolver,
      '--until',
      'dns',
      '--timeout',
      '2',
    ];
    const published = (await runJson(args('mailsever.example.test'))).json.checks[0];
    expect([published.cause, JSON.stringify(published.findings[0].fix)]).toEqual([
      'settings.host-misspelled',
      expect.stringContaining('mailserver.example.test'),
    ]);
    const domain = (await runJson(args('imap.exmaple.test'))).json.checks[0];
    expect([domain.cause, JSON.stringify(domain.findings[0].fix)]).toEqual([
      'settings.host-misspelled',
      expect.stringContaining('imap.example.test'),
    ]);
    const usual = (await runJson(args('inap.example.test'))).json.checks[0];
    expect([usual.cause, JSON.stringify(usual.findings[0].fix)]).toEqual([
      'settings.host-misspelled',
      expect.stringContaining('imap.example.test'),
    ]);
    expect((await runJson(args('elsewhere.example.test'))).json.checks[0].cause).toBe('dns.no-such-host');
  });

  it('an internationalised host is shown in both forms', async () => {
    const nsd = await startNsd({ 'xn--bcher-kva.test': ['imap IN A 127.0.0.1'] });
    const ran = await run(['imap', '--host', 'imap.bücher.test', '--resolver', nsd.resolver, '--until', 'dns']);
    expect(ran.stdout).toContain('imap.xn--bcher-kva.test');
    expect(ran.stdout).toContain('imap.bücher.test');
  });
});

describeWith(['nsd', 'ports'], 'DNS over HTTPS', () => {
  it('is a second resolver too', async () => {
    const wrong = await startNsd({ 'example.test': [] });
    const doh = await startWeb((_q, r) => r.end(), {
      address: '127.0.94.1',
      tls: { authority, names: [], ips: ['127.0.94.1'] },
      raw: (query) => {
        const q = readQuery(query);
        if (!q) return undefined;
        const answers = q.type === 'A' ? [{ type: 'A' as const, name: q.name, data: '127.0.0.1' }] : [];
        return writeAnswer({ id: q.id, name: q.name, type: q.type, answers });
      },
    });
    const folder = mkdtempSync(join(tmpdir(), 'mailcheck-'));
    later(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'ca.pem'), authority.rootPem);
    const c = await check(
      'mail.example.test',
      wrong.resolver,
      '--compare-resolver',
      `https://${doh.address}/dns-query`,
      '--ca-file',
      join(folder, 'ca.pem'),
    );
    expect(c.cause).toBe('dns.answers-differ');
    expect(doh.requests[0]).toBe('POST 127.0.94.1/dns-query');
  });
});

describe('odd resolvers', () => {
  it('S-147 wrong ids, loops, truncation and referrals are told', async () => {
    const wrongId = await oddDns((q) => ({ id: (q.id + 1) & 0xffff, answers: [{ type: 'A', name: q.name, data: '127.0.0.1' }] }));
    const lost = await check('mail.example.test', wrongId.resolver);
    expect([lost.cause, JSON.stringify(lost.findings[0].evidence)]).toEqual(['dns.timeout', expect.stringContaining('wrong id')]);
    const loop = await oddDns((q) => ({
      answers: [
        { type: 'CNAME', name: q.name, data: 'b.example.test' },
        { type: 'CNAME', name: 'b.example.test', data: q.name },
      ],
    }));
    const looped = await check('mail.example.test', loop.resolver);
    expect([looped.cause, JSON.stringify(looped.findings[0].evidence)]).toEqual([
      'dns.server-failure',
      expect.stringContaining('CNAME loop'),
    ]);
    const cut = await oddDns(() => ({ truncated: true }));
    expect((await check('mail.example.test', cut.resolver)).cause).toMatch(/^dns\.(server-failure|timeout)$/);
  });

  it('DNSSEC and TTL stand in the facts', async () => {
    const signed = await oddDns((q) =>
      q.type === 'A'
        ? { authentic: true, answers: [{ type: 'A', name: q.name, data: '127.0.0.1', ttl: 77 }] }
        : { authentic: true },
    );
    const c = await check('mail.example.test', signed.resolver);
    expect(JSON.stringify(c.facts.observed)).toMatch(/A mail\.example\.test → 127\.0\.0\.1 \([^)]*TTL 77[^)]*DNSSEC/);
  });
});

describe('the connection', () => {
  it('S-092 a dead first address is a warning that names it; every address is reported', async () => {
    const running = await serve({ protocol: 'imap', tcp: 'first-address-dead' }, { authority });
    later(running.close);
    const { json } = await runJson([
      'imap',
      '--host',
      running.host,
      '--port',
      String(running.port),
      '--resolver',
      running.resolver,
      '--ca-file',
      running.caFile,
      '--until',
      'greeting',
    ]);
    const [c] = json.checks;
    expect([
      c.verdict,
      c.facts.addresses.map((a: { address: string; outcome: string }) => `${a.address} ${a.outcome}`).sort(),
    ]).toEqual(['warn', ['127.0.0.1 open', '::1 refused']]);
    expect(JSON.stringify(c.findings)).toContain('::1');
  });

  it('S-092 an address that never answers is told too, without waiting for its time-out', async () => {
    const running = await serve({ protocol: 'imap' }, { authority });
    later(running.close);
    // 192.0.2.0/24 may be refused by the local network at once; an address of a full listener never answers.
    const dead = await unansweringPort('127.0.0.1');
    later(dead.close);
    const dns = await oddDns((q) =>
      q.type === 'A'
        ? {
            answers: [
              { type: 'A', name: q.name, data: '127.0.0.1' },
              { type: 'A', name: q.name, data: '198.51.100.1' },
            ],
          }
        : {},
    );
    const { ran, json } = await runJson([
      'imap',
      '--host',
      running.host,
      '--port',
      String(running.port),
      '--resolver',
      dns.resolver,
      '--ca-file',
      running.caFile,
      '--until',
      'greeting',
      '--timeout',
      '8',
    ]);
    const [c] = json.checks;
    expect(c.facts.addresses.map((a: { address: string }) => a.address).sort()).toEqual(['127.0.0.1', '198.51.100.1']);
    expect(c.verdict).toBe('warn');
    expect(ran.ms).toBeLessThan(6000);
  });

  it('S-091 refused and unanswered are different, and other ports tell a blocked one', async () => {
    const refusing = await refusingPort('127.0.0.1');
    later(refusing.close);
    const silent = await unansweringPort('127.0.0.1');
    later(silent.close);
    const at = async (port: number, ...more: string[]) =>
      (await runJson(['imap', '--host', '127.0.0.1', '--port', String(port), '--security', 'tls', '--timeout', '1', ...more]))
        .json.checks[0];
    expect((await at(refusing.port)).cause).toBe('connect.refused');
    expect((await at(silent.port)).cause).toBe('connect.timeout');
    // A second host that does not answer on that port either: the network holds the port back.
    const blocked = await at(silent.port, '--control-host', '127.0.0.1');
    expect(blocked.cause).toBe('connect.port-blocked');
    const alive = await startWeb((_q, r) => r.end(), { address: '127.0.91.5', port: silent.port });
    expect((await at(silent.port, '--control-host', alive.address)).cause).toBe('connect.timeout');
  });

  it('--connect-to is told in the DNS and connection stages', async () => {
    const running = await serve({ protocol: 'imap' }, { authority });
    later(running.close);
    const { json } = await runJson([
      'imap',
      '--host',
      'mail.example.test',
      '--connect-to',
      `127.0.0.1:${running.port}`,
      '--ca-file',
      running.caFile,
      '--until',
      'greeting',
    ]);
    const summary = (stage: string) => json.checks[0].stages.find((s: { stage: string }) => s.stage === stage).summary;
    expect(summary('dns')).toBe('not looked up: --connect-to names the place');
    expect(summary('connect')).toContain(`127.0.0.1:${running.port}`);
  });

  it('--trace-route puts the route into facts and into the message', async () => {
    const refusing = await refusingPort('127.0.0.1');
    later(refusing.close);
    const { json } = await runJson([
      'imap',
      '--host',
      '127.0.0.1',
      '--port',
      String(refusing.port),
      '--trace-route',
      '--timeout',
      '2',
    ]);
    const [c] = json.checks;
    expect(c.cause).toBe('connect.refused');
    if (c.facts.route) expect(c.message.en).toContain(c.facts.route[0]);
    else expect(c.facts.observed ?? []).toBeDefined();
  });
});
