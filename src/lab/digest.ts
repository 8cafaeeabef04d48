/** DIGEST-MD5, server half (RFC 2831; historic since RFC 6331, but still offered by old servers). */
import { createHash, randomBytes } from 'node:crypto';
import { refusedCredentials, refusedSyntax, type SaslContext, type SaslServer, same } from './sasl.ts';

const md5 = (...parts: readonly (string | Uint8Array)[]) => {
  const h = createHash('md5');
  for (const p of parts) h.update(p);
  return h.digest();
};

/** `name=value` and `name="quoted"`, comma-separated; the first of a name counts. */
function directives(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const m of text.matchAll(/([a-z-]+)=(?:"((?:[^"\\]|\\.)*)"|([^",\s]*))/gi)) {
    const name = (m[1] ?? '').toLowerCase();
    if (!found.has(name)) found.set(name, (m[2] ?? m[3] ?? '').replace(/\\(.)/g, '$1'));
  }
  return found;
}

export function digestMd5Server({ account, host, fixed }: SaslContext): SaslServer {
  const realm = host;
  const nonce = fixed?.nonce ?? randomBytes(16).toString('base64');
  let finished = false;
  return {
    step(response) {
      if (finished) return { accepted: account.user };
      if (response === undefined) {
        return { challenge: `realm="${realm}",nonce="${nonce}",qop="auth",algorithm=md5-sess,charset=utf-8` };
      }
      const d = directives(response.toString('utf8'));
      const get = (name: string) => d.get(name) ?? '';
      if (get('nonce') !== nonce || get('cnonce') === '' || get('nc') !== '00000001') {
        return refusedSyntax('the digest response is malformed or answers another challenge');
      }
      if ((get('qop') || 'auth') !== 'auth' || !/^(imap|pop|smtp)\//i.test(get('digest-uri'))) {
        return refusedSyntax('the digest response asks for what is not offered');
      }
      const secret = md5(`${get('username')}:${get('realm')}:${account.password}`);
      const authzid = d.has('authzid') ? `:${get('authzid')}` : '';
      const a1 = md5(secret, `:${nonce}:${get('cnonce')}${authzid}`).toString('hex');
      const value = (a2: string) =>
        md5(`${a1}:${nonce}:00000001:${get('cnonce')}:auth:${md5(a2).toString('hex')}`).toString('hex');
      const right = get('username') === account.user && same(get('response'), value(`AUTHENTICATE:${get('digest-uri')}`));
      if (!right) return refusedCredentials();
      finished = true;
      return { challenge: `rspauth=${value(`:${get('digest-uri')}`)}` };
    },
  };
}
