/** One lab server on loopback: a healthy POP3, IMAP or submission server with the faults that `Serve` names, and what a client needs to reach it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, isIP, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Serve } from '../model/cause.ts';
import type { Protocol, Security } from '../model/terms.ts';
import { createAccount, type LabAccount, type LabMessage } from './account.ts';
import { type Authority, createAuthority, type Minted, type Names } from './authority.ts';
import { mechanismsOf } from './capabilities.ts';
import { refusingPort, unansweringPort } from './dead.ts';
import { type DnsAnswer, type DnsType, startDns } from './dns.ts';
import { imapSession } from './imap.ts';
import { pop3Session } from './pop3.ts';
import { startPublishing } from './publish.ts';
import { smtpSession } from './smtp.ts';
import { createTalk, type Talk } from './talk.ts';
import { createUpgrade } from './tls.ts';
import { zoneOf } from './zone.ts';

export interface ServeOptions {
  /** Share one to make many servers that one `--ca-file` fits; default: a new one. */
  readonly authority?: Authority;
  readonly host?: '127.0.0.1' | '::1';
  /** Default: any free one. */
  readonly port?: number;
  /** The conversation, line by line, passwords masked. */
  readonly log?: (line: string) => void;
  /** Share one to let several servers show the same maildrop; default: a new one. */
  readonly account?: LabAccount;
  /** What the DNS server says before the scenario has its say; undefined where it says nothing of its own. */
  readonly records?: (name: string, type: DnsType) => DnsAnswer | undefined;
  /** Let the certificate name a URL where its issuer is served. */
  readonly issuerUrl?: boolean;
}

export interface Running {
  readonly protocol: Protocol;
  /** Where the server listens. */
  readonly address: string;
  readonly port: number;
  /** As the client is told. */
  readonly security: Security;
  /** The name to check against (`--host`), while the connection goes to `address` and `port` (`--connect-to`). */
  readonly host: string;
  /** The lab's root as a file, and in PEM. */
  readonly caFile: string;
  readonly ca: string;
  /** What the client is told to log in with; the account itself may differ. */
  readonly user: string;
  readonly password: string;
  readonly token: string;
  /** The mail address that the client is told. */
  readonly mail: string;
  /** `ip:port` of the lab's DNS server, in which every name leads here, but for the fault. */
  readonly resolver: string;
  /** True where the name has to be looked up for the fault to show: no `--connect-to` then. */
  readonly byName: boolean;
  /** Every command line as it came, over all connections. */
  readonly received: readonly string[];
  /** Questions that came to the DNS server: `A mail.example.test`. */
  readonly asked: readonly string[];
  /** How many connections were accepted. */
  readonly connections: number;
  /** The maildrop of the account. */
  readonly messages: readonly LabMessage[];
  /** Ends every connection and frees everything; may be called twice. */
  close(): Promise<void>;
}

/** A name near a published one, for the fault of that kind. */
const NEAR: Readonly<Record<Protocol, string>> = { pop3: 'pop.gmaill.com', imap: 'imap.gmaill.com', smtp: 'smtp.gmaill.com' };
const SESSIONS: Readonly<Record<Protocol, (talk: Talk) => Promise<void>>> = {
  pop3: pop3Session,
  imap: imapSession,
  smtp: smtpSession,
};

/** Starts a server. @throws where the port is taken or loopback cannot be used. */
export async function serve(faults: Serve, options: ServeOptions = {}): Promise<Running> {
  const address = options.host ?? '127.0.0.1';
  const authority = options.authority ?? createAuthority();
  const account = options.account ?? createAccount();
  const host = toldHost(faults);
  const mail = faults.client?.address ?? account.addresses[0] ?? account.user;
  const received: string[] = [];
  let connections = 0;
  const closers: (() => Promise<void>)[] = [];

  try {
    const minted = await mint();
    const directory = await mkdtemp(join(tmpdir(), 'mailcheck-lab-'));
    closers.push(() => rm(directory, { recursive: true, force: true }));
    const caFile = join(directory, 'ca.pem');
    await writeFile(caFile, minted.leaf.ca);

    const zone = zoneOf(faults, host.toLowerCase(), mail, address);
    const dns = await startDns((name, type) => options.records?.(name, type) ?? zone(name, type), address);
    closers.push(dns.close);
    const port = await open(minted);
    let closed: Promise<void> | undefined;
    return {
      protocol: faults.protocol,
      address,
      port,
      security: faults.client?.security ?? faults.security ?? 'tls',
      host,
      caFile,
      ca: minted.leaf.ca,
      user: faults.client?.user ?? account.user,
      password: faults.client?.password ?? account.password,
      token: faults.client?.password ?? account.token,
      mail,
      resolver: dns.resolver,
      byName: faults.dns !== undefined || faults.tcp === 'first-address-dead',
      received,
      asked: dns.asked,
      get connections() {
        return connections;
      },
      messages: account.messages,
      close() {
        closed ??= closeAll();
        return closed;
      },
    };
  } catch (e) {
    await closeAll();
    throw e;
  }

  async function closeAll(): Promise<void> {
    await Promise.all(closers.map((c) => c()));
  }

  async function mint(): Promise<{ leaf: Minted; named: Minted | undefined }> {
    const kind = faults.certificate ?? 'valid';
    const names = namesFor(host);
    const named = kind === 'server-name-missing' ? authority.mint('valid', names) : undefined;
    if (kind === 'revocation-unreachable') {
      const nobody = await refusingPort(address);
      closers.push(nobody.close);
      return { leaf: authority.mint(kind, names, { crl: `http://127.0.0.1:${nobody.port}/lab.crl` }), named };
    }
    if (kind !== 'revoked' && !options.issuerUrl) return { leaf: authority.mint(kind, names), named };
    const published = await startPublishing(address);
    closers.push(published.close);
    const leaf = authority.mint(kind, names, {
      ...(kind === 'revoked' ? { crl: `${published.url}/lab.crl` } : {}),
      ...(options.issuerUrl ? { issuer: `${published.url}/issuer.crt` } : {}),
    });
    published.put('/issuer.crt', 'application/pkix-cert', leaf.issuer);
    if (leaf.crl) published.put('/lab.crl', 'application/pkix-crl', leaf.crl);
    return { leaf, named };
  }

  async function open(minted: { leaf: Minted; named: Minted | undefined }): Promise<number> {
    if (faults.tcp === 'refuse' || faults.tcp === 'no-answer') {
      const dead = await (faults.tcp === 'refuse' ? refusingPort(address) : unansweringPort(address));
      closers.push(dead.close);
      return dead.port;
    }
    const log = options.log ?? (() => undefined);
    const upgrade = createUpgrade(faults, minted.leaf, minted.named, mechanismsOf(faults, 'tls').includes('EXTERNAL'));
    const shared = { faults, account, host, upgrade, received, log };
    const sockets = new Set<Socket>();
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      connections++;
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
      if (faults.tcp === 'reset') socket.resetAndDestroy();
      else if (faults.tcp === 'close') socket.end();
      else if (faults.tcp === 'silent') socket.on('end', () => socket.end()).resume();
      else void converse(createTalk(socket, shared), socket, faults);
    });
    await listen(server, options.port ?? 0, address);
    closers.push(
      () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          for (const s of sockets) s.destroy();
        }),
    );
    const at = server.address();
    return typeof at === 'object' && at ? at.port : 0;
  }
}

/** One connection from first to last; nothing that a client does gets out of here. */
async function converse(talk: Talk, socket: Socket, faults: Serve): Promise<void> {
  try {
    if ((faults.security ?? 'tls') === 'tls' && !(await talk.secure())) return;
    await SESSIONS[faults.protocol](talk);
    talk.end();
  } catch {
    socket.destroy();
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.removeListener('error', reject).on('error', () => undefined);
      resolve();
    });
  });
}

/** No server name is sent for an address (RFC 6066 §3): that is how the certificate for nobody is met. */
function toldHost(faults: Serve): string {
  if (faults.client?.host !== undefined) return faults.client.host;
  if (faults.certificate === 'server-name-missing') return '127.0.0.1';
  return faults.dns === 'near-name' && faults.client?.address === undefined ? NEAR[faults.protocol] : 'mail.example.test';
}

function namesFor(host: string): Names {
  const loopback = ['127.0.0.1', '::1'];
  if (isIP(host) !== 0) return { dns: ['mail.example.test'], ips: [...new Set([host, ...loopback])] };
  return { dns: [...new Set([host, 'mail.example.test', 'localhost'])], ips: loopback };
}
