/** Certificates as servers hand them out under issuer URLs (RFC 5280 §4.2.2.1): one in DER, a PKCS #7 bundle (RFC 5652), or PEM. */
import { inside } from './x509.ts';

const MAX = 20;
const SIGNED_DATA = Buffer.from('06092a864886f70d010702', 'hex');
const PEM = /-----BEGIN (CERTIFICATE|PKCS7)-----([A-Za-z0-9+/=\s]*)-----END/g;

/** @returns the DER of each certificate found, at most twenty. */
export function certificatesIn(input: Uint8Array): readonly Buffer[] {
  const bytes = Buffer.from(input);
  if (bytes[0] !== 0x30) {
    const found: Buffer[] = [];
    for (const [, , body = ''] of bytes.toString('latin1').matchAll(PEM)) {
      if (found.length < MAX) found.push(...certificatesIn(Buffer.from(body, 'base64')));
    }
    return found.slice(0, MAX);
  }
  const [first, content] = inside(bytes);
  if (!first?.raw.equals(SIGNED_DATA)) return first?.id === 0x30 ? [bytes] : [];
  const data = content && inside(content.raw)[0];
  const certificates = data && inside(data.raw).find((r) => r.id === 0xa0);
  return certificates
    ? inside(certificates.raw)
        .slice(0, MAX)
        .map((r) => r.raw)
    : [];
}
