/**
 * Server replies inside a line of any form: bare, quoted by a client, wrapped by an exception, in a Python tuple, in a bounce, in a
 * log (SMTP: RFC 5321 §4.2 and RFC 3463; IMAP: RFC 9051 §7; POP3: RFC 1939, RFC 2449).
 */

export interface FoundReply {
  readonly protocol?: 'smtp' | 'imap' | 'pop3';
  readonly code?: number;
  readonly enhanced?: string;
  readonly condition?: string;
  readonly responseCode?: string;
  readonly tag?: string;
  readonly text: string;
  /** Where in the line it begins; what stands before is the wrapper. */
  readonly at: number;
  /** `-` after the code: more lines of this reply follow. */
  readonly more: boolean;
}

const ENHANCED = /^#?([245]\.\d{1,3}\.\d{1,3})(?![.\d])[ :;,-]{0,3}/;
/** Ports and numbers that are no reply codes. */
const NOT_CODES = new Set([443, 465, 587, 593]);
const UNITS = /^(?:bytes?|ms|msec|millis|seconds?|secs?|minutes?|mins?|hours?|days?|[kKmM]i?[bB]|times|秒|封|次|条)(?=[\s,;)]|$)/;
/** Numbers of things inside a sentence ("more than 500 recipients"). */
const COUNTED =
  /^(?:messages|emails|e-mails|mails|users|recipients|connections|people|errors)(?: (?:were|have been|in|found|per|a|imported|moved|deleted|copied|left|selected|downloaded)\b|[.,)]|$)/;
const HTTP_WORDS =
  /^(?:Not Found|Forbidden|Unauthorized|Bad Gateway|Gateway|Internal Server Error|Bad Request|Method Not|Payment Required|Too Many Requests|Conflict|OK\b.{0,3}HTTP)/i;

const isCode = (n: number) => n >= 400 && n < 580 && !NOT_CODES.has(n);
const OK_CODES = new Set([211, 214, 220, 221, 235, 250, 251, 252, 334, 354]);

/** Quotes, brackets and line-end escapes that close a wrapped reply, and what tools append. */
function trimTail(text: string): string {
  let t = text.trim();
  for (let i = 0; i < 4; i++) {
    const shorter = t
      .replace(/\s*\(in reply to (?:the )?[A-Za-z ]{2,40}(?: command)?\)\s*[).;,]*$/i, '')
      .replace(/(?:##|\\r|\\n)+$/, '')
      // Postfix appends the envelope to what it logs.
      .replace(/;(?: (?:from=<[^<>]{0,320}>|to=<[^<>]{0,320}>|proto=\w{1,8}|helo=<[^<>]{0,260}>),?){1,4}$/, '')
      .trimEnd();
    if (shorter === t) break;
    t = shorter;
  }
  return t;
}

/** Ends a reply that began after an opening quote at that quote's end; a Python literal may hold the other quote. */
function unquote(line: string, at: number, text: string): string {
  const before = line.slice(Math.max(0, at - 3), at);
  const quote = /(["'`“„«「『])$/.exec(before)?.[1];
  if (quote === undefined) return text.replace(/["'`]?\)?[,;}\]]{0,3}$/, (tail) => (/["'`]/.test(tail) ? '' : tail));
  const close = { '“': '”', '„': '“', '«': '»', '「': '」', '『': '』' }[quote] ?? quote;
  // The last closing quote before a bracket, a comma or the end: apostrophes inside words do not close.
  const ends = [...text.matchAll(close === "'" ? /'(?=[\s,;:)\]}.>]|$)/g : new RegExp(`\\${close}(?=[\\s,;:)\\]}.>]|$)`, 'g'))];
  const end = ends[0]?.index;
  return end === undefined ? text : text.slice(0, end);
}

function smtpAt(line: string, at: number, code: number, separator: string, restAt: number): FoundReply {
  let rest = line.slice(restAt);
  let enhanced: string | undefined;
  const e = ENHANCED.exec(rest);
  if (e?.[1]) {
    enhanced = e[1];
    rest = rest.slice(e[0].length);
  }
  let text = trimTail(unquote(line, at, rest));
  // `554 error: 554 5.7.1 …`, `550 550 5.1.1 …`: libraries repeat the code before the server's own words.
  const again = /^(?:error:?\s+)?(\d{3})[ -]/i.exec(text);
  if (again && Number(again[1]) === code) {
    text = text.slice(again[0].length);
    const own = ENHANCED.exec(text);
    if (own?.[1]) {
      enhanced = own[1];
      text = text.slice(own[0].length);
    }
  }
  // The same enhanced code on every line of a folded reply is no part of the words.
  if (enhanced)
    text = text.replaceAll(new RegExp(`(?:(?<=\\s)|^)(?:${code}[ -])?${enhanced.replaceAll('.', '\\.')}[ -]+`, 'g'), '');
  return { protocol: 'smtp', code, ...(enhanced ? { enhanced } : {}), text, at, more: separator === '-' };
}

const IMAP_LINE =
  /^(\*|\.|[A-Za-z]{0,8}\d{1,18}|[A-Za-z$#%&~!@^=-]{1,3}|[A-Za-z]{1,6}[.-]?\d{1,8}(?:\.\d{1,6})?|[0-9a-f]{4,16})\s+(OK|NO|BAD|BYE|PREAUTH)(?:\s+(\S.*)?|$)/;
const RESPONSE_CODE = /^\[([A-Z][A-Z0-9/._-]{1,60})(?:\s[^\]]{0,3000})?\]\s*/;
const KNOWN_CODE =
  /\[(AUTHENTICATIONFAILED|AUTHORIZATIONFAILED|UNAVAILABLE|EXPIRED|PRIVACYREQUIRED|CONTACTADMIN|NOPERM|INUSE|SERVERBUG|CLIENTBUG|CANNOT|LIMIT|OVERQUOTA|NONEXISTENT|ALERT|WEBALERT[^\]]{0,3000}|REFERRAL[^\]]{0,300}|IN-USE|LOGIN-DELAY|SYS\/TEMP|SYS\/PERM|AUTH|THROTTLED|INACTIVE)\]\s*/i;
/** Words after which a quoted server answer stands. */
const CUE =
  /(?:said|says|responded(?: with)?|response(?: was| is| from[^:]{1,80})?|responds|replied(?: with)?|reply|returned(?: error)?|answered|answer|error|exception|failed|failure|message|Some\(|info|detail|reason|status|got|code|返回|响应|回复|信息|消息|错误|錯誤|trả lời|phản hồi|lỗi|応答|エラー|antwortete|réponse|répondu|respuesta|respondió|risposta|resposta|ответ|ответил)[^\p{L}\d[+-]{0,12}$/iu;

function conditionText(rest: string): { responseCode?: string; text: string } {
  const rc = RESPONSE_CODE.exec(rest);
  return rc?.[1] ? { responseCode: rc[1].toUpperCase(), text: rest.slice(rc[0].length) } : { text: rest };
}

/** The line as an IMAP response, where it is one from its beginning. */
export function imapReply(line: string): FoundReply | undefined {
  const m = IMAP_LINE.exec(line);
  if (!m) return undefined;
  const { responseCode, text } = conditionText(m[3] ?? '');
  return {
    protocol: 'imap',
    tag: m[1] ?? '',
    condition: m[2] ?? '',
    ...(responseCode ? { responseCode } : {}),
    text: text.trim(),
    at: 0,
    more: false,
  };
}

function popReplies(line: string): FoundReply[] {
  const at = line.search(/(?:^|[\s"'(:：;,=>‘“[])(?:-ERR|\+OK)(?=[\s\\"')]|$)/);
  if (at < 0) return [];
  const from = line.startsWith('-ERR', at) || line.startsWith('+OK', at) ? at : at + 1;
  const bad = line.startsWith('-ERR', from);
  const rest = line.slice(from + (bad ? 4 : 3)).trimStart();
  const { responseCode, text } = conditionText(rest);
  return [
    {
      protocol: 'pop3',
      condition: bad ? '-ERR' : '+OK',
      ...(responseCode ? { responseCode } : {}),
      text: trimTail(unquote(line, from, text)),
      at: from,
      more: false,
    },
  ];
}

function smtpReplies(line: string): FoundReply[] {
  const found: FoundReply[] = [];
  const add = (r: FoundReply) => {
    if (!found.some((f) => f.at === r.at)) found.push(r);
  };
  // From the beginning of the line.
  const start = /^["'(#]{0,2}([2-5]\d\d)(?:([ -])(?=\S)|([ -]?)$)/.exec(line);
  if (start) {
    const code = Number(start[1]);
    const at = line.indexOf(start[1] ?? '');
    const rest = line.slice(start[0].length);
    const plausible =
      code < 400
        ? OK_CODES.has(code) && !UNITS.test(rest)
        : isCode(code) && !UNITS.test(rest) && !COUNTED.test(rest) && !HTTP_WORDS.test(rest);
    if (plausible) add(smtpAt(line, at, code, start[2] ?? start[3] ?? ' ', start[0].length));
  }
  // `(535, b'5.7.8 …')`, `{Code:535, Msg:"…"}`.
  const tuple =
    /\(\s*([2-5]\d\d),\s*b?u?(["'])/.exec(line) ??
    /\bcode["']?\s*[:=]\s*["']?([45]\d\d)["']?,\s*["']?(?:msg|message|enhancedCode|text)["']?\s*[:=]\s*b?(["'])/i.exec(line);
  if (tuple) {
    const restAt = tuple.index + tuple[0].length;
    add({ ...smtpAt(line, restAt, Number(tuple[1]), ' ', restAt), at: tuple.index });
  }
  // Symfony and Swift Mailer: `Expected response code "250" but got code "550", with message "550 5.1.1 …"`.
  const got = /\bgot code "?([45]\d\d)"?(?:, with (?:an )?(?:empty )?message(?: "|$)|[.\s]*$)/.exec(line);
  if (got) {
    const restAt = got.index + got[0].length;
    add({ ...smtpAt(line, restAt, Number(got[1]), ' ', restAt), at: got.index });
  }
  // A code with its enhanced code, wherever it stands.
  for (const m of line.matchAll(/(?<![\w.])([245]\d\d)([ -])#?([245])\.\d{1,3}\.\d{1,3}(?![.\d])/g)) {
    if (m[1]?.charAt(0) === m[3]) add(smtpAt(line, m.index, Number(m[1]), m[2] ?? ' ', m.index + 4));
    if (found.length > 4) break;
  }
  // A code after a word or sign that introduces one.
  for (const m of line.matchAll(/(?<![\w.,:/[@-]|\d )([45]\d\d)([ -]|: )(?=[\p{L}<[("'*#=-]|\d\.\d{1,3}\.\d)/gu)) {
    const code = Number(m[1]);
    const before = line.slice(Math.max(0, m.index - 60), m.index);
    const rest = line.slice(m.index + m[0].length);
    if (
      !isCode(code) ||
      COUNTED.test(rest) ||
      UNITS.test(rest) ||
      HTTP_WORDS.test(rest) ||
      /(?:port|line|http\S{0,4}|http code|http status|status code|connect \S{4,80}|:)\s*$/i.test(before.replace(/:\s+$/, ''))
    )
      continue;
    if (
      !/[:;("'`«“‘#>|=,.】）)\]-]\s*$|(?:^|\W)(?:said|code|error|smtp|smtp;|returned|response|reply|with|got|status|responded|返回|错误|代码|lỗi|fehler|ошибка)\s*$/i.test(
        before,
      ) &&
      !CUE.test(before)
    )
      continue;
    add(smtpAt(line, m.index, code, m[2] === '-' ? '-' : ' ', m.index + m[0].length));
    if (found.length > 4) break;
  }
  // `SMTP error (535): …`, `SMTP 错误 (554): …`, `[550]: …`.
  const bracket = /[([（]\s*(?:code\s*)?([45]\d\d)\s*[)\]）]\s*[:：]?\s*/.exec(line);
  if (
    bracket &&
    isCode(Number(bracket[1])) &&
    /smtp|lỗi|error|erro|err|fehler|错误|錯誤|エラー|오류|ошибка|permanent|transient|code|server/i.test(
      line.slice(0, bracket.index),
    )
  ) {
    const restAt = bracket.index + bracket[0].length;
    add(bracketed(smtpAt(line, bracket.index, Number(bracket[1]), ' ', restAt)));
  }
  // `Access denied: 535`, `RCPT failed: 550`, `SMTP code: 550`.
  const bare =
    /(?:denied|failed|failure|refused|rejected)[:.] ([45]\d\d)\s*$/i.exec(line) ??
    /\bSMTP (?:error )?code:? ([45]\d\d)\b/i.exec(line);
  if (bare && isCode(Number(bare[1])) && found.length === 0) add(phpDetail(line, Number(bare[1]), bare.index));
  return found;
}

/** Roundcube: `SMTP error (554): Failed to add recipient "x" (5.7.1 <x>: Relay access denied).` */
function bracketed(r: FoundReply): FoundReply {
  const inner = /\(([45]\.\d{1,3}\.\d{1,3}) (.{0,2000})\)[.。]?\s*$/.exec(r.text);
  return inner?.[1] ? { ...r, enhanced: inner[1], text: inner[2] ?? '' } : r;
}

/** PHPMailer: `MAIL FROM command failed Detail: … SMTP code: 550 Additional SMTP info: 5.7.1`. */
function phpDetail(line: string, code: number, at: number): FoundReply {
  const detail = /Detail:\s*(.{0,2000}?)\s*SMTP code:/.exec(line)?.[1] ?? '';
  const enhanced = /Additional SMTP info:\s*([45]\.\d{1,3}\.\d{1,3})/.exec(line)?.[1];
  return { protocol: 'smtp', code, ...(enhanced ? { enhanced } : {}), text: detail, at, more: false };
}

/** An enhanced code that stands alone: at the beginning, or after the words that introduce a server's answer. */
function enhancedReplies(line: string): FoundReply[] {
  const m = /(?:^|[\s(:：'"#>‘“;«]|\(#)([45])\.(\d{1,3})\.(\d{1,3})(?![.\d\w])[ :;,)-]{0,3}/.exec(line);
  if (!m) return [];
  const at = m.index + m[0].search(/[45]\./);
  const before = line.slice(0, at);
  const rest = line.slice(m.index + m[0].length);
  if (!/^["'#(]{0,2}$/.test(before) && !/[:：;('"#>“«]\s*$/.test(before) && !CUE.test(before)) return [];
  if (/version|openssl|v$|release|build/i.test(before.slice(-24))) return [];
  return [{ protocol: 'smtp', enhanced: `${m[1]}.${m[2]}.${m[3]}`, text: trimTail(unquote(line, at, rest)), at, more: false }];
}

function imapReplies(line: string): FoundReply[] {
  const whole = imapReply(line);
  if (whole) return [whole];
  // Inside a wrapper: `imap: NO SELECT Unsafe Login`, `failed: A1 NO [ALERT] …`.
  const inner = /(?:^|[\s:："'(>“])((?:(?:\*|[A-Za-z]{0,4}\d{1,18})\s+)?(NO|BAD|BYE)\s+(\[[A-Z]|[A-Za-z"]).*)$/.exec(line);
  if (inner?.[1] && inner[2]) {
    const at = line.length - inner[1].length;
    const before = line.slice(0, at);
    if (before === '' || /[:："'(>“]\s*$/.test(before) || CUE.test(before)) {
      const body = inner[1].slice(inner[1].indexOf(inner[2]) + inner[2].length).trim();
      const { responseCode, text } = conditionText(body);
      return [
        {
          protocol: 'imap',
          condition: inner[2],
          ...(responseCode ? { responseCode } : {}),
          text: trimTail(unquote(line, at, text)),
          at,
          more: false,
        },
      ];
    }
  }
  const known = KNOWN_CODE.exec(line);
  if (known?.[1] && !/^[A-Z]{1,8} \[?$/.test(line.slice(0, known.index))) {
    const at = known.index;
    const code = known[1].toUpperCase().split(' ')[0] ?? '';
    const pop = /^(?:IN-USE|LOGIN-DELAY|SYS\/TEMP|SYS\/PERM|AUTH)$/.test(code);
    return [
      {
        ...(pop ? {} : { protocol: 'imap' as const }),
        responseCode: code,
        text: trimTail(unquote(line, at, line.slice(at + known[0].length))),
        at,
        more: false,
      },
    ];
  }
  const info = /\binfo:\s*Some\(\s*"((?:[^"\\]|\\.){0,2000})"/.exec(line);
  if (info) return [{ protocol: 'imap', condition: 'NO', text: info[1] ?? '', at: info.index, more: false }];
  return [];
}

/**
 * @param line one logical line, a client's mark already taken off.
 * @returns the replies in it, outermost first; a reply whose words only wrap another one is left out.
 */
export function findReplies(line: string): readonly FoundReply[] {
  if (line.length < 3) return [];
  const smtp = smtpReplies(line);
  const all = smtp.length > 0 ? smtp : enhancedReplies(line);
  const pop = popReplies(line);
  const others = (pop.length > 0 ? pop : imapReplies(line)).filter((o) => o.at === 0 || !all.some((r) => r.at === 0));
  const replies = [...all, ...others].sort((x, y) => x.at - y.at);
  return replies.filter((r, i) => {
    const inner = replies[i + 1];
    // `554 error:` before `554 5.7.1 …` says nothing of its own.
    return !(inner && r.code !== undefined && inner.at - r.at < 12 && inner.code === r.code);
  });
}
