/**
 * What a status code says by itself, for pasted replies whose words say no more: the meanings that RFC 3463 §3, RFC 5248, RFC 7372
 * and RFC 5321 §4.2.3 document, Exchange's own, and the response codes and forms of IMAP and POP3. Weaker than any words; a code leaves much open, so it names the others too.
 */
import type { Cause } from '../model/cause.ts';
import type { ReplyEvidence } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import { codeWords, enhancedFits, hearing, type Saying, sayings, sighting, wordsOf } from './rules.ts';

interface Meaning {
  readonly cause: string;
  /** What else it is used for, likeliest first. */
  readonly or?: readonly string[];
}

const meaning = (cause: string, ...or: string[]): Meaning => ({ cause, or });

const CONTENT = meaning('message.content-rejected', 'policy.blocklisted', 'recipient.rejected');
const LOOP = meaning('server.misconfigured', 'recipient.unknown');
const CLIENT = meaning('protocol.client-error', 'message.content-rejected');
const DOWN = meaning('server.unavailable', 'policy.greylisted', 'policy.rate-limited');
const SIGNED = meaning('policy.domain-authentication', 'message.content-rejected');

/** Enhanced status codes; the class (4 or 5) is left out where it makes no difference. The first that fits decides. */
const ENHANCED: readonly (readonly [string, Meaning])[] = [
  ['*.1.2', meaning('dns.no-such-host', 'recipient.unknown', 'sender.relay-denied')],
  ['*.1.7', meaning('sender.domain-invalid', 'protocol.client-error', 'sender.not-owned')],
  ['*.1.8', meaning('sender.domain-invalid', 'sender.blocked', 'auth.account-locked')],
  ['*.1.1', meaning('recipient.unknown', 'recipient.rejected')],
  ['*.1.*', meaning('recipient.unknown', 'recipient.rejected', 'sender.blocked')],
  ['4.2.1', meaning('recipient.rejected', 'policy.rate-limited', 'server.unavailable')],
  ['4.2.0', meaning('server.unavailable', 'recipient.rejected', 'mailbox.over-quota')],
  ['*.2.1', meaning('recipient.rejected', 'policy.rate-limited', 'recipient.unknown')],
  ['*.2.2', meaning('mailbox.over-quota', 'policy.rate-limited')],
  ['*.2.3', meaning('message.too-large', 'mailbox.over-quota')],
  ['*.2.*', meaning('recipient.rejected', 'recipient.unknown', 'mailbox.over-quota')],
  ['*.3.1', meaning('server.unavailable', 'mailbox.over-quota')],
  ['*.3.3', meaning('protocol.client-error', 'server.misconfigured')],
  ['*.3.4', meaning('message.too-large')],
  ['*.3.5', meaning('server.misconfigured')],
  ['5.3.0', meaning('server.unavailable', 'recipient.unknown', 'message.content-rejected')],
  ['5.3.2', meaning('recipient.rejected', 'server.unavailable')],
  ['*.3.*', meaning('server.unavailable', 'policy.connection-limit', 'server.misconfigured')],
  ['5.4.1', meaning('recipient.unknown', 'connect.timeout', 'sender.relay-denied')],
  ['*.4.1', meaning('connect.timeout', 'connect.refused', 'server.unavailable')],
  ['*.4.2', meaning('connect.reset', 'server.unavailable', 'connect.timeout')],
  ['*.4.3', meaning('dns.timeout', 'dns.server-failure', 'server.unavailable')],
  ['*.4.4', meaning('dns.no-such-host', 'connect.unreachable', 'server.misconfigured')],
  ['*.4.5', meaning('policy.rate-limited', 'server.unavailable')],
  ['*.4.6', LOOP],
  ['*.4.14', LOOP],
  ['*.4.7', meaning('connect.timeout', 'server.unavailable', 'policy.greylisted')],
  ['*.4.30*', meaning('connect.timeout', 'server.unavailable')],
  ['*.4.310', meaning('dns.no-such-host')],
  ['*.4.312', meaning('dns.timeout', 'dns.server-failure')],
  ['*.4.315', meaning('connect.timeout')],
  ['*.4.316', meaning('connect.refused')],
  ['*.4.317', meaning('tls.handshake-failed', 'certificate.untrusted-root', 'tls.starttls-missing')],
  ['*.4.318', meaning('connect.reset')],
  ['*.4.*', meaning('server.unavailable', 'connect.timeout', 'dns.no-such-host')],
  ['*.5.3', meaning('policy.rate-limited', 'protocol.client-error')],
  ['*.5.6', CONTENT],
  ['*.5.*', CLIENT],
  ['*.6.*', CONTENT],
  ['*.7.2', meaning('recipient.rejected', 'sender.not-owned')],
  ['*.7.4', meaning('auth.mechanism-unsupported', 'protocol.client-error')],
  ['*.7.5', meaning('tls.handshake-failed', 'message.content-rejected')],
  ['*.7.7', CONTENT],
  ['*.7.8', meaning('auth.credentials-rejected', 'auth.app-password-required')],
  ['*.7.9', meaning('auth.mechanism-unsupported', 'auth.app-password-required', 'policy.domain-authentication')],
  ['*.7.10', meaning('tls.starttls-required', 'auth.encryption-required')],
  ['*.7.11', meaning('auth.encryption-required', 'tls.starttls-required')],
  ['*.7.13', meaning('auth.account-disabled', 'recipient.rejected')],
  ['*.7.14', meaning('auth.web-login-required', 'auth.policy-blocked')],
  ['*.7.16', meaning('message.too-large')],
  ['*.7.17', meaning('recipient.unknown', 'recipient.rejected')],
  ['*.7.18', meaning('recipient.unknown', 'recipient.rejected')],
  ['*.7.25', meaning('policy.reverse-dns')],
  ['*.7.27', meaning('sender.domain-invalid', 'policy.domain-authentication')],
  ['*.7.28', meaning('policy.rate-limited', 'policy.blocklisted')],
  ['*.7.29', SIGNED],
  ['*.7.30', meaning('tls.starttls-missing', 'policy.domain-authentication')],
  ['*.7.2*', SIGNED],
  ['*.7.57', meaning('auth.required')],
  ['*.7.64', meaning('sender.relay-denied')],
  ['*.7.70*', meaning('sender.blocked', 'policy.blocklisted', 'policy.rate-limited')],
  ['*.7.50*', meaning('policy.blocklisted', 'policy.rate-limited', 'sender.blocked')],
  ['*.7.6**', meaning('policy.blocklisted', 'policy.rate-limited')],
  ['4.7.*', meaning('policy.greylisted', 'policy.rate-limited', 'policy.blocklisted')],
  ['5.7.*', CONTENT],
];

/** Reply codes (RFC 5321 §4.2.3, RFC 4954 §6, RFC 7504) without an enhanced one. */
const CODES: Readonly<Record<number, Meaning>> = {
  421: DOWN,
  432: meaning('auth.password-expired', 'auth.temporary-failure', 'server.unavailable'),
  450: meaning('policy.greylisted', 'recipient.unknown', 'policy.rate-limited'),
  451: DOWN,
  452: meaning('policy.rate-limited', 'mailbox.over-quota', 'server.unavailable'),
  454: meaning('auth.temporary-failure', 'tls.starttls-refused', 'sender.relay-denied'),
  455: DOWN,
  500: CLIENT,
  501: meaning('protocol.client-error', 'policy.helo-rejected', 'sender.domain-invalid'),
  502: meaning('protocol.client-error', 'auth.not-offered', 'tls.starttls-missing'),
  503: meaning('protocol.client-error', 'auth.required', 'auth.not-offered'),
  504: meaning('protocol.client-error', 'auth.mechanism-unsupported', 'policy.helo-rejected'),
  521: meaning('recipient.rejected', 'greeting.rejected', 'policy.blocklisted'),
  530: meaning('auth.required', 'tls.starttls-required'),
  534: meaning('auth.mechanism-unsupported', 'auth.app-password-required', 'auth.web-login-required'),
  535: meaning('auth.credentials-rejected', 'auth.app-password-required', 'settings.user-name-form'),
  538: meaning('auth.encryption-required'),
  541: meaning('recipient.rejected', 'message.content-rejected'),
  550: meaning('recipient.rejected', 'recipient.unknown', 'message.content-rejected'),
  551: meaning('recipient.unknown', 'sender.relay-denied'),
  552: meaning('mailbox.over-quota', 'message.too-large', 'message.content-rejected'),
  553: meaning('recipient.unknown', 'sender.not-owned', 'sender.relay-denied'),
  554: CONTENT,
  555: CLIENT,
  556: meaning('recipient.rejected', 'recipient.unknown', 'dns.no-such-host'),
  571: meaning('policy.blocklisted', 'message.content-rejected'),
};

/** Response codes of IMAP and POP3 (RFC 5530 §3, RFC 3206 §4, RFC 2449 §8). */
const RESPONSES: Readonly<Record<string, Meaning>> = {
  UNAVAILABLE: meaning('server.unavailable', 'auth.temporary-failure'),
  SERVERBUG: meaning('server.unavailable', 'server.misconfigured', 'mailbox.unusable'),
  'SYS/TEMP': meaning('server.unavailable', 'auth.temporary-failure', 'mailbox.unusable'),
  'SYS/PERM': meaning('server.misconfigured', 'auth.account-disabled', 'mailbox.unusable'),
  NOPERM: meaning('mailbox.unusable', 'auth.policy-blocked', 'auth.protocol-disabled'),
  NONEXISTENT: meaning('mailbox.unusable', 'server.misconfigured'),
  CORRUPTION: meaning('mailbox.unusable', 'server.misconfigured'),
  CONTACTADMIN: meaning('auth.account-disabled', 'auth.policy-blocked', 'auth.account-locked'),
  EXPIRED: meaning('auth.password-expired', 'auth.account-disabled'),
  LIMIT: meaning('policy.connection-limit', 'auth.too-many-attempts', 'policy.rate-limited'),
  TOOBIG: meaning('message.too-large'),
  CLIENTBUG: meaning('protocol.client-error'),
};

/** What the form of such a reply says without any (RFC 9051 §7.1, RFC 1939 §3). */
const BAD = meaning('protocol.client-error', 'tls.starttls-missing', 'auth.mechanism-unsupported');
const NO_LOGIN = meaning('auth.unexplained', 'auth.credentials-rejected', 'server.unavailable');
const NO_MAILBOX = meaning('mailbox.unusable', 'server.unavailable', 'server.misconfigured');

function byForm(r: ReplyEvidence): Meaning | undefined {
  const code = r.responseCode?.toUpperCase().split(' ')[0];
  const named = code === undefined ? undefined : RESPONSES[code];
  if (named) return named;
  if (r.condition === 'BAD') return BAD;
  if (r.condition !== 'NO' && r.condition !== '-ERR') return undefined;
  return r.stage === 'mailbox' ? NO_MAILBOX : r.stage === 'auth' ? NO_LOGIN : undefined;
}

/** qmail and others end their sentences with the code: `(#5.1.1)`; a delivery report names it `Status: 5.1.1` (RFC 3464 §2.3.4). */
const NAMED = /(?:\(#|^Status: |\bStatus: |\bdsn=)([45]\.\d{1,3}\.\d{1,3})\b/;

/** The Rust libraries spell a code out (RFC 5321 §4.2.1): severity, category, detail. */
const SPELT =
  /severity: (Transient|Permanent)NegativeCompletion, category: (Syntax|Information|Connections|Unspecified3|Unspecified4|MailSystem), detail: (Zero|One|Two|Three|Four|Five|Six|Seven|Eight|Nine)/;
const CATEGORIES = ['Syntax', 'Information', 'Connections', 'Unspecified3', 'Unspecified4', 'MailSystem'];
const DETAILS = ['Zero', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine'];

/** @returns the reply code of a text without a reply: spelt out, or in brackets at its end (`permanent error (535)`). */
function codeOf(text: string): number | undefined {
  const spelt = SPELT.exec(text);
  if (spelt?.[2] && spelt[3])
    return (spelt[1] === 'Permanent' ? 500 : 400) + CATEGORIES.indexOf(spelt[2]) * 10 + DETAILS.indexOf(spelt[3]);
  const ended = /(?:error|code|status|smtp)\W{1,3}([45]\d\d)\)?\.?$/i.exec(text);
  return ended ? Number(ended[1]) : undefined;
}

function enhancedOf(s: Saying): string | undefined {
  return (s.kind === 'reply' ? s.enhanced : undefined) ?? NAMED.exec(wordsOf(s))?.[1];
}

/** `*` at the end of a part stands for further digits: `70*`. */
function fits(pattern: string, value: string): boolean {
  if (!/\d\*/.test(pattern)) return enhancedFits(pattern, value);
  const [p, v] = [pattern.split('.'), value.split('.')];
  return p.every((x, i) => {
    const y = v[i] ?? '';
    return x === '*' || (x.endsWith('*') ? x.length === y.length && y.startsWith(x.replace(/\*+$/, '')) : x === y);
  });
}

/** A refusal without a documented code: what was refused says what it is about. */
function byCommand(s: ReplyEvidence): Meaning | undefined {
  const c = s.command.toUpperCase();
  if (/^RCPT/.test(c)) return meaning('recipient.unknown', 'recipient.rejected', 'sender.relay-denied');
  if (/^MAIL/.test(c)) return meaning('sender.blocked', 'sender.not-owned', 'sender.domain-invalid');
  if (/^(?:DATA|BDAT|\.)/.test(c)) return meaning('message.content-rejected', 'policy.domain-authentication', 'sender.not-owned');
  if (/^(?:EHLO|HELO)/.test(c)) return meaning('policy.helo-rejected', 'policy.blocklisted');
  if (/^CONNECT/.test(c)) return meaning('policy.blocklisted', 'policy.reverse-dns');
  return undefined;
}

/** A code that no standard knows: its first digits have a meaning all the same (RFC 5321 §4.2.1). */
function byDigits(code: number): Meaning | undefined {
  if (code >= 400 && code < 500) return DOWN;
  if (code >= 500 && code < 510) return CLIENT;
  return code < 600 ? meaning('recipient.rejected', 'sender.domain-invalid', 'protocol.client-error') : undefined;
}

/** Codes with one meaning, whatever enhanced code stands beside them. */
const PLAIN = new Set([454, 500, 501, 502, 503, 504, 530, 534, 535, 538, 555]);

/** The final refusals that RFC 5321 gives no single meaning. */
const VAGUE = new Set([550, 553, 554]);

function meant(s: Saying): { readonly meaning: Meaning; readonly strength: number; readonly code: string } | undefined {
  if (s.kind === 'reply' && (s.protocol === 'imap' || s.protocol === 'pop3')) {
    const form = byForm(s);
    return form && { meaning: form, strength: 12, code: codeWords(s) };
  }
  const enhanced = enhancedOf(s);
  const code = s.kind === 'reply' ? s.code : codeOf(wordsOf(s));
  // What was asked was not understood, or nobody had logged in: the reply code says that better.
  const own = code !== undefined && PLAIN.has(code) ? CODES[code] : undefined;
  if (own) return { meaning: own, strength: 19, code: codeWords(s) };
  // `5.0.0` says only that it failed: the reply code says more.
  if (enhanced !== undefined && !enhanced.endsWith('.0.0')) {
    const found = ENHANCED.find(([p]) => fits(p, enhanced));
    const vague = s.kind === 'reply' && /^5\.7\.[01]$/.test(enhanced) ? byCommand(s) : undefined;
    if (found) return { meaning: vague ?? found[1], strength: 21, code: s.kind === 'reply' ? codeWords(s) : enhanced };
  }
  if (code === undefined) return undefined;
  const byCode = (s.kind === 'reply' && VAGUE.has(code) ? byCommand(s) : undefined) ?? CODES[code] ?? byDigits(code);
  return byCode && { meaning: byCode, strength: 18, code: codeWords(s) };
}

const read = new WeakMap<Facts, Map<string, ReturnType<typeof meant> & { s: Saying }>>();

/** The first code of each meaning, looked up once for all causes. */
function meanings(facts: Facts) {
  let found = read.get(facts);
  if (!found) {
    found = new Map();
    for (const s of sayings(facts)) {
      const m = meant(s);
      if (m && !found.has(m.meaning.cause)) found.set(m.meaning.cause, { ...m, s });
    }
    read.set(facts, found);
  }
  return found;
}

const CAUSES = new Set(
  [...ENHANCED.map(([, m]) => m), ...Object.values(CODES), ...Object.values(RESPONSES), BAD, NO_LOGIN, NO_MAILBOX].map(
    (m) => m.cause,
  ),
);

/** @returns the catalogue; causes that a code alone may mean have that as their weakest rule, for pasted text. */
export function withCodes(causes: readonly Cause[]): readonly Cause[] {
  return causes.map((c) => {
    if (!CAUSES.has(c.id)) return c;
    const rule = hearing((facts) => {
      const m = facts.pasted ? meanings(facts).get(c.id) : undefined;
      return m && sighting('possible', m.strength, [m.s], { matched: m.code, alternatives: m.meaning.or ?? [] });
    });
    return { ...c, rules: [...c.rules, rule] };
  });
}
