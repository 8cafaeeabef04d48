/**
 * Text as it was meant: bytes of unknown charset, mojibake, escapes of programming languages, quoted-printable and base64
 * (RFC 2045 §6.7, §6.8), encoded words (RFC 2047).
 *
 * Everything is linear in its input and total: what cannot be decoded stays as it came.
 */

export interface Decoded {
  readonly text: string;
  /** The label of the charset (WHATWG); empty where the input was a string already. */
  readonly charset: string;
  /** True where this is no text at all: a picture, an archive, a program. */
  readonly binary: boolean;
}

type Decoder = InstanceType<typeof TextDecoder>;
const decoders = new Map<string, Decoder>();
function decoder(label: string, fatal = true): Decoder {
  const key = `${label}${fatal ? '!' : ''}`;
  const known = decoders.get(key);
  if (known) return known;
  const made = new TextDecoder(label, { fatal });
  decoders.set(key, made);
  return made;
}

function attempt(label: string, bytes: Uint8Array): string | undefined {
  try {
    return decoder(label).decode(bytes);
  } catch {
    return undefined;
  }
}

const MAGIC: readonly (readonly number[])[] = [
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
  [0x47, 0x49, 0x46, 0x38],
  [0x50, 0x4b, 0x03, 0x04],
  [0x25, 0x50, 0x44, 0x46],
  [0x1f, 0x8b],
  [0x7f, 0x45, 0x4c, 0x46],
  [0x42, 0x5a, 0x68],
  [0xfd, 0x37, 0x7a, 0x58, 0x5a],
  [0x37, 0x7a, 0xbc, 0xaf],
  [0x52, 0x61, 0x72, 0x21],
  [0xd0, 0xcf, 0x11, 0xe0],
  [0x4d, 0x5a, 0x90, 0x00],
  [0x00, 0x00, 0x01, 0x00],
  [0x52, 0x49, 0x46, 0x46],
  [0x28, 0xb5, 0x2f, 0xfd],
];

/** Characters that stand in nearly every error text of a language: a decoding that yields them is the right one. */
const COMMON =
  '的是不在请登录密码错误服务器邮件连接失败用户授权信息无法证书验证发送收接账号户地址拒绝超时您有了为已被与或未设置网络端口' +
  '箱已锁定停用过期稍后再试系统忙满限' +
  '請登錄密碼錯誤伺服器郵件連線失敗帳號使用者無法驗證發送收接地址拒絕逾時您' +
  'のにをはがでたしましんせサーバメールエラー接続送信受信認証失敗ログインパスワード証明書ユーザ' +
  '이가을를는은의에서버연결메일오류인증실패비밀번호사용자접속' +
  'аеионтрсвлдпмкуыбязьгчйхжшюцщэфъ';
const COMMON_SET = new Set(COMMON);

/** Bytes 0x80–0x9F of Windows-1252 as the characters they become; spelt out, since Node 20 reads the label as Latin-1. */
const HIGH_1252 =
  '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';
const CP1252 = new Map([...HIGH_1252].map((c, i) => [c, 0x80 + i]));

function decode1252(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (c) => HIGH_1252.charAt(c.charCodeAt(0) - 0x80));
}

/** How much of the non-ASCII in `text` is plausible, 0 to 1. */
function plausibility(text: string): number {
  let all = 0;
  let good = 0;
  for (const c of text.slice(0, 4000)) {
    if (c < '\u0080') continue;
    all++;
    if (COMMON_SET.has(c.toLowerCase())) good++;
  }
  return all === 0 ? 0 : good / all;
}

/** The charset of bytes that are not UTF-8: the one whose reading looks most like words. Windows-1252 reads anything. */
function guess(bytes: Uint8Array): { text: string; charset: string } {
  const sample = bytes.length > 65_536 ? bytes.subarray(0, 65_536) : bytes;
  let best: { charset: string; score: number } | undefined;
  for (const charset of ['gb18030', 'shift_jis', 'big5', 'euc-kr', 'euc-jp', 'windows-1251', 'koi8-r']) {
    // A cut at 64 kB may fall into a character; the sample is then read leniently.
    const text = sample === bytes ? attempt(charset, sample) : decoder(charset, false).decode(sample);
    if (text === undefined) continue;
    // Cyrillic stands in whole words; a lone high byte between ASCII letters is a Latin one.
    if (/^(?:windows|koi8)/.test(charset) && !/[\u0400-\u04ff]{3}/.test(text)) continue;
    const score = plausibility(text);
    if (!best || score > best.score) best = { charset, score };
  }
  return best && best.score > 0.3
    ? { text: decoder(best.charset, false).decode(bytes), charset: best.charset }
    : { text: decode1252(bytes), charset: 'windows-1252' };
}

function utf16(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const n = Math.min(bytes.length, 512) & ~1;
  if (n < 8) return undefined;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < n; i += 2) {
    if (bytes[i] === 0) even++;
    if (bytes[i + 1] === 0) odd++;
  }
  if (odd > n * 0.3 && even === 0) return 'utf-16le';
  if (even > n * 0.3 && odd === 0) return 'utf-16be';
  return undefined;
}

function controlShare(text: string): number {
  const n = Math.min(text.length, 8192);
  let bad = 0;
  for (let i = 0; i < n; i++) {
    const c = text.charCodeAt(i);
    if (c < 9 || (c > 13 && c < 32 && c !== 27) || c === 0xfffd) bad++;
  }
  return n === 0 ? 0 : bad / n;
}

/** @returns the text of `input`, its charset, and whether it is no text at all. Byte order marks are taken off. */
export function decodeText(input: string | Uint8Array): Decoded {
  if (typeof input === 'string') {
    return {
      text: input.replace(/^\ufeff/, ''),
      charset: '',
      binary: input.includes('\0') ? controlShare(input) > 0.1 : controlShare(input) > 0.3,
    };
  }
  if (MAGIC.some((m) => m.every((b, i) => input[i] === b))) return { text: '', charset: '', binary: true };
  const wide = utf16(input);
  if (wide) {
    const text = decoder(wide, false)
      .decode(input)
      .replace(/^\ufeff/, '');
    return { text, charset: wide, binary: controlShare(text) > 0.1 };
  }
  const head = input.subarray(0, 8192);
  if (head.includes(0)) {
    const nuls = head.reduce((n, b) => n + (b === 0 ? 1 : 0), 0);
    if (nuls > head.length / 100) return { text: '', charset: '', binary: true };
  }
  const utf8 = attempt('utf-8', input);
  if (utf8 !== undefined) {
    const jis = /\x1b\$[@B]/.test(utf8.slice(0, 65_536)) ? attempt('iso-2022-jp', input) : undefined;
    return { text: jis ?? utf8, charset: jis ? 'iso-2022-jp' : 'utf-8', binary: controlShare(utf8) > 0.1 };
  }
  // Mostly UTF-8 with a broken byte here and there (a log cut in the middle) is still UTF-8.
  const lenient = decoder('utf-8', false).decode(input);
  const broken = lenient.split('\ufffd').length - 1;
  const wideChars = lenient.length > 200_000 ? 1000 : (lenient.match(/[\u0080-\ufffc]/g)?.length ?? 0);
  if (broken * 20 < wideChars) return { text: lenient, charset: 'utf-8', binary: false };
  const guessed = guess(input);
  return { ...guessed, binary: controlShare(guessed.text) > 0.1 };
}

/**
 * A line of a reply that is no UTF-8 and was kept byte by byte as Latin-1: as meant, where its bytes read as words of another
 * charset (GBK, Big5, Shift_JIS, EUC, KOI8-R, Windows-1251).
 */
export function readLegacy(line: string): string {
  if (!/[\x80-\xff]{2}/.test(line)) return line;
  for (let i = 0; i < line.length; i++) if (line.charCodeAt(i) > 0xff) return line;
  const { text, charset } = guess(Buffer.from(line, 'latin1'));
  // Western bytes are themselves in Latin-1, and control characters have to stay what they are.
  return charset === 'windows-1252' || controlShare(text) > controlShare(line) ? line : text;
}

function latinBytes(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const b = c < 0x100 ? c : CP1252.get(text.charAt(i));
    if (b === undefined) return undefined;
    bytes[i] = b;
  }
  return bytes;
}

let gbkBytes: Map<string, number> | undefined;
/** The two-byte half of GBK, read backwards; made once, when a text looks like UTF-8 that was read as GBK. */
function gbkTable(): Map<string, number> {
  if (gbkBytes) return gbkBytes;
  gbkBytes = new Map();
  const lenient = decoder('gbk', false);
  for (let high = 0x81; high < 0xff; high++) {
    for (let low = 0x40; low < 0xff; low++) {
      if (low === 0x7f) continue;
      const c = lenient.decode(Uint8Array.of(high, low));
      if (c.length === 1 && c !== '\ufffd') gbkBytes.set(c, (high << 8) | low);
    }
  }
  return gbkBytes;
}

function fromGbkReading(text: string): string | undefined {
  const table = gbkTable();
  const bytes: number[] = [];
  for (const c of text) {
    const code = c.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (c === '\u20ac') bytes.push(0x80);
    else {
      const pair = table.get(c);
      // An odd byte was lost for good: the character that it belonged to reads as a replacement.
      if (pair === undefined) bytes.push(0x3f);
      else bytes.push(pair >> 8, pair & 0xff);
    }
  }
  const read = decoder('utf-8', false).decode(Uint8Array.from(bytes));
  const lost = read.split('\ufffd').length - 1;
  return lost * 4 < read.length && plausibility(read) > 0.4 ? read : undefined;
}

/** Characters that UTF-8 Chinese read as GBK is full of, and that real texts hardly hold. */
const GBK_ODD = /[鐧诲綍閿欒鏈嶅姟鍣ㄩ偖浠鍙戦佽繛鎺澶辫触璇杈撳叆鎺堟潈鐮佺敤鎴鍚獙涓嶆]{3}/;

/**
 * One line that was decoded with the wrong charset, decoded again: UTF-8 read as Windows-1252 (once or twice), GBK or Shift_JIS
 * read as Latin-1, UTF-8 read as GBK.
 *
 * @returns the line as meant, or as it came where nothing better reads.
 */
export function mendMojibake(line: string): string {
  if (/[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6-\u02dc\u2013-\u2122]/.test(line)) {
    const mended = mendRuns(line, (bytes) => attempt('utf-8', bytes));
    if (mended !== line) return mendRuns(mended, (bytes) => attempt('utf-8', bytes));
  }
  if (/[\u0080-\u00ff]{4}/.test(line)) {
    return mendRuns(line, (bytes) => {
      if (bytes.length < 6) return undefined;
      for (const charset of ['gb18030', 'shift_jis', 'euc-kr', 'windows-1251']) {
        const text = attempt(charset, bytes);
        if (text !== undefined && plausibility(text) > 0.45) return text;
      }
      return undefined;
    });
  }
  if (GBK_ODD.test(line)) return fromGbkReading(line) ?? line;
  return line;
}

/** Each run of characters that may be single bytes above ASCII (spaces and letters between them included) is tried on its own. */
function mendRuns(line: string, read: (bytes: Uint8Array) => string | undefined): string {
  return line.replace(
    /[\u0080-\u00ff\u0152-\u0192\u02c6-\u02dc\u2013-\u2122](?:[ -~]{0,3}[\u0080-\u00ff\u0152-\u0192\u02c6-\u02dc\u2013-\u2122])*/g,
    (run) => {
      const bytes = latinBytes(run);
      const text = bytes ? read(bytes) : undefined;
      return text === undefined || text.includes('\ufffd') ? run : text;
    },
  );
}

/** Bytes of unknown charset inside a text: UTF-8, else the likeliest. */
function wordsOfBytes(bytes: Uint8Array): string {
  return attempt('utf-8', bytes) ?? guess(bytes).text;
}

/**
 * Escapes of Python, C, Go, Java and JSON: `\xc7\xeb`, `\346\234\215`, `\u8bf7`, `\r\n` before the next line of a reply, `\"`.
 * Windows paths stay as they are.
 */
export function unescapeText(line: string): string {
  if (!line.includes('\\')) return line;
  // A JSON log doubles the backslashes of the escapes inside.
  let out = line.replace(/\\\\(?=x[0-9a-f]{2}|u[0-9a-f]{4})/gi, '\\');
  if (/\\x[89a-f]/i.test(out)) {
    out = out.replace(/\\x[0-9a-f]{2}(?:[ -[\]-~]{0,3}\\x[0-9a-f]{2})*/gi, (run) =>
      wordsOfBytes(
        Uint8Array.from(
          [...run.matchAll(/\\x([0-9a-f]{2})|([^\\])/gi)].map((m) =>
            m[1] ? Number.parseInt(m[1], 16) : (m[2] ?? '').charCodeAt(0),
          ),
        ),
      ),
    );
  }
  if (/\\[23][0-7]{2}/.test(out)) {
    out = out.replace(/\\[0-3][0-7]{2}(?:[ -[\]-~]{0,3}\\[0-3][0-7]{2})*/g, (run) =>
      wordsOfBytes(
        Uint8Array.from(
          [...run.matchAll(/\\([0-3][0-7]{2})|([^\\])/g)].map((m) =>
            m[1] ? Number.parseInt(m[1], 8) : (m[2] ?? '').charCodeAt(0),
          ),
        ),
      ),
    );
  }
  return out
    .replace(/\\u\{?([0-9a-f]{4})\}?/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\x([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\r\\n|\\r(?![a-z])|\\n(?=$|[\d\s"'[(<A-Z\\])|\\x0[ad]/g, '\n')
    .replace(/\\(["'/])/g, '$1')
    .replace(/\\t(?=$|[\s\d"'A-Z])/g, ' ');
}

/** @returns quoted-printable text decoded (RFC 2045 §6.7); soft line breaks are joined. */
export function decodeQuotedPrintable(text: string, charset = 'utf-8'): string {
  const joined = text.replace(/=[ \t]*\r?\n/g, '');
  if (!/=[0-9A-F]{2}/i.test(joined)) return joined;
  /** A log has the same few again and again, and no charset is cheap to tell. */
  const known = new Map<string, string>();
  return joined.replace(/(?:=[0-9A-F]{2})+/gi, (run) => {
    let words = known.get(run);
    if (words === undefined) {
      const bytes = Uint8Array.from(run.slice(1).split('='), (h) => Number.parseInt(h, 16));
      words = charset === 'utf-8' ? wordsOfBytes(bytes) : decodeAs(charset, bytes);
      known.set(run, words);
    }
    return words;
  });
}

function decodeAs(charset: string, bytes: Uint8Array): string {
  try {
    return decoder(charset, false).decode(bytes);
  } catch {
    return wordsOfBytes(bytes);
  }
}

/** @returns the bytes of a base64 text as words, or undefined where it is not base64 or not text. */
export function decodeBase64Text(base64: string, charset?: string): string | undefined {
  const clean = base64.replace(/\s+/g, '');
  if (clean.length < 4 || !/^[A-Za-z0-9+/]+={0,2}$/.test(clean) || clean.replace(/=+$/, '').length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Buffer.from(clean, 'base64'));
  if (bytes.length === 0) return undefined;
  const text = charset ? decodeAs(charset, bytes) : (attempt('utf-8', bytes) ?? guess(bytes).text);
  return controlShare(text) > 0.05 ? undefined : text;
}

/** @returns the text with its encoded words (RFC 2047 §2) decoded. */
export function decodeEncodedWords(text: string): string {
  if (!text.includes('=?')) return text;
  return text
    .replace(/\?=[ \t\r\n]+=\?/g, '?==?')
    .replace(
      /=\?([\w-]{1,40})(?:\*[\w-]{1,20})?\?([bq])\?([^?\s]{0,2000})\?=/gi,
      (whole, charset: string, how: string, data: string) =>
        how.toLowerCase() === 'b'
          ? (decodeBase64Text(data, charset.toLowerCase()) ?? whole)
          : decodeQuotedPrintable(data.replace(/_/g, ' '), charset.toLowerCase()),
    );
}
