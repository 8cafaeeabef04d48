import { createConnection, type Socket } from 'node:net';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { unansweringPort } from '../../src/lab/dead.ts';
import type { NetOptions } from '../../src/net/net.ts';
import { readProxy } from '../../src/net/proxy.ts';
import { certificates, closedPort, later, listen, net, ok } from './world.ts';

const target = (port: number, address = '127.0.0.1') => ({ host: 'mail.example.test', address, port, protocol: 'pop3' as const });

describe('a connection', () => {
  it('opens, and says to where', async () => {
    const { port } = await listen((s) => s.write('+OK\r\n'));
    const { connect, line } = await net().connect({ ...target(port), control: 'other-port' });
    expect(connect).toMatchObject({
      kind: 'connect',
      stage: 'connect',
      host: 'mail.example.test',
      address: '127.0.0.1',
      family: 4,
      port,
      outcome: 'open',
      control: 'other-port',
    });
    expect(ok((await line?.read('pop3')) ?? { ok: false, how: 'closed', detail: '', lines: [], ms: 0 })).toEqual(['+OK']);
  });

  it('is refused, by the code of the system', async () => {
    const { connect, line } = await net().connect(target(await closedPort()));
    expect(connect).toMatchObject({ outcome: 'refused', code: 'ECONNREFUSED' });
    expect(line).toBeUndefined();
  });

  it('times out at the deadline where nobody answers', async () => {
    const dead = await unansweringPort('127.0.0.1');
    later(() => dead.close());
    const n = net();
    n.deadline(200);
    const { connect, line } = await n.connect(target(dead.port));
    expect(connect).toMatchObject({ outcome: 'timeout', code: 'ETIMEDOUT' });
    expect(line).toBeUndefined();
  });

  it('tells what this machine refuses by itself', async () => {
    const n = net();
    n.deadline(2000);
    // Broadcast: EACCES here; multicast and class E: no route.
    const denied = await n.connect(target(25, '255.255.255.255'));
    expect(['denied', 'unreachable']).toContain(denied.connect.outcome);
    const bad = await n.connect(target(70_000));
    expect(bad.connect.outcome).toBe('failed');
  });

  it('is interrupted', async () => {
    const stop = new AbortController();
    stop.abort();
    const { port } = await listen(() => {});
    const { connect } = await net({ signal: stop.signal }).connect(target(port));
    expect(connect).toMatchObject({ outcome: 'failed', code: 'ABORT_ERR' });
  });

  it('goes to the place of --connect-to, and is told as the service it stands for', async () => {
    const { port } = await listen((s) => s.write('+OK\r\n'));
    const n = net({ connectTo: { host: '127.0.0.1', port } });
    expect(await n.addresses('mail.example.test')).toEqual({ lookups: [], addresses: ['127.0.0.1'] });
    const { connect } = await n.connect(target(995));
    expect(connect).toMatchObject({
      outcome: 'open',
      port: 995,
      host: 'mail.example.test',
      via: `127.0.0.1:${port}`,
    });
    const other = await n.connect({ ...target(await closedPort()), control: 'other-port' });
    expect(other.connect.outcome).toBe('refused');
  });
});

describe('a proxy URL', () => {
  it('is read, or refused', () => {
    expect(readProxy('socks5://127.0.0.1')).toMatchObject({
      type: 'socks5',
      remote: false,
      host: '127.0.0.1',
      port: 1080,
      user: '',
    });
    expect(readProxy('socks5h://u%40x:p%3Aq@[::1]:9050')).toMatchObject({
      type: 'socks5',
      remote: true,
      host: '::1',
      port: 9050,
      user: 'u@x',
      password: 'p:q',
    });
    expect(readProxy('http://proxy.test:8080/')).toMatchObject({ type: 'http', remote: true, port: 8080 });
    for (const bad of ['https://x', 'socks4://x', 'x', 'http://', 'http://a b', 'http://x:99999'])
      expect(readProxy(bad)).toBeUndefined();
  });
});

/** Reads `n` bytes or up to a mark, then calls on. */
function reader(s: Socket) {
  let got = Buffer.alloc(0);
  let wake = () => {};
  s.on('data', (d: Buffer) => {
    got = Buffer.concat([got, d]);
    wake();
  });
  const need = async (enough: () => number) => {
    while (enough() === 0)
      await new Promise<void>((r) => {
        wake = r;
      });
    const head = got.subarray(0, enough());
    got = got.subarray(head.length);
    return head;
  };
  return {
    take: (n: number) => need(() => (got.length >= n ? n : 0)),
    until: (m: string) => need(() => (got.includes(m) ? got.indexOf(m) + m.length : 0)),
    rest: () => got,
  };
}

async function socks(options: { login?: string; reply?: number; upstream: number; sticky?: Buffer }) {
  const seen: string[] = [];
  const { port } = await listen((s) => {
    void (async () => {
      const r = reader(s);
      const [, n = 0] = await r.take(2);
      const methods = [...(await r.take(n))];
      s.write(Buffer.from([5, options.login === undefined ? 0 : methods.includes(2) ? 2 : 255]));
      if (options.login !== undefined && methods.includes(2)) {
        const [, u = 0] = await r.take(2);
        const user = (await r.take(u)).toString();
        const [p = 0] = await r.take(1);
        const password = (await r.take(p)).toString();
        s.write(Buffer.from([1, `${user}:${password}` === options.login ? 0 : 1]));
      }
      const [, , , type] = await r.take(4);
      const length = type === 1 ? 4 : type === 4 ? 16 : ((await r.take(1))[0] ?? 0);
      const address = await r.take(length);
      const wanted = (await r.take(2)).readUInt16BE();
      seen.push(`${type === 3 ? address.toString() : [...address].join('.')}:${wanted}`);
      s.write(Buffer.concat([Buffer.from([5, options.reply ?? 0, 0, 3, 2, 65, 66, 0, 1]), options.sticky ?? Buffer.alloc(0)]));
      if (options.reply) return;
      s.removeAllListeners('data');
      const up = createConnection(options.upstream, '127.0.0.1');
      up.on('error', () => {});
      s.pipe(up).pipe(s);
    })();
  });
  return { port, seen };
}

async function through(proxy: string, port: number, options: Partial<NetOptions> = {}) {
  const n = net({ proxy, ...options });
  n.deadline(2000);
  const { addresses } = await n.addresses('127.0.0.1');
  return { n, ...(await n.connect(target(port, addresses[0]))) };
}

describe('a SOCKS5 proxy', () => {
  it('is given the address, with a log-in where it wants one, and TLS goes through it', async () => {
    const { key, cert, ca } = certificates();
    const { port } = await listen((s) => s.write('+OK over tls\r\n'), tls.createServer({ key, cert }));
    const proxy = await socks({ upstream: port, login: 'me:se:cret-words' });
    const { connect, line } = await through(`socks5://me:se%3Acret-words@127.0.0.1:${proxy.port}`, port, { ca });
    expect(connect.outcome).toBe('open');
    expect(proxy.seen).toEqual([`127.0.0.1:${port}`]);
    const secured = await line?.secure({ host: 'mail.example.test', mode: 'implicit' });
    expect(secured?.certificate).toMatchObject({ trusted: true, identity: true });
    expect((await line?.read('pop3'))?.lines).toEqual(['+OK over tls']);
  });

  it('is given the name by socks5h, and nothing is looked up here', async () => {
    const { port } = await listen((s) => s.write('+OK\r\n'));
    const proxy = await socks({ upstream: port });
    const n = net({ proxy: `socks5h://127.0.0.1:${proxy.port}` });
    expect(await n.addresses('mail.example.test')).toEqual({ lookups: [], addresses: ['mail.example.test'] });
    const { connect, line } = await n.connect(target(110, 'mail.example.test'));
    expect(connect.outcome).toBe('open');
    expect(proxy.seen).toEqual(['mail.example.test:110']);
    expect((await line?.read('pop3'))?.lines).toEqual(['+OK']);
  });

  it('keeps bytes that come with its reply', async () => {
    const { port } = await listen(() => {});
    const proxy = await socks({ upstream: port, sticky: Buffer.from('+OK early\r\n') });
    const { line } = await through(`socks5://127.0.0.1:${proxy.port}`, port);
    expect((await line?.read('pop3'))?.lines).toEqual(['+OK early']);
  });

  it('fails in words: log-in, rules, no SOCKS, silence, nobody there', async () => {
    const wrong = await socks({ upstream: 1, login: 'a:b' });
    const refused = await through(`socks5://me:hunter2-hunter2@127.0.0.1:${wrong.port}`, 110);
    expect(refused.connect).toMatchObject({ outcome: 'proxy', code: 'EPROXY' });
    expect(refused.connect.detail).toContain('refuses the user name or password');
    expect((await through(`socks5://127.0.0.1:${wrong.port}`, 110)).connect.detail).toContain('wants a user name');
    const rules = await socks({ upstream: 1, reply: 2 });
    expect((await through(`socks5://127.0.0.1:${rules.port}`, 110)).connect.detail).toContain('not allowed');
    const http = await listen((s) => s.end('HTTP/1.1 400 Bad\r\n\r\n'));
    expect((await through(`socks5://127.0.0.1:${http.port}`, 110)).connect.detail).toContain('does not speak SOCKS5');
    const silent = await listen(() => {});
    const n = net({ proxy: `socks5://127.0.0.1:${silent.port}` });
    n.deadline(100);
    expect((await n.connect(target(110))).connect.detail).toContain('did not answer in time');
    expect((await through(`socks5://127.0.0.1:${await closedPort()}`, 110)).connect).toMatchObject({
      outcome: 'proxy',
      code: 'ECONNREFUSED',
    });
    expect((await through('gopher://x', 110)).connect.outcome).toBe('proxy');
  });
});

describe('an HTTP proxy', () => {
  it('is asked to CONNECT by name, with Basic credentials', async () => {
    let head = '';
    const { port } = await listen((s) => {
      s.once('data', (d) => {
        head = d.toString();
        s.write('HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n+OK through\r\n');
      });
    });
    const n = net({ proxy: `http://me:pa%20ss@127.0.0.1:${port}` });
    const { addresses } = await n.addresses('mail.example.test');
    const { line } = await n.connect(target(995, addresses[0]));
    expect((await line?.read('pop3'))?.lines).toEqual(['+OK through']);
    expect(head).toBe(
      `CONNECT mail.example.test:995 HTTP/1.1\r\nHost: mail.example.test:995\r\nProxy-Authorization: Basic ${Buffer.from('me:pa ss').toString('base64')}\r\n\r\n`,
    );
  });

  it('fails in its own words, and without end', async () => {
    const serve = (text: string) => listen((s) => s.once('data', () => s.write(text)));
    const answer = async (text: string) => (await through(`http://127.0.0.1:${(await serve(text)).port}`, 995)).connect;
    expect(await answer('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')).toMatchObject({ outcome: 'proxy' });
    expect((await answer('HTTP/1.1 403 Forbidden by policy\r\n\r\n')).detail).toContain('answers 403 Forbidden by policy');
    expect((await answer('220 smtp\r\n\r\n')).detail).toContain('does not speak HTTP');
    expect((await answer('x'.repeat(40_000))).detail).toContain('without end');
  });
});
