/** Hosts of a private world: names that a DNS server of the lab leads to loopback addresses, and listeners with certificates there. */
import { createServer, type Server, type Socket } from 'node:net';
import tls from 'node:tls';
import { afterEach } from 'vitest';
import { checkup } from '../../src/checkup.ts';
import { kitOf } from '../../src/kit.ts';
import { createAuthority, type Minted } from '../../src/lab/authority.ts';
import { type DnsAnswer, startDns } from '../../src/lab/dns.ts';
import type { CheckOptions } from '../../src/model/account.ts';
import type { LabCertificate } from '../../src/model/cause.ts';
import type { Check } from '../../src/model/diagnosis.ts';
import type { Protocol, Security } from '../../src/model/terms.ts';
import { readTold } from '../../src/settle/settle.ts';
import { OPTIONS } from '../tools/live.ts';

export const HOST = 'mail.example.test';
export const authority = createAuthority();
export const mint = (kind: LabCertificate, host = HOST): Minted => authority.mint(kind, { dns: [host], ips: [] });
export const GREETING: Readonly<Record<Protocol, string>> = {
  pop3: '+OK ready\r\n',
  imap: '* OK ready\r\n',
  smtp: '220 mail.example.test ESMTP\r\n',
};

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const c of cleanups.splice(0).reverse()) await c();
});

async function started(server: Server, address: string, port: number): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (s) => {
    sockets.add(s);
    s.on('error', () => {});
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => resolve());
  });
  cleanups.push(() => {
    for (const s of sockets) s.destroy();
    server.close();
  });
  const at = server.address();
  return typeof at === 'object' && at ? at.port : 0;
}

/** TLS from the first byte, then this greeting and nothing more. */
export function listenTls(
  minted: Pick<Minted, 'key' | 'cert'>,
  at: { readonly address?: string; readonly port?: number },
  greeting: string,
  options: tls.TlsOptions = {},
): Promise<number> {
  const server = tls.createServer({ key: minted.key, cert: minted.cert, ciphers: 'ALL:@SECLEVEL=0', ...options }, (s) => {
    s.on('error', () => {});
    s.write(greeting);
    s.resume();
  });
  server.on('tlsClientError', () => {});
  return started(server, at.address ?? '127.0.0.1', at.port ?? 0);
}

/** Whatever `talk` does with each connection. */
export const listenRaw = (talk: (socket: Socket) => void, at: { readonly address?: string; readonly port?: number } = {}) =>
  started(createServer(talk), at.address ?? '127.0.0.1', at.port ?? 0);

/** @returns a resolver for these names. */
export async function resolverOf(names: Readonly<Record<string, readonly string[]>>): Promise<string> {
  const dns = await startDns((name, type): DnsAnswer => {
    const addresses = names[name];
    if (!addresses) return { code: 'NXDOMAIN', records: [] };
    const of = addresses.filter((a) => (type === 'A' && !a.includes(':')) || (type === 'AAAA' && a.includes(':')));
    return { code: 'NOERROR', records: of.map((address) => ({ type: address.includes(':') ? 'AAAA' : 'A', address })) };
  });
  cleanups.push(dns.close);
  return dns.resolver;
}

export interface Asked {
  readonly protocol?: Protocol;
  readonly host?: string;
  readonly port: number;
  readonly security?: Security;
  readonly names?: Readonly<Record<string, readonly string[]>>;
  /** Where nothing is looked up. */
  readonly connectTo?: string;
  readonly families?: readonly (4 | 6)[];
  readonly options?: Partial<CheckOptions>;
  /** HTTP may go anywhere; default true. */
  readonly private?: boolean;
}

/** The whole pipeline over this world. */
export async function check(asked: Asked): Promise<Check> {
  const { protocol = 'imap', host = HOST, port, security = 'tls', connectTo } = asked;
  const resolver = asked.names ? await resolverOf(asked.names) : undefined;
  const done = await checkup({
    told: [readTold({ protocol, host, port, security, from: [], insecureAuth: false })],
    options: { ...OPTIONS, ...asked.options },
    net: {
      families: asked.families ?? [4],
      ...(resolver ? { resolver } : { connectTo: { host: connectTo ?? '127.0.0.1', port } }),
      ca: authority.rootPem,
      transcript: true,
      env: {},
      allowPrivate: asked.private ?? true,
    },
    signal: new AbortController().signal,
    kit: kitOf([]),
  });
  const [made] = done.checks;
  if (!made) throw new Error('no check was made');
  return made;
}

export const rootOf = (c: Check) => c.diagnosis.root?.cause.id;
export const found = (c: Check, cause: string) => c.diagnosis.findings.find((f) => f.cause.id === cause);
