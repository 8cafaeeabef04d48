/** OpenSSL's verdict on a chain: its code, its message, and the problem each stands for (OpenSSL X509_verify_cert_error_string). */
import type { TLSSocket } from 'node:tls';
import type { CertificateProblem } from '../model/evidence.ts';

export interface Verdict {
  /** `DEPTH_ZERO_SELF_SIGNED_CERT`, `UNSPECIFIED`, …; undefined where the chain was accepted. */
  readonly code?: string;
  readonly message?: string;
}

const BY_CODE: Readonly<Record<string, CertificateProblem>> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'untrusted-root',
  UNABLE_TO_GET_ISSUER_CERT: 'incomplete-chain',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'incomplete-chain',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'incomplete-chain',
  CERT_SIGNATURE_FAILURE: 'bad-signature',
  UNABLE_TO_DECRYPT_CERT_SIGNATURE: 'bad-signature',
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: 'malformed',
  ERROR_IN_CERT_NOT_BEFORE_FIELD: 'malformed',
  ERROR_IN_CERT_NOT_AFTER_FIELD: 'malformed',
  CERT_CHAIN_TOO_LONG: 'chain-too-long',
  CERT_REVOKED: 'revoked',
  INVALID_CA: 'path',
  PATH_LENGTH_EXCEEDED: 'path',
  INVALID_PURPOSE: 'wrong-purpose',
  CERT_UNTRUSTED: 'untrusted-root',
  CERT_REJECTED: 'untrusted-root',
  HOSTNAME_MISMATCH: 'identity-differs',
};

/** Messages of the codes that Node calls `UNSPECIFIED`. */
const BY_MESSAGE: readonly (readonly [RegExp, CertificateProblem])[] = [
  [/subtree violation|name constraint|invalid name syntax/, 'constraint'],
  [/unhandled critical extension/, 'critical-extension'],
  [/certificate key too weak/, 'weak-key'],
  [/digest algorithm too weak/, 'weak-signature'],
  [/unspecified certificate verification error/, 'too-complex'],
  [/invalid non-CA certificate|proxy|key usage|path length|basic constraints|CA certificate|non-CA cert/i, 'path'],
  [/extension|policy|empty|key identifier|signature algorithm|public key|elliptic/i, 'malformed'],
  [/host ?name|email address|ip address/i, 'identity-differs'],
  [/trust|reject/i, 'untrusted-root'],
];

/** @returns the problem that OpenSSL means; `untrusted` only where neither code nor message is known. */
export function problemOf({ code, message = '' }: Verdict): CertificateProblem | undefined {
  if (code === undefined) return undefined;
  return BY_CODE[code] ?? BY_MESSAGE.find(([words]) => words.test(message))?.[1] ?? 'untrusted';
}

/** Reads the verdict off a socket after its handshake. The message is only on the handle, which Node does not document. */
export function verdictOf(socket: TLSSocket): Verdict {
  const error: unknown = socket.authorizationError;
  // Node's own name check runs only after OpenSSL accepted the chain; names are judged in `names`.
  if (!error || String(error).startsWith('ERR_TLS_CERT_ALTNAME')) return {};
  if (error instanceof Error) {
    const code: unknown = Reflect.get(error, 'code');
    return { code: typeof code === 'string' ? code : 'UNSPECIFIED', message: error.message };
  }
  const message = handleMessage(socket);
  return { code: String(error), ...(message === undefined ? {} : { message }) };
}

function handleMessage(socket: TLSSocket): string | undefined {
  try {
    const handle: unknown = Reflect.get(socket, 'ssl') ?? Reflect.get(socket, '_handle');
    const verify: unknown = typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'verifyError') : undefined;
    if (typeof verify !== 'function') return undefined;
    const error: unknown = Reflect.apply(verify, handle, []);
    return error instanceof Error ? error.message.slice(0, 300) : undefined;
  } catch {
    return undefined;
  }
}
