/** Loopback servers and certificates for the tests of `net`. */
import { execFileSync, spawn } from 'node:child_process';
import { createSocket, type Socket as Udp } from 'node:dgram';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Line, RawReply } from '../../src/model/net.ts';
import { createNet, type NetOptions, type RunNet } from '../../src/net/net.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const c of cleanups.splice(0).reverse()) await c();
});
export const later = (cleanup: () => unknown) => cleanups.push(cleanup);

export function net(options: Partial<NetOptions> = {}): RunNet {
  const made = createNet({
    signal: new AbortController().signal,
    families: [4, 6],
    secrets: [],
    transcript: true,
    env: {},
    ...options,
  });
  later(() => made.close());
  return made;
}

export interface Listening {
  readonly port: number;
  readonly server: Server;
  readonly sockets: Set<Socket>;
}

/** Listens on loopback; every connection goes to `serve`. */
export async function listen(
  serve: (socket: Socket) => void,
  server: Server = createServer(),
  host = '127.0.0.1',
): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (s: Socket) => {
    sockets.add(s);
    s.on('error', () => {});
    s.on('close', () => sockets.delete(s));
  });
  server.on('tlsClientError', () => {});
  server.on(
    server.listenerCount('secureConnection') > 0 || 'setSecureContext' in server ? 'secureConnection' : 'connection',
    (s: Socket) => {
      s.on('error', () => {});
      serve(s);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  later(() => {
    for (const s of sockets) s.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, server, sockets };
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const { port, server } = await listen(() => {});
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Calls `answer` for every datagram. */
export async function udp(
  answer: (message: Buffer, reply: (bytes: Uint8Array) => void) => void,
  port = 0,
): Promise<{ port: number; socket: Udp }> {
  const socket = createSocket('udp4');
  socket.on('message', (m, from) => answer(m, (bytes) => socket.send(bytes, from.port, from.address)));
  await new Promise<void>((resolve) => socket.bind(port, '127.0.0.1', resolve));
  later(() => new Promise<void>((resolve) => socket.close(() => resolve())));
  return { port: socket.address().port, socket };
}

export async function line(n: RunNet, port: number, host = 'mail.example.test'): Promise<Line> {
  const opened = await n.connect({ host, address: '127.0.0.1', port, protocol: 'smtp' });
  if (!opened.line) throw new Error(JSON.stringify(opened.connect));
  return opened.line;
}

export const ok = (r: RawReply) => {
  if (!r.ok) throw new Error(`${r.how}: ${r.detail}`);
  return r.lines;
};
export const bad = (r: RawReply) => {
  if (r.ok) throw new Error(`answered ${r.lines.join(' ')}`);
  return r;
};

export interface Pki {
  readonly ca: string;
  readonly key: string;
  readonly cert: string;
  /** RSA-PSS and P-384 leaves for the channel binding. */
  readonly others: Readonly<Record<string, { readonly key: string; readonly cert: string }>>;
}

let pki: Pki | undefined;

/** A root and leaves for mail.example.test and 127.0.0.1, made once a file. */
export function certificates(): Pki {
  if (pki) return pki;
  const dir = mkdtempSync(join(tmpdir(), 'mailcheck-'));
  const run = (...args: string[]) => execFileSync('openssl', args, { cwd: dir, stdio: 'pipe' });
  const read = (name: string) => readFileSync(join(dir, name), 'utf8');
  try {
    writeFileSync(
      join(dir, 'leaf.ext'),
      'subjectAltName=DNS:mail.example.test,DNS:*.example.test,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n',
    );
    run(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-days',
      '30',
      '-subj',
      '/CN=Test Root',
      '-addext',
      'basicConstraints=critical,CA:TRUE',
      '-addext',
      'keyUsage=critical,keyCertSign,cRLSign',
    );
    const leaf = (name: string, newkey: string[], sign: string[]) => {
      run('req', '-new', ...newkey, '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', '/CN=mail.example.test');
      run(
        'x509',
        '-req',
        '-in',
        `${name}.csr`,
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-days',
        '20',
        '-extfile',
        'leaf.ext',
        '-out',
        `${name}.pem`,
        ...sign,
      );
      return { key: read(`${name}.key`), cert: read(`${name}.pem`) };
    };
    const rsa = leaf('rsa', ['-newkey', 'rsa:2048'], ['-sha256']);
    pki = {
      ca: read('ca.pem'),
      ...rsa,
      others: {
        sha384: leaf('p384', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'], ['-sha384']),
        pss: leaf('pss', ['-newkey', 'rsa:2048'], ['-sha512', '-sigopt', 'rsa_padding_mode:pss']),
      },
    };
    return pki;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** A self-signed certificate with so many names that its message is over OpenSSL's limit. */
export function oversized(): { readonly key: string; readonly cert: string } {
  const dir = mkdtempSync(join(tmpdir(), 'mailcheck-'));
  try {
    const names = Array.from({ length: 7000 }, (_, i) => `DNS:host-${i}.example.test`).join(',');
    writeFileSync(
      join(dir, 'big.cnf'),
      `[req]\ndistinguished_name=dn\nx509_extensions=e\nprompt=no\n[dn]\nCN=big\n[e]\nsubjectAltName=${names}\n`,
    );
    execFileSync(
      'openssl',
      ['req', '-x509', '-config', 'big.cnf', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'k.pem', '-out', 'c.pem', '-days', '2'],
      { cwd: dir, stdio: 'pipe' },
    );
    return { key: readFileSync(join(dir, 'k.pem'), 'utf8'), cert: readFileSync(join(dir, 'c.pem'), 'utf8') };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** `openssl s_server` on a free port, for what Node's server cannot do. */
export async function opensslServer(...args: string[]): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'mailcheck-'));
  later(() => rmSync(dir, { recursive: true }));
  const { key, cert } = certificates();
  writeFileSync(join(dir, 'k.pem'), key);
  writeFileSync(join(dir, 'c.pem'), cert);
  const port = await closedPort();
  const child = spawn(
    'openssl',
    ['s_server', '-accept', `127.0.0.1:${port}`, '-key', 'k.pem', '-cert', 'c.pem', '-quiet', ...args],
    { cwd: dir, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  later(() => new Promise((resolve) => (child.exitCode === null ? child.once('exit', resolve).kill() : resolve(0))));
  for (let tries = 0; tries < 200; tries++) {
    const up = await new Promise<boolean>((resolve) => {
      const probe = createConnection(port, '127.0.0.1', () => resolve(true));
      probe.on('error', () => resolve(false));
      probe.on('connect', () => probe.destroy());
    });
    if (up) return port;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('openssl s_server did not start');
}
