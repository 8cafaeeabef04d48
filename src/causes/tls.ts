/** Getting to an encrypted channel: TLS modes, the upgrade, the handshake (RFC 8314, 3207, 2595, 8446, 6066). */
import type { Cause, Rule } from '../model/cause.ts';
import type { TlsEvidence, TlsFailure } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import { lastCapabilities } from './auth-bare.ts';
import { likely, pasted, possible } from './hear.ts';
import { lacks, mention, mentions, numbers, standardSettings, sureness } from './look.ts';
import { says, seen, sighting } from './rules.ts';
import { told } from './tongues.ts';

const failedTls = (facts: Facts): readonly TlsEvidence[] => facts.all('tls').filter((t) => t.outcome === 'failed');

/** The handshake failed so. */
const failedAs = (strength: number, ...failures: readonly TlsFailure[]): Rule =>
  seen((facts) => {
    const t = failedTls(facts).find((x) => x.failure !== undefined && failures.includes(x.failure));
    return t && sighting(sureness(facts), strength, [t]);
  });

/** Logs of a server tell of the client's fault: there the sides are reversed. */
const SERVER_SIDE =
  /SSL_accept|accept(?:ing)? .{0,20}(?:error|fail)|imap-login|pop3-login|submission-login|smtpd\b|\bfrom client\b|tls_accept|Error accepting|on connection from|http[ _]request/i;

const protocolOf = (facts: Facts, t?: TlsEvidence) => t?.protocol ?? facts.protocol;

/** Text where a TLS record was due; the control connection in plain text tells what works instead. */
const plainAnswer: Rule = seen((facts) => {
  const failed = failedTls(facts);
  const t = failed.find((x) => x.failure === 'plain-answer' && (facts.pasted || x.mode === 'implicit'));
  const silent = failed.find((x) => x.failure === 'timeout' && x.mode === 'implicit');
  const heard = facts.controls('reply', 'other-mode').at(0);
  if (t && heard) return sighting('proven', 55, [t, heard], { params: { instead: upgrade(facts, t) } });
  if (silent && heard) return sighting('proven', 55, [silent, heard], { params: { instead: upgrade(facts, silent) } });
  if (!t || SERVER_SIDE.test(t.detail ?? '')) return undefined;
  // Silence over plain text as well: what came in place of TLS was no greeting, unless its first bytes are words.
  const asked = facts.controls('connect', 'other-mode').some((c) => c.outcome === 'open');
  const words = [t, ...facts.controls('tls', 'other-mode')].find(
    (x) => x.failure === 'plain-answer' && x.firstBytes !== undefined,
  );
  return sighting(
    sureness(facts, words ? 'proven' : 'likely'),
    asked && !words ? 40 : 55,
    words && words !== t ? [t, words] : [t],
    {
      params: { instead: upgrade(facts, t) },
    },
  );
});

/** Port and encryption that go together: as the control connection found them, else as the standards have them. */
function upgrade(facts: Facts, t: TlsEvidence): string {
  const listed = facts.controls('capabilities', 'other-mode').at(-1);
  if (!listed) return standardSettings(protocolOf(facts, t), 'starttls');
  const offers = listed.items.some((i) => /^(?:STARTTLS|STLS)\b/.test(i));
  return offers ? `${t.port} STARTTLS` : standardSettings(protocolOf(facts, t), 'tls');
}

/** Silence or a TLS alert where a greeting was due, while TLS from the first byte works on the same port. */
const wantsTls: Rule = seen((facts) => {
  if (facts.controls('service', 'other-mode').some((s) => s.speaks !== 'unknown')) return undefined;
  const works = facts.controls('tls', 'other-mode').find((t) => t.outcome === 'established');
  const waited = facts
    .all('break', 'greeting')
    .find((b) => ['timeout', 'closed', 'reset', 'malformed', 'unasked'].includes(b.how));
  const spoke = facts.all('service').find((s) => s.speaks === 'tls');
  if (works && (waited || spoke))
    return sighting('proven', 62, waited ? [waited, works] : [works], {
      stage: 'greeting',
      params: { instead: `${works.port} SSL/TLS` },
    });
  return spoke && sighting(sureness(facts), 60, [spoke], { params: { instead: standardSettings(facts.protocol, 'tls') } });
});

/** A server's log: what came was no TLS, so the client spoke plain text there. */
const plainCame: Rule = seen((facts) => {
  if (!facts.pasted) return undefined;
  const t = failedTls(facts).find((x) => x.failure === 'plain-answer' && SERVER_SIDE.test(x.detail ?? ''));
  return (
    t &&
    sighting('likely', 56, [t], {
      params: { instead: standardSettings(protocolOf(facts, t), 'tls') },
      alternatives: ['tls.version-too-old'],
    })
  );
});

/** Silence in pasted text is one-sided; a port that is for TLS makes it plain. */
const silentTlsPort: Rule = seen((facts) => {
  if (!facts.pasted) return undefined;
  const greeting = mention(
    facts,
    /(?:greeting|banner|welcome message)\b.{0,40}(?:never (?:received|came)|not received|timed? ?out)|bad greeting from SMTP host|connection unexpectedly closed|\[EOF\]|\bEOF\b.{0,30}\bgreeting\b|\bgreeting\b.{0,12}\bEOF\b/i,
  );
  if (!greeting) return undefined;
  const port = mention(facts, /(?:port[\s:='"]{1,4}|:)(?:465|993|995)\b/i);
  const never = /greeting.{0,10}never received/i.test(greeting.matched);
  if (!port && !never) return undefined;
  return sighting('likely', 63, [greeting.evidence], {
    matched: greeting.matched,
    params: { instead: standardSettings(facts.protocol, 'tls') },
    alternatives: ['greeting.timeout', 'connect.reset'],
  });
});

/** A server that finds out only after its "go ahead" that it cannot do TLS says so in plain text (Dovecot without a usable key). */
const takenBack = (b: { readonly detail: string }): boolean =>
  /^(?:-ERR|\* BYE|[45]\d\d)\b[^\n]{0,120}\b(?:TLS|SSL|certificate|private key)\b[^\n]{0,200}\s*$/i.test(b.detail);

const injected: Rule = seen((facts) => {
  const own = facts.all('break').find((b) => b.how === 'injected' && !takenBack(b));
  if (own) return sighting(sureness(facts), 80, [own]);
  const heard = facts.controls('break', 'wait').find((b) => b.how === 'injected' && !takenBack(b));
  return heard && sighting('proven', 80, [...failedTls(facts), heard]);
});

const isUpgrade = (command: string | undefined) => /^(?:STARTTLS|STLS)\b/i.test(command ?? '');

/** Before TLS only: behind it no list will name AUTH later. */
const unadvertised = likely(46, [/AUTH command used when not advertised/i]);

const refusedUpgrade: Rule = seen((facts) => {
  const refused = facts.all('reply').find((r) => r.status === 'no' && isUpgrade(r.command));
  if (refused) {
    // Pasted without the list of capabilities, "unknown command" says that it was never offered.
    const unknown = facts.pasted && (refused.code === 500 || refused.code === 502 || refused.condition === 'BAD');
    return unknown ? undefined : sighting(sureness(facts), 79, [refused]);
  }
  const back = [...facts.all('break'), ...facts.controls('break', 'wait')].find((b) => b.how === 'injected' && takenBack(b));
  if (back) return sighting(sureness(facts), 79, [...failedTls(facts), back], { matched: back.detail });
  const cut = facts.all('break', 'tls').find((b) => isUpgrade(b.command) && (b.how === 'closed' || b.how === 'reset'));
  return cut && sighting('likely', 45, [cut], { alternatives: ['tls.handshake-failed'] });
});

/** STARTTLS asked for and not on the list. */
const notOffered: Rule = seen((facts) => {
  const withheld = facts.all('withheld', 'tls').find((w) => w.why === 'not-offered');
  const list = facts.all('capabilities').findLast((c) => c.channel === 'plain');
  if (withheld) return sighting(sureness(facts), 56, list ? [withheld, list] : [withheld]);
  if (facts.pasted) {
    const unknown = facts
      .all('reply')
      .find((r) => r.status === 'no' && isUpgrade(r.command) && (r.code === 500 || r.code === 502 || r.condition === 'BAD'));
    return unknown && sighting('likely', 73, [unknown], { alternatives: ['tls.starttls-refused'] });
  }
  const wanted = facts.all('setting').some((s) => s.field === 'security' && s.value === 'starttls');
  const offered = list?.items.some((i) => /^(?:STARTTLS|STLS)\b/.test(i)) ?? false;
  if (!wanted || !list || list.items.length === 0 || offered || facts.all('tls').length > 0) return undefined;
  return facts.all('reply').some((r) => isUpgrade(r.command)) ? undefined : sighting('proven', 55, [list], { stage: 'tls' });
});

/** `TLSv1` as people write it. */
const spelt = (version = '') => version.replace(/^(\w+)v(\d)$/, '$1 $2.0').replace('v', ' ');
const OLD = /^(?:SSLv[23]|TLSv1(?:\.[01])?)$/;
/** The handshake with lowered limits reached what the ordinary one could not: its version and cipher say which of the two it was. */
const lowered = (strength: number, old: boolean): Rule =>
  seen((facts) => {
    const t = failedTls(facts).at(-1);
    const reached = facts.controls('tls', 'old-tls').find((c) => c.outcome === 'established');
    if (!t || !reached || t.failure === 'plain-answer' || t.failure === 'certificate-required') return undefined;
    if (OLD.test(reached.version ?? '') !== old) return undefined;
    return sighting('proven', strength, [t, reached, facts.controls('certificate', 'old-tls').at(-1)], {
      params: {
        version: reached.version ?? '',
        cipher: reached.cipher ?? '',
        ...(old ? { outdated: t.host, oldest: spelt(reached.version) } : {}),
      },
    });
  });

/** handshake_failure(40) says no more than "nothing in common"; pasted, the same words stand for anything. */
const alert40: Rule = seen((facts) => {
  const t = failedTls(facts).find(
    (x) =>
      x.failure === 'handshake-alert' && (x.alert === 40 || /handshake[ _]?failure/i.test(`${x.code ?? ''} ${x.detail ?? ''}`)),
  );
  const nameless = t?.sni === null && !facts.pasted ? ['tls.server-name-missing'] : [];
  const others = [...nameless, 'tls.version-too-old', 'tls.client-certificate-required'];
  return t && sighting('likely', facts.pasted ? 44 : 48, [t], { alternatives: others });
});

/** Alerts about a certificate can only speak of ours (RFC 8446 §6.2). */
const WANTS_CERTIFICATE =
  /CERTIFICATE_REQUIRED|certificate required|alert number (?:4[1-68]|116)\b|ALERT_(?:BAD|UNKNOWN)_CERTIFICATE/i;
/** Under TLS 1.3 the alert comes after the handshake, where the greeting is due (RFC 8446 §4.4.2.4). */
const wantsCertificate: Rule = seen((facts) => {
  const late = facts.all('break').find((b) => WANTS_CERTIFICATE.test(b.detail));
  return late && sighting(sureness(facts), 64, [late]);
});

const nameMissing: Rule = seen((facts) => {
  const p = facts.all('problem').find((x) => x.problem === 'server-name-missing');
  if (p) return sighting(sureness(facts), 94, [p]);
  const t = failedTls(facts).find((x) => x.failure === 'unrecognized-name' && x.sni === null);
  return t && !facts.pasted ? sighting('likely', 56, [t]) : undefined;
});

/** Google shows a self-signed certificate to whoever sends no name; nothing else of theirs is self-signed. */
const googleSelfSigned: Rule = seen((facts) => {
  if (!facts.pasted) return undefined;
  const p = facts.all('problem').find((x) => x.problem === 'self-signed');
  const host = p && mention(facts, /(?<![@\w.-])(?:imap|smtp|pop)\.(?:gmail|googlemail)\.com\b/i);
  return host && sighting('likely', 92, [p, host.evidence], { alternatives: ['certificate.intercepted'] });
});

/** Every failed handshake has a cause, at the least this one. */
const anyFailure: Rule = seen((facts) => {
  const t = failedTls(facts).at(-1);
  return t && sighting(sureness(facts, t.failure === 'failed' ? 'likely' : 'proven'), 46, [t]);
});

const slowUpgrade: Rule = seen((facts) => {
  const waited = facts.all('break', 'tls').find((b) => b.how === 'timeout');
  return waited && sighting(sureness(facts), 45, [waited]);
});

const keysLogged: Rule = seen((facts) => {
  const e = facts.all('environment').find((x) => x.effect === 'key-log');
  return e && sighting('proven', 20, [e]);
});

const WITH_STANDARD = { params: { instead: standardSettings(undefined, 'starttls') } };
const WITH_IMPLICIT = { params: { instead: standardSettings(undefined, 'tls') } };
const filled =
  (rule: Rule, more: typeof WITH_STANDARD): Rule =>
  (facts) => {
    const s = rule(facts);
    return s && { ...more, ...s };
  };

export const tls: readonly Cause[] = [
  {
    id: 'tls.implicit-on-plain-port',
    category: 'connection',
    stage: 'tls',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'SSL/TLS is set, but the port starts unencrypted',
      meaning:
        'The program begins with TLS, and the server answers in plain text: on this port encryption starts later, by STARTTLS, or not at all. Port and encryption do not belong together.',
      fix: [
        'Set port and encryption to {instead}.',
        'Keep the port and set the encryption to STARTTLS (nodemailer: secure: false; PHPMailer: SMTPSecure = "tls"; Java: mail.smtp.starttls.enable).',
        'Or keep SSL/TLS and change the port: 995 for POP3, 993 for IMAP, 465 for sending.',
      ],
    },
    links: [
      { title: 'RFC 8314 section 3, implicit TLS', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-3' },
      { title: 'RFC 3207, STARTTLS for SMTP', url: 'https://www.rfc-editor.org/rfc/rfc3207#section-4' },
    ],
    test: 'Connect without TLS and read the first bytes: a greeting in plain text proves it.',
    example: {
      paste: 'Error: write EPROTO 140735:error:1408F10B:SSL routines:ssl3_get_record:wrong version number',
      serve: { protocol: 'smtp', security: 'starttls', client: { security: 'tls' } },
    },
    rules: [
      plainAnswer,
      filled(
        likely(69, [
          /\\{1,2}(?:x16\\{1,2}x03|026\\{1,2}003|u0016\\{1,2}u0003)|\x16\x03|\^V\^C/i,
          /(?:ssl|tls)\b.{0,60}\b(?:on|to|against|over) (?:a |an |the )?(?:plain(?: ?text)?|non-?(?:ssl|tls|secure)|unencrypted|cleartext|starttls) (?:port|connection|server|service)/i,
          /\bport \d{2,5}\b.{0,24}\breserved for (?:plain|clear|un)|(?:ssl|tls) port, try|plaintext connection\?|not (?:an? )?(?:ssl|tls) (?:message|record|port|connection)|port .{0,20}(?:does not|doesn.t) (?:use|support|speak) (?:ssl|implicit)/i,
        ]),
        WITH_STANDARD,
      ),
      pasted(
        mentions(
          /(?:wrong version number|unknown protocol|first record does not look like a TLS handshake|plaintext connection\?|packet length too long|record[_ ]too[_ ]long)(?!.{0,200}SSL_accept)/i,
          'likely',
          54,
          WITH_STANDARD,
        ),
      ),
      filled(likely(85, [/\bnot an? (?:ssl|tls)(?:\/(?:ssl|tls))? (?:server|service|host)\b/i]), WITH_STANDARD),
      filled(likely(86, [/token supplied to the function is invalid|SEC_E_INVALID_TOKEN/i]), WITH_STANDARD),
      filled(numbers(['0x80090308'], 'likely', 86), WITH_STANDARD),
      filled(possible(45, [/not support the connection encryption type/i]), WITH_STANDARD),
    ],
  },
  {
    id: 'tls.plain-on-implicit-port',
    category: 'connection',
    stage: 'greeting',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The port wants SSL/TLS from the start',
      meaning:
        'The program waits for a greeting, and the server waits for TLS, so both stay silent or the server hangs up. On this port encryption begins with the first byte.',
      fix: [
        'Set port and encryption to {instead}.',
        'Set the encryption to SSL/TLS in place of STARTTLS or none (nodemailer: secure: true; PHPMailer: SMTPSecure = "ssl").',
        'Or keep STARTTLS and change the port: 587 for sending, 143 for IMAP, 110 for POP3.',
      ],
    },
    links: [{ title: 'RFC 8314 section 3, implicit TLS', url: 'https://www.rfc-editor.org/rfc/rfc8314#section-3' }],
    test: 'Start TLS with the first byte on the same port: if the handshake succeeds, the encryption setting is wrong.',
    example: {
      paste: 'Error: Greeting never received at SMTPConnection (port 465, secure: false) code: ETIMEDOUT, command: CONN',
      serve: { protocol: 'imap', security: 'tls', client: { security: 'starttls' } },
    },
    rules: [
      wantsTls,
      plainCame,
      silentTlsPort,
      filled(
        likely(66, [
          /(?:greeting|banner|response|reply|got|received|short response|unexpected|invalid|line).{0,80}(?:\\x15\\x03|\\025\\003|\\u0015\\u0003|\x15\x03|\^U\^C)/i,
          /(?:port|server) .{0,30}(?:requires?|expects?|wants?|needs?|is for) (?:implicit |direct )?(?:ssl|tls)\b.{0,40}(?:from the (?:start|first|beginning)|connection|instead|implicit|immediately)|(?:use|try|needs?) (?:ssl|smtps|imaps|pop3s|SMTP_SSL|secure: ?true).{0,40}(?:instead|port (?:465|993|995))/i,
          /expects? (?:an? )?(?:ssl|tls)\b.{0,80}\b(?:plain|clear)(?: ?text)?\b|\bport (?:465|993|995)\b.{0,12}\b(?:no|without|not using) (?:ssl|tls)\b|:(?:465|993|995)\b.{0,24}\bwithout (?:ssl|tls)\b|maybe should use tls/i,
          /plain(?: ?text)? (?:http |smtp |imap |pop3? )?(?:request|command|connection).{0,30}(?:sent )?to (?:an? )?(?:ssl|tls|https|secure)(?:-?enabled)? (?:server )?port/i,
          // Connected there, and the server said nothing: it waits for TLS.
          /\b(?:port |:)(?:465|993|995)\b.{0,80}\btime(?:d ?)?-?out\b.{0,20}\b(?:reading|to read|receiving|to receive|greeting)\b/i,
        ]),
        WITH_IMPLICIT,
      ),
      filled(
        pasted(
          possible(45, [
            /connection unexpectedly closed|bad greeting from SMTP host|server disconnected.{0,40}(?:greeting|connect)/i,
          ]),
        ),
        WITH_IMPLICIT,
      ),
    ],
  },
  {
    id: 'tls.injected',
    category: 'connection',
    stage: 'tls',
    owner: 'network',
    severity: 'error',
    words: {
      title: 'Data was slipped in before encryption began',
      meaning:
        'After its yes to STARTTLS the server, or somebody on the way, sent more bytes in plain text. A program that takes them for encrypted words can be deceived, so the check stops here.',
      fix: [
        'Use SSL/TLS from the start: port 995 for POP3, 993 for IMAP, 465 for sending.',
        'Ask the administrator to update the mail server or mail proxy.',
        'Try from another network where you suspect that somebody tampers with this one.',
      ],
    },
    links: [
      {
        title: 'RFC 3207 section 4.2, result of the STARTTLS command',
        url: 'https://www.rfc-editor.org/rfc/rfc3207#section-4.2',
      },
      { title: 'NO STARTTLS: why TLS is better without STARTTLS', url: 'https://nostarttls.secvuln.info/' },
    ],
    test: 'Send STARTTLS once more and listen without starting the handshake: any further byte proves it.',
    example: {
      paste:
        'STARTTLS response injection: the server sent unexpected data after the reply to STARTTLS and before the TLS handshake',
      serve: { protocol: 'smtp', security: 'starttls', tls: 'injected' },
    },
    rules: [
      injected,
      likely(
        74,
        [
          /starttls.{0,40}(?:response |command |buffer |data )?inject|(?:data|bytes|response|command)s?.{0,40}(?:before|prior to) (?:the )?(?:tls|ssl) (?:handshake|negotiation).{0,40}|(?:extra|unexpected|pipelined|leftover|buffered|trailing) (?:data|bytes|input|plaintext|commands?|responses?).{0,40}(?:after|following|behind|in (?:response|reply|answer) to|with) .{0,20}(?:starttls|stls)|(?:starttls|stls).{0,60}(?:extra|unexpected|leftover|trailing|pipelined|buffered) (?:data|bytes|input|plaintext|commands?)/i,
        ],
        { unless: [/capabilit.{0,20}inject/i] },
      ),
    ],
  },
  {
    id: 'tls.starttls-refused',
    category: 'certificate',
    stage: 'tls',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server offers STARTTLS and then refuses it',
      meaning:
        'The server lists STARTTLS, but answers the command with an error. Its TLS is not working at the moment, often since the certificate or key cannot be read.',
      fix: [
        'Use SSL/TLS from the start: port 995 for POP3, 993 for IMAP, 465 for sending.',
        'Ask the administrator to check certificate, key and TLS settings in the log of the mail server.',
        'Try again later where the answer is a temporary one (454).',
      ],
    },
    links: [
      { title: 'RFC 3207 section 4, reply 454', url: 'https://www.rfc-editor.org/rfc/rfc3207#section-4' },
      { title: 'RFC 9051 section 6.2.1, STARTTLS command', url: 'https://www.rfc-editor.org/rfc/rfc9051#section-6.2.1' },
    ],
    test: 'Send STARTTLS once more later and read the log of the server at that time.',
    example: {
      paste: '454 4.7.0 TLS not available due to local problem',
      serve: {
        protocol: 'smtp',
        security: 'starttls',
        replies: { STARTTLS: '454 4.7.0 TLS not available due to local problem' },
      },
    },
    rules: [
      refusedUpgrade,
      likely(
        74,
        [
          /\b(?:tls|starttls|ssl)\b.{0,20}\b(?:is )?(?:currently |temporarily |now )?(?:not available|unavailable)\b.{0,40}(?:due|reason|problem|after|later|local|temporar|currently)|(?:currently|temporarily) (?:not available|unavailable).{0,20}\btls\b|\b454\b.{0,20}\b(?:tls|starttls)\b|\b(?:starttls|stls)\b.{0,16}\bgot (?:code )?[45]\d\d\b/i,
          /(?:starttls|stls)\b.{0,50}\b(?:refused|rejected|denied|failed with|command failed|returned an? error|not permitted|not allowed|not accepted)|(?:refused|rejected|denied|declined) (?:the |our |my )?(?:starttls|stls)|error (?:initiali[sz]ing|starting|in) tls|tls (?:initiali[sz]ation|engine|init) (?:error|failed|failure)/i,
        ],
        { unless: [/handshake|certificate|SSL operation|SSL routines/i] },
      ),
      says({ code: [454], phrases: [/\btls\b|\bssl\b/i], unless: [/handshake/i], certainty: 'likely', strength: 78 }),
    ],
  },
  {
    id: 'tls.starttls-required',
    category: 'connection',
    stage: 'tls',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'The server demands encryption first',
      meaning:
        'The server takes no log-in and no mail on an unencrypted connection. The program did not begin with STARTTLS or SSL/TLS.',
      fix: [
        'Set the encryption to STARTTLS with port 587 (IMAP 143, POP3 110).',
        'Or set it to SSL/TLS with port 465 (IMAP 993, POP3 995).',
        'In scripts switch TLS on: starttls() in Python, mail.smtp.starttls.enable in Java, EnableSsl in .NET, SMTPSecure in PHPMailer.',
      ],
    },
    links: [
      { title: 'RFC 3207 section 4, reply 530', url: 'https://www.rfc-editor.org/rfc/rfc3207#section-4' },
      { title: 'RFC 5530 section 3, PRIVACYREQUIRED', url: 'https://www.rfc-editor.org/rfc/rfc5530#section-3' },
    ],
    test: 'Check with --security starttls: if that goes on, only encryption was missing.',
    example: {
      paste: '530 5.7.0 Must issue a STARTTLS command first',
      serve: {
        protocol: 'smtp',
        security: 'none',
        client: { args: ['--insecure-auth'] },
        replies: {
          AUTH: '530 5.7.0 Must issue a STARTTLS command first',
          'MAIL FROM': '530 5.7.0 Must issue a STARTTLS command first',
        },
      },
    },
    rules: [
      likely(
        84,
        [
          /\b(?:must|should|need(?:s)? to|have to|please|required to) (?:first )?(?:issue|use|send|do|start|give|run|call|execute|enable) (?:an? |the )?(?:starttls|stls|tls)\b/i,
          /\b(?:starttls|stls)\b(?: command| encryption)? (?:is |was )?(?:first )?(?:required|needed|mandatory|necessary|must be)|(?:issue|use|need|requires?|require|expect\w*|demands?) (?:an? |the )?(?:starttls|stls)\b.{0,30}(?:first|before|command)?/i,
          /\b(?:tls|encryption|encrypted connection|secure connection|ssl)\b.{0,30}\b(?:is |was )?(?:required|needed|mandatory) (?:to (?:send|submit|deliver|relay)|for (?:sending|submission|this (?:server|domain|recipient|sender))|by (?:the )?server|before|first)|session encryption is required|encryption (?:is )?required(?! for (?:requested )?auth)/i,
          /(?:sending|mail|messages?|submission|relay\w*|connections?|sessions?)(?: is| are)? without (?:an? )?(?:ssl\/?(?:tls)?|tls|encryption|encrypted (?:connection|session))\b[^.]{0,30}(?:not (?:allowed|permitted|accepted|supported|possible)|forbidden|denied|refused|disallowed|prohibited)/i,
          /(?:必须|需要|请)(?:先)?(?:使用|发出|执行)? ?STARTTLS|(?:phải|cần|yêu cầu).{0,20}STARTTLS|STARTTLS.{0,20}(?:erforderlich|requis|necesari|obligat|richiesto|требуется|必要)/i,
        ],
        {
          unless: [
            /\bmaybe should\b|proxy session setup failed|not (?:offer|support|advertis)|did not offer|wasn.t offered|doesn.t (?:offer|support|advertis)|but (?:the )?(?:server|host|it)|STARTTLS is required but|not available|unsupported|nicht (?:angebot|unterstütz)|ne (?:propose|supporte)/i,
          ],
        },
      ),
      says({ responseCode: ['PRIVACYREQUIRED'], certainty: 'likely', strength: 62, alternatives: ['auth.encryption-required'] }),
      likely(46, [
        /(?:plain ?text|clear ?text|login|authenticat\w+|password)\b.{0,60}\b(?:disallowed|disabled|not (?:allowed|permitted|available)|refused|forbidden|only)\b.{0,60}\b(?:non-?secure|insecure|unencrypted|without|ssl|tls|secure|encrypt|layer|privacy)|only available under a layer|(?:ssl|tls|secure|encrypted).{0,20}(?:connection )?(?:is )?required (?:for|to|before) (?:auth|log)/i,
        /logging in is disabled on this server|\bLOGINDISABLED\b/i,
      ]),
      (facts) => (lastCapabilities(facts)?.channel === 'tls' ? undefined : unadvertised(facts)),
    ],
  },
  {
    id: 'tls.starttls-missing',
    category: 'certificate',
    stage: 'tls',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server does not offer STARTTLS',
      meaning:
        'STARTTLS is set, but the server does not list it here. The port is the wrong one, TLS is not set up on the server, or something on the way hides it.',
      fix: [
        'Use SSL/TLS from the start: port 995 for POP3, 993 for IMAP, 465 for sending.',
        'Use port 587 in place of 25 for sending.',
        'Switch off the mail scan of an antivirus program and SMTP inspection on the firewall, which hide STARTTLS.',
        'Ask the administrator to install a certificate and switch STARTTLS on.',
        'Do not go on without encryption: the password would be readable on the way.',
      ],
    },
    links: [
      { title: 'RFC 3207 section 4.1, after the STARTTLS command', url: 'https://www.rfc-editor.org/rfc/rfc3207#section-4.1' },
      { title: 'RFC 2595 section 4, POP3 STLS', url: 'https://www.rfc-editor.org/rfc/rfc2595#section-4' },
    ],
    test: 'Ask for the capabilities from another network: if STARTTLS is listed there, something here hides it.',
    example: {
      paste: 'Error: STARTTLS not supported by the server, cannot establish a secure connection',
      serve: { protocol: 'imap', security: 'none', client: { security: 'starttls' } },
    },
    rules: [
      likely(75, [
        /\btls[ _]required[ _]but|starttls-not-supported|destination mail server must support TLS|curl: \(64\)/i,
        /\b(?:did ?n.t|did not|do(?:es)? ?n.t|does not|not|no|never|without|can ?not|can.t)\b.{0,16}\b(?:find|found|see|use|offer\w*|advertis\w*|support\w*|announc\w*)\b.{0,30}\b(?:starttls|stls)\b|\bno (?:starttls|stls)\b|(?:starttls|stls)[ _-]not[ _-](?:supported|available|offered|advertised)|\bneither tls (?:n?or) starttls\b/i,
        /(?:unknown|unrecogni[sz]ed|invalid|unsupported|unimplemented|bad) command\b.{0,12}\b(?:stls|starttls)\b|\bcommand (?:is |was )?(?:unknown|unrecogni[sz]ed|not (?:recogni[sz]ed|implemented|understood|supported))\W{0,6}(?:stls|starttls)\b|\b(?:stls|starttls)\b.{0,24}\b(?:unknown|unrecogni[sz]ed|not (?:implemented|recogni[sz]ed|understood)|unimplemented)/i,
      ]),
      notOffered,
      likely(
        72,
        [
          /(?:starttls|stls|\btls\b)\b.{0,60}\b(?:is |was )?(?:not|n.t|isn.t|wasn.t|never|un)(?: being)? ?(?:offered|supported|advertised|available|announced|listed|provided|enabled|configured|found in)|(?:starttls|stls)\b.{0,20}\b(?:not|un)(?:supported|available)\b/i,
          /(?:does not|doesn.t|did not|didn.t|do not|don.t|not) (?:seem to )?(?:offer|support|advertis\w|announce|list|provide|have|include|know)\b.{0,40}\b(?:starttls|stls|tls|that feature|ssl-?secured|secure connections?|encryption)\b|(?:starttls|stls)\b.{0,120}(?:doesn.t|does not|did not|not) (?:advertis\w|offer|support|announce)/i,
          /\b(?:missing|lacks?|no|without)\b.{0,24}(?:capabilit\w+|support|extension|feature)?.{0,24}\b(?:starttls|stls)\b|(?:fehlende|缺少|thiếu).{0,24}(?:starttls|stls)\b|(?:capability|khả năng(?: này)?|功能|Fähigkeit(?: nicht)?|fonctionnalité|capacidad|funcionalidad|機能)[^a-z]{0,6}(?:starttls|stls)\b/i,
          /tls (?:is )?required,? but (?:was )?not (?:offered|supported|available)|(?:tls|encryption|secure) .{0,30}required.{0,40}but .{0,40}(?:not|n.t) (?:offer|support|advertis|available)|tls required but not supported/i,
          /STARTTLS.{0,90}(?:nicht angibt|nicht (?:unterstützt|angeboten|anbietet)|ne (?:propose|prend|supporte)|no (?:anuncia|admite|soporta|ofrece)|não (?:anuncia|suporta|oferece)|non (?:supporta|dichiara|annuncia|offre)|не (?:поддерживает|сообщает|предлагает|объявляет)|不(?:宣称)?支持|不支援|未(?:提供|宣告)|không (?:hỗ trợ|sử dụng|cung cấp|quảng bá)|サポートして|対応して|通知してい|지원하지)/i,
          /(?:không hỗ trợ|不支持|不支援|未提供|サポートしていません|지원하지 않|nie obsługuje|ondersteunt geen|не поддерживает).{0,20}(?:STARTTLS|STLS)/i,
        ],
        { unless: [/version|cipher|sigalg|SSL routines|1\.[0-3]\b|encryption type|authenticat|log ?in|\b454\b/i] },
      ),
      told(45, ['tls', 'lacks'], {
        without: ['needed', 'certificate', 'time'],
        alternatives: ['tls.starttls-refused', 'tls.handshake-failed'],
      }),
      told(46, ['server', 'lacks', 'secure'], { without: ['starttls', 'kind', 'certificate', 'login'] }),
      lacks('starttls', 70, ['tls.starttls-refused']),
      told(60, ['starttls', 'down'], { alternatives: ['tls.starttls-refused'] }),
      told(45, ['tls', 'down'], { without: ['certificate'], alternatives: ['tls.starttls-refused', 'tls.handshake-failed'] }),
      told(70, ['starttls', 'lacks'], { alternatives: ['tls.starttls-refused'] }),
      likely(64, [/\bencrypted connection unavailable\b/i], { alternatives: ['tls.starttls-required'] }),
      numbers(['0x800ccc7d'], 'likely', 64),
      possible(50, [/^error: command not implemented$|^5\.5\.1 error: command not implemented/i], {
        code: [502],
        codeOptional: true,
      }),
      possible(40, [/not support the connection encryption type/i]),
    ],
  },
  {
    id: 'tls.client-certificate-required',
    category: 'connection',
    stage: 'tls',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server demands a client certificate',
      meaning:
        'The server wants this side to prove itself with a certificate, and none was sent, or the one that was sent is refused.',
      fix: [
        'Ask the administrator for a client certificate and install it in the mail program.',
        'Renew the client certificate where it has expired.',
        'Ask the administrator for a port that takes a password in place of a certificate.',
      ],
    },
    links: [
      { title: 'RFC 8446 section 6.2, certificate_required', url: 'https://www.rfc-editor.org/rfc/rfc8446#section-6.2' },
      { title: 'RFC 8446 section 4.3.2, certificate request', url: 'https://www.rfc-editor.org/rfc/rfc8446#section-4.3.2' },
    ],
    test: 'Look in the settings of the server for a demanded client certificate (Dovecot: ssl_verify_client_cert, Postfix: smtpd_tls_req_ccert).',
    example: {
      paste: 'error:1409445C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:SSL alert number 116',
      serve: { protocol: 'imap', tls: 'client-certificate' },
    },
    rules: [
      likely(86, [/curl: \(58\)/i]),
      likely(72, [/cert required, client didn.t|client didn.t (?:send|present) (?:an? |any )?(?:valid )?cert|curl: \(58\)/i]),
      failedAs(58, 'certificate-required'),
      wantsCertificate,
      likely(68, [
        /(?:client|your|user) certificate\b.{0,40}\b(?:is |was )?(?:required|requested|needed|missing|not (?:sent|provided|presented|found|accepted)|refused|rejected|expired|no longer valid|invalid|couldn.t be accessed)|(?:requires?|demands?|wants?|need) (?:an? )?(?:ssl |tls )?client certificate|client (?:did not|didn.t|has not|hasn.t) (?:present|send|sent|provide|supply)\w* (?:an? |any )?(?:valid )?(?:ssl |tls |client )?cert|peer did not return a certificate|no (?:client )?certificate (?:was )?(?:presented|sent by (?:the )?client|returned)/i,
        /client-zertifikat|客户端证书.{0,12}(?:无效|不再|无法|缺|需要|必)|certificat client.{0,30}(?:requis|expiré|invalide)|chứng chỉ (?:máy )?khách/i,
      ]),
      numbers(['-1205', '-1206', '0x80090320'], 'likely', 60),
    ],
  },
  {
    id: 'tls.version-too-old',
    category: 'certificate',
    stage: 'tls',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'One side speaks only an outdated TLS version',
      meaning: 'Client and server have no TLS version in common: {outdated} knows only {oldest}, no longer considered safe.',
      fix: [
        'Where it is the server, ask its administrator to enable TLS 1.2 and 1.3.',
        'Where it is the mail program or operating system, update it: it must speak TLS 1.2 or newer.',
        'On Windows 7 or 8 install the update for TLS 1.2 in WinHTTP and Schannel.',
        'Remove settings that fix an old version (ssl_protocol, mail.smtp.ssl.protocols, SecurityProtocolType).',
      ],
    },
    links: [
      { title: 'RFC 8996, deprecating TLS 1.0 and TLS 1.1', url: 'https://www.rfc-editor.org/rfc/rfc8996#section-2' },
      { title: 'RFC 8446 section 6.2, protocol_version', url: 'https://www.rfc-editor.org/rfc/rfc8446#section-6.2' },
    ],
    test: 'Make a second handshake with lowered limits: the version that it reaches is all the server has.',
    example: {
      paste: 'javax.net.ssl.SSLHandshakeException: Received fatal alert: protocol_version',
      serve: { protocol: 'imap', tls: 'old-version' },
    },
    rules: [
      likely(84, [/no appropriate protocol|protocol is disabled or cipher suites/i]),
      pasted(likely(70, [/\bTLS ?v?1\.2\b[: ]{1,12}(?:not offered|disabled|not supported|no\b)/i])),
      failedAs(57, 'protocol-version'),
      lowered(60, true),
      likely(
        60,
        [
          /(?:\b(?:tls|ssl) ?v?(?:1\.[01]|[23](?:\.0)?)\b|\b(?:tls|ssl)(?: protocol)? version\b).{0,40}\b(?:too old|outdated|deprecated|obsolete|not (?:supported|enabled|allowed|accepted)|unsupported|no longer|disabled|mismatch|below)|unsupported (?:ssl|tls|protocol) version|(?:minimum|requires?|at least|newer|need) .{0,20}tls ?v?1\.[23]|protocol[_ ]version|no (?:supported|common|shared) (?:tls |ssl )?(?:protocol )?versions?/i,
          /(?:TLS|SSL).{0,12}(?:版本).{0,12}(?:过低|不支持|太低|过旧|不兼容)|phiên bản (?:TLS|SSL).{0,30}(?:cũ|không (?:được )?hỗ trợ|thấp)|(?:TLS|SSL)-version.{0,30}(?:veraltet|nicht unterstützt)|version (?:de )?TLS.{0,30}(?:obsolète|non (?:prise|supportée))/i,
        ],
        {
          unless: [
            /incompatible|handshake error or|inkompatibel|不兼容|không tương thích|wrong version number|sigalg|cipher|key too|STARTTLS/i,
          ],
        },
      ),
      likely(50, [/not support the connection encryption type/i]),
      told(58, ['version', 'lacks'], { without: ['starttls', 'maybe'] }),
      told(47, ['server', 'lacks', 'secure', 'kind'], {
        without: ['starttls'],
        alternatives: ['tls.implicit-on-plain-port', 'tls.plain-on-implicit-port'],
      }),
      numbers(['0x800ccc1a', '-9836'], 'likely', 48),
    ],
  },
  {
    id: 'tls.no-shared-cipher',
    category: 'certificate',
    stage: 'tls',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'Client and server share no encryption method',
      meaning:
        'Both speak TLS, but have no cipher, curve, key size or signature algorithm in common. One side is outdated, or its list is too narrow.',
      fix: [
        'Update the mail program or operating system.',
        'Ask the administrator to allow current ciphers (ECDHE with AES-GCM or ChaCha20) and to use a 2048-bit RSA or P-256 key.',
        'Ask the administrator for Diffie-Hellman parameters of at least 2048 bits where the key is called too small.',
        'Remove a narrow cipher list from the settings of the program.',
      ],
    },
    links: [
      { title: 'RFC 8446 section 4.1.1, cryptographic negotiation', url: 'https://www.rfc-editor.org/rfc/rfc8446#section-4.1.1' },
      { title: 'RFC 9325 section 4, cipher suites', url: 'https://www.rfc-editor.org/rfc/rfc9325#section-4' },
    ],
    test: 'Make a second handshake with lowered limits: if it succeeds, its cipher shows what the server insists on.',
    example: {
      paste:
        'dovecot: imap-login: Disconnected: TLS handshaking: SSL_accept() failed: error:0A0000C1:SSL routines::no shared cipher',
      serve: { protocol: 'imap', tls: 'no-shared-cipher' },
    },
    rules: [
      failedAs(56, 'no-shared-cipher'),
      told(60, ['algorithm', 'common']),
      lowered(59, false),
      alert40,
      likely(60, [
        /no (?:shared|common|matching|acceptable|mutual(?:ly)?(?: acceptable)?|supported) (?:cipher|ciphers|cipher ?suites?|signature algorithms?|curves?|groups?|key share)|(?:cipher|ciphersuite)s?\b.{0,30}\b(?:mismatch|not (?:supported|shared|accepted)|unsupported|in common)|\bdh key too small|weak (?:ephemeral )?(?:server )?(?:dh|diffie-?hellman)|ERR_SSL_VERSION_OR_CIPHER_MISMATCH|do not possess a common algorithm/i,
        /(?:require|need|demand|insist)\w*[^.]{0,30}\b(?:cipher|encryption strength)|cipher\w* (?:strength|too weak|not strong enough)/i,
        /(?:加密(?:套件|算法)|密码套件).{0,12}(?:不匹配|不支持|不兼容)|không có (?:bộ mã|thuật toán).{0,12}chung|keine gemeinsame(?:n)? (?:verschlüsselung|cipher)|aucun (?:algorithme|chiffrement) (?:de chiffrement )?commun/i,
      ]),
      numbers(['0x80090331', '-9801'], 'likely', 55),
    ],
  },
  {
    id: 'tls.server-name-missing',
    category: 'connection',
    stage: 'certificate',
    owner: 'you',
    severity: 'error',
    words: {
      title: 'No server name was sent, so the wrong certificate came',
      meaning:
        'The program does not say in the handshake which host it wants (SNI). The provider answers with a placeholder certificate that no program can accept.',
      fix: [
        'Update the mail program or library to one that sends the server name (SNI).',
        'Set the name in the program where it connects by IP address (nodemailer: tls.servername; Python: server_hostname; Go: ServerName).',
        'Enter the host name in place of an IP address.',
        'Update OpenSSL where it is older than 1.1.1.',
      ],
    },
    links: [{ title: 'RFC 6066 section 3, server name indication', url: 'https://www.rfc-editor.org/rfc/rfc6066#section-3' }],
    test: 'Run openssl s_client with -servername and the host name: a proper certificate then proves that the name was missing.',
    example: {
      paste: 'subject=OU = "No SNI provided; please fix your client.", CN = invalid2.invalid',
      serve: { protocol: 'imap', certificate: 'server-name-missing' },
    },
    rules: [
      nameMissing,
      googleSelfSigned,
      mentions(/invalid2\.invalid|no SNI provided/i, 'likely', 93),
      likely(70, [
        /\bSNI\b.{0,40}\b(?:not (?:sent|set|provided|supported)|missing|required|empty|absent)|(?:without|no|missing|needs?|requires?) (?:an? )?(?:SNI\b|server name indication)/i,
      ]),
    ],
  },
  {
    id: 'tls.handshake-timeout',
    category: 'connection',
    stage: 'tls',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The server does not finish the TLS handshake',
      meaning:
        'The connection is open and the handshake began, but the server stopped answering before the channel was encrypted.',
      fix: [
        'Check port and encryption: 995, 993 and 465 go with SSL/TLS, 587, 143 and 110 with STARTTLS.',
        'Try again in some minutes, and from another network.',
        'Switch off the TLS scan of an antivirus program or firewall for a test.',
        'Lower the MTU of the VPN where large packets get lost.',
        'Ask the administrator whether the mail service hangs.',
      ],
    },
    links: [{ title: 'RFC 8446 section 2, protocol overview', url: 'https://www.rfc-editor.org/rfc/rfc8446#section-2' }],
    test: 'Connect without TLS on the same port: a greeting means that the port is not for SSL/TLS, silence that the service hangs.',
    example: {
      paste: 'net/http: TLS handshake timeout while connecting to imap.example.com:993',
      serve: { protocol: 'imap', tls: 'silent' },
    },
    rules: [
      failedAs(50, 'timeout'),
      slowUpgrade,
      likely(62, [
        /(?:tls|ssl)\b.{0,30}\b(?:handshake|negotiation)\b.{0,40}\b(?:timed? ?out|timeout)|(?:timed? ?out|timeout).{0,50}\b(?:(?:tls|ssl) )?(?:handshake|negotiation)|handshake (?:timed? ?out|timeout)|\b(?:UPGRADE|TLS|HANDSHAKE)_TIMEOUT\b|\b(?:ssl|tls) connect(?:ion)? (?:timed? ?out|timeout)|\binactiv\w+ during (?:the )?(?:tls|ssl)\b|(?:SSL_connect|SSL_accept|starttls).{0,60}timed? ?out/i,
        /(?:握手|TLS 协商).{0,8}超时|bắt tay.{0,20}(?:hết|quá) (?:thời gian|hạn)|handshake.{0,20}(?:zeitüberschreitung|hết|expiré)/i,
      ]),
    ],
  },
  {
    id: 'tls.handshake-failed',
    category: 'connection',
    stage: 'tls',
    owner: 'admin',
    severity: 'error',
    words: {
      title: 'The TLS handshake fails',
      meaning:
        'The two sides could not agree on an encrypted channel, and what was exchanged does not say why. Outdated software, a wrong port or a device in between are the usual reasons.',
      fix: [
        'Check port and encryption: 995, 993 and 465 go with SSL/TLS, 587, 143 and 110 with STARTTLS.',
        'Update the mail program and operating system.',
        'Switch off the TLS scan of an antivirus program or firewall for a test.',
        'Check that the server name is the one the server knows: some servers hang up on a name that is not theirs.',
        'Ask the administrator what the log of the server says about the handshake.',
      ],
    },
    links: [{ title: 'RFC 8446 section 6.2, error alerts', url: 'https://www.rfc-editor.org/rfc/rfc8446#section-6.2' }],
    test: 'Run openssl s_client against the port and read the alert, and the log of the server at that time.',
    example: {
      paste: 'ssl.SSLError: [SSL: TLSV1_ALERT_INTERNAL_ERROR] tlsv1 alert internal error (_ssl.c:1007)',
      serve: { protocol: 'imap', tls: 'garbage' },
    },
    rules: [
      likely(60, [/attempt to start TLS failed|TLS negotiation failed/i]),
      possible(
        49,
        [
          /(?:could not|couldn.t|cannot|can.t|unable to|failed to|error) (?:connect(?:ing)?|continue|proceed|go on|switch(?:ing)?|upgrade|upgrading)\b[^.]{0,30}\b(?:with|using|via|over|through|to) (?:STARTTLS|STLS)\b/i,
        ],
        { alternatives: ['tls.starttls-refused', 'tls.starttls-missing'] },
      ),
      pasted(likely(50, [/curl: \(35\)/])),
      pasted(possible(40, [/\b(?:tls|ssl) handshaking: (?:disconnected|connection|read)/i])),
      anyFailure,
      likely(
        52,
        [
          /(?:tls|ssl)\b.{0,30}\b(?:handshake|negotiation|connection|session|connect)\b.{0,40}\b(?:fail\w*|error|aborted|rejected|could not|problem|unsuccessful|incompatible)|\bhandshake\b.{0,20}\b(?:fail\w*|error|aborted)|(?:fail\w*|error|unable|cannot|can.t|could ?n.t|problem).{0,40}\b(?:establish\w*|negotiat\w+|start\w*|perform\w*|set ?up|making|create)\b.{0,30}\b(?:tls|ssl|secure|encrypted)\b/i,
          /\b(?:tls|ssl)\b.{0,40}(?:handshake|rukopož|рукопожат|握手|bắt tay|negociación|négociation|liaison|établissement|ハンドシェイク|핸드셰이크)|(?:handshake|握手|bắt tay|ハンドシェイク).{0,30}(?:失败|失敗|错误|thất bại|lỗi|fehl|échec|error|erro|エラー)|SSL_ERROR_(?:SYSCALL|SSL|HANDSHAKE)\b|secure connection (?:failed|could not)/i,
          /(?:TLS|SSL)(?!\.\w).{0,16}(?:错误|失败|异常|lỗi|thất bại|fehler|erreur|ошибка|エラー|오류|error)|(?:错误|lỗi|fehler|erreur|ошибка|エラー).{0,12}(?:TLS|SSL)\b|安全连接失败|无法建立安全连接|không thể thiết lập (?:kết nối|liên kết) (?:an toàn|bảo mật)|keine sichere verbindung|connexion sécurisée (?:impossible|échou)/i,
        ],
        {
          unless: [
            /STARTTLS.{0,80}(?:advertis|offer|support|angibt|anuncia|propose|hỗ trợ|支持)|\bcertificat|broken pipe|chứng chỉ|证书|zertifikat(?!.{0,40}inkompatib)|timed? ?out|超时|Secure ?\(SSL\)/i,
          ],
        },
      ),
      likely(
        50,
        [
          /(?:could not|couldn.t|cannot|can.t|unable to|failed to) (?:open|establish|start|create|negotiate|initiate|enable|secure|encrypt) (?:an? |the )?(?:secure |encrypted )?(?:(?:TLS|SSL)(?:\/(?:TLS|SSL))? )?(?:connection|session|encryption|channel|link)\b/i,
        ],
        { unless: [/starttls|certificat|timed? ?out/i, /^(?!.*(?:TLS|SSL|secure|encrypt))/i] },
      ),
      likely(50, [
        /(?:TLS|SSL).{0,200}(?:incompatible|non compatible|no (?:es|son) compatible|nicht kompatibel|inkompatibel|incompatíve|incompatibil|несовместим|不兼容|non sono compatibili|không tương thích|互換性|호환)/i,
      ]),
      likely(48, [
        /tls (?:is )?required,? but.{0,30}fail|\b403 4\.7\.0 TLS|4\.7\.(?:0|5)\b.{0,20}TLS handshake|SSL (?:exception|error)\b|error:[0-9A-F]{8}:SSL routines/i,
      ]),
      pasted(
        possible(38, [
          /\b\w{0,20}(?:SSLHandshake|SslHandshake|TlsHandshake|SSLProtocol|SSLError|SSLException|TlsError|TLSError|TlsException)\w{0,12}\b/,
        ]),
      ),
      told(24, ['tls', 'fails'], { certainty: 'possible', english: true, without: ['certificate', 'starttls'] }),
      told(61, ['shake', 'fails'], { without: ['time', 'starttls', 'greets'] }),
      told(53, ['tls', 'connect', 'fails'], { without: ['certificate', 'starttls', 'time'] }),
      told(44, ['secure', 'connect', 'fails'], { without: ['certificate', 'starttls', 'login', 'time', 'refused'] }),
      numbers(['-1200', '-9800', '-9802', '-9824', '0x80090326', '0x80072f7d', '0x80072f8f'], 'likely', 50),
    ],
  },
  {
    id: 'tls.keys-logged',
    category: 'connection',
    stage: 'tls',
    owner: 'you',
    severity: 'warning',
    words: {
      title: 'The session keys of TLS are being written to a file',
      meaning:
        'A setting of this environment makes the platform log the secrets of every connection. Whoever has the file can read the password from a recording.',
      fix: [
        'Unset SSLKEYLOGFILE and remove --tls-keylog from NODE_OPTIONS.',
        'Delete the file that was written.',
        'Change the password where others may have read the file.',
      ],
    },
    links: [{ title: 'Node.js: --tls-keylog', url: 'https://nodejs.org/api/cli.html#--tls-keylogfile' }],
    test: 'Print the environment: SSLKEYLOGFILE or --tls-keylog stands in it.',
    example: {
      paste: 'Warning: Using --tls-keylog makes TLS connections insecure by writing secret key material to file',
      unserved: 'It depends on the environment of the check and not on a server.',
    },
    rules: [keysLogged, possible(30, [/tls-?keylog|SSLKEYLOGFILE/i])],
  },
];
