/** A whole account from only its address, on loopback: what is found, what is checked, what works, and what is never sent. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import { serve } from '../../src/lab/server.ts';
import { serveAccount, type Whole, type WholeFaults } from '../../src/lab/whole.ts';
import { type Json, run, runJson } from './cli.ts';
import { autoconfig, describeWith, later, oddDns, startNsd, startWeb } from './world.ts';

let authority: Authority;
const open: Whole[] = [];
beforeAll(() => {
  authority = createAuthority();
});
afterAll(async () => {
  await Promise.all(open.map((w) => w.close()));
});

async function whole(faults: WholeFaults = {}): Promise<Whole> {
  const made = await serveAccount(faults, { authority });
  open.push(made);
  return made;
}

const args = (w: Pick<Whole, 'address' | 'resolver' | 'caFile'>, ...more: string[]) => [
  'account',
  w.address,
  '--resolver',
  w.resolver,
  '--ca-file',
  w.caFile,
  '--timeout',
  '3',
  ...more,
];
const verdicts = (json: Json) => json.checks.map((c: Json) => [c.protocol, c.verdict, c.cause]);
const working = (json: Json) => (json.working ?? []).map((x: Json) => [x.protocol, x.port]);
const ajv = new Ajv({ allErrors: true, strict: false });
formats.default(ajv);
for (const name of ['report', 'explain', 'discover'])
  ajv.addSchema(JSON.parse(readFileSync(new URL(`../../src/schema/${name}.json`, import.meta.url), 'utf8')));
const schemaFaults = (document: Json) =>
  ajv.validate(`urn:${String(document.schema).replace('.', ':').replace('/', ':')}`, document) ? [] : ajv.errors;
const portOf = (w: Whole, protocol: string) => w.servers.find((s) => s.protocol === protocol)?.port;

describe('mailcheck account', () => {
  it('finds all three services by SRV, checks them, and ends with settings that work', async () => {
    const w = await whole();
    const { ran, json } = await runJson(args(w, '--password-env', 'PW'), { PW: w.password });
    expect(ran.stderr).toBe('');
    expect(schemaFaults(json)).toEqual([]);
    const audit = await runJson(['discover', w.address, '--resolver', w.resolver, '--ca-file', w.caFile]);
    expect(schemaFaults(audit.json)).toEqual([]);
    expect(verdicts(json)).toEqual([
      ['imap', 'pass', null],
      ['pop3', 'pass', null],
      ['smtp', 'pass', null],
    ]);
    expect(json.checks.map((c: Json) => c.endpoint.source)).toEqual(['srv', 'srv', 'srv']);
    expect(working(json)).toEqual(['imap', 'pop3', 'smtp'].map((p) => [p, portOf(w, p)]));
    expect(json.discovery.sources.filter((s: Json) => s.outcome === 'found').map((s: Json) => s.where)).toContain(
      '_imaps._tcp.example.test',
    );
    expect(json.checks[0].facts.choices[0]).toMatchObject({ protocol: 'imap', source: 'srv', reason: 'only' });
    expect(ran.status).toBe(0);
  });

  it('leaves out what SRV says is not offered', async () => {
    const w = await whole({ pop3: null });
    const { json } = await runJson(args(w));
    expect(verdicts(json).map((v: string[]) => v[0])).toEqual(['imap', 'smtp']);
    expect(json.discovery.sources.find((s: Json) => s.where.startsWith('_pop3s'))).toMatchObject({ notOffered: ['pop3'] });
  });

  it('finds the outgoing server where only the incoming one is named', async () => {
    const w = await whole();
    const { json } = await runJson(args(w, '--imap-host', 'mail.example.test', '--imap-port', String(portOf(w, 'imap'))));
    expect(json.checks.map((c: Json) => [c.protocol, c.endpoint.source])).toEqual([
      ['imap', 'flag'],
      ['smtp', 'srv'],
    ]);
  });

  it('reasons across: IMAP takes the password that submission refuses', async () => {
    const w = await whole({ smtp: { replies: { AUTH: '535 5.7.8 Authentication failed' } } });
    const { ran, json } = await runJson(args(w, '--password-env', 'PW'), { PW: w.password });
    expect(verdicts(json)).toEqual([
      ['imap', 'pass', null],
      ['pop3', 'pass', null],
      ['smtp', 'fail', 'auth.smtp-disabled'],
    ]);
    expect(working(json).map((x: string[]) => x[0])).toEqual(['imap', 'pop3']);
    expect(ran.status).toBe(1);
  });

  it('needs no address where the servers and the user are named', async () => {
    const w = await whole();
    const endpoint = (word: string, protocol: string) => [
      ...[`--${word}-host`, 'mail.example.test', `--${word}-port`, String(portOf(w, protocol))],
      ...[`--${word}-security`, w.servers.find((s) => s.protocol === protocol)?.security ?? ''],
    ];
    const bare = args(w, '--password-env', 'PW').filter((a) => a !== w.address);
    const named = [...bare, '--user', w.address, ...endpoint('imap', 'imap'), ...endpoint('pop', 'pop3')];
    const { ran, json } = await runJson(named, { PW: w.password });
    expect(ran.stderr).toBe('');
    expect(schemaFaults(json)).toEqual([]);
    expect(json.account).toMatchObject({ address: null, preset: null });
    expect(verdicts(json)).toEqual([
      ['imap', 'pass', null],
      ['pop3', 'pass', null],
    ]);
    const nothing = await run(['account']);
    expect([nothing.status, nothing.stdout]).toEqual([2, '']);
    expect(nothing.stderr).toMatch(/^mailcheck: name the account or its servers: [^\n]+\n$/);
  });

  it('takes as long as its slowest protocol', async () => {
    const w = await whole({
      smtp: { greeting: '!wait 2500\n220 mail.example.test ESMTP' },
      imap: { greeting: '!wait 2500\n* OK ready' },
    });
    const { json } = await runJson(args(w));
    // Discovery waits once and the checks wait once; one after the other the checks would need twice the wait.
    expect(json.durationMs).toBeLessThan(3 * 2500);
  });

  it('names a working server where the chosen one fails before the log-in', async () => {
    const good = await serve({ protocol: 'smtp', security: 'starttls' }, { authority });
    later(good.close);
    const bad = await serve({ protocol: 'smtp', certificate: 'expired' }, { authority });
    later(bad.close);
    const dns = await oddDns((q) => {
      const srv = (port: number) => ({
        answers: [{ type: 'SRV' as const, name: q.name, data: { priority: 0, weight: 1, port, target: 'mail.example.test' } }],
      });
      if (q.name === '_submissions._tcp.example.test') return srv(bad.port);
      if (q.name === '_submission._tcp.example.test') return srv(good.port);
      if (q.type === 'A' && q.name === 'mail.example.test') return { answers: [{ type: 'A', name: q.name, data: '127.0.0.1' }] };
      return { rcode: 3 };
    });
    const { json } = await runJson(
      [
        'account',
        'you@example.test',
        '--resolver',
        dns.resolver,
        '--ca-file',
        good.caFile,
        '--timeout',
        '3',
        '--password-env',
        'PW',
      ],
      { PW: good.password },
    );
    const smtp = json.checks.find((c: Json) => c.protocol === 'smtp');
    expect([smtp.endpoint.port, smtp.cause]).toEqual([bad.port, 'certificate.expired']);
    expect(working(json)).toEqual([['smtp', good.port]]);
  });

  it.each([
    ['no @', 'nobody', '"@"'],
    ['two @', 'a@b@example.test', 'two "@"'],
    ['a label of 300 bytes', `a@${'x'.repeat(300)}.test`, 'too long'],
    ['nothing before the @', '@example.test', 'before the "@"'],
    ['a space', 'a b@example.test', 'space'],
    ['an empty label', 'a@example..test', 'empty part'],
  ])('S-149 bad input is a usage error: %s', async (_name, address, says) => {
    for (const command of ['account', 'discover']) {
      const ran = await run([command, address, '--resolver', '127.0.0.1:1']);
      expect([ran.status, ran.stdout]).toEqual([2, '']);
      expect(ran.stderr).toContain(says);
      expect(ran.stderr.trim().split('\n')).toHaveLength(1);
    }
  });
});

describeWith(['nsd', 'ports'], 'accounts that are published elsewhere', () => {
  const WEB = '127.0.92.1';

  it('a domain with no mail at all has a clear cause', async () => {
    const dns = await startNsd({ 'example.test': ['@ IN MX 0 .'], 'gmial.com': [] });
    const none = await runJson(['account', 'you@example.test', '--resolver', dns.resolver, '--timeout', '2']);
    expect([none.ran.status, ...none.json.checks.map((c: Json) => c.cause)]).toEqual([
      1,
      'settings.no-mail-service',
      'settings.no-mail-service',
    ]);
    const missing = await runJson(['imap', 'you@missing.example.test', '--resolver', dns.resolver, '--timeout', '2']);
    expect(missing.json.checks[0].findings.map((f: Json) => `${f.cause} ${f.severity}`)).toEqual([
      'dns.no-such-host error',
      'settings.no-mail-service warning',
    ]);
    const typo = await runJson(['account', 'you@gmial.com', '--resolver', dns.resolver, '--timeout', '2']);
    expect(typo.json.checks.map((c: Json) => c.cause)).toEqual(['settings.address-misspelled', 'settings.address-misspelled']);
    const discover = await runJson(['discover', 'you@gmial.com', '--resolver', dns.resolver, '--timeout', '2']);
    expect(schemaFaults(discover.json)).toEqual([]);
    expect([discover.ran.status, discover.json.schema, discover.json.offers, discover.json.findings[0].cause]).toEqual([
      1,
      'mailcheck.discover/1',
      [],
      'settings.address-misspelled',
    ]);
  });

  it('S-143 S-145 no password goes to a server that nothing vouches for, until the person names it', async () => {
    const server = await serve({ protocol: 'imap', client: { host: 'imap.provider.test' } }, { authority });
    later(server.close);
    const srv = await startNsd({
      'example.test': [`_imaps._tcp IN SRV 0 1 ${server.port} imap.provider.test.`],
      'provider.test': ['imap IN A 127.0.0.1'],
    });
    const base = ['account', 'you@example.test', '--ca-file', server.caFile, '--timeout', '3', '--password-env', 'PW'];
    const found = await runJson([...base, '--resolver', srv.resolver], { PW: server.password });
    const imap = found.json.checks.find((c: Json) => c.protocol === 'imap');
    expect(imap.stages.find((s: Json) => s.stage === 'auth')).toMatchObject({ status: 'skipped', reasonId: 'needs-consent' });
    expect(imap.cause).toBe('auth.withheld');
    expect(server.received.join('\n')).not.toMatch(/AUTHENTICATE|LOGIN/);
    const named = await runJson(
      [...base, '--resolver', srv.resolver, '--imap-host', 'imap.provider.test', '--imap-port', String(server.port)],
      { PW: server.password },
    );
    expect(named.json.checks.find((c: Json) => c.protocol === 'imap').verdict).toBe('pass');
    const web = await startWeb(
      (_q, r) => r.end(autoconfig([{ type: 'imap', host: 'imap.provider.test', port: server.port, socket: 'SSL' }])),
      {
        address: WEB,
      },
    );
    const before = server.received.length;
    const http = await startNsd({ 'example.test': [`autoconfig IN A ${WEB}`], 'provider.test': ['imap IN A 127.0.0.1'] });
    const plain = await runJson([...base, '--resolver', http.resolver], { PW: server.password });
    expect(plain.json.checks.find((c: Json) => c.protocol === 'imap').stages.find((s: Json) => s.stage === 'auth').reasonId).toBe(
      'needs-consent',
    );
    expect(server.received.slice(before).join('\n')).not.toMatch(/AUTHENTICATE|LOGIN/);
    expect(web.requests.join('\n')).not.toContain('you');
  });

  it('discover asks a second resolver for the servers that it would take', async () => {
    const zone = (...more: string[]) => ({
      'example.test': ['_imaps._tcp IN SRV 0 0 993 imap', '_pop3s._tcp IN SRV 0 0 995 pop', 'imap IN A 127.0.91.9', ...more],
    });
    const [inside, outside] = [await startNsd(zone()), await startNsd(zone('pop IN A 127.0.91.9'))];
    const causes = async (second: string) => {
      const args = [
        'discover',
        'you@example.test',
        '--resolver',
        inside.resolver,
        '--compare-resolver',
        second,
        '--timeout',
        '2',
      ];
      return (await runJson(args)).json.findings.map((f: Json) => `${f.cause} ${f.certainty}`);
    };
    expect(await causes(outside.resolver)).toContain('dns.answers-differ proven');
    expect(await causes(inside.resolver)).not.toContain('dns.answers-differ proven');
  });

  it('discover prints the audit within 80 columns, in every language', async () => {
    await startWeb((_q, r) => r.end(autoconfig([{ type: 'imap', host: 'imap.xn--bcher-kva.test', port: 993, socket: 'SSL' }])), {
      address: WEB,
      tls: { authority, names: ['autoconfig.xn--bcher-kva.test'] },
    });
    const dns = await startNsd({
      'xn--bcher-kva.test': [
        '@ IN MX 10 mx1.ppe-hosted.com.',
        `autoconfig IN A ${WEB}`,
        '_pop3s._tcp IN SRV 0 0 0 .',
        '_imaps._tcp IN SRV 0 0 993 imap.other.test.',
      ],
    });
    const w = await serve({ protocol: 'imap' }, { authority });
    later(w.close);
    for (const lang of ['en', 'zh-CN', 'vi']) {
      const ran = await run([
        'discover',
        'you@bücher.test',
        '--resolver',
        dns.resolver,
        '--ca-file',
        w.caFile,
        '--timeout',
        '2',
        '--lang',
        lang,
      ]);
      expect(ran.stderr).toBe('');
      expect(ran.status).toBe(0);
      expect(ran.stdout).toContain('you@xn--bcher-kva.test');
      expect(ran.stdout).toContain('you@bücher.test');
      const wide = (line: string) =>
        [...line].reduce(
          (n, c) => n + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u.test(c) ? 2 : 1),
          0,
        );
      expect(ran.stdout.split('\n').filter((l) => wide(l.normalize('NFC')) > 80)).toEqual([]);
      expect(ran.stdout).not.toMatch(/\b(?:note|choice|discover)\.[a-z]/);
    }
  });
});
