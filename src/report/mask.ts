/** Masks of names and places in free text: addresses, hosts, IP addresses, user names, also inside base64; each consistently. Pure. */

/** Masks one text after the other, consistently. */
export type Mask = (text: string) => string;

/** The mask of texts, and those of a field that is known to hold a user name or a host. */
export type Masks = Mask & { readonly user: Mask; readonly host: Mask };

type Kind = 'user' | 'domain' | 'host' | 'ip' | 'org' | 'token';

/** Who was given which name: one for all reports of a run, so that the same host is the same `host1` in each. */
export interface Names {
  name(kind: Kind, value: string): string;
}

export function createNames(): Names {
  const given = new Map<string, string>();
  const counts: Record<Kind, number> = { user: 0, domain: 0, host: 0, ip: 0, org: 0, token: 0 };
  return {
    name(kind, value) {
      const key = `${kind} ${value.toLowerCase()}`;
      let masked = given.get(key);
      if (masked === undefined) {
        counts[kind] += 1;
        masked = `${kind}${counts[kind]}`;
        given.set(key, masked);
      }
      return masked;
    },
  };
}

/** @returns the names, but for tokens: a session's own ids are nobody else's, and a run would keep them all. */
const withOwnTokens = (shared: Names): Names => {
  const own = createNames();
  return { name: (kind, value) => (kind === 'token' ? own : shared).name(kind, value) };
};

const EMAIL = /[^\s<>()[\]{}"'`,;:=@\\/]{1,64}@(?:[\p{L}\p{N}_-]{1,63}\.){0,8}[\p{L}\p{N}_-]{1,63}/giu;
const IPV4 = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)/g;
const IPV6 = /(?<![\w:.])(IPv6:|IP:)?([0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:%\w{1,20})?)(?![\w:])/gi;
const HOST =
  /(?<![\w.@-])(?:\*\.)?(?:[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?\.){1,126}(?:\p{L}{2,24}|xn--[a-z0-9-]{1,59})(?![\w-])/giu;
const TOKEN = /(?<![\w+/=-])[\w+/=-]{16,}/g;
/** In the path of a URL a slash ends a word: what a help page is called stays legible, an id in it does not. */
const IN_PATH = /(?<![\w+=-])[\w+=-]{16,}/g;
const PATHS = /(https?:\/\/[^\s<>"'`?#]+)/i;

/** @returns a mask that knows these names from the start, in this order: the account's own come first. */
export function maskOf(
  known: {
    readonly addresses: readonly string[];
    readonly users: readonly string[];
    readonly hosts: readonly string[];
    readonly organisations?: readonly string[];
  },
  shared?: Names,
): Masks {
  const { name } = shared ? withOwnTokens(shared) : createNames();
  const email = (address: string) => {
    const at = address.lastIndexOf('@');
    return `${name('user', address.slice(0, at))}@${name('domain', address.slice(at + 1))}`;
  };
  const user = (text: string) => (text.includes('@') ? email(text) : name('user', text));
  const host = (text: string) => (isIp(text) ? name('ip', text) : name('host', text.replace(/\.$/, '')));

  const domains = new Set<string>();
  const exact: { readonly needle: string; readonly mask: string }[] = [];
  const learn = (needle: string, masked: string) => {
    if (needle !== '') exact.push({ needle, mask: masked });
  };
  for (const a of known.addresses) {
    const at = a.lastIndexOf('@');
    domains.add(a.slice(at + 1).toLowerCase());
    learn(a, email(a));
    learn(a.slice(0, at), name('user', a.slice(0, at)));
  }
  for (const u of known.users) learn(u, user(u));
  for (const h of known.hosts) learn(h, host(h));
  for (const o of known.organisations ?? []) if (o.length > 2) learn(o, name('org', o));
  const longestFirst = (a: { needle: string }, b: { needle: string }) => b.needle.length - a.needle.length;
  const words = exact.sort(longestFirst);
  const names = [...known.addresses, ...known.users, ...known.addresses.map((a) => a.slice(0, a.lastIndexOf('@')))];
  const encoded = [...new Set(names)]
    .filter((v) => v.length > 2)
    .flatMap((v) => encodings(v).map((needle) => ({ needle, mask: `base64(${user(v)})` })))
    .sort(longestFirst);

  const mask: Mask = (text) => {
    let t = text;
    for (const { needle, mask: m } of encoded) t = t.replaceAll(needle, m);
    for (const { needle, mask: m } of words) if (needle.includes('@')) t = replaceWord(t, needle, m);
    t = t.replace(EMAIL, (a) => (MASKED.test(a) ? a : email(a)));
    t = t.replace(IPV4, (a) => (isIp(a) ? name('ip', a) : a));
    t = t.replace(IPV6, (all, prefix: string | undefined, a: string) => (isIp(a) ? `${prefix ?? ''}${name('ip', a)}` : all));
    t = t.replace(HOST, (h, at: number) => {
      // The code of a reply that goes on is no part of a name (RFC 5321 §4.2.1).
      const code = at === 0 || t[at - 1] === '\n' ? (/^[2-5]\d\d-/.exec(h)?.[0] ?? '') : '';
      const bare = h.slice(code.length);
      return code + (domains.has(bare.toLowerCase()) ? name('domain', bare) : name('host', bare));
    });
    for (const { needle, mask: m } of words) if (!needle.includes('@')) t = replaceWord(t, needle, m);
    const token = (x: string) => (looksLikeToken(x) ? name('token', x) : x);
    return t
      .split(PATHS)
      .map((part, i) => part.replace(i % 2 === 1 ? IN_PATH : TOKEN, token))
      .join('');
  };
  return Object.assign(mask, { user, host });
}

const MASKED = /^user\d+@domain\d+$/;

/** Session ids and the like: long, with digits and lower-case letters mixed. Upper-case words are names of mechanisms and ciphers. */
const looksLikeToken = (x: string) => /\d/.test(x) && /[a-z]/.test(x) && !/^(user|domain|host|ip|org|token)\d+$/.test(x);

const WORD_CHAR = /[\p{L}\p{N}_]/u;

/** Replaces a needle where it stands alone, whatever its case; linear. */
function replaceWord(text: string, needle: string, masked: string): string {
  if (needle === '') return text;
  const hay = text.toLowerCase();
  const low = needle.toLowerCase();
  // Lower-casing may change lengths (İ); then only the exact case is looked for.
  const [from, what] = hay.length === text.length && low.length === needle.length ? [hay, low] : [text, needle];
  let out = '';
  let last = 0;
  for (let i = from.indexOf(what); i >= 0; i = from.indexOf(what, i + what.length)) {
    const before = text.charAt(i - 1);
    const after = text.charAt(i + what.length);
    if (WORD_CHAR.test(before) || WORD_CHAR.test(after)) continue;
    out += text.slice(last, i) + masked;
    last = i + what.length;
  }
  return out + text.slice(last);
}

/** The forms of a name inside base64, at each of the three alignments: the characters that do not depend on the neighbours. */
function encodings(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const whole = bytes.toString('base64').replace(/=+$/, '');
  const inner = [0, 1, 2].map((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const start = offset === 0 ? 0 : offset + 1;
    const bits = (offset + bytes.length) * 8;
    return padded.slice(start, Math.floor(bits / 6));
  });
  return [...new Set([whole, ...inner])].filter((e) => e.length >= (e === whole ? 4 : 6));
}

/** IPv4 or IPv6 in text form; a time of day is neither. */
function isIp(text: string): boolean {
  const bare = text.replace(/^\[|\]$|%.*$/g, '');
  const v4 = bare.split('.');
  if (v4.length === 4 && v4.every((p) => /^\d{1,3}$/.test(p) && Number(p) < 256)) return true;
  if (!/^[0-9a-f:.]+$/i.test(bare) || !bare.includes(':')) return false;
  const groups = bare.split(':');
  return bare.includes('::') ? groups.length <= 9 && bare !== '::' : groups.length === 8;
}
