/** Where in a session something was said: commands, the words that name them, codes, and protocols by their words. */
import type { Protocol, StageName } from '../model/terms.ts';
import type { FoundReply } from './replies.ts';

const COMMANDS =
  /^(?:(EHLO|HELO|LHLO)(?: |$)|(STARTTLS|STLS)\s*$|(AUTH|APOP|USER|PASS)(?: |$)|(MAIL FROM:|RCPT TO:)|(DATA|BDAT|\.|QUIT|RSET|NOOP|CAPA|STAT|UIDL|LIST|RETR|TOP|VRFY)(?=$| \d| \S+$))/i;
const IMAP_COMMAND =
  /^(?:[A-Za-z]{0,8}\d{1,18}|[A-Za-z.$*]|[A-Za-z]{1,4}\.?\d{1,6}|\d{1,4}\.\d{1,4}) ((?:LOGIN|AUTHENTICATE|SELECT|EXAMINE|CAPABILITY|STARTTLS|LOGOUT|ID|NAMESPACE|LIST|LSUB|STATUS|NOOP|ENABLE|APPEND|UID|FETCH|IDLE)(?: .{0,300}|$))/;

/** A sentence that begins with the name of a command ("AUTH mechanism LOGIN is not supported"): commands have few words, none of them small. */
function isProse(line: string): boolean {
  const [command = '', ...rest] = line.trim().split(/\s+/);
  if (/^(?:MAIL|RCPT)$/i.test(command))
    return /\b(?:failed|rejected|refused|denied|error|command|not)\b/i.test(line.replace(/<[^>]*>/g, ''));
  if (/^(?:EHLO|HELO|LHLO|USER)$/i.test(command)) return rest.length > 1;
  if (/^AUTH$/i.test(command))
    return (
      rest.length > 2 ||
      (rest.length > 0 && !/^(?:[A-Z][A-Z0-9_-]{2,19}|login|plain|xoauth2|oauthbearer|cram-md5)$/.test(rest[0] ?? ''))
    );
  if (/^(?:PASS|APOP)$/i.test(command))
    return rest.length > 2 && rest.some((w) => /^(?:is|was|not|failed|the|command|rejected)$/i.test(w));
  return rest.some((w) => /^(?:failed|failure|error|rejected|refused|command|not|is)$/i.test(w));
}

/** @returns the command on this line as a transcript shows it (an IMAP tag taken off), or undefined. `marked`: a mark says that the client speaks. */
export function commandOf(line: string, marked: boolean): string | undefined {
  const imap = IMAP_COMMAND.exec(line);
  const prose = /^LOGIN (?:failed|error|denied|attempt)|^(?:STARTTLS|CAPABILITY|LOGOUT|NAMESPACE|NOOP|IDLE) \S/i;
  if (imap?.[1] && !prose.test(imap[1]) && (marked || !/^[2-5]\d\d /.test(line))) return imap[1].trim();
  const m = COMMANDS.exec(line);
  if (!m) return undefined;
  if (!marked && isProse(line)) return undefined;
  // Without a mark, small letters begin a sentence ("data was…", "list of…"): only what cannot be one is a command.
  if (
    !marked &&
    line.charAt(0) !== line.charAt(0).toUpperCase() &&
    !/^(?:ehlo|helo|starttls|stls|auth (?:login|plain|xoauth2|cram-md5)|mail from:|rcpt to:|quit|capa|stat|uidl)\b/i.test(line)
  )
    return undefined;
  if (!marked && /^(?:User|Pass|List|Top|Data|Auth|Stat|Mail|Quit)\b/.test(line)) return undefined;
  return line.slice(0, 300).trim();
}

const BY_COMMAND: readonly (readonly [RegExp, StageName])[] = [
  [/^(?:EHLO|HELO|LHLO|CAPA|CAPABILITY|ENABLE)/i, 'capabilities'],
  [/^(?:STARTTLS|STLS)/i, 'tls'],
  [/^(?:AUTH|LOGIN|AUTHENTICATE|USER|PASS|APOP)/i, 'auth'],
  [/^(?:SELECT|EXAMINE|STAT|UIDL|LIST|RETR|TOP|ID|NAMESPACE|LSUB|STATUS|FETCH|UID|IDLE|APPEND)/i, 'mailbox'],
  [/^(?:MAIL|RCPT|RSET|VRFY)/i, 'identity'],
  [/^(?:DATA|BDAT|\.)/i, 'send'],
];

export function stageOfCommand(command: string): StageName | undefined {
  if (command === '') return 'greeting';
  return BY_COMMAND.find(([r]) => r.test(command))?.[1];
}

/** Words of logs, bounces and exceptions that name the command that was answered. */
const NAMED: readonly (readonly [RegExp, string])[] = [
  [
    /in reply to (?:the )?(?:end of DATA|end of mail|\. )|after end of data|failed after DATA|end of mail data|END-OF-MESSAGE|end-of-data|DATA END command/i,
    '.',
  ],
  [/in reply to (?:the )?(MAIL FROM|RCPT TO|DATA|AUTH|STARTTLS|EHLO|HELO)/i, '$1'],
  [/after (?:pipelined )?(MAIL FROM|RCPT TO|DATA|AUTH|STARTTLS|EHLO|HELO)\b/i, '$1'],
  [/(?:reject(?:_warning)?|milter-reject|NOQUEUE): ?(?:reject: )?(RCPT|MAIL|DATA|EHLO|HELO|CONNECT) from/i, '$1'],
  [/\bcommand["']?\s*[:=]\s*["']((?:AUTH|MAIL FROM|RCPT TO|EHLO|HELO|STARTTLS|DATA)\b[A-Z0-9 -]{0,20})/i, '$1'],
  [
    /SMTPSenderRefused|SMTPSenderFailedException|SenderRefused|MAIL FROM command failed|MAIL failed|\bgomail: could not send email \d+: Mail:|(?:^|\W)Mail: [45]\d\d/,
    'MAIL FROM',
  ],
  [
    /SMTPRecipientsRefused|SMTPAddressFailedException|SendFailedException: Invalid Addresses|RCPT TO command failed|RCPT failed|recipients? (?:were )?refused|following recipients failed|(?:^|\W)Rcpt: [45]\d\d/i,
    'RCPT TO',
  ],
  [/SMTPDataError|DATA command failed|data not accepted/i, 'DATA'],
  [
    /SMTPHeloError|while performing the (?:EHLO|HELO) handshake|EHLO command failed|HELO command failed|(?:HELO|EHLO) (?:was )?rejected/i,
    'EHLO',
  ],
  [
    /SMTPAuthenticationError|AuthenticationFailedException|MailAuthenticationException|\bAUTH (?:LOGIN|PLAIN|XOAUTH2|CRAM-MD5)\b|Invalid login:|(?:^|\W)Auth: [45]\d\d|SASL (?:LOGIN|PLAIN) auth|[Aa]uthenticator (?:failed|LOGIN|PLAIN)|\bEAUTH\b/,
    'AUTH',
  ],
  [/STARTTLS (?:command )?failed|starttls: [45]\d\d/i, 'STARTTLS'],
  [/Error login on|LOGIN command|SMTP\.login|IMAP failed to login/i, 'LOGIN'],
];

/** @returns the command that the words name; undefined where they name none. */
export function namedCommand(words: string): string | undefined {
  for (const [r, command] of NAMED) {
    const m = r.exec(words);
    if (!m) continue;
    const named = command === '$1' ? (m[1] ?? '').toUpperCase() : command;
    return named === 'RCPT' ? 'RCPT TO' : named === 'MAIL' ? 'MAIL FROM' : named.trim();
  }
  return undefined;
}

const AUTH_WORDS =
  /auth|log[ -]?in|password|passwd|credential|sign[ -]?in|username|user name|登录|登入|验证|驗證|认证|密码|密碼|授权码|đăng nhập|mật khẩu|xác thực|anmeld|passwort|kennwort|mot de passe|identif|contraseña|senha|парол|вход|認証|ログイン|パスワード|인증|비밀번호|oauth|token|2fa|AADSTS/i;
const TLS_WORDS = /\btls\b|\bssl\b|starttls|handshake|cipher|安全连接|握手/i;
const CERTIFICATE_WORDS = /certificat|x509|chứng chỉ|证书|憑證|zertifikat|certificado|証明書|сертификат|인증서|certyfikat/i;
const CONNECT_WORDS =
  /connect|timed? ?out|timeout|unreachable|verbind|连接|連線|連接|kết nối|conexi|conex|connexion|接続|подключ|соедин|연결/i;
const DNS_WORDS = /resolv|dns|host not found|unknown host|name or service|nodename|nxdomain|域名|解析|getaddrinfo/i;
const SENDER_WORDS = /sender|mail from|from address|relay|not owned|send as|发件人|người gửi|absender/i;
const RECIPIENT_WORDS =
  /recipient|rcpt|user unknown|no such user|mailbox unavailable|does not exist|收件人|người nhận|empfänger|destinataire/i;
const MAILBOX_WORDS = /maildrop|mailbox|inbox|select|quota|lock/i;
const MESSAGE_WORDS = /message|size|spam|virus|content|attachment|dkim|spf|dmarc/i;

/** @returns the likeliest stage of something said, from its words; 'connect' where they tell nothing. */
export function stageOfWords(words: string): StageName {
  if (CERTIFICATE_WORDS.test(words)) return 'certificate';
  if (AUTH_WORDS.test(words)) return 'auth';
  if (TLS_WORDS.test(words)) return 'tls';
  if (DNS_WORDS.test(words)) return 'dns';
  if (SENDER_WORDS.test(words) || RECIPIENT_WORDS.test(words)) return 'identity';
  if (CONNECT_WORDS.test(words)) return 'connect';
  if (MAILBOX_WORDS.test(words)) return 'mailbox';
  return MESSAGE_WORDS.test(words) ? 'send' : 'connect';
}

/** @returns the stage of a reply: by the command, else by its codes, else by its words. */
export function stageOfReply(r: FoundReply, command: string | undefined): StageName {
  const known = command === undefined ? undefined : stageOfCommand(command);
  if (known) return known;
  if (r.code === 220) return 'greeting';
  if (r.code !== undefined && [235, 334, 432, 454, 530, 534, 535, 538, 525].includes(r.code))
    return r.code === 454 && TLS_WORDS.test(r.text) ? 'tls' : 'auth';
  if (r.enhanced && /^[45]\.7\.(?:8|9|11|13|14|139|57|3)$/.test(r.enhanced)) return 'auth';
  if (
    r.responseCode &&
    /^(?:AUTH|AUTHENTICATIONFAILED|AUTHORIZATIONFAILED|EXPIRED|PRIVACYREQUIRED|ALERT|WEBALERT)/.test(r.responseCode)
  )
    return 'auth';
  if (r.condition === '-ERR' || r.protocol === 'imap')
    return MAILBOX_WORDS.test(r.text) && !AUTH_WORDS.test(r.text) ? 'mailbox' : 'auth';
  if (r.code === 421 || r.code === 554)
    return SENDER_WORDS.test(r.text) || RECIPIENT_WORDS.test(r.text)
      ? 'identity'
      : MESSAGE_WORDS.test(r.text)
        ? 'send'
        : 'greeting';
  if (r.code === 552 || r.enhanced === '5.3.4') return 'send';
  if (AUTH_WORDS.test(r.text) && !SENDER_WORDS.test(r.text)) return 'auth';
  return MESSAGE_WORDS.test(r.text) && !RECIPIENT_WORDS.test(r.text) ? 'send' : 'identity';
}

const PORTS: Readonly<Record<number, Protocol>> = {
  25: 'smtp',
  465: 'smtp',
  587: 'smtp',
  2525: 'smtp',
  110: 'pop3',
  995: 'pop3',
  143: 'imap',
  993: 'imap',
};

export function protocolOfPort(port: number | undefined): Protocol | undefined {
  return port === undefined ? undefined : PORTS[port];
}

/** @returns the one protocol that the words name; undefined where they name none or several. */
export function protocolOfWords(words: string): Protocol | undefined {
  const named: Protocol[] = [];
  if (/imap(?!-?server:25)/i.test(words)) named.push('imap');
  if (/\bpop3?\b|\bpop3?[.:_/-]|pop3|-ERR\b/i.test(words)) named.push('pop3');
  if (/smtp|submission|outgoing|\bRCPT\b|postfix|exim|sendmail|发件服务器|máy chủ gửi|postausgang|sortant/i.test(words))
    named.push('smtp');
  return named.length === 1 ? named[0] : undefined;
}
