/** The names and web servers of discovery on loopback: a real NSD with zones of our own, a real Unbound before it, HTTPS with the lab's certificates. */
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { writeFileSync } from 'node:fs';
import { createServer as createPlain, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe } from 'vitest';
import type { Authority } from '../../src/lab/authority.ts';
import { createNet, type NetOptions, type RunNet } from '../../src/net/net.ts';
import { readQuery, type Served, writeAnswer } from '../../src/wire/dns.ts';
import { freePorts, listening, makeFolder, supervise } from '../real/servers/process.ts';

const PATH = `${process.env.PATH ?? ''}:/usr/sbin:/usr/local/sbin`;
const has = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`], { env: { PATH } }).status === 0;
const root = userInfo().uid === 0 && process.platform === 'linux';

export const installed = { nsd: has('nsd'), unbound: has('unbound'), ports: root } as const;
const NAMES: Readonly<Record<keyof typeof installed, string>> = {
  nsd: 'NSD (nsd)',
  unbound: 'Unbound (unbound)',
  ports: 'the right to listen on ports 80 and 443',
};

/** `describe`, or where something is missing a visible skip; with MAILCHECK_REQUIRE_REAL=1 a failure. */
export function describeWith(needs: readonly (keyof typeof installed)[], name: string, tests: () => void): void {
  const missing = needs.filter((n) => !installed[n]).map((n) => NAMES[n]);
  if (missing.length > 0 && process.env.MAILCHECK_REQUIRE_REAL === '1')
    throw new Error(`${name}: this machine lacks ${missing.join(', ')}`);
  if (missing.length > 0) process.stderr.write(`skipped: ${name}: this machine lacks ${missing.join(', ')}\n`);
  describe.skipIf(missing.length > 0)(name, tests);
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const c of cleanups.splice(0).reverse()) await c();
});
export const later = (cleanup: () => unknown) => cleanups.push(cleanup);

export interface Dns {
  readonly resolver: string;
  stop(): Promise<void>;
}

/** Zones as their records, one a line, names relative to the zone; SOA and NS are added. */
export type Zones = Readonly<Record<string, readonly string[]>>;

export async function startNsd(zones: Zones): Promise<Dns> {
  const folder = makeFolder('mcn');
  const { dns } = await freePorts(['dns'], '127.0.0.1');
  const config = [
    `server:\n  ip-address: 127.0.0.1@${dns}\n  username: ""\n  chroot: ""\n  zonesdir: "${folder}"\n  database: ""\n  pidfile: "${join(folder, 'pid')}"\n  xfrdfile: "${join(folder, 'xfrd')}"\n  xfrdir: "${folder}"\n  zonelistfile: "${join(folder, 'zones')}"\n  logfile: "${join(folder, 'log')}"\n  server-count: 1\n  ip-transparent: no\nremote-control:\n  control-enable: no`,
  ];
  for (const [zone, records] of Object.entries(zones)) {
    const file = join(folder, `${zone}.zone`);
    writeFileSync(
      file,
      `$ORIGIN ${zone}.\n$TTL 300\n@ IN SOA ns hostmaster 1 3600 600 86400 60\n@ IN NS ns\nns IN A 127.0.0.1\n${records.join('\n')}\n`,
    );
    config.push(`zone:\n  name: "${zone}"\n  zonefile: "${file}"`);
  }
  writeFileSync(join(folder, 'nsd.conf'), `${config.join('\n')}\n`);
  const server = supervise(['nsd', '-d', '-c', join(folder, 'nsd.conf')], { folder });
  await listening({ address: '127.0.0.1', port: dns }, server, [join(folder, 'log'), join(folder, 'stdout')]);
  const stop = () => server.stop();
  later(stop);
  return { resolver: `127.0.0.1:${dns}`, stop };
}

/** @param lines of the server clause; @param more further clauses. */
export async function startUnbound(lines: readonly string[], more: readonly string[] = []): Promise<Dns> {
  const folder = makeFolder('mcu');
  const { dns } = await freePorts(['dns'], '127.0.0.1');
  const config = [
    'server:',
    `  interface: 127.0.0.1`,
    `  port: ${dns}`,
    `  username: ""`,
    `  chroot: ""`,
    `  directory: "${folder}"`,
    `  pidfile: "${join(folder, 'pid')}"`,
    `  logfile: "${join(folder, 'log')}"`,
    '  use-syslog: no',
    '  do-daemonize: no',
    '  do-not-query-localhost: no',
    '  module-config: "iterator"',
    '  num-threads: 1',
    ...lines.map((l) => `  ${l}`),
    'remote-control:',
    '  control-enable: no',
    ...more,
  ];
  writeFileSync(join(folder, 'unbound.conf'), `${config.join('\n')}\n`);
  const server = supervise(['unbound', '-d', '-c', join(folder, 'unbound.conf')], { folder });
  await listening({ address: '127.0.0.1', port: dns }, server, [join(folder, 'log'), join(folder, 'stdout')]);
  const stop = () => server.stop();
  later(stop);
  return { resolver: `127.0.0.1:${dns}`, stop };
}

/** A server that answers from a function, for what no real one would send: wrong ids, signed answers, loops. UDP only. */
export async function oddDns(
  answer: (question: { id: number; name: string; type: string }) => Partial<Served> | Uint8Array | undefined,
): Promise<Dns & { readonly asked: string[] }> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (m, from) => {
    const q = readQuery(m);
    if (!q) return;
    asked.push(`${q.type} ${q.name}`);
    const said = answer(q);
    if (said === undefined) return;
    const bytes = said instanceof Uint8Array ? said : writeAnswer({ id: q.id, name: q.name, type: q.type, ...said });
    socket.send(bytes, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const stop = () => new Promise<void>((resolve) => socket.close(() => resolve()));
  later(stop);
  return { resolver: `127.0.0.1:${socket.address().port}`, asked, stop };
}

export type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

export interface Web {
  readonly address: string;
  readonly port: number;
  /** `GET host/path` of every request. */
  readonly requests: string[];
}

/** Serves HTTPS or HTTP at an address of loopback; the certificate is for `names`. */
export async function startWeb(
  handler: Handler,
  options: {
    readonly address: string;
    readonly port?: number;
    /** Answers bytes with bytes, in place of the handler (DNS over HTTPS). */
    readonly raw?: (body: Buffer) => Uint8Array | undefined;
    readonly tls?: {
      readonly authority: Authority;
      readonly names: readonly string[];
      readonly ips?: readonly string[];
      readonly certificate?: Parameters<Authority['mint']>[0];
    };
  },
): Promise<Web> {
  const requests: string[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    requests.push(`${request.method} ${request.headers.host}${request.url}`);
    const chunks: Buffer[] = [];
    request.on('data', (d: Buffer) => chunks.push(d));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      if (options.raw) response.writeHead(200, { 'content-type': 'application/dns-message' }).end(options.raw(body));
      else handler(request, response, body.toString('utf8'));
    });
  };
  const minted = options.tls?.authority.mint(options.tls.certificate ?? 'valid', {
    dns: [...options.tls.names],
    ips: [...(options.tls.ips ?? [])],
  });
  const server = minted ? createSecure({ key: minted.key, cert: minted.cert }, listener) : createPlain(listener);
  const sockets = new Set<Socket>();
  server.on('connection', (s: Socket) => sockets.add(s.on('error', () => undefined)));
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(options.port ?? (minted ? 443 : 80), options.address, resolve),
  );
  later(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const s of sockets) s.destroy();
      }),
  );
  return { address: options.address, port: (server.address() as AddressInfo).port, requests };
}

export function net(options: Partial<NetOptions> = {}): RunNet {
  const made = createNet({
    signal: new AbortController().signal,
    families: [4, 6],
    secrets: [],
    transcript: false,
    env: {},
    ...options,
  });
  later(() => made.close());
  made.deadline(4000);
  return made;
}

/** An autoconfig file with these servers. */
export const autoconfig = (
  servers: readonly {
    readonly type: 'imap' | 'pop3' | 'smtp';
    readonly host: string;
    readonly port: number;
    readonly socket: 'SSL' | 'STARTTLS' | 'plain';
    readonly user?: string;
  }[],
) =>
  `<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="x"><domain>x</domain>${servers
    .map((s) => {
      const tag = s.type === 'smtp' ? 'outgoingServer' : 'incomingServer';
      return `<${tag} type="${s.type}"><hostname>${s.host}</hostname><port>${s.port}</port><socketType>${s.socket}</socketType><username>${s.user ?? '%EMAILADDRESS%'}</username><authentication>password-cleartext</authentication></${tag}>`;
    })
    .join('')}</emailProvider></clientConfig>`;
