/** Which program said a pasted text, and what kind of text it is. */
import type { TextEvidence } from '../model/evidence.ts';

const PROGRAMS: readonly (readonly [string, RegExp])[] = [
  ['outlook', /0x800ccc|0x8004\d{4}\b|\boutlook\b(?!\.(?:com|office))|Task '[^']{1,200}' reported error|msoutlook/i],
  [
    'thunderbird',
    /thunderbird|Account Settings \||Outgoing server \(SMTP\)|NS_ERROR|SEC_ERROR_|SSL_ERROR_|MOZILLA_PKIX|Konten-Einstellungen|mailnews/i,
  ],
  [
    'apple-mail',
    /apple mail|NSURLErrorDomain|kCFErrorDomain|CFNetwork|MCMail|Mail\.app|“Mail” can|Cannot Get Mail|Cannot Send Mail|Verify Server Identity|The connection to the server “/i,
  ],
  [
    'phpmailer',
    /PHPMailer|SMTP Error: |Mailer Error: |SMTP-Fehler: |Erreur SMTP|Lỗi SMTP: |SMTP 错误：|SMTPエラー: |SMTP connect\(\) failed/i,
  ],
  ['roundcube', /SMTP (?:error|Error) \(\d{3}\)|Lỗi SMTP \(|SMTP 错误 \(|roundcube/i],
  ['swiftmailer', /Swift_|Expected response code/],
  [
    'nodemailer',
    /nodemailer|SMTPConnection|Invalid login: |EAUTH|EENVELOPE|ESOCKET|EPROTOCOL|ECONNECTION|Greeting never received|Invalid greeting/,
  ],
  ['node', /\b(?:node-imap|imapflow|node:)\b|at TLSSocket|at TCPConnectWrap|ERR_TLS_|getaddrinfo E|net\.js:|_tls_wrap/],
  [
    'python',
    /Traceback \(most|smtplib|imaplib|poplib|aiosmtplib|\(_ssl\.c:|\[Errno |\(\d{3}, b?'|(?<!net\.)\bssl\.SSL(?:Error|Cert)|socket\.gaierror|error_proto/,
  ],
  ['java', /javax?\.mail|jakarta\.mail|\bjava\.|javax\.net|sun\.security|PKIX path|nested exception is|springframework/],
  [
    'dotnet',
    /System\.Net|SmtpException|MailKit|MimeKit|System\.Security\.Authentication|The server response was|System\.IO\.IOException/,
  ],
  ['go', /\bx509: |\bdial tcp\b|gomail|textproto|net\/smtp|\btls: |go-imap|goroutine \d/],
  ['ruby', /Net::(?:SMTP|IMAP|POP)|Errno::E|OpenSSL::SSL|ActionMailer|state=error|connect\(2\) for/],
  ['rust', /code: None, info: Some|lettre|rustls|os error \d+|invalid peer certificate/],
  ['curl', /\bcurl: \(\d+\)|\* SSL: |libcurl/],
  ['msmtp', /\bmsmtp\b|sendmail: the server does not support/],
  ['swaks', /^(?:=== |\*\*\* |<~\* |<\*\* | ~> )|swaks/m],
  ['fetchmail', /\bfetchmail\b|SMTP< |IMAP< |POP3< /],
  ['getmail', /\bgetmail\b/],
  ['imapsync', /\bimapsync\b|Host[12] failure|Error login on \[/],
  ['openssl', /verify error:num=|SSL routines|CONNECTED\(0|Verify return code|Verification error|s_client/],
  ['testssl', /testssl|Chain of trust|\bNOT ok\b/],
  ['gnutls', /gnutls|The certificate is NOT trusted/i],
  ['postfix', /postfix\/|status=(?:bounced|deferred)|\(in reply to |mailer-daemon@|This is the mail system at host/i],
  ['exim', /\bexim\b|SMTP error from remote mail server|This message was created automatically by mail delivery software/i],
  ['dovecot', /\bdovecot\b|(?:imap|pop3|submission)-login: |auth-worker/i],
  ['sendmail', /sm-mta|The original message was received at|Deferred: |>>> (?:RCPT|MAIL|DATA)/],
  ['qmail', /This is the qmail-send program|Remote host said: |does not like recipient/],
  ['exchange', /Remote Server returned|#SMTP#|prod\.outlook\.com|RESOLVER\.|STOREDRV/i],
  ['gmail', /gsmtp|Mail Delivery Subsystem <mailer-daemon@googlemail/i],
  ['k9', /K-9|Thunderbird for Android|Checking incoming server settings failed/i],
  ['deltachat', /delta ?chat/i],
  ['android', /android|BoringSSL|Conscrypt/],
];

/** @returns the program, lower case; undefined where nothing tells. */
export function programOf(text: string): string | undefined {
  const head = text.length > 4000 ? text.slice(0, 4000) : text;
  return PROGRAMS.find(([, r]) => r.test(head))?.[0];
}

const EXCEPTION =
  /(?:Exception|Error|Traceback|Fault|panic|Warning|Fatal error)\b.{0,3}:|\b[\w.]{3,80}(?:Exception|Error)\b|nested exception|error:[0-9A-F]{8}|\[Errno|errno|code: '/;
const BOUNCE =
  /undeliver|delivery (?:has )?failed|delivery status|could not be delivered|couldn't be delivered|wasn't delivered|returned to sender|Diagnostic-Code|Final-Recipient|mailer-daemon|permanent (?:fatal )?errors?|said: [45]\d\d|bounced|STOREDRV|RESOLVER\./i;
const TOOLS = new Set(['curl', 'msmtp', 'swaks', 'fetchmail', 'getmail', 'imapsync', 'openssl', 'testssl', 'gnutls']);

/** @returns what kind of text this is, from its words and the program. */
export function originOf(text: string, log: boolean, program: string | undefined): TextEvidence['origin'] {
  if (program !== undefined && TOOLS.has(program)) return 'tool';
  if (BOUNCE.test(text)) return 'bounce';
  if (log) return 'log';
  if (EXCEPTION.test(text)) return 'exception';
  return program === undefined && text.length > 400 ? 'unknown' : 'dialog';
}

/** Error numbers of clients, as they stand there: `0x800CCC0E`, `-1200` beside a word that makes it one. */
export function clientNumbers(text: string): readonly string[] {
  const found = new Set<string>();
  for (const m of text.matchAll(/\b0x[0-9a-f]{8}\b/gi)) {
    found.add(m[0]);
    if (found.size > 4) break;
  }
  for (const m of text.matchAll(
    /(?:error|code|domain|osstatus|fehler|错误|エラー|lỗi|erreur|errore|hresult)[^\d\n]{0,16}?(-\d{3,10})\b/gi,
  )) {
    if (m[1]) found.add(m[1] === '-2147467259' || Number(m[1]) > -100_000 ? m[1] : `0x${(Number(m[1]) >>> 0).toString(16)}`);
    if (found.size > 6) break;
  }
  return [...found];
}
