/** NTLMv2 over SASL, messages 1 to 3 ([MS-NLMP] 2.2.1, 3.3.2). */
import { createHmac } from 'node:crypto';
import { md4 } from './md4.ts';

const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');
const FLAGS = 0x00088207; // unicode, oem, request target, NTLM, always sign, extended session security

/** @returns the negotiate message. */
export function ntlmNegotiate(): Uint8Array {
  const m = Buffer.alloc(32);
  SIGNATURE.copy(m);
  m.writeUInt32LE(1, 8);
  m.writeUInt32LE(FLAGS, 12);
  return m;
}

/**
 * @param challenge the server's message 2.
 * @param clientNonce 8 random bytes; `now` in milliseconds.
 * @returns message 3, or undefined where the challenge is not one.
 */
export function ntlmAuthenticate(
  challenge: Uint8Array,
  user: string,
  password: string,
  clientNonce: Uint8Array,
  now: number,
): Uint8Array | undefined {
  const c = Buffer.from(challenge);
  if (c.length < 32 || !c.subarray(0, 8).equals(SIGNATURE) || c.readUInt32LE(8) !== 2) return undefined;
  const server = c.subarray(24, 32);
  let target = Buffer.alloc(0);
  if (c.length >= 48) {
    const length = c.readUInt16LE(40);
    const offset = c.readUInt32LE(44);
    if (offset + length <= c.length) target = c.subarray(offset, offset + length);
  }
  const slash = user.indexOf('\\');
  const domain = slash > 0 ? user.slice(0, slash) : '';
  const name = slash > 0 ? user.slice(slash + 1) : user;
  const key = createHmac('md5', md4(Buffer.from(password, 'utf16le')))
    .update(Buffer.from(name.toUpperCase() + domain, 'utf16le'))
    .digest();
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE((BigInt(now) + 11644473600000n) * 10000n);
  const blob = Buffer.concat([
    Buffer.from([1, 1, 0, 0, 0, 0, 0, 0]),
    time,
    clientNonce,
    Buffer.alloc(4),
    target,
    Buffer.alloc(4),
  ]);
  const proof = createHmac('md5', key)
    .update(Buffer.concat([server, blob]))
    .digest();
  const nt = Buffer.concat([proof, blob]);
  const lm = Buffer.concat([
    createHmac('md5', key)
      .update(Buffer.concat([server, clientNonce]))
      .digest(),
    clientNonce,
  ]);
  const parts = [
    lm,
    nt,
    Buffer.from(domain, 'utf16le'),
    Buffer.from(name, 'utf16le'),
    Buffer.from('MAILCHECK', 'utf16le'),
    Buffer.alloc(0),
  ];
  const head = Buffer.alloc(64);
  SIGNATURE.copy(head);
  head.writeUInt32LE(3, 8);
  let offset = 64;
  for (const [i, part] of parts.entries()) {
    head.writeUInt16LE(part.length, 12 + i * 8);
    head.writeUInt16LE(part.length, 14 + i * 8);
    head.writeUInt32LE(offset, 16 + i * 8);
    offset += part.length;
  }
  head.writeUInt32LE(FLAGS, 60);
  return Buffer.concat([head, ...parts]);
}
