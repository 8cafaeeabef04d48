/** NTLM over SASL, server half ([MS-NLMP], [MS-XLOGIN]): NTLMv2 responses only. */
import { createHmac, randomBytes } from 'node:crypto';
import { md4 } from '../wire/md4.ts';
import { refusedCredentials, refusedSyntax, type SaslContext, type SaslServer, same } from './sasl.ts';

const SIGNATURE = Buffer.from('NTLMSSP\0', 'latin1');
/** UNICODE, REQUEST_TARGET, NTLM, ALWAYS_SIGN, TARGET_TYPE_SERVER, EXTENDED_SESSIONSECURITY, TARGET_INFO, 128, 56. */
const FLAGS = 0xa08a8205 & ~0x8000_0000;
const PROOF = 16;

const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const hmac = (key: Uint8Array, ...parts: readonly Uint8Array[]) => {
  const h = createHmac('md5', key);
  for (const p of parts) h.update(p);
  return h.digest();
};

/** One attribute of the target information: id, length, value ([MS-NLMP] §2.2.2.1). */
function pair(id: number, value: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(value.length, 2);
  return Buffer.concat([head, value]);
}

/** The CHALLENGE_MESSAGE ([MS-NLMP] §2.2.1.2). */
function challengeMessage(nonce: Uint8Array, host: string): Buffer {
  const target = utf16('LAB');
  const info = Buffer.concat([pair(2, target), pair(1, target), pair(3, utf16(host)), pair(0, Buffer.alloc(0))]);
  const head = Buffer.alloc(56);
  SIGNATURE.copy(head);
  head.writeUInt32LE(2, 8);
  head.writeUInt16LE(target.length, 12);
  head.writeUInt16LE(target.length, 14);
  head.writeUInt32LE(head.length, 16);
  head.writeUInt32LE(FLAGS >>> 0, 20);
  Buffer.from(nonce).copy(head, 24);
  head.writeUInt16LE(info.length, 40);
  head.writeUInt16LE(info.length, 42);
  head.writeUInt32LE(head.length + target.length, 44);
  return Buffer.concat([head, target, info]);
}

/** A field of the AUTHENTICATE_MESSAGE: length at `at`, offset four bytes on. */
function field(message: Buffer, at: number): Buffer {
  if (message.length < at + 8) return Buffer.alloc(0);
  const [length, offset] = [message.readUInt16LE(at), message.readUInt32LE(at + 4)];
  return message.subarray(offset, Math.min(message.length, offset + length));
}

export function ntlmServer({ account, host, fixed }: SaslContext): SaslServer {
  const nonce = fixed?.nonce ? Buffer.from(fixed.nonce, 'hex') : randomBytes(8);
  let challenged = false;
  return {
    step(response) {
      if (response === undefined) return { challenge: '' };
      if (!response.subarray(0, 8).equals(SIGNATURE) || response.length < 12) return refusedSyntax('no NTLM message');
      const type = response.readUInt32LE(8);
      if (!challenged && type === 1) {
        challenged = true;
        return { challenge: challengeMessage(nonce, host) };
      }
      if (!challenged || type !== 3 || response.length < 64) return refusedSyntax('the NTLM message is out of order');
      const answer = field(response, 20);
      const unicode = (response.readUInt32LE(60) & 1) !== 0;
      const text = (b: Buffer) => b.toString(unicode ? 'utf16le' : 'latin1');
      const [domain, user] = [text(field(response, 28)), text(field(response, 36))];
      // A user name as an address may come whole, or cut into user and domain.
      const whole = user.includes('@') || domain === '' ? user : `${user}@${domain}`;
      const key = hmac(md4(utf16(account.password)), utf16(user.toUpperCase() + domain));
      const right = answer.length > PROOF && same(hmac(key, nonce, answer.subarray(PROOF)), answer.subarray(0, PROOF));
      return right && (user === account.user || whole.toLowerCase() === account.user.toLowerCase())
        ? { accepted: account.user }
        : refusedCredentials();
    },
  };
}
