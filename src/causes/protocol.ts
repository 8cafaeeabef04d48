/** Breaches of the protocol by the server or by the client (RFC 5321 §4, RFC 9051 §7, RFC 1939 §3). */
import type { Cause, Rule } from '../model/cause.ts';
import { likely, pasted, possible } from './hear.ts';
import { sureness } from './look.ts';
import { seen, sighting } from './rules.ts';

const preauth: Rule = seen((facts) => {
  const said = facts.all('reply').find((r) => r.status === 'preauth' && r.channel === 'plain');
  return said && sighting(sureness(facts), 68, [said]);
});

const BROKEN = ['malformed', 'line-too-long', 'reply-too-long', 'unasked'];

/** An answer that cannot be read as the protocol has it; what it may be instead is another list's business. */
const unreadable: Rule = seen((facts) => {
  const broken = facts.all('break').find((b) => BROKEN.includes(b.how));
  if (broken) return sighting(sureness(facts), 48, [broken]);
  // A list without its end: slow, or never to end.
  const unended = facts.all('break').find((b) => b.how === 'unfinished');
  return unended && sighting('likely', 46, [unended], { alternatives: ['server.unavailable'] });
});

/** A refusal where the protocol knows none: capabilities are there for everybody, and nobody is logged in beforehand. */
const refusedBasics: Rule = seen((facts) => {
  if (facts.pasted) return undefined;
  const refused =
    facts.all('reply', 'capabilities').find((r) => r.status === 'no') ??
    facts.all('reply', 'greeting').find((r) => r.status === 'preauth' && r.channel !== 'plain');
  return refused && sighting('likely', 5, [refused]);
});

/** Words of a server that could not make out a command. */
const UNREADABLE =
  /syntax|argument|pars(?:e|ing)|(?:unknown|unrecogni[sz]ed|invalid|unsupported) (?:command|tag)|command (?:unknown|not recogni)/i;

/** Data of a mailbox that nobody has opened yet: thrown away, and told (RFC 9051 §6.2.1; CVE-2021-38370). */
const MAILBOX_DATA = /^\* (?:\d+ (?:EXISTS|RECENT|EXPUNGE|FETCH)|LIST|LSUB|STATUS|SEARCH|FLAGS)\b/im;
const tooEarly: Rule = seen((facts) => {
  if (facts.pasted || facts.protocol !== 'imap') return undefined;
  const said = facts
    .all('reply')
    .find((r) => ['greeting', 'capabilities', 'tls'].includes(r.stage) && r.lines.some((l) => MAILBOX_DATA.test(l)));
  const line = said?.lines.find((l) => MAILBOX_DATA.test(l));
  return said && sighting('proven', 40, [said], { severity: 'warning', ...(line === undefined ? {} : { matched: line }) });
});

export const protocol: readonly Cause[] = [
  {
    id: 'protocol.preauth',
    category: 'connection',
    stage: 'greeting',
    owner: 'admin',
    severity: 'error',
    protocols: ['imap'],
    words: {
      title: 'The server says "logged in" before encryption',
      meaning:
        'The IMAP server greets with PREAUTH on an unencrypted connection. STARTTLS is not allowed after that, so the connection can never become safe; somebody on the way may have forged it.',
      fix: [
        'Use port 993 with SSL/TLS in place of 143 with STARTTLS.',
        'Ask the administrator to greet with OK in place of PREAUTH on network connections.',
        'Try from another network where you suspect that somebody tampers with this one.',
      ],
    },
    links: [{ title: 'RFC 9051 section 7.1.4, PREAUTH response', url: 'https://www.rfc-editor.org/rfc/rfc9051#section-7.1.4' }],
    test: 'Connect to port 993 with TLS: a normal greeting there means that the plain connection is misconfigured or forged.',
    example: {
      paste: '* PREAUTH [CAPABILITY IMAP4rev1] Logged in as user@example.com',
      serve: { protocol: 'imap', security: 'starttls', greeting: '* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] logged in as user' },
    },
    rules: [
      preauth,
      pasted(
        likely(70, [
          /\*\s+PREAUTH\b|\bPREAUTH\b.{0,80}(?:before|without|starttls|tls|unencrypted|plain)|(?:starttls|tls).{0,80}\bPREAUTH\b/i,
        ]),
      ),
    ],
  },
  {
    id: 'protocol.client-error',
    category: 'connection',
    stage: 'capabilities',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The program breaks the rules of the protocol',
      meaning:
        'The server understands the connection but not what it is told: commands in the wrong order, bad line ends, malformed addresses or lines that are too long. The fault is in the program that talks to it.',
      fix: [
        'Update the program or library that connects.',
        'Send every line with CR LF at its end, also inside the message.',
        'Put addresses between angle brackets, without a display name: MAIL FROM:<name@example.com>.',
        'Send EHLO first, and wait for each reply before the next command unless the server offers PIPELINING.',
        'Check that nothing else writes to the same connection (echo, debug output, a second thread).',
      ],
    },
    links: [
      { title: 'RFC 5321 section 4.1.4, order of commands', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.1.4' },
      { title: 'RFC 5321 section 2.3.8, lines', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-2.3.8' },
    ],
    test: 'Run mailcheck against the same server: if it passes, the program is at fault and not the server.',
    example: {
      paste: '503 5.5.1 Bad sequence of commands: send EHLO before MAIL',
      unserved: 'mailcheck keeps to the protocol, so no server has reason to complain of it.',
    },
    rules: [
      // What postscreen calls a client that does not wait or does not speak SMTP.
      likely(74, [/\b(?:PREGREET \d+|(?:COMMAND PIPELINING|BARE NEWLINE|NON-SMTP COMMAND) from)\b/]),
      // Of the states of a session (RFC 9051 §3): a library says so before it asks the server.
      likely(62, [
        /\b(?:command|[A-Z]{4,12}) (?:is )?(?:illegal|invalid|not (?:allowed|permitted|valid)|only (?:allowed|valid)) in (?:the |this )?(?:current )?(?:\w+ )?states?\b|\bno (?:mailbox|folder) (?:is )?(?:currently |yet )?selected\b/i,
      ]),
      likely(60, [/\binput buffer (?:is )?(?:full|overflow|exceeded)/i]),
      likely(56, [/\bmessage (?:\d{1,9} )?(?:is |was |has been )?already (?:marked (?:as )?)?deleted\b/i], {
        protocol: ['pop3'],
      }),
      likely(74, [/barelinefeed|\bbare (?:<?LF>?|line ?feed|newline)|smtplf\.html/i]),
      likely(66, [/^protocol error\b/i], {
        code: [521, 554, 500],
        codeOptional: true,
        unless: [/server sent|response|reply|\btag\b/i],
      }),
      likely(66, [/\b(?:HELO|EHLO)\b.{0,12}\b(?:is )?(?:required|needed|expected|missing)\b(?! to be)/i], {
        unless: [/host ?name|fqdn|qualified/i],
      }),
      likely(
        68,
        [
          /\bbare (?:<?[CL]F>?|line ?feed|newline|carriage)|barelinefeed|smtplf\.html|stray newline|lines? (?:must|should) end (?:in|with) <?CR/i,
          /bad sequence of commands|(?:commands? )?out of (?:order|sequence)|(?:send|say|issue|use) (?:HELO|EHLO|HELO\/EHLO|EHLO\/HELO|hello) (?:first|before)|(?:HELO|EHLO|polite people say).{0,20}first|expected (?:HELO|EHLO)/i,
          /(?:nested|duplicate|second|extra) (?:MAIL|RCPT|DATA)\b|(?:sender|recipient|MAIL) (?:is )?already (?:given|specified|set)|(?:need|require)s? (?:MAIL|RCPT)\b.{0,12}(?:before|first|command)|(?:MAIL|RCPT).{0,10}first\b|valid (?:MAIL|RCPT) command must precede/i,
          /(?:improper|unauthorized|illegal) (?:use of (?:smtp )?)?(?:command )?pipelining|pipelining (?:not allowed|violation)|(?:input|next input) sent (?:too soon|without waiting)|pre-?greeting (?:traffic|data|input)|talks? too soon|early talker|protocol synchroni[sz]ation error|synchroni[sz]ation (?:error|violation)/i,
          /(?:syntax error|malformed|bad|invalid|illegal).{0,24}\b(?:in )?(?:MAIL|RCPT|command|parameters?|arguments?|address syntax|sender address syntax|recipient address syntax)\b|bad (?:sender|recipient|destination)(?: mailbox)? address syntax|syntax error\b|missing .{0,12}(?:<|angle|bracket)|not (?:a )?valid RFC ?-?[258]\d{2,3}/i,
          /(?:command|line)s? (?:is |was )?too long|(?:unknown|unrecogni[sz]ed|invalid|unsupported|bad) (?:smtp |imap |pop3? )?command\b|command (?:unknown|unrecogni[sz]ed|not recogni[sz]ed|not understood)|error in IMAP command|too many (?:unrecogni[sz]ed|syntax|(?:bad|unknown|invalid|illegal|wrong) (?:\w{1,12} )?(?:commands?|sequences?|requests?|parameters?))/i,
          /命令(?:顺序|序列)错误|错误的命令(?:序列|顺序)|命令(?:语法|格式)错误|无法识别的命令|sai (?:thứ tự|cú pháp) lệnh|lệnh không (?:hợp lệ|nhận dạng)/i,
        ],
        {
          unless: [
            /HTTP\/|STARTTLS|\bSTLS\b|Exception|\b(?:response|reply)\b|token|server sent|helo .{0,30}rejected|authenticat|AUTH\b|x-?mailer|header|dkim|message.{0,20}(?:format|line)|invalid address|mailbox/i,
          ],
          codeOptional: true,
          code: [500, 501, 503, 517, 521, 550, 554, 555, 451, 421, 502, 552, 553, 423],
        },
      ),
      likely(81, [
        /\balready (?:in |using |running |under )(?:tls|ssl|secure)|\b(?:tls|ssl|starttls|stls|channel)\b.{0,4}(?: is)? already (?:active|secured|started|negotiated|running|done|enabled|in (?:use|progress))|already (?:successfully )?executed (?:STLS|STARTTLS)|\balready authenticated\b/i,
      ]),
      likely(
        68,
        [
          /\b(?:give|send|issue|say|use|need|expect\w*) (?:the )?(?:USER|PASS)\b(?: command)?(?: first|$)|\b(?:USER|PASS) (?:command )?(?:first|expected|must come)/,
        ],
        {
          protocol: ['pop3'],
        },
      ),
      // What IMAP answers to a command that it cannot read (RFC 9051 §7.1.3).
      pasted(
        seen((facts) => {
          const bad = facts
            .all('reply')
            .find(
              (r) => r.condition === 'BAD' && !r.responseCode && UNREADABLE.test(r.text) && !/\bresponse from\b/i.test(r.text),
            );
          return bad ? sighting('likely', 50, [bad], { matched: bad.text.slice(0, 80) }) : undefined;
        }),
      ),
      likely(52, [/\bprotocol (?:error|violation)\b.{0,60}(?:client|command|smtp)|\[CLIENTBUG\]/i]),
      // Said by a server in place of an answer: the client broke the protocol.
      likely(80, [/\bprotocol (?:violation|deviation)\b/i], {
        of: 'reply',
        code: [451, 454, 500, 501, 503, 521, 523, 525, 550, 554],
        codeOptional: false,
        unless: [/policy|spam|content|header/i],
      }),
      possible(46, [/(?:^|[:;.] )invalid input\b/i], { alternatives: ['sender.domain-invalid', 'policy.helo-rejected'] }),
      possible(34, [
        /^(?:missing|invalid|bad|too (?:many|few)|unexpected|extra) .{0,12}arguments?\b|\bBAD\b.{0,60}(?:command|argument|syntax|parse)|command received in invalid state|invalid (?:state|arguments?)\b|not (?:valid|allowed|permitted|legal) (?:in this state|at this (?:point|time|stage))|\bno such message\b|message list not|excessive amounts? of data/i,
      ]),
    ],
  },
  {
    id: 'protocol.violation',
    category: 'connection',
    stage: 'capabilities',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server does not keep to the protocol',
      meaning:
        'Its answer cannot be read as what the standard prescribes: wrong form, wrong code, too long, or not asked for. The server, or something between, is broken.',
      fix: [
        'Check that port and protocol belong together: POP3 995, IMAP 993, sending 465 or 587.',
        'Switch off the mail scan of an antivirus program and any mail proxy for a test.',
        'Ask the administrator to update or restart the mail server, and send the answer shown as evidence.',
      ],
    },
    links: [
      { title: 'RFC 5321 section 4.2, SMTP replies', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.2' },
      { title: 'RFC 9051 section 7, server responses', url: 'https://www.rfc-editor.org/rfc/rfc9051#section-7' },
      { title: 'RFC 1939 section 3, basic operation', url: 'https://www.rfc-editor.org/rfc/rfc1939#section-3' },
    ],
    test: 'Ask the same from another network: the same answer there proves that the server sends it.',
    example: {
      paste: "imaplib.IMAP4.abort: unexpected response: b'?? internal state 17'",
      serve: { protocol: 'smtp', replies: { EHLO: '250-mail.example.test\r\n550 SIZE 1000' } },
    },
    rules: [
      likely(67, [
        /\bunexpected (?:\w{2,12} )?token\b|(?:unknown|unexpected|wrong|mismatched) tag\b|tagged response with|(?:reply|response|answer)\b.{0,30}\b(?:exceeds?|longer than|more than) \d{3,6}\b/i,
      ]),
      likely(67, [
        /\bmulti-?line (?:response|reply|answer)\b.{0,24}\b(?:different|differing|mixed|inconsistent) (?:status )?codes?\b|\b(?:ehlo|helo) (?:is )?not supported\b/i,
      ]),
      // A server that asks on and on, as SASL libraries put it.
      likely(40, [/\bprotocol loop\b/i], { alternatives: ['auth.unexplained', 'server.misconfigured'] }),
      likely(72, [/error_proto.{0,40}too long|got more than \d{2,6} bytes|_MAXLINE/i]),
      unreadable,
      tooEarly,
      refusedBasics,
      likely(
        50,
        [
          /\b(?:unexpected|unknown|invalid|malformed|garbled|unpars\w{2,6}|illegal|strange|corrupt(?:ed)?) (?:smtp |imap |pop3? |server |tagged |untagged |greeting )?(?:response|reply|answer|line|token|data from)\b/i,
          /(?:response|reply|answer|greeting|line)\b.{0,40}\b(?:is |was |are )?(?:malformed|not understood|not recogni[sz]ed|unpars\w{2,6}|could not be (?:parsed|read|understood)|cannot be parsed|too long|garbled)\b/i,
          /got more than \d{2,6} bytes|line (?:is )?too long.{0,20}(?:response|server|_MAXLINE)|short response:|textproto.{0,40}(?:malformed|invalid)|(?:cannot|can.t|could not|couldn.t|failed to) parse .{0,20}(?:response|reply|answer|greeting)|parse error.{0,40}(?:server|response|imap|smtp)|unable to (?:parse|interpret) .{0,30}(?:response|reply|answer)|does not (?:follow|conform to|comply with) .{0,20}(?:protocol|rfc)/i,
          /(?:server|serveur|servidor).{0,40}(?:violates?|breaks?|breach).{0,20}protocol|protocol (?:error|violation).{0,30}(?:by|from|of) (?:the )?server/i,
          /(?:响应|回应|应答).{0,16}(?:格式错误|无法解析|不正确|异常)|无法解析.{0,10}(?:响应|回应)|phản hồi.{0,30}(?:không hợp lệ|sai định dạng|không đúng)|ungültige antwort|réponse (?:invalide|inattendue)|respuesta (?:inesperada|no válida)/i,
        ],
        { unless: [/HTTP\/|SSH-|\\x15|\\x16|5\d\d[ -]|authenticat|credential|token endpoint|json/i] },
      ),
      pasted(likely(67, [/\b(?:got|received) an? empty (?:response|reply|answer)\b/i], { alternatives: ['connect.reset'] })),
      pasted(
        possible(30, [/\b(?:Imap|Pop3?|Smtp|Mail)?Protocol(?:Exception|Error)\b/], {
          unless: [/disconnect|closed|authenticat/i],
        }),
      ),
      pasted(possible(38, [/^pars(?:e|ing) (?:error|failed|failure)\b|\bEPROTOCOL\b|0x800ccc61|0x800ccc93/i])),
    ],
  },
];
