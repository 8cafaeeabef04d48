import { createServer } from 'node:https';
import type { Answer } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import type { LookupEvidence } from '../../src/model/evidence.ts';
import { createShared, type NetOptions } from '../../src/net/net.ts';
import { readQuery, type Served, writeAnswer } from '../../src/wire/dns.ts';
import { certificates, closedPort, later, listen, net, udp } from './world.ts';

type Zone = Readonly<Record<string, Partial<Served>>>;
const a = (name: string, data: string, ttl = 60): Answer => ({ type: 'A', name, data, ttl });
const alias = (name: string, data: string): Answer => ({ type: 'CNAME', name, data, ttl: 50 });

/** A DNS server with these answers; what it does not know is NXDOMAIN. `asked` counts. */
async function zone(answers: Zone) {
  const asked: string[] = [];
  const { port } = await udp((message, reply) => {
    const q = readQuery(message);
    if (!q) return;
    asked.push(`${q.type} ${q.name}`);
    reply(writeAnswer({ ...q, ...(answers[`${q.type} ${q.name}`] ?? answers[q.name] ?? { rcode: 3 }) }));
  });
  return { port, asked };
}

const with_ = (port: number, more: Partial<NetOptions> = {}) => net({ resolver: `127.0.0.1:${port}`, ...more });
const ask = async (answers: Zone, host: string, type: LookupEvidence['type'] = 'A') =>
  with_((await zone(answers)).port).lookup(host, type);

describe('a resolver of our own', () => {
  it('answers with records, TTL, DNSSEC and who answered', async () => {
    const { port } = await zone({
      'mail.example.test': {
        answers: [a('mail.example.test', '192.0.2.1'), a('mail.example.test', '192.0.2.2', 30)],
        authentic: true,
      },
    });
    expect(await with_(port).lookup('Mail.Example.test.', 'A')).toMatchObject({
      kind: 'lookup',
      stage: 'dns',
      host: 'Mail.Example.test.',
      type: 'A',
      resolver: `127.0.0.1:${port}`,
      outcome: 'answer',
      records: ['192.0.2.1', '192.0.2.2'],
      ttl: 30,
      dnssec: true,
    });
  });

  it('tells NXDOMAIN, no data, SERVFAIL, REFUSED, referrals and sinkholes apart', async () => {
    const soa: Answer = { type: 'SOA', name: 'test', ttl: 9, data: { mname: 'a', rname: 'b', minimum: 7 } };
    const z: Zone = {
      nodata: { authorities: [soa] },
      fail: { rcode: 2 },
      no: { rcode: 5 },
      odd: { rcode: 9 },
      sunk: { answers: [a('sunk', '0.0.0.0')] },
      half: { answers: [a('half', '0.0.0.0'), a('half', '192.0.2.1')] },
      home: { answers: [a('home', '127.0.0.1')] },
    };
    const { port } = await zone(z);
    const n = with_(port);
    const outcome = async (h: string) => (await n.lookup(h, 'A')).outcome;
    expect(await Promise.all(['nothing', 'nodata', 'fail', 'no', 'odd', 'sunk', 'half', 'home'].map(outcome))).toEqual([
      'nxdomain',
      'no-data',
      'servfail',
      'refused',
      'servfail',
      'sinkhole',
      'answer',
      'answer',
    ]);
    expect(await n.lookup('nodata', 'A')).toMatchObject({ ttl: 7, records: [] });
    expect(await n.addresses('sunk')).toMatchObject({ addresses: [] });
  });

  it('follows aliases itself where the server leaves that to us, and stops at loops', async () => {
    expect(
      await ask(
        {
          'a.test': { answers: [alias('a.test', 'b.test')] },
          'b.test': { answers: [alias('b.test', 'c.test'), a('c.test', '192.0.2.3')] },
        },
        'a.test',
      ),
    ).toMatchObject({ outcome: 'answer', records: ['192.0.2.3'], cnames: ['b.test', 'c.test'], ttl: 50 });
    expect(
      await ask(
        { 'a.test': { answers: [alias('a.test', 'b.test')] }, 'b.test': { answers: [alias('b.test', 'a.test')] } },
        'a.test',
      ),
    ).toMatchObject({ outcome: 'malformed', code: 'CNAME loop' });
    const endless = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`n${i}.test`, { answers: [alias(`n${i}.test`, `n${i + 1}.test`)] }]),
    );
    expect((await ask(endless, 'n0.test')).outcome).toBe('malformed');
    expect(await ask({ 'a.test': { answers: [alias('a.test', 'gone.test')] } }, 'a.test')).toMatchObject({
      outcome: 'nxdomain',
      cnames: ['gone.test'],
    });
  });

  it('asks A and AAAA at once, as the families allow, and puts IPv6 first in turn', async () => {
    const z: Zone = {
      'A m.test': { answers: [a('m.test', '192.0.2.1'), a('m.test', '192.0.2.2')] },
      'AAAA m.test': { answers: [{ type: 'AAAA', name: 'm.test', data: '2001:db8::1' }] },
    };
    const { port, asked } = await zone(z);
    const both = await with_(port).addresses('m.test');
    expect(both.addresses).toEqual(['2001:db8::1', '192.0.2.1', '192.0.2.2']);
    expect(both.lookups.map((l) => l.type).sort()).toEqual(['A', 'AAAA']);
    expect(asked.length).toBe(2);
    expect((await with_(port, { families: [6] }).addresses('m.test')).addresses).toEqual(['2001:db8::1']);
    expect(asked.length).toBe(3);
  });

  it('asks nothing for addresses, localhost and what is no host name', async () => {
    const { port, asked } = await zone({});
    const n = with_(port);
    expect(await n.addresses('192.0.2.7')).toEqual({ lookups: [], addresses: ['192.0.2.7'] });
    expect(await n.addresses('[::1]')).toEqual({ lookups: [], addresses: ['::1'] });
    expect((await n.addresses('localhost')).addresses).toEqual(['::1', '127.0.0.1']);
    for (const bad of [`${'a'.repeat(64)}.test`, `${'a.'.repeat(130)}test`, 'a b', 'a\0b', '', 'x\\.y'])
      expect(await n.lookup(bad, 'A')).toMatchObject({ outcome: 'malformed', host: bad });
    expect(asked).toEqual([]);
  });

  it('asks for international names in ASCII, and for addresses backwards', async () => {
    const { port, asked } = await zone({});
    await with_(port).lookup('bücher.test', 'MX');
    await with_(port).lookup('192.0.2.5', 'PTR');
    expect(asked).toEqual(['MX xn--bcher-kva.test', 'PTR 5.2.0.192.in-addr.arpa']);
  });

  it('asks each question once a run, and again what was not answered', async () => {
    const { port, asked } = await zone({ 'm.test': { answers: [a('m.test', '192.0.2.1')] } });
    const shared = createShared();
    const n = with_(port, { shared });
    await Promise.all([n.lookup('m.test', 'A'), n.lookup('M.test', 'A')]);
    await with_(port, { shared }).lookup('m.test', 'A');
    expect(asked).toEqual(['A m.test']);
    const silent = await udp(() => {});
    const s = with_(silent.port, { shared });
    s.deadline(50);
    expect((await s.lookup('m.test', 'A')).outcome).toBe('timeout');
  });

  it('asks another resolver where it is told to', async () => {
    const one = await zone({});
    const two = await zone({ 'm.test': { answers: [a('m.test', '192.0.2.9')] } });
    const n = with_(one.port);
    expect((await n.lookup('m.test', 'A')).outcome).toBe('nxdomain');
    expect(await n.lookup('m.test', 'A', { resolver: `127.0.0.1:${two.port}` })).toMatchObject({
      records: ['192.0.2.9'],
      resolver: `127.0.0.1:${two.port}`,
    });
  });
});

describe('a resolver that misbehaves', () => {
  const answer = (message: Buffer, more: Partial<Served> = {}) => {
    const q = readQuery(message);
    if (!q) throw new Error('no query');
    return writeAnswer({ ...q, answers: [a(q.name, '192.0.2.1')], ...more });
  };

  it('is asked again when it drops a query', async () => {
    let n = 0;
    const { port } = await udp((m, reply) => {
      n += 1;
      if (n === 3) reply(answer(m));
    });
    const net_ = with_(port);
    net_.deadline(600);
    expect((await net_.lookup('m.test', 'A')).outcome).toBe('answer');
  });

  it('that answers for one family only costs a moment, not the whole deadline', async () => {
    const { port } = await udp((m, reply) => {
      if (readQuery(m)?.type === 'A') reply(answer(m));
    });
    const n = with_(port);
    n.deadline(3_600_000);
    const { addresses, lookups } = await n.addresses('m.test');
    expect([addresses, lookups.map((l) => `${l.type} ${l.outcome}`).toSorted()]).toEqual([
      ['192.0.2.1'],
      ['A answer', 'AAAA timeout'],
    ]);
  });

  it('is silent, or answers something else, until the deadline', async () => {
    const silent = await udp(() => {});
    const n = with_(silent.port);
    n.deadline(80);
    expect(await n.lookup('m.test', 'A')).toMatchObject({ outcome: 'timeout' });
    const wrong = await udp((m, reply) => {
      const q = readQuery(m);
      reply(answer(m, { id: ((q?.id ?? 0) + 1) & 0xffff }));
      reply(answer(m, { name: 'evil.test', answers: [a('evil.test', '192.0.2.66')] }));
      reply(Buffer.from('x'));
    });
    const w = with_(wrong.port);
    w.deadline(80);
    expect(await w.lookup('m.test', 'A')).toMatchObject({
      outcome: 'timeout',
      code: 'only answers with a wrong id or question came',
      records: [],
    });
  });

  it('is believed where the true answer follows a false one', async () => {
    const { port } = await udp((m, reply) => {
      reply(answer(m, { id: 1 }));
      reply(answer(m));
    });
    expect(await with_(port).lookup('m.test', 'A')).toMatchObject({ outcome: 'answer', records: ['192.0.2.1'] });
  });

  it('sends what cannot be read', async () => {
    const { port } = await udp((m, reply) => {
      const good = Buffer.from(answer(m));
      reply(good.subarray(0, good.length - 3));
    });
    expect((await with_(port).lookup('m.test', 'A')).outcome).toBe('malformed');
  });

  it('knows no EDNS', async () => {
    const { port } = await udp((m, reply) => reply(m.readUInt16BE(10) > 0 ? answer(m, { rcode: 1, answers: [] }) : answer(m)));
    expect(await with_(port).lookup('m.test', 'A')).toMatchObject({ outcome: 'answer' });
  });

  it('is not there', async () => {
    const n = with_(await closedPort());
    expect(await n.lookup('m.test', 'A')).toMatchObject({ outcome: 'unreachable', code: 'ECONNREFUSED' });
  });

  it('truncates: the question goes on over TCP', async () => {
    const texts: Answer[] = Array.from({ length: 300 }, (_, i) => ({
      type: 'TXT',
      name: 'm.test',
      data: `v=${i} ${'x'.repeat(150)}`,
    }));
    const tcp = await listen((s) => {
      s.once('data', (d: Buffer) => {
        const q = readQuery(d.subarray(2));
        if (!q) return;
        const whole = writeAnswer({ ...q, answers: texts });
        const head = Buffer.alloc(2);
        head.writeUInt16BE(whole.length);
        s.write(head);
        s.write(whole.slice(0, 1000));
        setImmediate(() => s.write(whole.slice(1000)));
      });
    });
    await udp((m, reply) => reply(answer(m, { truncated: true, answers: [] })), tcp.port);
    const got = await with_(tcp.port).lookup('m.test', 'TXT');
    expect(got).toMatchObject({ outcome: 'answer' });
    expect(got.records.length).toBe(300);
  });

  it('truncates with nobody behind it', async () => {
    const { port } = await udp((m, reply) => reply(answer(m, { truncated: true, answers: [] })));
    expect((await with_(port).lookup('m.test', 'A')).outcome).toBe('unreachable');
  });

  it('ends when the run is interrupted', async () => {
    const stop = new AbortController();
    const { port } = await udp(() => stop.abort());
    expect(await with_(port, { signal: stop.signal }).lookup('m.test', 'A')).toMatchObject({
      outcome: 'failed',
      code: 'ABORT_ERR',
    });
  });
});

describe('DNS over HTTPS', () => {
  it('asks by POST, and tells what went wrong', async () => {
    const { key, cert, ca } = certificates();
    let seen = '';
    const server = createServer({ key, cert }, (req, res) => {
      const chunks: Buffer[] = [];
      req.on('data', (c: Buffer) => chunks.push(c));
      req.on('end', () => {
        seen = `${req.method} ${req.url} ${req.headers['content-type']}`;
        const q = readQuery(Buffer.concat(chunks));
        if (!q || q.name === 'broken.test') res.writeHead(503).end();
        else
          res
            .writeHead(200, { 'content-type': 'application/dns-message' })
            .end(writeAnswer({ ...q, answers: [a(q.name, '192.0.2.4')] }));
      });
    });
    await new Promise<void>((r) => server.listen(0, '127.0.0.1', r));
    later(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const resolver = `https://127.0.0.1:${port}/dns-query`;
    const n = net({ resolver, ca });
    expect(await n.lookup('m.test', 'A')).toMatchObject({ outcome: 'answer', records: ['192.0.2.4'], resolver });
    expect(seen).toBe('POST /dns-query application/dns-message');
    expect(await n.lookup('broken.test', 'A')).toMatchObject({ outcome: 'failed', code: 'HTTP 503' });
    // A certificate that nobody trusts is no resolver.
    expect((await net({ resolver }).lookup('m.test', 'A')).outcome).toBe('unreachable');
  });
});

describe('the resolver of the system', () => {
  it('knows this machine, and what cannot exist', async () => {
    const n = net();
    expect((await n.addresses('localhost')).addresses).toContain('127.0.0.1');
    expect(await n.lookup('localhost', 'A')).toMatchObject({ resolver: 'system', outcome: 'answer' });
    // Without a word to anybody (RFC 6761 §6.4).
    expect(await n.addresses('no-such-host.invalid')).toMatchObject({
      lookups: [{ outcome: 'nxdomain' }, { outcome: 'nxdomain' }],
      addresses: [],
    });
  });
});
