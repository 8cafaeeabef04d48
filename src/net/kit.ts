/** What TLS needs, loaded once a process for each set of trust anchors: contexts, and the examination of certificates. */
import type { SecureResult } from '../model/net.ts';
import type { TlsKit } from './line.ts';
import { createContexts } from './tls.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** By the variables that matter, then by the text of --ca-file: that is long, and only its identity is looked at. */
const kits = new Map<string, Map<string | undefined, Promise<TlsKit>>>();

/** @param ca PEM text of --ca-file. @returns the kit over these anchors; rejects where the anchors cannot be read at all. */
export function loadTls(ca: string | undefined, env: Environment): Promise<TlsKit> {
  const key = [env.NODE_EXTRA_CA_CERTS, env.SSL_CERT_FILE, env.SSL_CERT_DIR].join('\0');
  const own = kits.get(key) ?? new Map<string | undefined, Promise<TlsKit>>();
  kits.set(key, own);
  const known = own.get(ca);
  if (known) return known;
  const made = makeKit(ca, env);
  if (own.size >= 8) own.clear();
  own.set(ca, made);
  return made;
}

/** A fingerprint in the form of Node's certificates. */
const printed = (hex: string) => hex.toUpperCase().replace(/..(?=.)/g, '$&:');

async function makeKit(ca: string | undefined, env: Environment): Promise<TlsKit> {
  const [{ loadAnchors }, { judgeChain }, { peerChain, readOnce }, { verdictOf }] = await Promise.all([
    import('./trust.ts'),
    import('./certificate.ts'),
    import('./chain.ts'),
    import('./verdict.ts'),
  ]);
  const anchors = loadAnchors({ ...(ca === undefined ? {} : { ca }), env });
  // A batch meets the same certificates many times a second; what was found of one holds for that second.
  let second = 0;
  const found = new Map<string, Map<string, Omit<SecureResult, 'tls'>>>();
  return {
    context: createContexts(anchors),
    examine({ socket, ...input }) {
      const now = new Date();
      const verdict = verdictOf(socket);
      const at = Math.floor(now.getTime() / 1000);
      if (at !== second) found.clear();
      second = at;
      const place = `${input.host} ${input.address} ${input.port} ${verdict.code} ${verdict.message}`;
      // Node copies the whole chain to hand it over; the leaf by itself is cheaper to look at, and enough to know it again.
      const here = found.get(place);
      const known = here && !input.stapled ? here.get(socket.getPeerCertificate().fingerprint256) : undefined;
      if (known) return known;
      const chain = peerChain(socket).map(readOnce);
      const { sent, built, ...seen } = judgeChain({ ...input, now, anchors }, chain, verdict);
      const result = { ...seen, chain: { sent, built } };
      const [leaf] = chain;
      if (leaf && !input.stapled) found.set(place, (here ?? new Map()).set(printed(leaf.sha256), result));
      return result;
    },
  };
}
