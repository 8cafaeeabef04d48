/** SCRAM, client half (RFC 5802, RFC 7677), with channel binding (RFC 5929, RFC 9266). */
import { createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { saslprep } from './saslprep.ts';

export interface ScramBinding {
  readonly type: 'tls-exporter' | 'tls-server-end-point' | 'tls-unique';
  readonly data: Uint8Array;
}

/** More iterations than this would let a server burn our time. */
export const MAX_ITERATIONS = 2_000_000;

export interface Scram {
  readonly first: string;
  /** @returns the final message, or the fault of the server's first message. */
  final(serverFirst: string, password: string): { readonly message: string } | { readonly fault: string };
  /** @returns undefined where the server's signature proves that it knows the password's verifier, else the fault. */
  verify(serverFinal: string): string | undefined;
}

const escapeName = (s: string) => s.replace(/=/g, '=3D').replace(/,/g, '=2C');
const xor = (a: Uint8Array, b: Uint8Array) => a.map((x, i) => x ^ (b[i] ?? 0));
const field = (message: string, key: string) =>
  message
    .split(',')
    .find((p) => p.startsWith(`${key}=`))
    ?.slice(2);

/** @param nonce printable, without comma. `bindable`: the server offered no -PLUS although the channel could bind ("y"). */
export function scram(hash: 'sha1' | 'sha256', user: string, nonce: string, binding?: ScramBinding, bindable = false): Scram {
  const gs2 = binding ? `p=${binding.type},,` : bindable ? 'y,,' : 'n,,';
  const bare = `n=${escapeName(saslprep(user))},r=${nonce}`;
  let expected: Buffer | undefined;
  return {
    first: gs2 + bare,
    final(serverFirst, password) {
      const r = field(serverFirst, 'r');
      const s = field(serverFirst, 's');
      const i = Number(field(serverFirst, 'i'));
      if (serverFirst.startsWith('m=')) return { fault: 'the server demands an extension of SCRAM that is not known' };
      if (r === undefined || s === undefined || !Number.isInteger(i) || i < 1)
        return { fault: 'the first SCRAM message of the server is malformed' };
      if (!r.startsWith(nonce) || r.length === nonce.length)
        return { fault: 'the SCRAM nonce of the server does not begin with ours (RFC 5802 §5.1)' };
      if (i > MAX_ITERATIONS) return { fault: `the server asks for ${i} iterations, more than ${MAX_ITERATIONS}` };
      const size = hash === 'sha1' ? 20 : 32;
      const salted = pbkdf2Sync(saslprep(password), Buffer.from(s, 'base64'), i, size, hash);
      const clientKey = createHmac(hash, salted).update('Client Key').digest();
      const storedKey = createHash(hash).update(clientKey).digest();
      const cbind = Buffer.concat([Buffer.from(gs2), binding ? Buffer.from(binding.data) : Buffer.alloc(0)]).toString('base64');
      const withoutProof = `c=${cbind},r=${r}`;
      const auth = `${bare},${serverFirst},${withoutProof}`;
      const proof = Buffer.from(xor(clientKey, createHmac(hash, storedKey).update(auth).digest())).toString('base64');
      const serverKey = createHmac(hash, salted).update('Server Key').digest();
      expected = createHmac(hash, serverKey).update(auth).digest();
      return { message: `${withoutProof},p=${proof}` };
    },
    verify(serverFinal) {
      const e = field(serverFinal, 'e');
      if (e !== undefined) return `the server said ${e}`;
      const v = Buffer.from(field(serverFinal, 'v') ?? '', 'base64');
      if (!expected || v.length !== expected.length || !timingSafeEqual(v, expected))
        return "the server's SCRAM signature is wrong: it does not know the account's verifier";
      return undefined;
    },
  };
}
