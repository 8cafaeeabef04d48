/** Evidence as one verbatim, language-neutral string: what the server, the socket or the resolver said, as it came. */
import type {
  BreakEvidence,
  CertificateEvidence,
  CertificateFacts,
  ConnectEvidence,
  Evidence,
  LookupEvidence,
  ProblemEvidence,
  ReplyEvidence,
  SecretEvidence,
  SettingEvidence,
  SourceEvidence,
  TlsEvidence,
} from '../model/evidence.ts';
import { capped } from './escape.ts';

/** Longest piece of evidence that a report quotes, in characters. */
export const QUOTE_LIMIT = 2000;

/** @returns `host:port`, with brackets around an IPv6 address (RFC 3986 §3.2.2). */
export const place = (host: string, port: number) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);

const notes = (...parts: readonly (string | undefined | false)[]) => {
  const told = parts.filter((p): p is string => typeof p === 'string' && p !== '');
  return told.length > 0 ? ` (${told.join(', ')})` : '';
};
/** A detail that says more than the code beside it. */
const beyond = (detail: string | undefined, code: string | undefined) =>
  detail !== undefined && code !== undefined && detail.includes(code) ? undefined : detail;
const took = (ms: number | undefined) => (ms === undefined ? undefined : `${Math.round(ms)} ms`);

/** @returns the evidence as a report quotes it; several lines only where the server sent several. */
export function proofOf(e: Evidence): string {
  return capped(told(e), QUOTE_LIMIT);
}

function told(e: Evidence): string {
  switch (e.kind) {
    case 'setting':
      return setting(e);
    case 'lookup':
      return lookup(e);
    case 'connect':
      return connect(e);
    case 'tls':
      return tls(e);
    case 'certificate':
      return certificate(e);
    case 'problem':
      return problem(e);
    case 'reply':
      return reply(e);
    case 'break':
      return broken(e);
    case 'capabilities':
      return `${e.channel}: ${e.items.slice(0, 60).join(' | ')}${notes(e.total > Math.min(e.items.length, 60) && `${e.total}`, e.control)}`;
    case 'service':
      return `${e.firstLine}${notes(`${e.speaks} ≠ ${e.expected}`, e.control)}`;
    case 'withheld':
      return `${e.why}: ${e.detail}`;
    case 'secret':
      return secret(e);
    case 'mailbox':
      return pairs({
        messages: e.messages,
        bytes: e.bytes,
        UIDL: e.uidl,
        TOP: e.top,
        EXPIRE: e.expire,
        'LOGIN-DELAY': e.loginDelay,
        QUOTA: e.quota,
        NAMESPACE: e.namespace,
        ID: e.id,
      });
    case 'sender':
      return `${e.from} [${e.depth}] → ${e.reply ?? (e.accepted ? 'OK' : '-')}`;
    case 'environment':
      return e.detail.startsWith(e.name) ? e.detail : `${e.name}: ${e.detail}`;
    case 'clock':
      return `${e.here} ↔ ${e.there}${notes(e.source, `${e.skewSeconds} s`)}`;
    case 'text':
      return e.text;
    case 'source':
      return source(e);
    case 'route':
      return e.lines.length > 0
        ? e.lines.join('\n')
        : `${e.program || 'traceroute'} ${e.address} → ${e.outcome}${notes(took(e.ms))}`;
    case 'choice':
      return `${e.protocol} ${place(e.host, e.port)} ${e.security}${notes(e.source, e.reason)}${e.others.map((o) => `; ${place(o.host, o.port)} ${o.security}${notes(o.source, o.why)}`).join('')}`;
    case 'domain':
      return `${e.what} ${e.domain} → ${e.record ?? e.outcome}${notes(e.verdict, e.dnssec === true && 'DNSSEC')}`;
  }
}

function setting(e: SettingEvidence): string {
  return `${e.field} = ${e.value}${notes(e.from, !e.authenticated && 'unauthenticated', e.detail)}${e.instead ? ` → ${e.instead}` : ''}`;
}

const ANSWERS: Readonly<Record<LookupEvidence['outcome'], string>> = {
  answer: '',
  nxdomain: 'NXDOMAIN',
  'no-data': 'NODATA',
  servfail: 'SERVFAIL',
  refused: 'REFUSED',
  timeout: 'timeout',
  malformed: 'FORMERR',
  unreachable: 'unreachable',
  sinkhole: 'sinkhole',
  failed: 'failed',
};

function lookup(e: LookupEvidence): string {
  const records = e.records.slice(0, 20).join(', ');
  const outcome = [ANSWERS[e.outcome], records].filter((x) => x !== '').join(' ') || 'NODATA';
  const chain = e.cnames && e.cnames.length > 0 ? ` CNAME ${e.cnames.slice(0, 8).join(' CNAME ')}` : '';
  return `${e.type} ${e.host}${chain} → ${outcome}${notes(e.code, e.resolver, e.ttl !== undefined && `TTL ${e.ttl}`, took(e.ms), e.dnssec === true && 'DNSSEC', e.control)}`;
}

function connect(e: ConnectEvidence): string {
  return `connect ${place(e.address, e.port)} → ${e.outcome}${notes(e.via && `→ ${e.via}`, e.code, beyond(e.detail, e.code), took(e.ms), e.control)}`;
}

const FAILURES: Readonly<Record<NonNullable<TlsEvidence['failure']>, string>> = {
  'plain-answer': 'wrong version number',
  'not-tls': 'not TLS',
  'protocol-version': 'protocol version',
  'no-shared-cipher': 'no shared cipher',
  'handshake-alert': 'alert',
  'certificate-required': 'certificate required',
  'unrecognized-name': 'unrecognized name',
  'excessive-message': 'excessive message size',
  'bad-certificate': 'bad certificate',
  timeout: 'timeout',
  closed: 'closed',
  reset: 'reset',
  'bad-record': 'bad record',
  failed: 'failed',
};

function tls(e: TlsEvidence): string {
  const where = `TLS handshake ${place(e.address, e.port)}`;
  if (e.outcome === 'established')
    return `${where} → ${[e.version, e.cipher].filter(Boolean).join(' ')}${notes(e.limits, took(e.ms), e.control)}`;
  const said = e.failure ? FAILURES[e.failure] : 'failed';
  const detail = e.detail && !e.detail.includes(said) ? `${said}: ${e.detail}` : (e.detail ?? said);
  const bytes = e.firstBytes ? ` ← ${e.firstBytes}` : '';
  return `${where} → ${detail}${bytes}${notes(e.code, e.alert !== undefined && `alert ${e.alert}`, e.limits, took(e.ms), e.control)}`;
}

const rank = (depth: number | undefined) => (depth === undefined ? 'chain' : depth === 0 ? 'leaf' : `certificate ${depth}`);

/** Names as a certificate gives them, at most ten, and how many there are. */
export function namesOf(c: CertificateFacts): string {
  const rest = c.namesTotal - Math.min(c.names.length, 10);
  return `${c.names.slice(0, 10).join(', ')}${rest > 0 ? ` … (+${rest})` : ''}`;
}

const keyOf = (c: CertificateFacts): string => [c.keyType, c.curve ?? c.keyBits].filter((x) => x !== undefined).join(' ');

function certificate(e: CertificateEvidence): string {
  const leaf = e.sent[0];
  const verdict = notes(e.code, e.detail, e.control);
  if (!leaf) return `certificate ${place(e.address, e.port)} → -${verdict}`;
  return `leaf ${leaf.subject}: ${pairs({ issuer: leaf.issuer, names: namesOf(leaf), key: keyOf(leaf), notBefore: leaf.notBefore, notAfter: leaf.notAfter, SHA256: leaf.sha256 })}${verdict}`;
}

function problem(e: ProblemEvidence): string {
  const who = [rank(e.depth), e.subject].filter((x) => x !== undefined && x !== '').join(' ');
  return `${who}: ${e.detail}${notes(e.control)}`;
}

function reply(e: ReplyEvidence): string {
  if (e.lines.length > 0) return e.lines.join('\n');
  const codes = [e.condition, e.code, e.enhanced, e.responseCode && `[${e.responseCode}]`];
  return [...codes, e.text].filter((x) => x !== undefined && x !== '').join(' ');
}

function broken(e: BreakEvidence): string {
  return `${e.command === '' ? 'greeting' : e.command} → ${e.how}${e.detail && e.detail !== e.how ? `: ${e.detail}` : ''}${notes(took(e.ms), e.control)}`;
}

function secret(e: SecretEvidence): string {
  const { shape, token } = e;
  const traits = {
    length: shape.length,
    spaces: shape.spaces || undefined,
    outerSpaces: shape.outerSpaces || undefined,
    nonAscii: shape.nonAscii || undefined,
    smartQuotes: shape.smartQuotes || undefined,
    appPassword: shape.appPassword,
    expires: token?.expires,
    expired: token?.expired,
    audience: token?.audience,
    scopes: token?.scopes?.join(' '),
    user: token?.user,
    tenant: token?.tenant,
  };
  return `${e.type} ${e.mechanism}: ${pairs(traits)}${notes(e.offered.length > 0 && e.offered.join(' '))}`;
}

function source(e: SourceEvidence): string {
  const offers = e.offers.slice(0, 12).map((o) => `${o.protocol} ${place(o.host, o.port)} ${o.security}`);
  const said = [e.outcome, e.detail].filter(Boolean).join(': ');
  return `${e.source} ${e.where} → ${offers.length > 0 ? offers.join(', ') : said}${notes(!e.authenticated && 'unauthenticated', took(e.ms))}`;
}

/** `key=value` of what is there; yes and no as booleans. */
function pairs(values: Readonly<Record<string, string | number | boolean | undefined>>): string {
  return Object.entries(values)
    .filter(([, v]) => v !== undefined && v !== '')
    .map(([k, v]) => `${k} ${v}`)
    .join(', ');
}
