/**
 * Masks secrets by value in every text that comes in or is shown, in whatever encoding a server may echo them (RFC 4648 for
 * base64, RFC 3986 for percent escapes). A mask has a fixed width and tells no length.
 *
 * Six characters in a row of a secret, in any encoding, are masked, unless they are part of a word that servers say of
 * themselves: to hide "password" in "incorrect password" would hide the diagnosis and give the secret away.
 */
import { MASK, openSecret, type Secret } from '../model/secret.ts';

export interface Masker {
  /** False where there is nothing to mask: callers may then skip it. */
  readonly active: boolean;
  mask(text: string): string;
  /** Remembers what was really sent in place of `shown`: digests, proofs and blobs made from a secret. */
  learn(wire: string, shown: string): void;
}

/** Characters in a row that are masked. */
const WINDOW = 6;
/** A shorter secret is masked only where it stands as a word of its own. */
const SHORT = 4;

/** Words of mail servers' own texts; a part of one of them alone is never taken for a secret. */
const VOCABULARY = (
  'password passwords passphrase passwd authentication authenticate authenticated authenticating authenticator authorization ' +
  'authorized unauthorized credentials credential username usernames accounts account administrator administrators mailboxes ' +
  'mailbox mailserver server servers service services connection connections connected temporary temporarily temporäre ' +
  'security application specific required requires disabled enabled rejected incorrect invalid failed failure failures error ' +
  'errors wrong login logins logged signin locked blocked suspended expired exceeded exceeds quota attempts attempt message messages ' +
  'recipient recipients sender senders address addresses domain domains relaying relayed relay access denied protocol protocols ' +
  'command commands unknown supported unsupported unavailable available starttls plaintext cleartext encryption encrypted encrypt ' +
  'certificate certificates contact please support internal unexpected maintenance timeout timed policy policies permission ' +
  'permitted permissions allowed verify verification verified browser insecure secure greylisted blacklisted blocklisted spamhaus ' +
  'capability capabilities mechanism mechanisms challenge response session sessions simultaneous concurrent microsoft outlook ' +
  'exchange dovecot postfix gmail google yahoo zoho hotmail office example localhost internet network completed complete closing ' +
  'transmission channel welcome ready goodbye success successful successfully accepted refused request requested action mail email ' +
  'smtp imap pop3 pop test user admin pass plain bearer token tokens oauth default postmaster hostname support'
).split(' ');
const WORDS = VOCABULARY.join(' ');

const latin1 = (s: string) => Buffer.from(s, 'utf8').toString('latin1');
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (s: string, how: (c: string) => string) => s.replace(/[^A-Za-z0-9]/gu, how);
const percent = (bytes: Buffer, lower: boolean) =>
  [...bytes]
    .map((b) =>
      /[A-Za-z0-9._~-]/.test(String.fromCharCode(b)) ? String.fromCharCode(b) : `%${lower ? hex2(b) : hex2(b).toUpperCase()}`,
    )
    .join('');
const hex2 = (b: number) => b.toString(16).padStart(2, '0');

/** The part of a base64 text that is the same whatever stands before and after the secret, for each of the three alignments. */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const from = shift === 0 ? 0 : shift + 1;
    // A last group that is not full shares its last character with what follows.
    const full = (shift + bytes.length) % 3 === 0;
    return text.slice(from, full ? text.length : text.length - 1);
  });
}

const urlSafe = (s: string) => s.replaceAll('+', '-').replaceAll('/', '_');

interface Forms {
  /** Readable forms: words of the vocabulary are left alone in them. */
  readonly readable: readonly string[];
  /** Encodings, in which no word of a server occurs by chance. */
  readonly encoded: readonly string[];
}

const known = new WeakMap<Secret, Forms>();

function formsOf(secret: Secret): Forms {
  const cached = known.get(secret);
  if (cached) return cached;
  const value = openSecret(secret);
  const utf8 = Buffer.from(value, 'utf8');
  const eight = Buffer.from(value, 'latin1');
  const code = (c: string) => c.codePointAt(0) ?? 0;
  const readable = new Set([
    value,
    latin1(value),
    JSON.stringify(value).slice(1, -1),
    escaped(value, (c) => `\\u${code(c).toString(16).padStart(4, '0')}`),
    value.replace(/[&<>"']/g, (c) => entities[c] ?? c),
    value.replace(/'/g, '&apos;').replace(/[&<>"](?!apos;)/g, (c) => entities[c] ?? c),
    escaped(value, (c) => `&#${code(c)};`),
    escaped(value, (c) => `&#x${code(c).toString(16)};`),
    percent(utf8, false),
    percent(utf8, true),
    percent(utf8, false).replaceAll('%20', '+'),
    value.replace(/[\\"]/g, '\\$&'),
    value.replaceAll("'", "'\\''"),
    escaped(value, (c) => `\\${c}`),
    [...value].reverse().join(''),
  ]);
  const cores = [utf8, eight].flatMap(base64Cores);
  const hex = utf8.toString('hex');
  const pairs = hex.match(/../g) ?? [];
  const encoded = new Set([
    ...cores,
    ...cores.map(urlSafe),
    ...base64Cores(Buffer.from(utf8.toString('base64'), 'latin1')),
    hex,
    hex.toUpperCase(),
    pairs.join(' '),
    pairs.join(' ').toUpperCase(),
    pairs.join(':'),
    pairs.join(':').toUpperCase(),
    utf8.toString('base64'),
  ]);
  const forms = { readable: [...readable], encoded: [...encoded] };
  known.set(secret, forms);
  return forms;
}

/** AUTH PLAIN, XOAUTH2 and OAUTHBEARER as they go over the wire, whole. */
function blobsOf(value: string, user: string): string[] {
  const b64 = (s: string) => Buffer.from(s, 'utf8').toString('base64');
  return [b64(`\0${user}\0${value}`), b64(`${user}\0${user}\0${value}`), b64(`user=${user}\x01auth=Bearer ${value}\x01\x01`)];
}

const HASHES = 32_768;
/** A rolling hash of six characters: three multiplications, no allocation. */
const hashAt = (s: string, i: number) => {
  let h = 0;
  for (let k = i; k < i + WINDOW; k++) h = (Math.imul(h, 31) + s.charCodeAt(k)) | 0;
  return (h ^ (h >>> 15)) & (HASHES - 1);
};

/** Everything to look for, made when the first text is masked. */
interface Needles {
  readonly readable: readonly string[];
  readonly encoded: readonly string[];
  readonly tokens: readonly string[];
  readonly bloom: Uint8Array;
}

function needlesOf(secrets: readonly Secret[]): Needles {
  const long = (list: readonly string[]) => list.filter((n) => n.length >= WINDOW);
  const enough = secrets.filter((s) => [...openSecret(s)].length >= SHORT).map(formsOf);
  const readable = long(enough.flatMap((f) => f.readable));
  const encoded = long(enough.flatMap((f) => f.encoded));
  const short = secrets.flatMap((s) => formsOf(s).readable).filter((n) => n.length > 0 && n.length < WINDOW);
  const tokens = [...new Set(short)].filter((n) => !WORDS.includes(n.toLowerCase()));
  const bloom = new Uint8Array(HASHES);
  for (const list of [readable, encoded])
    for (const needle of list) for (let i = 0; i + WINDOW <= needle.length; i++) bloom[hashAt(needle, i)] = 1;
  return { readable, encoded, tokens, bloom };
}

/** Nothing but words of the vocabulary, or parts of them. */
const isOrdinary = (run: string) =>
  /^[A-Za-zäöü ]+$/.test(run) &&
  run
    .toLowerCase()
    .split(' ')
    .every((word) => WORDS.includes(word));

/** The longest run around `at` that is part of a needle, by its start and end; undefined where there is none. */
function runAt(text: string, at: number, needles: readonly string[], words: boolean): readonly [number, number] | undefined {
  const gram = text.slice(at, at + WINDOW);
  let best: readonly [number, number] | undefined;
  for (const needle of needles) {
    for (let p = needle.indexOf(gram); p >= 0; p = needle.indexOf(gram, p + 1)) {
      let before = 0;
      while (before < Math.min(at, p) && text[at - before - 1] === needle[p - before - 1]) before += 1;
      let length = WINDOW;
      while (p + length < needle.length && text[at + length] === needle[p + length]) length += 1;
      const run = [at - before, at + length] as const;
      if (words && isOrdinary(text.slice(...run))) continue;
      if (!best || run[1] - run[0] > best[1] - best[0]) best = run;
    }
  }
  return best;
}

function maskRuns(text: string, needles: Needles): string {
  let out = '';
  let done = 0;
  for (let i = 0; i + WINDOW <= text.length; i++) {
    if (needles.bloom[hashAt(text, i)] === 0) continue;
    const run = runAt(text, i, needles.readable, true) ?? runAt(text, i, needles.encoded, false);
    if (!run) continue;
    // Two parts that touch make one mask.
    if (done === 0 || run[0] > done) out += text.slice(done, run[0]) + MASK;
    done = Math.max(done, run[1]);
    i = Math.max(i, run[1] - WINDOW);
  }
  return done === 0 ? text : out + text.slice(done);
}

/** @returns the masker of a run. @param users whose blobs with the secrets are masked whole. */
export function createMasker(secrets: readonly Secret[], users: readonly string[] = []): Masker {
  const values = secrets.map(openSecret).filter((v) => v !== '');
  if (values.length === 0) return { active: false, mask: (text) => text, learn: () => {} };
  const exact = new Set(values.flatMap((v) => users.flatMap((u) => blobsOf(v, u))));
  let needles: Needles | undefined;
  return {
    active: true,
    mask(text) {
      needles ??= needlesOf(secrets);
      let out = text;
      for (const payload of exact) if (out.includes(payload)) out = out.replaceAll(payload, MASK);
      if (out.length >= WINDOW) out = maskRuns(out, needles);
      for (const token of needles.tokens) if (out.includes(token)) out = maskToken(out, token);
      return out;
    },
    learn(wire, shown) {
      const seen = new Set(shown.split(' '));
      for (const word of wire.slice(0, 65_536).split(' ')) {
        if (word.length < 8 || seen.has(word) || values.some((v) => v.includes(word))) continue;
        if (/^[A-Za-z0-9+/=_-]+$/.test(word)) exact.add(word);
        for (const m of Buffer.from(word, 'base64').toString('latin1').matchAll(DIGEST)) if (m[1]) exact.add(m[1]);
      }
    },
  };
}

/** What CRAM-MD5, DIGEST-MD5 and SCRAM put into a response beside the names. */
const DIGEST = /\b(?:p=)?([0-9a-f]{32,64}|(?<=p=)[A-Za-z0-9+/]{20,100}={0,2})(?![A-Za-z0-9+/=])/g;

/** A short secret, where no letter or digit touches it; the first word of a line is the protocol's and stays. */
function maskToken(text: string, token: string): string {
  const word = /[\p{L}\p{N}]/u;
  let out = '';
  let done = 0;
  for (let at = text.indexOf(token); at >= 0; at = text.indexOf(token, at + token.length)) {
    const before = at === 0 ? '' : (text[at - 1] ?? '');
    const after = text[at + token.length] ?? '';
    if (at === 0 || word.test(before) || word.test(after)) continue;
    out += text.slice(done, at) + MASK;
    done = at + token.length;
  }
  return out + text.slice(done);
}
