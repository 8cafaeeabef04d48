/**
 * One line of pasted text without what tools put around it: quotation marks of mail, timestamps, host and program names of logs,
 * and the marks that say who speaks in a transcript.
 */

export interface Peeled {
  /** The words, from where the message begins; log programs kept, times and quoting gone. */
  readonly text: string;
  /** What remains once program names, levels and speaker marks are gone: where a reply would begin. */
  readonly body: string;
  /** Who speaks, where a mark says so. */
  readonly side?: 'client' | 'server';
  /** The line is one entry of a log, not part of a paragraph. */
  readonly log: boolean;
  readonly program?: string;
  /** Indented in the original. */
  readonly indent: boolean;
}

const QUOTE = /^(?:[ \t]{0,8}>){1,12}(?:[ \t]|$)/;
const COMMAND_NEXT =
  /^[ \t]*(?:EHLO|HELO|LHLO|AUTH|STARTTLS|STLS|MAIL FROM|RCPT TO|DATA|QUIT|RSET|USER|PASS|APOP|CAPA|STAT|UIDL|LIST|RETR|(?![2-5]\d\d )[A-Za-z]{0,4}\d{1,6} (?:LOGIN|AUTHENTICATE|SELECT|EXAMINE|CAPABILITY|STARTTLS|LOGOUT|ID|LIST|NAMESPACE|NOOP|UID|FETCH|STATUS|ENABLE|IDLE))\b/;
const TIMES: readonly RegExp[] = [
  /^\[?\(?\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]+\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?)?\)?(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?\]?(?:[\s:,|-]{1,4}|$)/,
  /^\[?(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6} {1,2}\d{1,2}(?:,? \d{4})?(?: (?:at )?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?(?: ?[AP]M)?(?: \d{4})?)?\]?[\s:,-]{1,3}/,
  /^\[?\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4},? \d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?(?: ?[AP]M)?\]?[\s:,|-]{1,3}/i,
  /^\[?\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?: ?[AP]M)?\]?[\s:,|-]{1,3}/i,
  /^\[\d{1,10}(?:\.\d{1,9})?\]\s+/,
];
const CONTAINER = /^[\w.-]{1,40}\s{1,12}\| /;
/** `mail01 postfix/smtp[72]: ` of syslog, `dovecot: `, and the bare `postfix/smtp[72]: `. */
const SYSLOG = /^(?:[\w.-]{1,80} )?((?:[A-Za-z][\w.-]{1,30})(?:\/[\w.-]{1,30}){0,3})\[\d{1,10}\]: /;
const DAEMON =
  /^(?:[\w.-]{1,80} )?(dovecot|postfix(?:\/[\w-]{1,20}){1,2}|exim4?|sendmail|sm-mta|smtpd|opensmtpd|courier\w{0,10}|imapd|pop3d|imap-login|pop3-login|smtp-login|submission-login|auth-worker|amavis\w{0,4}|cyrus\/\w{1,12}|lmtpd?|saslauthd|dma|msmtp|fetchmail|getmail|mbsync|isync|offlineimap): /;
const LEVEL =
  /^(?:\[?(?:FATAL|ERROR|ERR|WARN(?:ING)?|INFO|DEBUG|TRACE|NOTICE|SEVERE|CRITICAL|Error|Warning|Info|Debug|Notice)\]?(?::| -)?\s+|<(?:error|warn|info|debug)>\s+|[DEIWV]\/[\w.-]{1,40}\s*(?:\(\s?\d+\))?:?\s+)/;
const BRACKETS = /^(?:\[[\w:#./ -]{1,60}\]|\{[\w:#.-]{1,60}\})\s+/;
const THREAD = /^(?:\[?(?:Parent|Child) \d+: [\w #-]{1,30}\]?: [DEIWV]\/\w+ |[\w-]{1,24}\[[0-9a-f]{6,16}\]: )/;

const SERVER =
  /^(?:[\w.()=-]{0,24}?(?:<-{1,3}|<={1,2}|<~\*|<~|<\*\*|<{1,3})\s{0,3}|(?:\*\s)?S(?:ERVER|erver|RV)?(?: ?\d{1,3})?[:>]\s+|\[S\]\s+|SERVER -> CLIENT:\s+|SMTP (?:-> FROM SERVER|INBOUND):\s*"?|SMTP -> get_lines\(\): \$str is\s+"|(?:reply|recv|received|read|rx|response|SMTP Response|Smtp response|Host\d Read|Read|Received|Recv|Response|RX|Rx|RECV|READ|Server said|server said|Server reply):\s+|imap: < |smtp: < |"?RECEIVED: )/;
const CLIENT =
  /^(?:[\w.()=-]{0,24}?(?:-{1,3}>|={1,2}>|~>|>{2,3})\s{0,3}|(?:\*\s)?C(?:LIENT|lient|LI)?(?: ?\d{1,3})?[:>]\s+|\[C\]\s+|CLIENT -> SERVER:\s+|(?:send|sent|tx|SMTP Send|Host\d Sending|Sending|Sent|Send|TX|Tx|SEND|[Cc]ommand(?=: [^'"])):\s+|imap: > |smtp: > )/;
const TREE = /^[\s│├└─┬|+`\\-]{0,12}[├└│─┬]+[\s─]*/;
const BULLET =
  /^(?:(?:[•·●▪►✗✘✖×❌⚠🛑🔴✅‼❗]|[-*](?! (?:OK|NO|BAD|BYE|PREAUTH|CAPABILITY|ID|FLAGS|S:|C:|\d)))\ufe0f?|\d{1,2}[.)])\s{1,4}(?=\S)/u;

/** hMailServer: `"SMTPD"	4012	7	"2024-01-09 08:12:55"	"192.0.2.4"	"SENT: 535 …"`: the daemon's SENT is the server speaking. */
function hMailServer(line: string): Peeled | undefined {
  const m = /^"?(SMTPD|SMTPC|POP3D|POP3C|IMAPD)"?\t.{0,120}\t"(SENT|RECEIVED): (.{0,4000})"\s*$/.exec(line);
  if (!m) return undefined;
  const daemon = (m[1] ?? '').endsWith('D');
  const side = daemon === (m[2] === 'SENT') ? 'server' : 'client';
  return { text: m[3] ?? '', body: m[3] ?? '', side, log: true, program: 'hmailserver', indent: false };
}

/** `SERVER 1:` and `CLIENT 1:` on lines of their own say who speaks on the next ones. */
export function speakerOf(line: string): 'client' | 'server' | undefined {
  const m = /^\s*(?:\[?(SERVER|CLIENT)\]?(?: \d{1,4})?:|(SERVER|CLIENT) \d{1,4})\s*$/i.exec(line);
  return m ? ((m[1] ?? m[2] ?? '').toLowerCase() === 'server' ? 'server' : 'client') : undefined;
}

/** @returns the parts of one line; total. */
export function peel(raw: string): Peeled {
  let line = raw;
  const indent = /^[ \t]{2,}\S/.test(line);
  const quoted = QUOTE.exec(line);
  if (quoted && !/^\s*>{2,3} ?(?:[A-Z]{4}|\S+ [A-Z])/.test(line)) {
    const rest = line.slice(quoted[0].length);
    if (!COMMAND_NEXT.test(rest)) line = rest;
  }
  line = line.trim();
  const daemon = hMailServer(line);
  if (daemon) return daemon;
  line = line.replace(CONTAINER, '');
  let log = false;
  for (let i = 0; i < 3; i++) {
    const time = TIMES.find((t) => t.test(line));
    if (!time) break;
    line = line.replace(time, '');
    log = true;
  }
  line = line.replace(TREE, '');
  const syslog = SYSLOG.exec(line) ?? DAEMON.exec(line);
  let program: string | undefined;
  if (syslog) {
    log = true;
    program = (syslog[1] ?? '').toLowerCase().split('/')[0];
    // The host name goes, the program stays: it tells what spoke.
    line = line.slice(line.indexOf(syslog[1] ?? ''));
  }
  const text = line.replace(BULLET, '');
  let body = syslog ? line.slice(line.indexOf(': ') + 2) : text;
  for (let i = 0; i < 3; i++) {
    const shorter = body
      .replace(THREAD, '')
      .replace(LEVEL, '')
      .replace(BRACKETS, (b) => (/^\[[A-Z][A-Z/-]{2,}[\] ]/.test(b) ? b : ''));
    if (shorter === body) break;
    body = shorter;
  }
  body = body.trimStart();
  const said = whoSpeaks(body, raw);
  if (said) return { text, body: said.rest, side: said.side, log, indent, ...(program ? { program } : {}) };
  return { text, body, log, indent, ...(program ? { program } : {}) };
}

function whoSpeaks(body: string, raw: string): { side: 'client' | 'server'; rest: string } | undefined {
  const m = SERVER.exec(body);
  if (m) return { side: 'server', rest: body.slice(m[0].length) };
  const c = CLIENT.exec(body);
  // Some programs point at their errors with an arrow, and at what the server told them.
  const told = c && SERVER.exec(body.slice(c[0].length));
  if (c && told) return { side: 'server', rest: body.slice(c[0].length + told[0].length) };
  if (c && !/\b(?:failed|refused|unreachable|timed out|denied|rejected|cannot|could not|unable)\b/i.test(body))
    return { side: 'client', rest: body.slice(c[0].length) };
  if (body.startsWith('< ') && /^< (?:\d{3}[ -]|[*+] |\S{1,12} (?:OK|NO|BAD)\b|[+-](?:OK|ERR))/.test(body))
    return { side: 'server', rest: body.slice(2) };
  const quote = /^\s*> ?/.exec(raw);
  if (quote && COMMAND_NEXT.test(raw.slice(quote[0].length))) return { side: 'client', rest: raw.slice(quote[0].length).trim() };
  return undefined;
}
