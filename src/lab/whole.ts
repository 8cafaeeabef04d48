/** A whole account on loopback: POP3, IMAP and submission over one maildrop, published by SRV records (RFC 6186, 8314). */
import type { Serve } from '../model/cause.ts';
import type { Protocol } from '../model/terms.ts';
import { type AccountOptions, createAccount, type LabMessage } from './account.ts';
import { type Authority, createAuthority } from './authority.ts';
import type { DnsAnswer } from './dns.ts';
import { type Running, serve } from './server.ts';

/** The faults of each service; one that is absent is healthy, `null` is not offered. */
export type WholeFaults = Readonly<Partial<Record<Protocol, Omit<Serve, 'protocol'> | null>>>;

export interface Whole {
  readonly servers: readonly Running[];
  readonly address: string;
  readonly password: string;
  readonly token: string;
  readonly caFile: string;
  /** Knows the account's domain with its services, on the ports where they are. */
  readonly resolver: string;
  readonly messages: readonly LabMessage[];
  close(): Promise<void>;
}

const NAMES: Readonly<Record<Protocol, { readonly tls: string; readonly starttls: string }>> = {
  pop3: { tls: '_pop3s', starttls: '_pop3' },
  imap: { tls: '_imaps', starttls: '_imap' },
  smtp: { tls: '_submissions', starttls: '_submission' },
};

/** Starts the services. @throws as `serve` does, with nothing left running. */
export async function serveAccount(
  faults: WholeFaults = {},
  options: { readonly authority?: Authority; readonly account?: AccountOptions; readonly log?: (line: string) => void } = {},
): Promise<Whole> {
  const authority = options.authority ?? createAuthority();
  const account = createAccount(options.account);
  const servers: Running[] = [];
  const address = account.addresses[0] ?? account.user;
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();

  /** `.` says that the service is not offered (RFC 6186 §3.4). */
  function records(name: string, type: string): DnsAnswer | undefined {
    if (!name.startsWith('_') || !name.endsWith(`._tcp.${domain}`)) return undefined;
    const service = name.slice(0, name.indexOf('.'));
    for (const protocol of ['pop3', 'imap', 'smtp'] as const) {
      const server = servers.find((s) => s.protocol === protocol);
      const { tls, starttls } = NAMES[protocol];
      if (service !== tls && service !== starttls) continue;
      if (type !== 'SRV') return { code: 'NOERROR', records: [] };
      const here = server && service === (server.security === 'tls' ? tls : starttls);
      return { code: 'NOERROR', records: [{ type: 'SRV', port: here ? server.port : 0, host: here ? server.host : '' }] };
    }
    return undefined;
  }

  const close = async () => {
    await Promise.all(servers.map((s) => s.close()));
  };
  try {
    for (const protocol of ['pop3', 'imap', 'smtp'] as const) {
      const own = faults[protocol];
      if (own === null) continue;
      const log = options.log && ((line: string) => options.log?.(`${protocol} ${line}`));
      servers.push(await serve({ ...own, protocol }, { authority, account, records, ...(log ? { log } : {}) }));
    }
    const first = servers[0];
    if (!first) throw new TypeError('an account needs at least one service');
    const { password, token } = account;
    return {
      servers,
      address,
      password,
      token,
      caFile: first.caFile,
      resolver: first.resolver,
      messages: account.messages,
      close,
    };
  } catch (e) {
    await close();
    throw e;
  }
}
