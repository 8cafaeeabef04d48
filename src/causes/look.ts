/** Looks over the evidence that several lists share: where the check first failed, how connecting went, words wherever they stand. */
import type { Rule, Sighting } from '../model/cause.ts';
import type { ConnectEvidence, ConnectOutcome, Evidence, LookupEvidence, TextEvidence } from '../model/evidence.ts';
import type { Facts } from '../model/facts.ts';
import { type Certainty, type Protocol, STANDARD_PORTS } from '../model/terms.ts';
import { type Haystack, haystackOf, meets, needOf } from './needles.ts';
import { hearing, sighting } from './rules.ts';

/** Stands in a hole of the words where the evidence names nothing. */
export const UNKNOWN = '…';

/** Proven where the wire was watched; pasted words are somebody's account of it. */
export const sureness = (facts: Facts, live: Certainty = 'proven'): Certainty => (facts.pasted ? 'likely' : live);

/** The questions for the host's addresses that decided, asked of the run's own resolver. */
export function mainLookups(facts: Facts): readonly LookupEvidence[] {
  const all = facts.all('lookup', 'dns');
  const first = all[0];
  if (!first || facts.pasted) return all;
  return all.filter((l) => l.resolver === first.resolver && l.host === first.host && (l.type === 'A' || l.type === 'AAAA'));
}

export const answered = (l: LookupEvidence): boolean => l.outcome === 'answer' && l.records.length > 0;

export interface Reach {
  readonly attempts: readonly ConnectEvidence[];
  readonly failed: readonly ConnectEvidence[];
  readonly open: boolean;
  /** What the failure is, as far as one outcome leads. */
  readonly lead: ConnectOutcome | undefined;
  /** True where every attempt that counts ended alike. */
  readonly alike: boolean;
}

/** IPv6 that this machine does not have says nothing about the server. */
const isNoise = (c: ConnectEvidence) => c.family === 6 && (c.outcome === 'unreachable' || c.outcome === 'no-source');

/** @returns how the check's own connection attempts went, over all addresses. */
export function reach(facts: Facts): Reach {
  const attempts = facts.all('connect');
  const failed = attempts.filter((c) => c.outcome !== 'open');
  if (failed.length === 0) return { attempts, failed, open: attempts.length > 0, lead: undefined, alike: false };
  const telling = failed.some((c) => !isNoise(c)) ? failed.filter((c) => !isNoise(c)) : failed;
  const counts = new Map<ConnectOutcome, number>();
  for (const c of telling) counts.set(c.outcome, (counts.get(c.outcome) ?? 0) + 1);
  const [first] = [...counts].sort((a, b) => b[1] - a[1]);
  return { attempts, failed: telling, open: failed.length < attempts.length, lead: first?.[0], alike: counts.size === 1 };
}

/** @returns the first fact, in the order of the session, that a stage failed on; undefined where none did. */
export function firstFailure(facts: Facts): Evidence | undefined {
  const { attempts, open } = reach(facts);
  const lookups = mainLookups(facts);
  return facts.evidence.find((e) => {
    if (e.control !== undefined) return false;
    switch (e.kind) {
      case 'lookup':
        return lookups.includes(e) && !lookups.some(answered);
      case 'connect':
        return attempts.length > 0 && !open;
      case 'tls':
        return e.outcome === 'failed';
      case 'problem':
        return e.tolerated !== true;
      case 'reply':
        return e.status === 'no';
      case 'withheld':
        return e.why === 'not-offered';
      case 'break':
        return e.how !== 'interrupted';
      case 'service':
        return true;
      default:
        return false;
    }
  });
}

/** @returns true where the account got in. */
export const loggedIn = (facts: Facts): boolean => {
  const replies = facts.all('reply', 'auth');
  return replies.at(-1)?.status === 'ok' || facts.all('mailbox').length > 0;
};

/** The words of one fact, whatever its kind. */
export function wordsIn(e: Evidence): string {
  switch (e.kind) {
    case 'text':
    case 'reply':
      return e.text;
    case 'tls':
      return `${e.host} ${e.code ?? ''} ${e.detail ?? ''} ${e.firstBytes ?? ''}`;
    case 'problem':
      return `${e.host ?? ''} ${e.subject ?? ''} ${e.issuer ?? ''} ${e.detail}`;
    case 'connect':
      return `${e.host} ${e.detail ?? ''}`;
    case 'lookup':
      return e.host;
    case 'break':
      return e.detail;
    default:
      return '';
  }
}

/** The words of all facts looked at last, in lower case. */
let lowered: { readonly of: Facts; readonly count: number; readonly text: Haystack } | undefined;
function lowerOf(facts: Facts): Haystack {
  const count = facts.evidence.length;
  if (lowered?.of !== facts || lowered.count !== count)
    lowered = { of: facts, count, text: haystackOf(facts.evidence.map(wordsIn).join('\n').toLowerCase()) };
  return lowered.text;
}

/** @returns the first fact that holds the words, and the words. */
export function mention(facts: Facts, words: RegExp): { readonly evidence: Evidence; readonly matched: string } | undefined {
  const need = needOf(words);
  if (need !== undefined && !meets(lowerOf(facts), need)) return undefined;
  for (const e of facts.evidence) {
    if (e.control !== undefined) continue;
    const m = words.exec(wordsIn(e));
    if (m) return { evidence: e, matched: m[0] };
  }
  return undefined;
}

/** A rule over the words of any fact: for faults that libraries name inside TLS or certificate errors. */
export const mentions =
  (words: RegExp, certainty: Certainty, strength: number, more: Partial<Sighting> = {}): Rule =>
  (facts) => {
    const m = mention(facts, words);
    return m && sighting(certainty, strength, [m.evidence], { matched: m.matched, ...more });
  };

/** A capability alone on its line, after one that ends in a colon: what a program misses, in whatever language it says so. */
const LACKED = /[:：]\s*\n\s*(?:(STARTTLS|STLS)|(?:AUTH|SASL)[ =][A-Z0-9-]{3,20}|AUTH)\s*$/;

/** A rule over a missing capability that stands alone at the end of a dialog. */
export const lacks =
  (what: 'starttls' | 'auth', strength: number, alternatives: readonly string[]): Rule =>
  (facts) => {
    for (const e of facts.pasted ? facts.all('text') : []) {
      const m = LACKED.exec(e.text);
      if (m && (m[1] !== undefined) === (what === 'starttls'))
        return sighting('likely', strength, [e], { matched: m[0].replace(/^[:：\s]+/, ''), alternatives });
    }
    return undefined;
  };

/** A rule over the error numbers of clients, given as a field or standing in the text. */
export const numbers = (list: readonly string[], certainty: Certainty, strength: number, more: Partial<Sighting> = {}): Rule => {
  const wanted = new Set(list);
  const lower = list.map((n) => n.toLowerCase());
  const inText = new RegExp(`(?<![\\w-])(?:${list.join('|')})(?!\\w)`, 'i');
  return hearing((facts) => {
    const texts = facts.all('text');
    const written = texts.length > 0 && meets(lowerOf(facts), lower);
    for (const e of texts) {
      const matched = e.number !== undefined ? numberOf(e, wanted) : written ? inText.exec(e.text)?.[0] : undefined;
      if (matched !== undefined) return sighting(certainty, strength, [e], { matched, ...more });
    }
    return undefined;
  });
};

const numberOf = (e: TextEvidence, wanted: ReadonlySet<string>) =>
  e.number !== undefined && wanted.has(e.number.toLowerCase()) ? e.number : undefined;

/** Hosts of the big providers, which never show a wrong certificate themselves: whoever does stands in between. Not mail addresses. */
export const BIG_PROVIDER =
  /(?<![@\w.-])(?:[a-z0-9-]{1,40}\.){1,4}(?:gmail\.com|googlemail\.com|google\.com|office365\.com|outlook\.com|hotmail\.com|live\.com|yahoo\.com|yahoo\.co\.jp|aol\.com|icloud\.com|mail\.me\.com|zoho\.(?:com|eu|in)|fastmail\.com|gmx\.(?:net|com)|yandex\.(?:com|ru|net)|mail\.ru|qq\.com|163\.com|126\.com|sendgrid\.net|mailgun\.org|brevo\.com|sendinblue\.com|(?<=email-smtp\.[a-z0-9-]{1,40}\.)amazonaws\.com)(?![\w-])/i;

/** Ports and the encryption that goes with them, as they stand in a settings dialog: the same in every language. */
export function standardSettings(protocol: Protocol | undefined, security: 'tls' | 'starttls'): string {
  const of = (p: Protocol) => STANDARD_PORTS[p].find((s) => s.security === security);
  const name = security === 'tls' ? 'SSL/TLS' : 'STARTTLS';
  if (protocol) return `${of(protocol)?.port} ${name}`;
  return (['imap', 'pop3', 'smtp'] as const).map((p) => `${p.toUpperCase()} ${of(p)?.port} ${name}`).join(', ');
}
