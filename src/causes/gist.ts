/**
 * The gist of pasted words that no rule knows: who or what they speak of (recipient, sender, message, address, log-in) and what is
 * said of it (unknown, full, refused, too large, too often), in the languages of the product and its neighbours. A guess, weaker than
 * any phrase and stronger than a bare code (the subjects of status codes: RFC 3463 §3).
 */
import type { Cause, Rule } from '../model/cause.ts';
import type { Facts } from '../model/facts.ts';
import {
  ADDRESS,
  AGAIN,
  BACKEND,
  BIG,
  BOX,
  BROKEN,
  CLUB,
  ELSEWHERE,
  FAILED,
  FULL,
  GONE,
  HELD,
  JUNK,
  LATER,
  LINKS,
  LISTED,
  LOCKED,
  LOGIN,
  LOOKUP,
  MANY,
  MESSAGE,
  METHOD,
  MUTED,
  NAME,
  NEEDED,
  NEW,
  NOT,
  OFF,
  ORIGIN,
  OWNED,
  PARALLEL,
  PLACE,
  PLAN,
  READING,
  RECIPIENT,
  REFUSED,
  REVERSE,
  SAME,
  SECOND,
  SECRET,
  SECURE,
  SENDER,
  SETUP,
  SHUT,
  STALE,
  TOKEN,
  TRIES,
  UNKNOWN,
  UNNAMED,
  WEB,
  WRITING,
  YOURS,
} from './gist-words.ts';
import { hearing, type Saying, sayings, sighting, wordsOf } from './rules.ts';

/** A guess from words alone. */
const WORDS = 25;
/** A guess where a code or the moment says that it is about the log-in: a little more than that code by itself. */
const LOGGING_IN = 48;
/** The weakest of all guesses: a subject, and that something is wrong with it. */
const HINT = 11;
/** A guess at the reason for which a log-in was refused, from words alone. */
const REASON = 34;

interface Reading {
  readonly cause: string;
  readonly strength: number;
  readonly or: readonly string[];
}

const is = (cause: string, ...or: string[]): Reading => ({ cause, or, strength: WORDS });
const login = (cause: string, ...or: string[]): Reading => ({ cause, or, strength: LOGGING_IN });
/** Where to look first, and no more. */
const hint = (cause: string, ...or: string[]): Reading => ({ cause, or, strength: HINT });
/** A reason that words give for a refused log-in: more than the words that only say that it was refused. */
const reason = (cause: string, ...or: string[]): Reading => ({ cause, or, strength: REASON });

/** Says that it failed, and not why. */
const NOT_TAKEN = is('message.content-rejected', 'recipient.rejected', 'policy.blocklisted');
const AGAINST_POLICY = is('message.content-rejected', 'policy.blocklisted', 'recipient.rejected');
/** The same for now: it is about who sends rather than what. */
const AGAINST_POLICY_NOW = is('policy.blocklisted', 'policy.rate-limited', 'server.unavailable');
const NOT_SENT: Reading = { ...is('server.unavailable', 'auth.unexplained', 'connect.unexplained'), strength: WORDS - 1 };

/** That something went wrong with the connection to mail, and not what. */
const LOST = hint('connect.unexplained', 'auth.unexplained', 'server.unavailable');

type Row = readonly [readonly RegExp[], Reading];

/** Of a reply to a log-in: who it is about goes without saying. */
const LOGIN_ROWS: readonly Row[] = [
  [[METHOD, UNKNOWN], login('auth.mechanism-unsupported')],
  [[METHOD, /unsupport|not (?:support|offer|implement|available)/i], login('auth.mechanism-unsupported')],
  [[SECURE, /before|first|require|must|need/i], login('auth.encryption-required', 'tls.starttls-required')],
  [[SETUP], login('server.misconfigured', 'auth.mechanism-unsupported', 'protocol.violation')],
  [[SECRET, GONE, TOKEN], login('auth.basic-disabled', 'auth.app-password-required')],
  [[SECOND], login('auth.app-password-required', 'auth.credentials-rejected')],
  [[TOKEN], login('auth.token-rejected', 'auth.credentials-rejected')],
  [
    [STALE, /passw|密码|密碼|mật khẩu|kennwort|mot de passe|contraseña|senha|пароль/i],
    login('auth.password-expired', 'auth.credentials-rejected'),
  ],
  [[/\bcommand\b/i, OFF], login('protocol.client-error', 'auth.policy-blocked', 'tls.starttls-required')],
  [
    [/not (?:permitted|allowed|authori[sz]ed) to (?:use|access|log)/i],
    login('auth.policy-blocked', 'auth.account-disabled', 'auth.protocol-disabled'),
  ],
  [[/permission denied|not permitted/i], login('mailbox.unusable', 'auth.policy-blocked', 'auth.account-disabled')],
  [[BACKEND, /problem|error|fail|not\b|n.t\b|down|unreach/i], login('auth.temporary-failure', 'server.misconfigured')],
  [[/\b(?:block|bann)ed\b/i, TRIES], login('auth.too-many-attempts', 'auth.account-locked')],
  [[WEB], login('auth.web-login-required', 'auth.policy-blocked')],
  [[PLAN], login('auth.plan-restriction', 'auth.protocol-disabled')],
  [[PLACE, REFUSED], login('auth.policy-blocked', 'auth.web-login-required')],
  [[READING, OFF], login('auth.protocol-disabled', 'auth.plan-restriction')],
  [[WRITING, OFF], login('auth.smtp-disabled', 'auth.plan-restriction')],
  [[/\badmin/i, NOT], login('auth.policy-blocked', 'auth.protocol-disabled')],
  [[LOCKED], login('auth.account-locked', 'auth.account-disabled', 'auth.too-many-attempts')],
  [[MANY], login('auth.too-many-attempts', 'auth.account-locked')],
  [[SHUT], login('auth.account-disabled', 'auth.account-locked')],
  [[LATER], login('auth.temporary-failure', 'server.unavailable')],
];

/** Of a POP3 or IMAP reply that says nothing of a log-in. */
const BOX_ROWS: readonly Row[] = [
  [[BOX, HELD], is('mailbox.in-use', 'mailbox.unusable')],
  [[BOX, BROKEN], is('mailbox.unusable', 'server.misconfigured')],
  [[BOX, FULL], is('mailbox.over-quota', 'mailbox.unusable')],
  [[READING, OFF], is('auth.protocol-disabled', 'auth.plan-restriction')],
];

/** The first row whose patterns all fit decides. */
const ROWS: readonly Row[] = [
  [[/after initial connection|refused to talk/i, /\b5\d\d\b/], is('greeting.rejected', 'policy.blocklisted')],
  [[/(?<!\/)\b(?:TLS|SSL)(?:v| version )? ?[123](?:\.[0-3])?\b/i, NEEDED], is('tls.version-too-old', 'tls.starttls-required')],
  [
    [
      /too many (?:non-?mail|unrecogni[sz]ed|bad|syntax|protocol|invalid) (?:commands|errors)|pre-greeting|before (?:the )?greeting/i,
    ],
    is('protocol.client-error', 'policy.blocklisted'),
  ],
  [[/(?<!\/)\b(?:TLS|SSL)(?:v| version )? ?[123](?:\.[0-3])?\b/i, GONE], is('tls.version-too-old', 'tls.no-shared-cipher')],
  [[SECURE, /\bmissing\b/i], is('tls.starttls-missing', 'tls.starttls-required')],
  [[SECURE, NEEDED], is('tls.starttls-required', 'auth.encryption-required')],
  [
    [SECURE, /\bonly\b.{0,30}\b(?:with|over|via|through|using)\b|\bwithout\b/i, /allow|accept|permit|possible|taken/i],
    is('tls.starttls-required', 'auth.encryption-required'),
  ],
  [[REVERSE], is('policy.reverse-dns', 'policy.blocklisted')],
  [[LOOKUP, /no data|no (?:a|mx|address) record/i], is('dns.no-address', 'dns.no-such-host')],
  [[LOOKUP, /not found|no such|unknown|nxdomain|不存在/i], is('dns.no-such-host', 'dns.no-address')],
  [[LOOKUP, /error|fail|失败|错误|lỗi/i], is('dns.server-failure', 'dns.timeout', 'dns.no-such-host')],
  [[/introduced yourself/i], is('policy.helo-rejected', 'policy.reverse-dns')],
  [[NAME, /\b(?:name|argument|domain)\b/i, NEEDED], is('policy.helo-rejected', 'protocol.client-error')],
  [[NAME, UNKNOWN], is('policy.helo-rejected', 'protocol.client-error')],
  [[NAME, NOT], is('policy.helo-rejected', 'protocol.client-error')],
  [[NAME, /error|fail|失败|失敗|thất bại/i], is('policy.helo-rejected', 'protocol.client-error')],
  [[NEW, AGAIN], is('policy.greylisted', 'server.unavailable')],
  [[PARALLEL, /connection|session|limit/i], is('policy.connection-limit', 'policy.rate-limited')],
  [
    [WRITING, /\bfiltered\b|\bblocked\b/i, /\b(?:this|your|the) (?:network|isp|provider|firewall|router)\b/i],
    is('connect.port-blocked', 'connect.port-25'),
  ],
  [[WRITING, PLAN], is('auth.plan-restriction', 'auth.smtp-disabled')],
  [[READING, PLAN], is('auth.plan-restriction', 'auth.protocol-disabled')],
  [[UNNAMED], is('auth.required', 'sender.relay-denied')],
  [[CLUB], is('recipient.rejected', 'sender.not-owned', 'policy.blocklisted')],
  [[/\bsend as\b/i, SAME], is('sender.not-owned', 'sender.blocked')],
  [[SENDER, OWNED, SAME], is('sender.not-owned', 'sender.blocked')],
  // A file of the server's own.
  [[/(?:^|\s)\/[\w.-]+\/\S/, REFUSED], is('server.misconfigured', 'server.unavailable')],
  [[SENDER, YOURS], is('sender.not-owned', 'sender.blocked')],
  [[ELSEWHERE, NEEDED], is('sender.relay-denied', 'auth.required')],
  [[/impersonat/i], is('sender.not-owned', 'message.content-rejected')],
  [[/has blocked you|blocked (?:your|you)r? (?:mail|messages|address)/i], is('recipient.rejected', 'sender.blocked')],
  [[ELSEWHERE, NOT], is('sender.relay-denied', 'recipient.rejected', 'auth.required')],
  [[WRITING, SHUT], is('sender.blocked', 'auth.smtp-disabled', 'policy.rate-limited')],
  [[LINKS, MESSAGE], is('message.content-rejected')],
  [[/(?:local|own) users? only|only (?:local|own) users/i], is('sender.relay-denied', 'recipient.rejected', 'auth.required')],
  [[/\brelay(?!=)/i, REFUSED], is('sender.relay-denied', 'sender.not-owned')],
  [[LOGIN, METHOD], is('auth.mechanism-unsupported', 'auth.unexplained')],
  [
    [LOGIN, /(?:cannot|could not|unable to|failed to) (?:retrieve|look ?up|fetch|load|read|get)\b/i],
    is('auth.temporary-failure', 'server.misconfigured', 'auth.unexplained'),
  ],
  [[LOGIN, TOKEN, STALE], reason('auth.token-rejected', 'auth.credentials-rejected')],
  [[SECRET, GONE], reason('auth.basic-disabled', 'auth.app-password-required', 'auth.password-expired')],
  [[SECRET, STALE], reason('auth.password-expired', 'auth.credentials-rejected')],
  [[LOGIN, WEB, /once|first|confirm|verify|\bthen\b|先|trước/i], reason('auth.web-login-required', 'auth.policy-blocked')],
  [[LOGIN, MANY], is('auth.too-many-attempts', 'auth.account-locked', 'policy.connection-limit')],
  [[LOGIN, SHUT], is('auth.account-locked', 'auth.account-disabled', 'auth.protocol-disabled')],
  [[LOGIN, LATER], is('auth.temporary-failure', 'auth.unexplained', 'server.unavailable')],
  [[LOGIN, UNKNOWN], is('auth.credentials-rejected', 'auth.unexplained', 'auth.app-password-required')],
  [[LOGIN, NEEDED], is('auth.required', 'auth.app-password-required', 'auth.web-login-required')],
  [[LOGIN, /\bcheck\b|\bverify\b/i], is('auth.credentials-rejected', 'auth.unexplained', 'settings.user-name-form')],
  [[LOGIN, SETUP], is('server.misconfigured', 'auth.temporary-failure', 'auth.unexplained')],
  [[LOGIN, FAILED], is('auth.unexplained', 'auth.credentials-rejected', 'auth.app-password-required')],
  [[LOGIN, REFUSED], is('auth.unexplained', 'auth.credentials-rejected', 'auth.app-password-required')],
  [[/\bsend(?:ing)?\b/i, /\bslow|\bfast|\bquick|\boften/i], is('policy.rate-limited', 'policy.connection-limit')],
  [
    [/送信|发送|發送|\bgửi(?![a-zà-ỹ])|\benv[íi]o|\benvois?\b|versand|отправк/i, MANY],
    is('policy.rate-limited', 'sender.blocked'),
  ],
  [[ORIGIN, MANY], is('policy.rate-limited', 'policy.connection-limit', 'policy.blocklisted')],
  [
    [SENDER, /\bdomain/i, /not (?:allowed|permitted|authori[sz]ed)/i],
    is('sender.not-owned', 'sender.relay-denied', 'policy.domain-authentication'),
  ],
  [[ORIGIN, LISTED], is('policy.blocklisted', 'policy.reverse-dns')],
  [[SENDER, LISTED], is('sender.blocked', 'policy.blocklisted')],
  [[LISTED, REFUSED], is('policy.blocklisted', 'message.content-rejected', 'sender.blocked')],
  [[MESSAGE, JUNK], is('message.content-rejected', 'policy.blocklisted')],
  [[JUNK, REFUSED], is('message.content-rejected', 'policy.blocklisted')],
  [[JUNK, /\[(?:\d{1,3}\.){3}\d/], is('policy.blocklisted', 'message.content-rejected')],
  [[ORIGIN, REFUSED], is('policy.blocklisted', 'policy.reverse-dns', 'sender.relay-denied')],
  [[/\bno access for (?:this|your) (?:domain|user|sender|address)/i], is('sender.blocked', 'policy.blocklisted')],
  [[MUTED], is('sender.blocked', 'sender.not-owned', 'sender.relay-denied')],
  [[SENDER, REFUSED, /\bDNS\b/i], is('sender.domain-invalid', 'sender.blocked')],
  [
    [
      SENDER,
      /\b(?:refus|den(?:y|ie)|reject|block)\w* (?:the |this |your )?sender|sender (?:is |was )?(?:refused|denied|blocked)/i,
    ],
    is('sender.blocked', 'sender.not-owned', 'sender.domain-invalid'),
  ],
  [[/\bblack (?:mail|sender|address|domain)/i], is('sender.blocked', 'policy.blocklisted')],
  [[RECIPIENT, FULL], is('mailbox.over-quota', 'recipient.rejected')],
  [[RECIPIENT, MANY], is('policy.rate-limited', 'recipient.rejected')],
  [[SENDER, UNKNOWN], is('sender.domain-invalid', 'sender.not-owned')],
  [
    [SENDER, /must be (?:specified|given|provided|set)|\bfully[- ]qualified|missing/i],
    is('sender.domain-invalid', 'sender.not-owned', 'protocol.client-error'),
  ],
  [[SENDER, SHUT], is('sender.blocked', 'sender.not-owned')],
  [[SENDER, /\bfake|forged|spoof|伪造|偽造|冒充/i], is('sender.blocked', 'sender.not-owned', 'policy.domain-authentication')],
  [[SENDER, REFUSED], is('sender.not-owned', 'sender.blocked', 'sender.domain-invalid')],
  [[RECIPIENT, UNKNOWN], is('recipient.unknown', 'recipient.rejected')],
  [[RECIPIENT, SHUT], is('recipient.rejected', 'recipient.unknown')],
  [[RECIPIENT, REFUSED], is('recipient.rejected', 'recipient.unknown', 'sender.relay-denied')],
  [[BOX, FULL], is('mailbox.over-quota', 'recipient.rejected')],
  [[BOX, /receiv/i, REFUSED], is('recipient.rejected', 'recipient.unknown')],
  [[MESSAGE, /too many/i], is('policy.rate-limited', 'message.content-rejected')],
  [[MESSAGE, BIG], is('message.too-large', 'mailbox.over-quota')],
  [[MESSAGE, MANY], is('policy.rate-limited', 'message.too-large')],
  [[BOX, UNKNOWN], is('recipient.unknown', 'recipient.rejected')],
  [[BOX, SHUT], is('recipient.rejected', 'auth.account-disabled', 'recipient.unknown')],
  [[RECIPIENT, NOT], is('recipient.rejected', 'recipient.unknown', 'sender.relay-denied')],
  [[/\bnobody\b|\bno[- ]one\b/i], is('recipient.unknown', 'recipient.rejected')],
  [[BOX, /\bbanned/i], is('sender.blocked', 'recipient.rejected', 'policy.blocklisted')],
  [[ADDRESS, UNKNOWN], is('recipient.unknown', 'recipient.rejected', 'sender.domain-invalid')],
  [[ADDRESS, SHUT], is('recipient.rejected', 'recipient.unknown', 'sender.blocked')],
  [[/logging out|server terminating/i], is('server.unavailable', 'connect.reset')],
  [[SETUP], is('server.misconfigured', 'server.unavailable')],
  [[/\bwaited (?:for|too)\b|nothing (?:came|was heard)/i], is('connect.timeout', 'greeting.timeout', 'connect.port-blocked')],
  [[/policy (?:violations?|reasons?)\b/i], AGAINST_POLICY],
  [[/access denied/i, LATER], is('policy.blocklisted', 'policy.rate-limited', 'server.unavailable')],
  [[LATER], is('server.unavailable', 'policy.greylisted', 'policy.rate-limited')],
  [[/failed to send|sending failed|could not be sent|not sent/i], NOT_SENT],
  [[MESSAGE, REFUSED], NOT_TAKEN],
  [
    [MESSAGE, /\bdeferred\b|undeliver|suspended|held back/i],
    is('server.unavailable', 'policy.rate-limited', 'policy.greylisted'),
  ],
  [[MESSAGE, /\bfilter(?:ed)?\b/i], is('message.content-rejected', 'policy.blocklisted')],
  [[/\b(?:access|permission)\b/i, REFUSED], is('recipient.rejected', 'policy.blocklisted', 'sender.relay-denied')],
  // A subject and a denial: what the first look should be at.
  [[LOGIN, NOT], hint('auth.unexplained', 'auth.credentials-rejected', 'auth.app-password-required')],
  [[SENDER, NOT], hint('sender.not-owned', 'sender.blocked', 'sender.domain-invalid')],
  // Of mail, and that something went wrong: where to look first.
  [[/\b(?:starttls|stls)\b/i, FAILED], hint('tls.starttls-refused', 'tls.handshake-failed', 'tls.starttls-missing')],
  [[/\bsmtp\b|\bimap4?\b|\bpop3?\b|\bmail (?:server|account|host)/i, FAILED], LOST],
];

/** A sentence of a server has a beginning; a page of text has no gist. */
const MAX_CHARS = 600;
/** The words in which a relay quotes another server. */
const RELAYED =
  /\bhost \S{1,250}\[[\da-f.:]{3,45}\] (?:said|refused to talk to me): ?|\b(?:milter-)?reject: [A-Z-]{3,16} from \S{1,300}: |(?:from|to|helo)=<[^<>]{0,320}>|\(in reply to [\w ]{2,40}\)/gi;
const ADDRESSES = /[\w.+=-]{1,64}@[\w.-]{1,255}/g;
const NAMES = /https?:\/\/\S{1,500}|\b(?=[\w-]{1,60}\.)[\w.-]{1,250}\.[a-z]{2,12}\b/gi;

/** The names that programs give to errors are words: `auth_failed`. */
const JOINED = /(?<=[a-z])_(?=[a-z])/gi;

/** The fields of a delivery report (RFC 3464 §2) name recipients whatever happened. */
const REPORT = /\b(?:Final-Recipient|Action|Reporting-MTA|Remote-MTA|Arrival-Date): |NegativeCompletion/i;

/** Words without a reply around them are taken for mail's only where they speak of mail. */
const MAIL =
  /mail|\b(?:remote|client|your|sender|source) ip\b|smtp|imap|\bpop3?\b|\bmx\b|inbox|邮|郵|收件|メール|(?:hộp|nhận|gửi) thư|người nhận|\bthư(?![a-zà-ỹ])|почт|письм|correo|courriel|posta\b|poczt|메일|送信|messagerie|postfach|boîte|buzón|casella|caixa (?:de correio|postal)|ящик|вложен|pièce jointe|attachment|anhang|adjunto|allegat|anexo|附件|信件|添付|첨부|bijlage|załącznik|\bek(?:li)? dosya|\b(?:mensaje|nachricht|mensagem|messaggio|bericht)\b|(?:incoming|outgoing) server|skrzynk|wiadomo|(?<![a-zçğıöşü])[iİ]leti(?!ş)|\S@\S|(?:your|su|tu|votre|ihre|sua) (?:message|mensaje|nachricht|mensagem|messaggio)|requested (?:mail )?action|local users?|sender|recipient|absender|empfänger|expéditeur|destinat/i;

/** Words that only mail has two sides for. */
const SPEAKERS = [SENDER, RECIPIENT];

/** Of words that name the log-in themselves. */
const SPOKEN_ROWS = ROWS.filter(([patterns]) => patterns[0] === LOGIN);

/** Codes that answer AUTH and nothing else (RFC 4954 §6). */
const LOGIN_CODES: readonly number[] = [432, 454, 534, 535, 538];

/** @returns the rows for what a saying answers; none where it cannot be told from its form. */
function rowsFor(s: Saying): readonly Row[] {
  if (s.kind === 'text') return ROWS;
  if (s.protocol === 'imap' || s.protocol === 'pop3') {
    return s.stage === 'auth' || AUTH_WORDS.test(s.responseCode ?? '') ? LOGIN_ROWS : [...BOX_ROWS, ...SPOKEN_ROWS];
  }
  // Where only words say that it answers a log-in (not authorized, unauthenticated), it may be about the message all the same.
  if (s.stage === 'auth' && s.command !== '') return LOGIN_ROWS;
  return s.code !== undefined && LOGIN_CODES.includes(s.code) ? [...LOGIN_ROWS, ...ROWS] : ROWS;
}
const AUTH_WORDS = /^AUTH/;

function gistOf(s: Saying): Reading | undefined {
  // A command that the server could not read says nothing of what it is about.
  if (
    s.kind === 'reply' &&
    !NAME.test(s.text) &&
    !(SECURE.test(s.text) && NEEDED.test(s.text)) &&
    !/\bconnection\b/i.test(s.text) &&
    // Of mailbox, system or policy: understood, and refused all the same.
    !/^5\.[237]\./.test(s.enhanced ?? '') &&
    !(SENDER.test(s.text) && /\bdomain/i.test(s.text)) &&
    (s.enhanced?.startsWith('5.5.') || (s.code !== undefined && [500, 501, 502, 503, 504, 555].includes(s.code)))
  )
    return undefined;
  const words = wordsOf(s);
  if (REPORT.test(words) || /\b(?:50[0-4]|555)[ -]5\.5\.\d\b|command: 50[0-4] |\b(?:MAIL|RCPT|DATA) failed\b/.test(words))
    return undefined;
  if (words.length > MAX_CHARS) return undefined;
  // Names of hosts and people are no words: a sender may be called spam@example.com.
  const text = words.replace(RELAYED, ' ').replace(ADDRESSES, ' @ ').replace(NAMES, ' ').replace(JOINED, ' ');
  if (s.kind === 'text' && !MAIL.test(words) && !SPEAKERS.some((p) => p.test(text)) && !(words.length < 200 && LOGIN.test(text)))
    return undefined;
  const reading = rowsFor(s).find(([patterns]) => patterns.every((p) => p.test(text)))?.[1];
  // A message that cannot be taken for now: the code says more than that.
  const passing = s.kind === 'reply' && s.code !== undefined && s.code < 500;
  if (passing && reading === AGAINST_POLICY) return AGAINST_POLICY_NOW;
  return passing && reading === NOT_TAKEN ? undefined : reading;
}

const known = new WeakMap<Facts, ReadonlyMap<string, { readonly of: Saying; readonly reading: Reading }>>();

/** Guesses are made for a text of few sayings: in a log, most lines are about something else. */
const MAX_SAYINGS = 12;

function gists(facts: Facts) {
  let found = known.get(facts);
  if (!found) {
    const made = new Map<string, { readonly of: Saying; readonly reading: Reading }>();
    const all = sayings(facts);
    const answered = all.some((s) => s.kind === 'reply');
    for (const of of all.length > MAX_SAYINGS ? [] : all) {
      const reading = gistOf(of);
      // Beside the server's own answer, a client's word that it failed says nothing.
      if (reading === NOT_SENT && answered) continue;
      if (reading && !made.has(reading.cause)) made.set(reading.cause, { of, reading });
    }
    found = made;
    known.set(facts, found);
  }
  return found;
}

const CAUSES = new Set([...ROWS, ...LOGIN_ROWS, ...BOX_ROWS].map(([, r]) => r.cause));

/** @returns the catalogue; causes that the gist of words may lead to have that as one more rule. */
export function withGist(causes: readonly Cause[]): readonly Cause[] {
  return causes.map((c) => {
    if (!CAUSES.has(c.id)) return c;
    const rule: Rule = hearing((facts) => {
      const g = gists(facts).get(c.id);
      // Live it is certain that the log-in was refused, so nothing behind it was.
      if (g && !facts.pasted && g.of.stage === 'auth' && c.category !== 'authentication') return undefined;
      return (
        g &&
        sighting('possible', g.reading.strength, [g.of], { matched: wordsOf(g.of).slice(0, 120), alternatives: g.reading.or })
      );
    });
    return { ...c, rules: [...c.rules, rule] };
  });
}
