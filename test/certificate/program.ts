/** One certificate served by a bare TLS server and met by the whole pipeline, as `mailcheck` runs it. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { checkup } from '../../src/checkup.ts';
import { kitOf } from '../../src/kit.ts';
import type { CheckOptions } from '../../src/model/account.ts';
import type { Check } from '../../src/model/diagnosis.ts';
import type { StageName } from '../../src/model/terms.ts';
import { readTold } from '../../src/settle/settle.ts';
import { OPTIONS } from '../tools/live.ts';
import type { LimboCase } from './limbo.ts';

export interface Served {
  /** PEM, leaf first. */
  readonly chain: string;
  readonly key: string;
  /** What is said once the handshake is over; without it, nothing: the greeting never comes and the connection ends. */
  readonly greeting?: string;
}

/** A server that shows this chain whatever the client thinks of it. @returns its port, and how it is stopped. */
export async function serveBare(served: Served): Promise<{ readonly port: number; close(): void }> {
  const server = tls.createServer({ key: served.key, cert: served.chain, ciphers: 'ALL:@SECLEVEL=0' }, (socket) => {
    socket.on('error', () => {});
    if (served.greeting !== undefined) socket.write(served.greeting);
    else socket.end();
    socket.resume();
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, close: () => server.close() };
}

/** The host that a case names; one case names none. */
export const peerOf = (c: LimboCase): string => c.peer_name?.value ?? 'example.com';
export const chainOf = (c: LimboCase): string => [c.leaf, ...c.intermediates].join('\n');
/** What the report makes of it: a rejection of the certificate or of the handshake is a failed stage there. */
export const rejects = (check: Pick<Check, 'stages'>): boolean =>
  check.stages.some((s) => (s.stage === 'tls' || s.stage === 'certificate') && s.status === 'fail');

/** @returns the check of a submission server on this port of loopback, whose name is `host`. */
export async function checkBare(
  port: number,
  host: string,
  ca: string,
  options: Partial<CheckOptions> & { readonly until?: StageName } = {},
): Promise<Check> {
  const told = readTold({ protocol: 'smtp', host, security: 'tls', from: [], insecureAuth: false });
  const done = await checkup({
    told: [told],
    options: { ...OPTIONS, controlProbes: false, timeoutMs: 5000, ...options },
    net: { families: [4, 6], connectTo: { host: '127.0.0.1', port }, ca, transcript: false, env: {}, allowPrivate: true },
    signal: new AbortController().signal,
    kit: kitOf([]),
  });
  const [check] = done.checks;
  if (!check) throw new Error('no check was made');
  return check;
}
