/** Checks through a proxy, end to end: SOCKS5 (RFC 1928) with local and remote names, HTTP CONNECT, and proxies that refuse. */
import { createConnection, createServer, type Socket } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import { refusingPort } from '../../src/lab/dead.ts';
import { serve } from '../../src/lab/server.ts';
import { run, runJson } from './cli.ts';
import { later } from './world.ts';

let authority: Authority;
beforeAll(() => {
  authority = createAuthority();
});

interface Tiny {
  readonly port: number;
  /** `host:port` of every tunnel that was asked for. */
  readonly asked: string[];
}

/** A proxy of a few lines; whatever is asked for leads to `to`, or is answered with `refuse`. */
async function proxy(type: 'socks5' | 'http', to: number, refuse?: number): Promise<Tiny> {
  const asked: string[] = [];
  const tunnel = (client: Socket, ready: Buffer) => {
    const out = createConnection({ host: '127.0.0.1', port: to }, () => {
      client.write(ready);
      client.pipe(out).pipe(client);
    });
    out.on('error', () => client.destroy());
    client.on('error', () => out.destroy());
  };
  const socks = (client: Socket) =>
    client.once('data', () => {
      client.write(Buffer.of(5, 0));
      client.once('data', (q: Buffer) => {
        const [name, at] =
          q[3] === 3
            ? [q.toString('latin1', 5, 5 + (q[4] ?? 0)), 5 + (q[4] ?? 0)]
            : q[3] === 1
              ? [[...q.subarray(4, 8)].join('.'), 8]
              : [q.toString('hex', 4, 20), 20];
        asked.push(`${name}:${q.readUInt16BE(at)}`);
        if (refuse !== undefined) client.end(Buffer.of(5, refuse, 0, 1, 0, 0, 0, 0, 0, 0));
        else tunnel(client, Buffer.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0));
      });
    });
  const http = (client: Socket) =>
    client.once('data', (head: Buffer) => {
      asked.push(/^CONNECT (\S+)/.exec(head.toString('latin1'))?.[1] ?? '?');
      if (refuse !== undefined) client.end(`HTTP/1.1 ${refuse} Proxy Authentication Required\r\n\r\n`);
      else tunnel(client, Buffer.from('HTTP/1.1 200 OK\r\n\r\n'));
    });
  const sockets = new Set<Socket>();
  const server = createServer((s) => {
    sockets.add(s.on('error', () => undefined));
    (type === 'http' ? http : socks)(s);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  later(() => {
    for (const s of sockets) s.destroy();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const at = server.address();
  return { port: typeof at === 'object' && at ? at.port : 0, asked };
}

describe('--proxy', () => {
  it.each([
    ['socks5', 'socks5', '127.0.0.1:993'],
    ['socks5h', 'socks5', 'mail.example.test:993'],
    ['http', 'http', 'mail.example.test:993'],
  ] as const)('%s carries the whole check', async (scheme, type, target) => {
    const server = await serve({ protocol: 'imap' }, { authority });
    later(server.close);
    const tiny = await proxy(type, server.port);
    const { json } = await runJson(
      [
        'imap',
        'you@example.test',
        '--host',
        'mail.example.test',
        '--port',
        '993',
        '--resolver',
        server.resolver,
        '--ca-file',
        server.caFile,
        '--proxy',
        `${scheme}://127.0.0.1:${tiny.port}`,
        '--password-env',
        'PW',
        '--user',
        server.user,
      ],
      { PW: server.password },
    );
    expect([json.verdict, json.checks[0].cause]).toEqual(['pass', null]);
    expect(tiny.asked[0]).toBe(target);
  });

  it.each([
    ['socks5', 2],
    ['socks5', 5],
    ['http', 407],
  ] as const)('a %s proxy that refuses (%s) is the cause', async (type, refuse) => {
    const server = await serve({ protocol: 'imap' }, { authority });
    later(server.close);
    const tiny = await proxy(type, server.port, refuse);
    const { json } = await runJson([
      'imap',
      '--host',
      'mail.example.test',
      '--resolver',
      server.resolver,
      '--proxy',
      `${type}://127.0.0.1:${tiny.port}`,
      '--timeout',
      '3',
    ]);
    expect(json.checks[0].cause).toBe('connect.proxy');
  });

  it('a proxy that is not there is the cause, and its password is never shown', async () => {
    const dead = await refusingPort('127.0.0.1');
    later(dead.close);
    const ran = await run([
      'imap',
      '--host',
      '127.0.0.1',
      '--proxy',
      `socks5://me:pr0xy-Secret@127.0.0.1:${dead.port}`,
      '--timeout',
      '3',
      '--transcript',
      '--json',
    ]);
    expect(JSON.parse(ran.stdout).checks[0].cause).toBe('connect.proxy');
    expect(ran.stdout + ran.stderr).not.toContain('pr0xy-Secret');
  });
});
