/** The TLS side of a lab server: honest handshakes with any certificate, and handshakes that fail as a scenario wants (RFC 8446, 5246). */
import { createHash, X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import type { Serve } from '../model/cause.ts';
import type { Minted } from './authority.ts';

type Sni = (error: Error | null, context: tls.SecureContext) => void;

export interface Upgrade {
  /** @returns the TLS socket once the handshake is done; undefined where it never will be. */
  secure(socket: Socket): Promise<TLSSocket | undefined>;
  /** Channel-binding data of the server's side (RFC 5929, 9266). */
  binding(socket: TLSSocket, type: string): Uint8Array | undefined;
}

/** Weak keys, weak signatures and old versions: OpenSSL 3 refuses to serve them above level 0. */
const LEVEL_0 = `${tls.DEFAULT_CIPHERS}:@SECLEVEL=0`;
/** Fatal alert internal_error(80): a failure that is nobody's setting. */
const ALERT = Buffer.of(0x15, 0x03, 0x03, 0, 2, 2, 80);
/** Neither text nor a TLS record. */
const GARBAGE = Buffer.from(Array.from({ length: 64 }, (_, i) => (0x8f + i * 37) & 0xff));

/**
 * @param minted what is served; `named` is what a client gets that sends a server name, where that differs.
 * @param list true where EXTERNAL is offered, so that the client is asked for a certificate.
 */
export function createUpgrade(faults: Serve, minted: Minted, named: Minted | undefined, asks: boolean): Upgrade {
  const waiting = new Map<string, (socket: TLSSocket) => void>();
  const place = (s: Socket) => `${s.remoteAddress} ${s.remotePort}`;
  const weak = faults.certificate === 'weak-key' || faults.certificate === 'weak-signature';
  const server = tls.createServer({
    key: minted.key,
    cert: minted.cert,
    ca: minted.ca,
    allowHalfOpen: true,
    handshakeTimeout: 3_600_000,
    ...(weak ? { ciphers: LEVEL_0 } : {}),
    ...(asks ? { requestCert: true, rejectUnauthorized: false } : {}),
    ...limits(faults.tls),
    ...(named ? { SNICallback: (_: string, done: Sni) => done(null, tls.createSecureContext(named)) } : {}),
  });
  server.on('secureConnection', (socket) => {
    socket.on('error', () => undefined);
    const resolve = waiting.get(place(socket));
    if (resolve) resolve(socket);
    else socket.destroy();
  });
  server.on('tlsClientError', (_, socket) => socket.destroy());
  const { staple } = minted;
  if (staple) server.on('OCSPRequest', (_certificate, _issuer, done) => done(null, staple));

  async function handshake(socket: Socket): Promise<TLSSocket | undefined> {
    const key = place(socket);
    const secured = await new Promise<TLSSocket | undefined>((resolve) => {
      waiting.set(key, resolve);
      socket.once('close', () => resolve(undefined));
      server.emit('connection', socket);
    });
    waiting.delete(key);
    return secured;
  }

  return {
    secure(socket) {
      switch (faults.tls) {
        case 'silent':
        case 'garbage':
        case 'reset':
        case 'alert':
          return broken(socket, faults.tls);
        default:
          return handshake(socket);
      }
    },
    binding(socket, type) {
      if (type === 'tls-exporter') return socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
      if (type === 'tls-unique') return socket.getProtocol() === 'TLSv1.3' ? undefined : socket.getPeerFinished();
      if (type !== 'tls-server-end-point') return undefined;
      return createHash('sha256').update(new X509Certificate(minted.cert).raw).digest();
    },
  };
}

function limits(kind: Serve['tls']): tls.TlsOptions {
  switch (kind) {
    case 'old-version':
      return { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' };
    // Key exchange on a curve that clients do not offer: what "no shared cipher" most often is.
    case 'no-shared-cipher':
      return { maxVersion: 'TLSv1.2', ciphers: 'ECDHE+AESGCM', ecdhCurve: 'brainpoolP256r1' };
    case 'client-certificate':
      return { requestCert: true, rejectUnauthorized: true };
    case 'client-certificate-tls12':
      return { requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' };
    default:
      return {};
  }
}

/** Waits for the ClientHello, then fails as told; settles when the connection is gone. */
function broken(socket: Socket, how: 'silent' | 'garbage' | 'reset' | 'alert'): Promise<undefined> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve(undefined));
    socket.once('end', () => socket.end());
    socket.once('data', () => {
      if (how === 'reset') socket.resetAndDestroy();
      if (how === 'garbage') socket.write(GARBAGE);
      if (how === 'alert') socket.end(ALERT);
    });
    socket.on('data', () => undefined);
    socket.resume();
  });
}
