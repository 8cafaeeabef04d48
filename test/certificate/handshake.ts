/** A real handshake on loopback: a server with this chain and key, our client, and what `examine` makes of it. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { type Examination, examine } from '../../src/net/certificate.ts';
import type { Anchors } from '../../src/net/trust.ts';

export interface Served {
  /** PEM, leaf first. */
  readonly chain: string;
  readonly key: string;
  readonly host: string;
  readonly anchors: Anchors;
  readonly now?: Date;
  readonly staple?: Buffer;
}

export type Outcome = { readonly examined: Examination } | { readonly failure: string };

/** @returns the examination, or the code of the handshake that failed. */
export async function handshake(served: Served): Promise<Outcome> {
  // Level 0 on the server only: it must be able to show keys that the client refuses.
  const server = tls.createServer({ key: served.key, cert: served.chain, ciphers: 'ALL:@SECLEVEL=0' }, (socket) => {
    socket.on('error', () => {});
    socket.resume();
  });
  server.on('tlsClientError', () => {});
  if (served.staple) {
    const response = served.staple;
    server.on('OCSPRequest', (_certificate, _issuer, callback) => callback(null, response));
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const isIp = /^[\d.]+$|:/.test(served.host);
  try {
    return await new Promise<Outcome>((resolve) => {
      let stapled: Buffer | undefined;
      const socket = tls.connect({
        port,
        host: '127.0.0.1',
        ...(isIp ? {} : { servername: served.host }),
        rejectUnauthorized: false,
        requestOCSP: true,
        secureContext: tls.createSecureContext(served.anchors.contextCa ? { ca: served.anchors.contextCa } : {}),
      });
      socket.on('OCSPResponse', (response: Buffer | null) => {
        stapled = response ?? undefined;
      });
      socket.once('error', (error: NodeJS.ErrnoException) => resolve({ failure: error.code ?? error.message }));
      socket.once('secureConnect', () => {
        const examined = examine({
          host: served.host,
          address: '127.0.0.1',
          port,
          socket,
          now: served.now ?? new Date(),
          anchors: served.anchors,
          ...(stapled ? { stapled } : {}),
        });
        socket.destroy();
        resolve({ examined });
      });
    });
  } finally {
    server.close();
  }
}

/** The acceptance criterion of the product. */
export const accepts = (outcome: Outcome): boolean =>
  'examined' in outcome &&
  outcome.examined.certificate.trusted &&
  outcome.examined.certificate.valid &&
  outcome.examined.certificate.identity;
