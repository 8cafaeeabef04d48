/** The first words of the server (RFC 5321 §3.1, RFC 9051 §7.1, RFC 1939 §4): who speaks, and whether it lets us in. */
import type { Cause, Rule } from '../model/cause.ts';
import type { ServiceEvidence } from '../model/evidence.ts';
import { likely, pasted, possible } from './hear.ts';
import { BIG_PROVIDER, firstFailure, mention, mentions, numbers, sureness } from './look.ts';
import { seen, sighting } from './rules.ts';
import { told } from './tongues.ts';

/** Another protocol, heard at the greeting, or by a control connection in the other mode or over a channel that stayed silent. */
const stranger: Rule = seen((facts) => {
  const heard = (s: ServiceEvidence) => s.speaks !== 'tls' && s.speaks !== 'unknown' && s.expected !== 'tls';
  const service = facts.all('service').find(heard) ?? facts.controls('service').find(heard);
  if (service)
    return sighting(sureness(facts), 60, [service], { stage: service.stage, params: { speaks: service.speaks.toUpperCase() } });
  const unknown = facts.all('service').find((s) => s.speaks === 'unknown');
  return unknown && sighting('possible', 40, [unknown], { alternatives: ['protocol.violation'] });
});

/** The first bytes that came in place of TLS belong to a service that is none of the three. */
const strangerBytes: Rule = seen((facts) => {
  const tls = facts.all('tls').find((t) => t.outcome === 'failed' && t.firstBytes !== undefined);
  const said = tls?.firstBytes ?? '';
  const other = /^(?:HTTP\/\d|SSH-\d|<(?:!doctype|html))/i.test(said) || foreign(said, facts.protocol);
  return tls && other ? sighting(sureness(facts), 60, [tls], { params: { speaks: said.slice(0, 20) } }) : undefined;
});

/** LMTP greets as SMTP does and knows no EHLO (RFC 2033 §4.1). */
const deliversLocally: Rule = seen((facts) => {
  const greeted = facts.all('reply').find((r) => r.command === '' && r.code === 220 && /\bLMTP\b/i.test(r.text));
  const refused = facts.all('reply').find((r) => r.status === 'no' && /^(?:EHLO|HELO)\b/i.test(r.command));
  return greeted && refused ? sighting('likely', 76, [refused, greeted], { params: { speaks: 'LMTP' } }) : undefined;
});

function foreign(said: string, protocol: string | undefined): boolean {
  if (protocol === undefined) return false;
  if (/^\* (?:OK|BYE|PREAUTH)\b/.test(said)) return protocol !== 'imap';
  if (/^(?:\+OK|-ERR)\b/.test(said)) return protocol !== 'pop3';
  return /^220[ -]/.test(said) && protocol !== 'smtp';
}

/** More asterisks than stand in place of a secret of ours, or fewer. */
const ASTERISKS = /(?<!\*)(?!\*{8}(?!\*))\*{6,}/;

/** Asterisks in place of a greeting, and keywords overwritten with X: STARTTLS has eight letters, XXXXXXXA too. */
const masked: Rule = seen((facts) => {
  const greeted = facts.all('reply').find((r) => r.command === '' && r.status !== 'no' && ASTERISKS.test(r.text));
  // In pasted text the first word may be the server's name, blotted out by the person.
  const listed = facts
    .all('capabilities')
    .find((c) => c.items.some((i, n) => (facts.pasted && n === 0 ? /^X{4,}[A-WYZ]\b/ : /^X{4,}[A-Z]?\b/).test(i)));
  const proof = greeted ?? listed;
  if (!proof) return undefined;
  const evidence = greeted && listed ? [greeted, listed] : [proof];
  if (facts.pasted) return sighting('likely', 78, evidence);
  // What works all the same is a warning; what then fails, before anybody's credentials are judged, fails by this and there.
  const failure = firstFailure(facts);
  if (!failure || (failure.kind === 'reply' && !['greeting', 'capabilities', 'tls'].includes(failure.stage)))
    return sighting('proven', 64, evidence, { severity: 'warning' });
  return sighting('proven', 64, [...evidence, failure], { stage: failure.stage });
});

const redirected: Rule = seen((facts) => {
  const s = facts.all('setting', 'greeting').find((x) => x.remark === 'other-provider');
  if (!s) return undefined;
  const greeted = facts.last('reply', 'greeting');
  return sighting('likely', 66, greeted ? [s, greeted] : [s], { alternatives: ['certificate.intercepted'] });
});

/** A shared host's own Exim greets in the name of a big provider. */
const strangerGreets: Rule = seen((facts) => {
  if (!facts.pasted) return undefined;
  const exim = mention(facts, /do not authorize the use of this system to transport unsolicited|ESMTP Exim \d/i);
  const provider = exim && mention(facts, BIG_PROVIDER);
  return provider && exim ? sighting('likely', 74, [exim.evidence, provider.evidence], { matched: exim.matched }) : undefined;
});

const silence: Rule = seen((facts) => {
  const waited = facts.all('break', 'greeting').find((b) => b.how === 'timeout');
  if (!waited || facts.controls('tls', 'other-mode').some((t) => t.outcome === 'established')) return undefined;
  const secured = facts.all('tls').some((t) => t.outcome === 'established');
  const compared = facts.controls('connect').some((c) => c.control === 'other-mode');
  const certain = secured || compared;
  return sighting(
    sureness(facts, certain ? 'proven' : 'likely'),
    50,
    [waited],
    certain ? {} : { alternatives: ['tls.plain-on-implicit-port'] },
  );
});

const turnedAway: Rule = seen((facts) => {
  const refused =
    facts.all('reply', 'greeting').find((r) => r.status === 'no') ??
    (facts.pasted ? facts.all('reply', 'capabilities').find((r) => r.condition === 'BYE' && r.status === 'no') : undefined);
  // A final refusal before anything was asked is about the connection itself, whatever vague words it comes with.
  const final = refused?.code !== undefined && refused.code >= 500;
  const bye = refused?.condition === 'BYE' ? 34 : 12;
  return refused && sighting(sureness(facts, 'likely'), facts.pasted ? bye : final ? 40 : 5, [refused]);
});

export const greeting: readonly Cause[] = [
  {
    id: 'greeting.wrong-service',
    category: 'connection',
    stage: 'greeting',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'Another kind of service answers on this port',
      meaning:
        'The connection works, but what answers is not the mail service that was expected: a web server, another mail protocol, or something else. Port and protocol do not belong together.',
      fix: [
        'Use the port of the protocol: POP3 995 (110), IMAP 993 (143), sending 465 or 587.',
        'Check that incoming and outgoing server are not exchanged.',
        'Check that the account type (POP or IMAP) fits the server name.',
        'Where the server is your own, look at which program listens on the port.',
      ],
    },
    links: [
      { title: 'RFC 5321 section 3.1, session initiation', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-3.1' },
      { title: 'RFC 8314 section 7.3, registered ports', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-7.3' },
    ],
    test: 'Read the first line that the server sends: it names its protocol.',
    example: {
      paste: "imaplib.IMAP4.error: got b'HTTP/1.1 400 Bad Request' in place of an IMAP greeting",
      serve: { protocol: 'imap', greeting: 'HTTP/1.1 400 Bad Request' },
    },
    rules: [
      stranger,
      strangerBytes,
      deliversLocally,
      likely(76, [/\b(?:use|expect\w*|say|send|issue|requires?) LHLO\b|\bLHLO (?:is )?(?:expected|first|required|needed)/i]),
      likely(
        66,
        [
          /(?:non-?SMTP command|improper command|unrecognized command|rejected connection|protocol (?:synchronization )?error).{0,200}\b(?:GET|POST|HEAD|OPTIONS|CONNECT) \S{0,200} ?HTTP\//i,
          /\binput="?(?:GET|POST|HEAD|CONNECT) |\bHTTP\/1\.[01] [2-5]\d\d\b.{0,120}(?:greeting|banner|welcome|imap|smtp|pop3|response)|(?:greeting|banner|welcome|response|got|received|expected).{0,80}HTTP\/1\.[01]/i,
          /\bSSH-2\.0-.{0,120}(?:greeting|banner|smtp|imap|pop3)|(?:greeting|banner|response|got|received).{0,60}SSH-[12]\./i,
          /(?:is )?not (?:an? )?(?:valid )?(?:IMAP4?|POP3?|SMTP|mail) (?:mail )?server\b|expected .{0,40}(?:\* OK|\+OK|220).{0,60}(?:got|received|but)|not an imap server|NOT_AN_IMAP/i,
          /kein (?:IMAP4?|POP3?|SMTP)-?(?:mail-?)?server|n.est pas un serveur.{0,20}(?:IMAP|POP|SMTP)|no es un servidor.{0,20}(?:IMAP|POP|SMTP)|não é um servidor.{0,20}(?:IMAP|POP|SMTP)|non è un server (?:IMAP|POP|SMTP)/i,
          /(?:is geen|není|nie jest|er ikke en|är inte en|ei ole|не є) (?:сервером )?(?:IMAP4?|POP3?|SMTP)|(?:IMAP4?|POP3?|SMTP)[ -]sunucusu değil|nepodporuje IMAP4/i,
          /不是 ?(?:IMAP4?|POP3?|SMTP)|không phải (?:là )?máy chủ.{0,10}(?:IMAP|POP|SMTP)|не является.{0,20}(?:IMAP|POP|SMTP)|(?:IMAP4?|POP3?|SMTP).{0,12}サーバーではありません/i,
        ],
        { unless: [/\bgot (?:code )?["']?[45]\d\d\b|empty (?:response|reply)/i] },
      ),
      pasted(mentions(/\bSSH-[12]\.\d{1,2}-\S{0,40}/, 'likely', 60)),
      numbers(['0x800cccd5'], 'likely', 62),
      pasted(
        likely(56, [
          /(?:imap|IMAP4|LOGIN).{0,80}\+OK (?:POP3|dovecot|ready)|(?:smtp|EHLO).{0,80}(?:\+OK |\* OK )|(?:pop3?).{0,80}(?:\* OK \[CAPABILITY|220 .{0,60}ESMTP)/i,
        ]),
      ),
    ],
  },
  {
    id: 'greeting.middlebox',
    category: 'connection',
    stage: 'greeting',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'A firewall or antivirus rewrites the conversation',
      meaning:
        'Words of the server are blanked out or replaced on the way (220 ****, XXXXXXXA). Encryption and log-in are hidden from the program by a device or security program in between.',
      fix: [
        'Use SSL/TLS from the start, port 465, 993 or 995: what is encrypted cannot be rewritten.',
        'Switch off "SMTP inspection" (Cisco: inspect esmtp, fixup protocol smtp) on the firewall.',
        'Switch off the mail scan of the antivirus program on this machine.',
        'Try from another network to see which device does it.',
      ],
    },
    links: [
      { title: 'RFC 3207 section 6, security considerations', url: 'https://www.rfc-editor.org/rfc/rfc3207#section-6' },
      { title: 'RFC 2979 section 3, behaviour of firewalls', url: 'https://www.rfc-editor.org/rfc/rfc2979#section-3' },
    ],
    test: 'Read the greeting from another network: words in place of asterisks there prove the rewriting here.',
    example: {
      paste: '220 ********************2****200**0*00\n250-mail.example.com\n250-XXXXXXXA\n250 SIZE 31457280',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        greeting: '220 *************************2******200**********0*00',
        capabilities: { plain: ['SIZE 31457280', 'XXXXXXXA'] },
      },
    },
    rules: [
      masked,
      pasted(mentions(/\b220[ -]\*{4,}|\*{12,}\d?\*|\bX{7,}A\b/, 'likely', 78)),
      // An antivirus program announces itself in a greeting that is otherwise a friendly one.
      pasted(
        mentions(
          /\b(?:symantec|norton|mcafee|avast|avg|kaspersky|eset|trend ?micro|bitdefender|sophos|panda|f-secure)\b.{0,12}\b(?:e-?mail|mail|smtp|pop3?) (?:proxy|scanner|shield|filter)/i,
          'likely',
          74,
        ),
      ),
      likely(
        74,
        [
          /\bMFE proxy\b|(?:e-?mail|mail|smtp|pop3?) proxy.{0,40}(?:symantec|norton|mcafee|avast|avg|kaspersky|eset|trend)|(?:symantec|norton|mcafee|avast|avg|kaspersky|eset|trend ?micro|bitdefender|sophos).{0,40}(?:e-?mail|mail|smtp|pop3?) (?:proxy|scanner|shield|gateway|filter)/i,
          /cannot connect to (?:SMTP|POP3|IMAP) server .{1,120}connect error \d{4,5}/i,
          /smtp (?:inspection|fixup)|inspect esmtp|fixup protocol smtp|(?:pix|asa)\b.{0,40}(?:mangl|inspect|mask|fixup)/i,
          /(?:firewall|anti-?virus|proxy|middlebox).{0,60}(?:strips?|removes?|rewrit|mask|hid|intercept|tamper)\w{0,4}.{0,60}(?:starttls|ehlo|greeting|smtp|capabilit)/i,
        ],
        { unless: [/certificate|issuer/i] },
      ),
    ],
  },
  {
    id: 'greeting.redirected',
    category: 'connection',
    stage: 'greeting',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'Another server answers in place of the one you named',
      meaning:
        'The greeting or certificate is not that of the provider. Web hosts and some networks redirect outgoing mail connections to a server of their own, which knows nothing of the account.',
      fix: [
        'Do not send the password: it would go to a stranger.',
        'Ask the web host to allow outgoing SMTP to other servers (cPanel: SMTP Restrictions, CSF: SMTP_BLOCK), or use the mail relay it offers.',
        'Use port 465 with SSL/TLS, or an HTTP interface of the mail provider, where 25 and 587 are redirected.',
        'Sign in to the network (hotel, airport) in a browser first.',
      ],
    },
    links: [
      { title: 'RFC 9525 section 6, verifying service identity', url: 'https://www.rfc-editor.org/rfc/rfc9525#section-6' },
      {
        title: 'PHPMailer troubleshooting: redirected connections',
        url: 'https://github.com/PHPMailer/PHPMailer/wiki/Troubleshooting',
      },
    ],
    test: 'Compare the greeting and certificate seen from another network: if they differ, the connection is redirected here.',
    example: {
      paste:
        'Connection: opening to smtp.gmail.com:587, timeout=300\nSERVER -> CLIENT: 220-web12.hoster.example ESMTP Exim 4.96 #2\n220-We do not authorize the use of this system to transport unsolicited,\n220 and/or bulk e-mail.',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        client: { host: 'smtp.gmail.com', address: 'someone@gmail.com' },
        greeting: '220 web12.hoster.example ESMTP Exim 4.96',
      },
    },
    rules: [
      redirected,
      strangerGreets,
      likely(76, [
        /(?:host(?:ing)?|provider|cpanel|isp|network|firewall).{0,60}redirect\w{0,3}.{0,60}(?:smtp|mail|connection)|(?:smtp|mail) (?:connection|traffic)\w{0,2}.{0,40}redirect|smtp_redirect|SMTP_BLOCK/i,
        /connected to .{3,120}but (?:the )?(?:answer|greeting|banner|reply|response).{0,60}(?:from|is)/i,
      ]),
    ],
  },
  {
    id: 'greeting.timeout',
    category: 'connection',
    stage: 'greeting',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server accepts the connection and stays silent',
      meaning:
        'The connection is open, but the greeting never comes. The server is overloaded, delays greetings on purpose, or waits for something on its own side.',
      fix: [
        'Check the encryption: on ports 465, 993 and 995 it must be SSL/TLS from the start.',
        'Wait some minutes and try again, with a longer time limit (--timeout 60).',
        'Switch off the mail scan of an antivirus program for a test.',
        'Ask the administrator whether the service hangs, is overloaded, or waits for DNS or blocklist look-ups before it greets.',
      ],
    },
    links: [
      {
        title: 'RFC 5321 section 4.5.3.2.1, initial 220 message',
        url: 'https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.2.1',
      },
    ],
    test: 'Listen for a minute without sending anything, then try TLS from the first byte: an answer to TLS means that the encryption setting is wrong.',
    example: {
      paste: 'conversation with mx1.example.net[192.0.2.31] timed out while receiving the initial server greeting',
      serve: { protocol: 'smtp', security: 'starttls', tcp: 'silent' },
    },
    rules: [
      silence,
      likely(60, [
        /(?:timed? ?out|timeout).{0,60}(?:greeting|banner|welcome message|220\b)|(?:greeting|banner|welcome message)\b.{0,40}(?:never (?:received|came)|not received|timed? ?out|timeout|missing)|(?:no|without|waiting for) (?:an? |the )?(?:smtp |server |initial )?(?:greeting|banner|welcome)|(?:fail\w*|unable) to (?:receive|read) .{0,12}(?:greeting|banner|welcome)|\bGREETING_TIMEOUT\b|(?:too long|slow)\b.{0,30}\b(?:greeting|banner|welcome)/i,
        /(?:begrüßung|accueil|saludo|saudação|приветстви|欢迎信息|问候|greeting|chào).{0,40}(?:zeitüberschreitung|expir|超时|hết|quá|未收到|没有收到)/i,
      ]),
      likely(52, [
        /timed out while performing the (?:EHLO|HELO|initial)|conversation with .{1,160} timed out(?! while sending)/i,
      ]),
      // Ruby: the line stood, and what was waited for did not come.
      pasted(likely(54, [/\bNet::ReadTimeout\b/], { unless: [/EOFError/] })),
      pasted(possible(44, [/operation timed out waiting for a response/i])),
    ],
  },
  {
    id: 'greeting.rejected',
    category: 'connection',
    stage: 'greeting',
    owner: 'provider',
    severity: 'error',
    words: {
      title: 'The server turns the connection away at the greeting',
      meaning:
        'In place of a greeting the server sends a refusal. Its words, shown as evidence, are all it says about the reason.',
      fix: [
        'Read the words of the server: where they name a page, open it.',
        'Wait some minutes and try again.',
        'Try from another network, in case this address is not welcome.',
        'Check that the host is meant for mail clients: use the name on the help page of the provider rather than the MX of the domain.',
        'Send the words of the server to its administrator.',
      ],
    },
    links: [
      { title: 'RFC 5321 section 3.1, session initiation', url: 'https://www.rfc-editor.org/rfc/rfc5321#section-3.1' },
      { title: 'RFC 9051 section 7.1.5, BYE response', url: 'https://www.rfc-editor.org/rfc/rfc9051#section-7.1.5' },
    ],
    test: 'Connect from another network: if the greeting is normal there, this address is turned away.',
    example: {
      paste: '554 mx.example.com No SMTP service here',
      serve: { protocol: 'smtp', security: 'starttls', greeting: '554 mx.example.com ESMTP no service for you here' },
    },
    rules: [
      likely(52, [/unexpected smtp-server response: [45]\d\d|weird server reply/i]),
      likely(56, [
        /\bexpected (?:response )?(?:code )?["']?220["']?,? (?:but )?got (?:code )?["']?5\d\d|\bSMTPConnectError\b.{0,12}\b5\d\d\b/i,
      ]),
      likely(54, [
        /\bconnection refused by\b.{0,20}\bpolicy\b|\bno connections? (?:are )?(?:accepted|allowed|permitted)|\bnot welcome\b/i,
      ]),
      turnedAway,
      likely(76, [/not accepting connections/i], { enhanced: ['5.3.2'] }),
      likely(
        50,
        [
          /refused to talk to me: 5\d\d|\bgreeting failed\b|(?:invalid|incorrect|bad|unexpected|rejected|negative) (?:smtp |server |imap |pop3? )?(?:greeting|banner|welcome)|greeting.{0,20}(?:was |is )?(?:invalid|incorrect|rejected)/i,
          /\b554[ -].{0,80}\bno (?:smtp )?service\b|\bno SMTP service here\b|not accepting (?:mail|connections|messages)|go away|we do not accept mail|connection (?:is )?not (?:accepted|welcome)/i,
          /ungültige begrüßung|message d.accueil incorrect|saludo (?:incorrecto|no válido)|不正确的问候|greeting không chính xác|неверное приветствие/i,
        ],
        { unless: [/greylist|blocked using|blacklist|blocklist|spamhaus|too many|HTTP\/|never received|timed? ?out|:\s*421/i] },
      ),
      pasted(likely(48, [/could not connect to SMTP host.{0,120}response: 5\d\d/i])),
      told(50, ['greets', 'wrong'], { without: ['time'] }),
    ],
  },
];
