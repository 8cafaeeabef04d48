/** Signatures over OCSP responses and CRLs (RFC 6960 §4.2.1, RFC 5280 §5.1.1), verified by OpenSSL over the bytes as sent. */
import { constants, type KeyObject, verify } from 'node:crypto';
import { readAlgorithm } from './certificate.ts';
import { type Der, readDer } from './x509.ts';

/**
 * @param algorithm AlgorithmIdentifier as sent; `signature` the content of the BIT STRING, unused-bits octet included.
 * @returns true where `key` made the signature; false too where the algorithm is unknown or the key does not fit.
 */
export function isSigned(body: Buffer, algorithm: Buffer | Der, signature: Buffer, key: KeyObject): boolean {
  const { name, digest, salt } = readAlgorithm(Buffer.isBuffer(algorithm) ? readDer(algorithm) : algorithm);
  if (signature[0] !== 0) return false;
  const type = key.asymmetricKeyType ?? '';
  const pss = salt === undefined ? {} : { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: salt };
  const fits =
    (name.includes('RSA') && type.startsWith('rsa')) ||
    (name.startsWith('ecdsa') && type === 'ec') ||
    (name.startsWith('dsa') && type === 'dsa') ||
    name.toLowerCase() === type;
  if (!fits) return false;
  try {
    return verify(digest ?? null, body, { key, ...pss }, signature.subarray(1));
  } catch {
    return false;
  }
}
