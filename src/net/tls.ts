/** TLS over a connection that is open (RFC 8446, RFC 5246; RFC 7817 for mail): the handshake and what it showed, never a judgement. */
import { constants, createHash, getCurves } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import {
  type ConnectionOptions,
  connect,
  createSecureContext,
  type SecureContext,
  type SecureContextOptions,
  type TLSSocket,
} from 'node:tls';
import type { TlsEvidence, TlsFailure } from '../model/evidence.ts';
import type { SecureOptions } from '../model/net.ts';
import type { Clock } from './clock.ts';
import { codeOf } from './tcp.ts';

export interface Handshake {
  readonly tls: TlsEvidence;
  /** Where it was established. An error listener is on it. */
  readonly socket?: TLSSocket;
  /** The OCSP response stapled to it (RFC 6066 §8). */
  readonly stapled?: Buffer;
}

export interface Peer {
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

/** Anchors as `createSecureContext` takes them: in place of Node's own store, and beside it. */
export interface ContextAnchors {
  /** Undefined where Node's own store is all there is. */
  readonly contextCa: string[] | undefined;
  /** Those that Node's own store lacks, in PEM. */
  readonly extra: readonly string[];
}

/** @returns the factory of contexts over these anchors: one per kind of handshake. */
export function createContexts(
  anchors: ContextAnchors,
): (options: Pick<SecureOptions, 'minVersion' | 'maxVersion' | 'legacy'>) => SecureContext {
  const made = new Map<string, SecureContext>();
  return ({ minVersion = 'TLSv1.2', maxVersion, legacy = false }) => {
    const lowered = legacy || minVersion !== 'TLSv1.2';
    const key = `${minVersion} ${maxVersion} ${lowered}`;
    const known = made.get(key);
    if (known) return known;
    const context = withAnchors(anchors, {
      minVersion,
      ...(maxVersion ? { maxVersion } : {}),
      ...(lowered ? { ciphers: LOWERED, ecdhCurve: groups(), secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT } : {}),
    });
    made.set(key, context);
    return context;
  };
}

/** Node keeps its own store ready; to hand over all of it again takes 30 ms, to add what it lacks two. */
function withAnchors({ contextCa, extra }: ContextAnchors, options: SecureContextOptions): SecureContext {
  if (!contextCa) return createSecureContext(options);
  const context = createSecureContext(options);
  const handle: unknown = context.context;
  const add: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'addCACert') : undefined;
  const replaced = /--use-openssl-ca/.test(`${process.env.NODE_OPTIONS ?? ''} ${process.execArgv.join(' ')}`);
  if (typeof add !== 'function' || replaced) return createSecureContext({ ...options, ca: contextCa });
  for (const pem of extra) Reflect.apply(add, handle, [pem]);
  return context;
}

/** For control handshakes, on which nothing secret goes out: whatever the library still has. */
const LOWERED =
  'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256:ALL:COMPLEMENTOFALL:@SECLEVEL=0';

/** Groups beyond those that are offered by default, as far as this library has them. */
const groups = () => ['X25519', 'X448', ...CURVES.filter((c) => getCurves().includes(c))].join(':');
const CURVES = [
  'prime256v1',
  'secp384r1',
  'secp521r1',
  'brainpoolP256r1',
  'brainpoolP384r1',
  'brainpoolP512r1',
  'secp256k1',
  'secp224r1',
  'prime192v1',
];

const ignore = () => {};
const allow = () => undefined;
const VARIABLE = 'NODE_TLS_REJECT_UNAUTHORIZED';

/** With this variable set, Node prints a warning when anybody connects; it decides nothing here, and the report tells of it. */
export function unwarned<T>(connecting: () => T): T {
  const value = process.env[VARIABLE];
  if (value !== '0') return connecting();
  delete process.env[VARIABLE];
  try {
    return connecting();
  } finally {
    process.env[VARIABLE] = value;
  }
}

const spelt = (version: string) => version.replace(/v1$/, ' 1.0').replace('v', ' ');
const limitsOf = ({ minVersion = 'TLSv1.2', maxVersion }: SecureOptions) =>
  `${spelt(minVersion)} ${maxVersion ? `to ${spelt(maxVersion)}` : 'and later'}, security level 0`;

const NO_CERTIFICATE = { value: () => ({}), configurable: true };

/** @param at absolute deadline. @returns never rejects; the socket is destroyed where the handshake failed. */
export function handshake(
  socket: Socket,
  peer: Peer,
  options: SecureOptions,
  context: SecureContext,
  clock: Clock,
  at: number,
): Promise<Handshake> {
  const begun = clock.now();
  const received = socket.bytesRead;
  const sni = isIP(options.host) === 0 ? options.host : null;
  const lowered = options.legacy === true || (options.minVersion ?? 'TLSv1.2') !== 'TLSv1.2';
  const tap = options.tap === true ? tapped(socket) : undefined;
  const base = {
    kind: 'tls',
    stage: 'tls',
    host: options.host,
    address: peer.address,
    port: peer.port,
    mode: options.mode,
    sni,
    ...(lowered ? { limits: limitsOf(options) } : {}),
    ...(options.control ? { control: options.control } : {}),
  } as const;
  return new Promise((resolve) => {
    let stapled: Buffer | undefined;
    let settled = false;
    const asked: ConnectionOptions & { requestOCSP: boolean } = {
      socket: tap?.stream ?? socket,
      secureContext: context,
      rejectUnauthorized: false,
      requestOCSP: true,
      checkServerIdentity: allow,
      minDHSize: lowered ? 1 : 1024,
      ...(sni === null ? {} : { servername: sni }),
    };
    const secure = unwarned(() => connect(asked));
    // Node would build the legacy object of the whole chain to check a name that is checked elsewhere: 0.4 ms a handshake.
    Object.defineProperty(secure, 'getPeerCertificate', NO_CERTIFICATE);
    const settle = (result: Handshake) => {
      if (settled) return;
      settled = true;
      off();
      if (!result.socket) {
        secure.destroy();
        socket.destroy();
      }
      resolve(result);
    };
    const fail = (failure: TlsFailure, detail: string, code?: string, alert?: number) => {
      const said = tap?.first() ?? '';
      const kind = failure === 'plain-answer' && said !== '' && !isText(said) ? 'not-tls' : failure;
      settle({
        tls: {
          ...base,
          outcome: 'failed',
          failure: kind,
          detail,
          ...(code === undefined ? {} : { code }),
          ...(alert === undefined ? {} : { alert }),
          ...(said === '' || (kind !== 'plain-answer' && kind !== 'not-tls') ? {} : { firstBytes: said }),
          ...(socket.bytesRead > received ? { answered: true } : {}),
          ms: Math.round(clock.now() - begun),
        },
      });
    };
    const off = clock.wait(at, (why) =>
      why === 'timeout'
        ? fail('timeout', `the handshake did not end within ${Math.round(clock.now() - begun)} ms`, 'ETIMEDOUT')
        : fail('failed', 'interrupted', 'ABORT_ERR'),
    );
    // Keys of TLS 1.2 exist once ciphers are agreed and our half is sent: what a server refuses after that is our lack of a
    // certificate, though its alert is that of no shared cipher (RFC 5246 §7.4.6). Only the label is looked at.
    let keyed = false;
    secure.once('keylog', (line) => {
      keyed = line.toString('latin1', 0, 14) === 'CLIENT_RANDOM ';
    });
    const staple = (response: Buffer | null) => {
      if (response && response.length > 0) stapled = response;
    };
    secure.on('OCSPResponse', staple);
    secure.once('secureConnect', () => {
      Reflect.deleteProperty(secure, 'getPeerCertificate');
      // A closed socket may outlive the check by a while; nothing of the check should.
      secure.removeListener('error', broke).removeListener('close', closed).removeListener('OCSPResponse', staple);
      secure.on('error', ignore);
      settle({
        tls: { ...base, ...established(secure), ms: Math.round(clock.now() - begun) },
        socket: secure,
        ...(stapled ? { stapled } : {}),
      });
    });
    const broke = (error: Error) => {
      const code = codeOf(error);
      if (code === 'ECONNRESET' && !('syscall' in error)) {
        fail('closed', 'the server closed the connection during the handshake', code);
        return;
      }
      // The end of the connection follows at once and adds nothing.
      secure.removeListener('close', closed);
      void explain(code, error.message).then((e) =>
        fail(keyed && e.alert === 40 ? 'certificate-required' : e.failure, e.detail, code, e.alert),
      );
    };
    secure.on('error', broke);
    const closed = () => fail('closed', 'the connection closed during the handshake');
    secure.once('close', closed);
  });
}

function established(secure: TLSSocket) {
  const cipher = secure.getCipher();
  const key: { type?: string; name?: string; size?: number } = secure.getEphemeralKeyInfo() ?? {};
  const ephemeral = [key.type, key.name, key.size].filter((x) => x !== undefined).join(' ');
  return {
    outcome: 'established',
    version: secure.getProtocol() ?? 'unknown',
    cipher: cipher?.standardName ?? cipher?.name ?? 'unknown',
    ...(secure.alpnProtocol ? { alpn: secure.alpnProtocol } : {}),
    ...(ephemeral === '' ? {} : { ephemeral }),
  } as const;
}

export interface Explained {
  readonly failure: TlsFailure;
  readonly alert?: number;
  /** The library's words without build paths, line numbers and thread ids. */
  readonly detail: string;
}

/** What a TLS library's error means in a handshake whose certificate nobody refuses; its words are read only where one happens. */
export async function explain(code: string | undefined, message: string): Promise<Explained> {
  const { cleanTlsMessage, readTlsErrors, tlsFailureOf } = await import('../wire/tlserror.ts');
  const words = cleanTlsMessage(message);
  const number = /alert number (\d{1,3})/i.exec(message)?.[1];
  const found = readTlsErrors(`${code ?? ''} ${words}`).find((e) => e.kind === 'tls');
  const alert = number === undefined ? (found?.kind === 'tls' ? found.alert : undefined) : Number(number);
  // Without a certificate of ours, whatever cannot be decoded is the server's.
  if (/asn1 encoding routines|tls_process_server_certificate/.test(words))
    return { failure: 'bad-certificate', detail: words.slice(0, 400) };
  // Alerts about a certificate can only speak of ours (RFC 8446 §6.2).
  const failure =
    alert !== undefined && alert >= 41 && alert <= 48 && alert !== 47
      ? 'certificate-required'
      : (tlsFailureOf(code, words) ?? 'failed');
  return { failure, detail: words.slice(0, 400), ...(alert === undefined ? {} : { alert }) };
}

/**
 * @param leaf DER of the server's certificate; Node hands it out once, so whoever examined it must keep it.
 * @returns channel-binding data (RFC 9266, RFC 5929); undefined where this connection has none of the type.
 */
export function channelBinding(
  socket: TLSSocket,
  type: 'tls-exporter' | 'tls-server-end-point' | 'tls-unique',
  leaf: Uint8Array | undefined,
): Uint8Array | undefined {
  const modern = socket.getProtocol() === 'TLSv1.3';
  try {
    if (type === 'tls-exporter')
      return modern ? socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0)) : undefined;
    if (type === 'tls-unique') return modern ? undefined : socket.getFinished();
    const hash = leaf && endPointHash(Buffer.from(leaf.buffer, leaf.byteOffset, leaf.length));
    return hash ? createHash(hash).update(leaf).digest() : undefined;
  } catch {
    // A connection that closed meanwhile has no data.
    return undefined;
  }
}

/** Signature algorithms by the bytes of their OID, and the hash of RFC 5929 §4.1: MD5 and SHA-1 count as SHA-256. */
const HASHES: Readonly<Record<string, string>> = {
  '2a864886f70d010104': 'sha256', // md5WithRSAEncryption
  '2a864886f70d010105': 'sha256', // sha1WithRSAEncryption
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a864886f70d01010e': 'sha224',
  '2a8648ce3d0401': 'sha256', // ecdsa-with-SHA1
  '2a8648ce3d040301': 'sha224',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
  '608648016503040302': 'sha256', // dsa-with-sha256
};
/** RSASSA-PSS, whose hash stands in its parameters as one of these OIDs. */
const PSS = '2a864886f70d01010a';
const PSS_HASHES: readonly (readonly [string, string])[] = [
  ['0609608648016503040201', 'sha256'],
  ['0609608648016503040202', 'sha384'],
  ['0609608648016503040203', 'sha512'],
];

/** The hash for tls-server-end-point: of the outer signatureAlgorithm (RFC 5280 §4.1.1.2). Ed25519 and Ed448 have none. */
function endPointHash(der: Buffer): string | undefined {
  const outer = header(der, 0);
  const tbs = outer && header(der, outer.start);
  const algorithm = tbs && header(der, tbs.end);
  const oid = algorithm && header(der, algorithm.start);
  if (!algorithm || !oid) return undefined;
  const id = der.toString('hex', oid.start, oid.end);
  if (id !== PSS) return HASHES[id];
  const parameters = der.toString('hex', oid.end, algorithm.end);
  return PSS_HASHES.find(([h]) => parameters.includes(h))?.[1] ?? 'sha256';
}

/** Where the contents of the DER element at `at` begin and end. */
function header(der: Buffer, at: number): { start: number; end: number } | undefined {
  const first = der[at + 1];
  if (first === undefined) return undefined;
  if (first < 0x80) return { start: at + 2, end: at + 2 + first };
  const n = first & 0x7f;
  if (n === 0 || n > 4 || at + 2 + n > der.length) return undefined;
  const start = at + 2 + n;
  return { start, end: start + der.readUIntBE(at + 2, n) };
}

/** Bytes of a first answer that are shown. */
const FIRST = 200;
const isText = (s: string) => !/[^\t\r\n\x20-\x7e]/.test(s.slice(0, 64));

/**
 * The socket as a stream that remembers the first bytes it received. Every byte then passes through JavaScript twice, so only
 * control handshakes that ask what was said in place of TLS use it.
 */
function tapped(socket: Socket): { readonly stream: Duplex; first(): string } {
  let seen = '';
  const stream = new Duplex({
    read: () => socket.resume(),
    write: (chunk: Buffer, _encoding, done) => {
      socket.write(chunk, done);
    },
    final: (done) => {
      socket.end(done);
    },
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk: Buffer) => {
    if (seen.length < FIRST) seen += chunk.toString('latin1', 0, FIRST);
    if (!stream.push(chunk)) socket.pause();
  });
  socket.once('end', () => stream.push(null));
  socket.once('close', () => stream.destroy());
  stream.on('error', ignore);
  return { stream, first: () => seen.slice(0, FIRST) };
}
