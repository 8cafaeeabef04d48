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
  /** False where nothing in a text can be part of a secret, which is cheaper to tell than to mask it. */
  suspects(text: string): boolean;
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

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const hex2 = (b: number) => b.toString(16).padStart(2, '0');

const isAlphanumeric = (code: number) => (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);

/** How texts escape what is not a letter or a digit: JSON, HTML, XML, URLs and forms, quoted strings, shells. */
function escapes(value: string): Set<string> {
  const all = new Set([value]);
  if (!/[^A-Za-z0-9]/.test(value)) return all;
  let [unicode, decimal, hexadecimal, percent, lower, slashed] = ['', '', '', '', '', ''];
  for (const c of value) {
    const code = c.codePointAt(0) ?? 0;
    if (isAlphanumeric(code)) {
      unicode += c;
      decimal += c;
      hexadecimal += c;
      slashed += c;
      percent += c;
      lower += c;
    } else {
      unicode += `\\u${code.toString(16).padStart(4, '0')}`;
      decimal += `&#${code};`;
      hexadecimal += `&#x${code.toString(16)};`;
      slashed += `\\${c}`;
      const bytes = '-._~'.includes(c) ? c : [...Buffer.from(c, 'utf8')].map((b) => `%${hex2(b)}`).join('');
      percent += bytes === c ? c : bytes.toUpperCase();
      lower += bytes;
    }
  }
  const html = value.replace(/[&<>"']/g, (c) => entities[c] ?? c);
  for (const form of [
    unicode,
    decimal,
    hexadecimal,
    percent,
    lower,
    slashed,
    html,
    percent.replace(/%(?:21|2[789]|2A)/g, decodeURIComponent),
  ])
    all.add(form);
  all.add(percent.replaceAll('%20', '+'));
  all.add(html.replaceAll('&#39;', '&apos;'));
  all.add(JSON.stringify(value).slice(1, -1));
  all.add(value.replace(/[\\"]/g, '\\$&'));
  all.add(value.replaceAll("'", "'\\''"));
  all.add(Buffer.from(value, 'utf8').toString('latin1'));
  return all;
}

/** The part of a base64 text that is the same whatever stands before and after the secret, for each of the three alignments. */
function base64Cores(bytes: Buffer): string[] {
  const padded = Buffer.alloc(bytes.length + 2);
  bytes.copy(padded, 2);
  return [0, 1, 2].map((shift) => {
    const text = padded.toString('base64', 2 - shift);
    // A last group that is not full shares its last character with what follows.
    const rest = (shift + bytes.length) % 3;
    return text.slice(shift === 0 ? 0 : shift + 1, rest === 0 ? text.length : text.length - (3 - rest) - 1);
  });
}

const urlSafe = (s: string) => s.replaceAll('+', '-').replaceAll('/', '_');

/** Everything to look for of one secret. */
interface Needles {
  /** Readable forms: words of the vocabulary are left alone in them. */
  readonly readable: readonly string[];
  /** Encodings, in which no word of a server occurs by chance. */
  readonly encoded: readonly string[];
  /** Forms too short to be told by a part of them. */
  readonly tokens: readonly string[];
  /** A bit for every hash of six characters of a form; where it is not set, nothing need be compared. */
  readonly bits: Uint16Array;
}

/** Made once for each secret: the checks of an account share it. */
const ready = new WeakMap<Secret, Needles>();

function needlesOf(secret: Secret): Needles {
  const known = ready.get(secret);
  if (known) return known;
  const needles = makeNeedles(secret);
  ready.set(secret, needles);
  return needles;
}

function makeNeedles(secret: Secret): Needles {
  const value = openSecret(secret);
  const utf8 = Buffer.from(value, 'utf8');
  const ascii = utf8.length === value.length;
  const readable = [...escapes(value), [...value].reverse().join('')];
  const cores = [...base64Cores(utf8), ...(ascii ? [] : base64Cores(Buffer.from(value, 'latin1')))];
  const hex = utf8.toString('hex');
  const spaced = hex.replace(/..(?=.)/g, '$& ');
  const encoded = [
    ...cores,
    ...cores.map(urlSafe),
    ...base64Cores(Buffer.from(utf8.toString('base64'), 'latin1')),
    ...[hex, spaced].flatMap((h) => [h, h.toUpperCase()]),
  ];
  const enough = [...value].length >= SHORT;
  const long = (list: readonly string[]) => (enough ? [...new Set(list)].filter((n) => n.length >= WINDOW) : []);
  const short = (n: string) => n.length > 0 && (n.length < WINDOW || !enough) && !WORDS.includes(n.toLowerCase());
  const forms = { readable: long(readable), encoded: long(encoded), tokens: readable.filter(short) };
  return { ...forms, bits: bitsOf([...forms.readable, ...forms.encoded]) };
}

/** AUTH PLAIN, XOAUTH2 and OAUTHBEARER as they go over the wire, whole. */
function blobsOf(value: string, user: string): string[] {
  const b64 = (s: string) => Buffer.from(s, 'utf8').toString('base64');
  return [b64(`\0${user}\0${value}`), b64(`${user}\0${user}\0${value}`), b64(`user=${user}\x01auth=Bearer ${value}\x01\x01`)];
}

/** A rolling hash over six characters: `add` takes one in, and one out where there are more than six. */
const DROP = (31 ** WINDOW) | 0;
const roll = (h: number, s: string, i: number) =>
  (Math.imul(h, 31) + s.charCodeAt(i) - (i >= WINDOW ? Math.imul(DROP, s.charCodeAt(i - WINDOW)) : 0)) | 0;
const spread = (h: number) => h ^ (h >>> 15);

/** Thirty-odd bits for each place of a needle, so that few texts hit one by chance. */
function bitsOf(needles: readonly string[]): Uint16Array {
  const places = needles.reduce((n, needle) => n + needle.length, 0);
  const bits = new Uint16Array(2 ** Math.min(19, Math.max(6, Math.ceil(Math.log2(2 * places + 1)))));
  const mask = bits.length * BITS - 1;
  for (const needle of needles) {
    let rolling = 0;
    for (let i = 0; i < needle.length; i++) {
      rolling = roll(rolling, needle, i);
      if (i < WINDOW - 1) continue;
      const h = spread(rolling) & mask;
      bits[h >>> 4] = (bits[h >>> 4] ?? 0) | (1 << (h & 15));
    }
  }
  return bits;
}
const BITS = 16;

/** Whether six characters in a row may be those of a needle. */
function hits(text: string, bits: Uint16Array): boolean {
  const mask = bits.length * BITS - 1;
  let rolling = 0;
  for (let i = 0; i < text.length; i++) {
    rolling = roll(rolling, text, i);
    const h = spread(rolling) & mask;
    if (i >= WINDOW - 1 && ((bits[h >>> 4] ?? 0) & (1 << (h & 15))) !== 0) return true;
  }
  return false;
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

function maskRuns(text: string, { bits, readable, encoded }: Needles): string {
  let out = '';
  let done = 0;
  const mask = bits.length * BITS - 1;
  let rolling = 0;
  for (let i = 0; i < text.length; i++) {
    rolling = roll(rolling, text, i);
    const from = i - WINDOW + 1;
    // Within a part that is masked already, only what may reach beyond it.
    if (from < Math.max(0, done - WINDOW + 1)) continue;
    const h = spread(rolling) & mask;
    if (((bits[h >>> 4] ?? 0) & (1 << (h & 15))) === 0) continue;
    const run = runAt(text, from, readable, true) ?? runAt(text, from, encoded, false);
    if (!run) continue;
    // Two parts that touch make one mask.
    if (done === 0 || run[0] > done) out += text.slice(done, run[0]) + MASK;
    done = Math.max(done, run[1]);
  }
  return done === 0 ? text : out + text.slice(done);
}

/** @returns the masker of a run. @param users whose blobs with the secrets are masked whole. */
export function createMasker(secrets: readonly Secret[], users: readonly string[] = []): Masker {
  const real = secrets.filter((s) => openSecret(s) !== '');
  if (real.length === 0) return { active: false, mask: (text) => text, suspects: () => false, learn: () => {} };
  const values = real.map(openSecret);
  /** What was sent. */
  const exact = new Set<string>();
  let blobs: readonly string[] | undefined;
  const whole = (text: string, list: Iterable<string>) => {
    let out = text;
    for (const payload of list) if (out.includes(payload)) out = out.replaceAll(payload, MASK);
    return out;
  };
  let all: readonly Needles[] | undefined;
  const parts = (text: string) => {
    all ??= real.map(needlesOf);
    let out = text;
    for (const needles of all) {
      if (out.length >= WINDOW) out = maskRuns(out, needles);
      for (const token of needles.tokens) if (out.includes(token)) out = maskToken(out, token);
    }
    return out;
  };
  const suspects = (text: string): boolean => {
    if (text === '') return false;
    for (const payload of exact) if (text.includes(payload)) return true;
    all ??= real.map(needlesOf);
    return all.some((n) => hits(text, n.bits) || n.tokens.some((t) => text.includes(t)));
  };
  return {
    active: true,
    suspects,
    mask(text) {
      if (!suspects(text)) return text;
      const sent = whole(text, exact);
      const out = parts(sent);
      if (out === sent || users.length === 0) return out;
      // A secret within a blob: the whole blob goes.
      blobs ??= values.flatMap((v) => users.flatMap((u) => blobsOf(v, u)));
      const clear = whole(sent, blobs);
      return clear === sent ? out : parts(clear);
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

/** What stands before the words of a line: codes and conditions. */
const PREFIX = /^(?:\d{3}[ -](?:\d\.\d{1,3}\.\d{1,3} )?|\* (?:OK|NO|BAD|BYE) |\+(?:OK)? |-ERR )?/i;
/** Lines of a reply that are looked at together; more are a listing. */
const TOGETHER = 100;
const single = (text: string) => text.replace(/(?:\*{8})+/g, MASK);

/** @returns the lines masked, each by itself and, where a secret goes on from line to line, together. */
export function maskLines(masker: Masker, lines: readonly string[]): readonly string[] {
  if (!masker.active) return lines;
  const out = lines.map(masker.mask);
  if (lines.length < 2 || lines.length > TOGETHER) return out;
  const starts = lines.map((l) => PREFIX.exec(l)?.[0].length ?? 0);
  const bodies = lines.map((l, i) => l.slice(starts[i], 4096));
  if (!masker.suspects(bodies.join(''))) return out;
  const hide = (i: number) => {
    if (bodies[i] !== '') out[i] = `${lines[i]?.slice(0, starts[i])}${MASK}`;
  };
  let tail = '';
  for (const [i, body] of bodies.entries()) {
    if (tail !== '' && body !== '') {
      const head = body.slice(0, WINDOW);
      const apart = single(masker.mask(tail) + masker.mask(head));
      if (single(masker.mask(tail + head)) !== apart) {
        hide(i);
        for (let j = i - 1, left = WINDOW - 1; j >= 0 && left > 0; j--) {
          hide(j);
          left -= bodies[j]?.length ?? 0;
        }
      }
    }
    tail = (tail + body).slice(1 - WINDOW);
  }
  return out;
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
