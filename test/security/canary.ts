/** Secrets that are easy to find again, every form in which one may come back, and the search for them. */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { USER } from './raw.ts';

export const CANARY = 'Zq7-CANARY-p@ss w+rd&<">\\%é';
export const TOKEN = 'ya29.Tk-CANARY-0Xq3vJ8mWz5kLr7Yt1Nb6Pd4-zq9Kd';

const b64 = (v: string | Buffer) => Buffer.from(v).toString('base64');
const url = (s: string) => s.replaceAll('+', '-').replaceAll('/', '_');
const hex = (v: Buffer) => v.toString('hex');
const entity = (s: string, of: (code: number, c: string) => string) =>
  [...s].map((c) => (/[A-Za-z0-9]/.test(c) ? c : of(c.codePointAt(0) ?? 0, c))).join('');

/** The characters that are the same whatever stands around the secret, at each of the three alignments. */
function cores(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const text = b64(Buffer.concat([Buffer.alloc(shift), bytes]));
    const rest = (shift + bytes.length) % 3;
    const end = text.length - (rest === 0 ? 0 : 5 - rest);
    return text.slice(shift === 0 ? 0 : 4, end);
  });
}

/** @returns what a server may say of a secret, by the name of the encoding. */
export function forms(secret: string, user = USER): Readonly<Record<string, string>> {
  const utf8 = Buffer.from(secret, 'utf8');
  const latin1 = Buffer.from(secret, 'latin1');
  const plain = b64(`\0${user}\0${secret}`);
  return {
    raw: secret,
    latin1: latin1.toString('latin1'),
    'utf8 as latin1': utf8.toString('latin1'),
    base64: b64(utf8),
    'base64 of latin1': b64(latin1),
    'base64 at 1': b64(Buffer.concat([Buffer.from('x'), utf8, Buffer.from('yz')])),
    'base64 at 2': b64(Buffer.concat([Buffer.from('xx'), utf8, Buffer.from('y')])),
    base64url: url(b64(utf8)),
    'base64url at 1': url(b64(Buffer.concat([Buffer.from('x'), utf8]))),
    'base64url at 2': url(b64(Buffer.concat([Buffer.from('xx'), utf8]))),
    'base64 twice': b64(b64(utf8)),
    'base64 without padding': b64(utf8).replace(/=+$/, ''),
    'AUTH PLAIN': plain,
    'AUTH PLAIN, authzid': b64(`${user}\0${user}\0${secret}`),
    'PLAIN twice': b64(plain),
    XOAUTH2: b64(`user=${user}\x01auth=Bearer ${secret}\x01\x01`),
    OAUTHBEARER: b64(`n,a=${user},\x01host=mail.example.test\x01port=993\x01auth=Bearer ${secret}\x01\x01`),
    percent: encodeURIComponent(secret),
    'percent, lower case': encodeURIComponent(secret).replace(/%../g, (h) => h.toLowerCase()),
    form: new URLSearchParams({ p: secret }).toString().slice(2),
    'form, spaces as %20': new URLSearchParams({ p: secret }).toString().slice(2).replaceAll('+', '%20'),
    JSON: JSON.stringify(secret).slice(1, -1),
    'JSON, ASCII': entity(secret, (n, c) =>
      n > 0x7e ? `\\u${n.toString(16).padStart(4, '0')}` : JSON.stringify(c).slice(1, -1),
    ),
    HTML: secret.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? '&#39;'),
    'HTML, decimal': entity(secret, (n) => `&#${n};`),
    'XML, hexadecimal': entity(secret, (n) => `&#x${n.toString(16)};`),
    shell: `'${secret.replaceAll("'", "'\\''")}'`,
    'IMAP quoted': `"${secret.replace(/[\\"]/g, '\\$&')}"`,
    'IMAP LOGIN line': `a1 LOGIN ${user} "${secret.replace(/[\\"]/g, '\\$&')}"`,
    'IMAP literal': `{${utf8.length}} ${secret}`,
    hex: hex(utf8),
    'hex, upper case': hex(utf8).toUpperCase(),
    'hex, spaced': hex(utf8).replace(/..(?=.)/g, '$& '),
    reversed: [...secret].reverse().join(''),
    'PASS line': `PASS ${secret}`,
    'part of it': secret.slice(4, 14),
  };
}

/** What an answer to a challenge gives away: digests and proofs. @returns needles. */
export function digests(secret: string, challenge: string): readonly string[] {
  return [
    createHmac('md5', secret).update(challenge).digest('hex'),
    createHash('md5')
      .update(challenge + secret)
      .digest('hex'),
  ];
}

/** The salted password and the keys made of it (RFC 5802), as base64 and hexadecimal. */
export function salted(secret: string, salt: string, iterations: number): readonly string[] {
  const key = pbkdf2Sync(secret.normalize('NFKC'), Buffer.from(salt, 'base64'), iterations, 32, 'sha256');
  const client = createHmac('sha256', key).update('Client Key').digest();
  return [key, client, createHash('sha256').update(client).digest()].flatMap((k) => [k.toString('base64'), k.toString('hex')]);
}

const windows = (s: string, n = 6) => Array.from({ length: Math.max(0, s.length - n + 1) }, (_, i) => s.slice(i, i + n));

/** @returns everything of a secret that may stand nowhere, as Latin-1 so that bytes can be searched. */
export function needles(secret: string): readonly string[] {
  const bytes = (s: string) => Buffer.from(s, 'utf8').toString('latin1');
  const utf8 = Buffer.from(secret, 'utf8');
  const latin1 = Buffer.from(secret, 'latin1');
  const long = [
    ...cores(utf8),
    ...cores(latin1),
    ...cores(Buffer.from(b64(utf8))),
    ...cores(utf8).map(url),
    hex(utf8),
    hex(utf8).toUpperCase(),
    hex(utf8).replace(/..(?=.)/g, '$& '),
    encodeURIComponent(secret),
    entity(secret, (n) => `&#${n};`),
    entity(secret, (n) => `&#x${n.toString(16)};`),
    entity(secret, (n) => `\\u${n.toString(16).padStart(4, '0')}`),
  ];
  const readable = [bytes(secret), latin1.toString('latin1'), bytes([...secret].reverse().join(''))];
  // Of an encoding twelve characters in a row are no accident; of the secret itself six.
  return [...new Set([...readable.flatMap((s) => windows(s)), ...long.flatMap((s) => windows(bytes(s), 12))])];
}

const sets = new WeakMap<readonly string[], ReadonlyMap<number, ReadonlySet<string>>>();

/** @returns the needles that stand in a text of bytes as Latin-1. */
export function found(text: string, list: readonly string[]): readonly string[] {
  let bySize = sets.get(list);
  if (!bySize) {
    bySize = new Map(
      [...new Set(list.map((n) => n.length))].map((size) => [size, new Set(list.filter((n) => n.length === size))]),
    );
    sets.set(list, bySize);
  }
  const out = new Set<string>();
  for (const [size, set] of bySize)
    for (let i = 0; i + size <= text.length; i++) {
      const window = text.slice(i, i + size);
      if (set.has(window)) out.add(window);
    }
  return [...out];
}

/** Bytes as Latin-1 of a text. */
export const bytesOf = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
