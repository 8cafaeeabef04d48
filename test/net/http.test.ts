import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecure } from 'node:https';
import { describe, expect, it } from 'vitest';
import { sealSecret } from '../../src/model/secret.ts';
import type { NetOptions } from '../../src/net/net.ts';
import { readQuery, writeAnswer } from '../../src/wire/dns.ts';
import { certificates, closedPort, later, net, udp } from './world.ts';

type Serve = (req: IncomingMessage, res: ServerResponse, body: string) => void;

async function web(serve: Serve, secure = false): Promise<number> {
  const { key, cert } = certificates();
  const handle = (req: IncomingMessage, res: ServerResponse) => {
    let body = '';
    req.on('data', (c: Buffer) => {
      body += c.toString();
    });
    req.on('end', () => serve(req, res, body));
    res.on('error', () => {});
  };
  const server = secure ? createSecure({ key, cert }, handle) : createServer(handle);
  server.on('tlsClientError', () => {});
  await new Promise<void>((r) => server.listen(0, '127.0.0.1', r));
  later(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

/** A net whose resolver, on this machine, knows every name as this machine but `private.test` and `meta.test`. */
async function world(options: Partial<NetOptions> = {}) {
  const { port } = await udp((m, reply) => {
    const q = readQuery(m);
    if (!q) return;
    const data = q.name === 'private.test' ? '10.0.0.1' : q.name === 'meta.test' ? '169.254.169.254' : '127.0.0.1';
    reply(writeAnswer({ ...q, answers: q.type === 'A' ? [{ type: 'A', name: q.name, data }] : [] }));
  });
  return net({ resolver: `127.0.0.1:${port}`, ca: certificates().ca, ...options });
}

const text = (b: Uint8Array) => Buffer.from(b).toString();

describe('a request', () => {
  it('goes by our resolver, verified, with its headers, and comes back whole', async () => {
    let seen: IncomingMessage | undefined;
    let sent = '';
    const port = await web((req, res, body) => {
      seen = req;
      sent = body;
      res.writeHead(200, { 'content-type': 'text/plain', 'x-two': ['a', 'b'] }).end('hello');
    }, true);
    const n = await world();
    const got = await n.http({
      url: `https://mail.example.test:${port}/a?b#c`,
      method: 'POST',
      body: '<x/>',
      headers: { 'content-type': 'text/xml' },
    });
    expect(got).toMatchObject({ outcome: 'ok', status: 200, url: `https://mail.example.test:${port}/a?b`, authenticated: true });
    expect(got.hops).toEqual([got.url]);
    expect(text(got.body)).toBe('hello');
    expect(got.headers).toMatchObject({ 'content-type': 'text/plain', 'x-two': 'a, b' });
    expect(seen?.headers).toMatchObject({
      host: `mail.example.test:${port}`,
      'accept-encoding': 'identity',
      'user-agent': 'mailcheck',
      'content-type': 'text/xml',
    });
    expect([seen?.url, sent]).toEqual(['/a?b', '<x/>']);
  });

  it('over http is not authenticated', async () => {
    const port = await web((_req, res) => res.end('x'));
    expect(await (await world()).http({ url: `http://mail.example.test:${port}/` })).toMatchObject({
      outcome: 'ok',
      authenticated: false,
    });
  });

  it('fails where the certificate is not trusted or for another name', async () => {
    const port = await web((_req, res) => res.end('secret'), true);
    const other = await (await world()).http({ url: `https://other.invalid.test:${port}/` });
    expect(other).toMatchObject({ outcome: 'failed', authenticated: false });
    expect(other.detail).toContain('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(other.body.length).toBe(0);
    const { port: dns } = await udp((m, reply) => {
      const q = readQuery(m);
      if (q) reply(writeAnswer({ ...q, answers: q.type === 'A' ? [{ type: 'A', name: q.name, data: '127.0.0.1' }] : [] }));
    });
    const untrusting = net({ resolver: `127.0.0.1:${dns}` });
    expect((await untrusting.http({ url: `https://mail.example.test:${port}/` })).outcome).toBe('failed');
  });

  it('fails where nobody listens, or the answer is no HTTP or coded unasked', async () => {
    const n = await world();
    expect(await n.http({ url: `http://mail.example.test:${await closedPort()}/` })).toMatchObject({ outcome: 'failed' });
    const port = await web((_req, res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(Buffer.from([0x1f, 0x8b])));
    expect(await n.http({ url: `http://mail.example.test:${port}/` })).toMatchObject({ outcome: 'failed', status: 200 });
    const reset = await web((req) => req.socket.resetAndDestroy());
    expect((await n.http({ url: `http://mail.example.test:${reset}/` })).outcome).toBe('failed');
  });
});

describe('limits', () => {
  it('hold for a body, with and without its length, and for a header', async () => {
    const n = await world();
    const known = await web((_req, res) => res.end('x'.repeat(5000)));
    expect(await n.http({ url: `http://a.test:${known}/`, maxBytes: 4999 })).toMatchObject({ outcome: 'too-large', status: 200 });
    expect((await n.http({ url: `http://a.test:${known}/`, maxBytes: 5000 })).outcome).toBe('ok');
    const endless = await web((_req, res) => {
      const more = () => {
        while (res.write('x'.repeat(65_536)));
      };
      res.on('drain', more);
      more();
    });
    expect((await n.http({ url: `http://a.test:${endless}/` })).outcome).toBe('too-large');
    const header = await web((_req, res) => res.writeHead(200, { 'x-long': 'y'.repeat(100_000) }).end());
    expect((await n.http({ url: `http://a.test:${header}/` })).outcome).toBe('too-large');
  });

  it('hold for time: silence, a slow body, an interruption', async () => {
    const n = await world();
    const silent = await web(() => {});
    expect((await n.http({ url: `http://a.test:${silent}/`, timeoutMs: 100 })).outcome).toBe('timeout');
    n.deadline(100);
    const slow = await web((_req, res) => {
      const t = setInterval(() => res.write('x'), 20);
      res.on('close', () => clearInterval(t));
    });
    expect((await n.http({ url: `http://a.test:${slow}/`, timeoutMs: 60_000 })).outcome).toBe('timeout');
    const stop = new AbortController();
    const w = await world({ signal: stop.signal });
    const hung = await web(() => stop.abort());
    expect(await w.http({ url: `http://a.test:${hung}/` })).toMatchObject({ outcome: 'failed', detail: 'interrupted' });
  });
});

describe('redirects', () => {
  const chain = (status = 302) =>
    web((req, res) => {
      const n = Number(req.url?.slice(1));
      if (n === 0) res.end('end');
      else res.writeHead(status, { location: `/${n - 1}` }).end();
    });

  it('are followed to the limit, and shown', async () => {
    const port = await chain();
    const n = await world();
    const five = await n.http({ url: `http://a.test:${port}/5` });
    expect(five).toMatchObject({ outcome: 'ok', status: 200 });
    expect(five.hops.length).toBe(6);
    expect((await n.http({ url: `http://a.test:${port}/20` })).outcome).toBe('redirect-loop');
    expect(await n.http({ url: `http://a.test:${port}/5`, redirects: 0 })).toMatchObject({ outcome: 'ok', status: 302 });
    expect((await n.http({ url: `http://a.test:${port}/2`, redirects: 1 })).outcome).toBe('redirect-loop');
  });

  it('that loop end at once', async () => {
    let asked = 0;
    const port = await web((_req, res) => {
      asked += 1;
      res.writeHead(301, { location: '/' }).end();
    });
    expect((await (await world()).http({ url: `http://a.test:${port}/`, redirects: 10 })).outcome).toBe('redirect-loop');
    expect(asked).toBe(1);
  });

  it('stay within the hosts allowed', async () => {
    const port = await web((req, res) =>
      req.headers.host?.startsWith('www.')
        ? res.end('x')
        : res.writeHead(302, { location: `http://${req.url === '/sub' ? 'www.a.test' : 'www.nota.test'}:${port}/` }).end(),
    );
    const n = await world();
    expect(await n.http({ url: `http://a.test:${port}/sub`, within: ['a.test'] })).toMatchObject({ outcome: 'ok' });
    const away = await n.http({ url: `http://a.test:${port}/away`, within: ['a.test'] });
    expect(away).toMatchObject({ outcome: 'blocked' });
    expect(away.detail).toContain('www.nota.test');
    expect((await n.http({ url: `http://a.test:${port}/away` })).outcome).toBe('ok');
  });

  it('from https to http lose their authentication, and never carry credentials', async () => {
    const seen: (string | undefined)[] = [];
    const plain = await web((req, res) => {
      seen.push(req.headers.authorization);
      res.end('plain');
    });
    const secure = await web(
      (req, res) =>
        res
          .writeHead(302, { location: req.url === '/up' ? `https://other.example.test:${port2}/` : `http://a.test:${plain}/` })
          .end(),
      true,
    );
    const port2 = await web((req, res) => {
      seen.push(req.headers.authorization);
      res.end('other');
    }, true);
    const n = await world();
    const url = `https://mail.example.test:${secure}`;
    expect(await n.http({ url: `${url}/` })).toMatchObject({ outcome: 'ok', authenticated: false });
    expect((await n.http({ url: `${url}/`, headers: { authorization: 'Bearer x' } })).outcome).toBe('blocked');
    expect(await n.http({ url: `${url}/up`, headers: { Authorization: 'Bearer x' } })).toMatchObject({
      outcome: 'ok',
      authenticated: true,
    });
    expect(seen).toEqual([undefined, undefined]);
  });

  it('keep the method of 307, and turn a POST into a GET otherwise', async () => {
    const seen: string[] = [];
    const port = await web((req, res, body) => {
      seen.push(`${req.method} ${req.url} ${body}`);
      if (req.url === '/a') res.writeHead(307, { location: '/b' }).end();
      else if (req.url === '/b') res.writeHead(302, { location: '/c' }).end();
      else res.end();
    });
    await (await world()).http({ url: `http://a.test:${port}/a`, method: 'POST', body: 'x' });
    expect(seen).toEqual(['POST /a x', 'POST /b x', 'GET /c ']);
  });
});

describe('places that are never asked', () => {
  const places = [
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://169.254.169.254/latest/meta-data',
    'http://10.1.2.3/',
    'http://[fc00::1]/',
    'http://0.0.0.0/',
    'http://[::ffff:127.0.0.1]/',
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://0x7f000001/',
    'http://[2002:7f00:1::]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[fec0::1]/',
    'http://localhost/',
    'http://x.localhost/',
    'http://private.test/',
    'http://meta.test/',
    'file:///etc/passwd',
    'ftp://a.test/',
    'gopher://a.test/',
    'data:text/plain,x',
    'jar:http://a.test!/x',
    'http://user:pw@a.test/',
    'not a url',
  ];

  it('by a redirect', async () => {
    const n = await world();
    for (const place of places.filter((p) => p !== 'not a url')) {
      const port = await web((_req, res) => res.writeHead(302, { location: place }).end());
      expect([place, (await n.http({ url: `http://a.test:${port}/` })).outcome]).toEqual([place, 'blocked']);
    }
  });

  it('nor directly, nor on the ports of other services', async () => {
    const n = await world();
    for (const place of [...places, 'http://a.test:25/', 'https://a.test:993/'])
      expect([place, (await n.http({ url: place })).outcome]).toEqual([place, 'blocked']);
  });

  it('unless the person allows it', async () => {
    const port = await web((req, res) =>
      req.url === '/' ? res.writeHead(302, { location: `http://127.0.0.1:${port}/x` }).end() : res.end('ok'),
    );
    expect((await (await world()).http({ url: `http://a.test:${port}/` })).outcome).toBe('blocked');
    expect((await (await world({ allowPrivate: true })).http({ url: `http://a.test:${port}/` })).outcome).toBe('ok');
  });
});

it('no secret shows in what an answer says of itself', async () => {
  const secret = 'Zq7-CANARY-token';
  const port = await web((_req, res) => res.writeHead(302, { location: `http://elsewhere.test/?token=${secret}` }).end());
  const got = await (await world({ secrets: [sealSecret(secret)] })).http({
    url: `http://a.test:${port}/?t=${secret}`,
    within: ['a.test'],
  });
  expect(JSON.stringify({ ...got, headers: {} })).not.toContain('CANARY');
});
