/** SCRAM, server half (RFC 5802, 7677), with channel binding (RFC 5929, 9266). */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { refusedCredentials, refusedSyntax, type SaslContext, type SaslServer, type SaslTurn, same } from './sasl.ts';

type Hash = 'sha1' | 'sha256';

const ITERATIONS = 4096;
const LENGTH: Readonly<Record<Hash, number>> = { sha1: 20, sha256: 32 };
/** gs2-header: binding flag, authorization identity; then the bare message with its user name and nonce. */
const FIRST = /^(n|y|p=([A-Za-z0-9.-]+)),(?:a=([^,]*))?,(n=([^,]*),r=([!-+\--~]+))(?:,.*)?$/s;
const FINAL = /^(c=([A-Za-z0-9+/=]+),r=([!-+\--~]+)),p=([A-Za-z0-9+/=]+)$/;

/** The password as stored (SASLprep's essence, RFC 4013: odd spaces to spaces, compatibility forms composed). */
const prepared = (password: string) => password.replace(/[\u00a0\u2000-\u200b\u202f\u205f\u3000]/g, ' ').normalize('NFKC');

export function scramServer(hash: Hash, plus: boolean, context: SaslContext): SaslServer {
  const { account, fixed } = context;
  const salt = Buffer.from(fixed?.salt ?? randomBytes(16));
  const iterations = fixed?.iterations ?? ITERATIONS;
  const salted = pbkdf2Sync(prepared(account.password), salt, iterations, LENGTH[hash], hash);
  const mac = (key: Uint8Array, text: string) => createHmac(hash, key).update(text).digest();
  const clientKey = mac(salted, 'Client Key');
  const storedKey = createHash(hash).update(clientKey).digest();
  let state: { user: string; gs2: string; bound: Uint8Array; bare: string; serverFirst: string; nonce: string } | undefined;
  let finished = false;

  function first(message: string): SaslTurn {
    const m = FIRST.exec(message);
    if (!m) return refusedSyntax('the first SCRAM message is malformed');
    const [, flag = '', type, , bare = '', name = '', clientNonce = ''] = m;
    // A client that could bind and believes that we cannot is being lied to by somebody in between (RFC 5802 §6).
    if (flag === 'y' && context.binding?.('tls-exporter'))
      return refusedCredentials('channel binding was hidden from the client');
    if (plus !== (type !== undefined)) return refusedSyntax('channel binding does not fit the mechanism');
    const bound = type === undefined ? Buffer.alloc(0) : context.binding?.(type);
    if (bound === undefined) return refusedSyntax(`channel binding ${type} cannot be had here`);
    const nonce = clientNonce + (fixed?.nonce ?? randomBytes(18).toString('base64'));
    const serverFirst = `r=${nonce},s=${salt.toString('base64')},i=${iterations}`;
    const gs2 = message.slice(0, message.indexOf(bare, flag.length + 1));
    state = { user: name.replaceAll('=2C', ',').replaceAll('=3D', '='), gs2, bound, bare, serverFirst, nonce };
    return { challenge: serverFirst };
  }

  function final(message: string, s: NonNullable<typeof state>): SaslTurn {
    const m = FINAL.exec(message);
    if (!m) return refusedSyntax('the final SCRAM message is malformed');
    const [, withoutProof = '', binding = '', nonce = '', proof = ''] = m;
    if (nonce !== s.nonce) return refusedCredentials('the nonce is not ours');
    if (!same(Buffer.from(binding, 'base64'), Buffer.concat([Buffer.from(s.gs2), s.bound]))) {
      return refusedCredentials('the channel is not the one that the client sees');
    }
    const authMessage = `${s.bare},${s.serverFirst},${withoutProof}`;
    const signature = mac(storedKey, authMessage);
    const claimed = Buffer.from(proof, 'base64').map((b, i) => b ^ (signature[i] ?? 0));
    const right = s.user === account.user && same(createHash(hash).update(claimed).digest(), storedKey);
    if (!right || claimed.length !== LENGTH[hash]) return refusedCredentials();
    finished = true;
    return { challenge: `v=${mac(mac(salted, 'Server Key'), authMessage).toString('base64')}` };
  }

  return {
    step(response) {
      if (finished) return { accepted: account.user };
      if (response === undefined) return { challenge: '' };
      const said = response.toString('utf8');
      return state === undefined ? first(said) : final(said, state);
    },
  };
}
