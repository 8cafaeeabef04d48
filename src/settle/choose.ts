/**
 * The choice among what the sources named, by one documented order: a server that answers before one that does not, an encrypted one
 * before a plain one, one that something vouches for before one that needs consent, then the stronger source, what every hop
 * authenticated, implicit TLS before STARTTLS (RFC 8314 §3). Pure.
 */
import type { ChoiceEvidence, SourceEvidence } from '../model/evidence.ts';
import type { Protocol, Source } from '../model/terms.ts';
import type { Offer } from './settle.ts';

/** Strongest first. */
export const PRIORITY: readonly Source[] = ['preset', 'autoconfig', 'srv', 'autodiscover', 'mx', 'guess'];

type Named = SourceEvidence['offers'][number];

export const endpointKey = (o: Pick<Named, 'protocol' | 'host' | 'port' | 'security'>) =>
  `${o.protocol} ${o.host}:${o.port} ${o.security}`;

/**
 * @param isSafe whether a host belongs to whoever has the account's domain, or to a known provider.
 * @returns every distinct server, best first; credentials go to one that needs consent only where the person gives it.
 */
export function ranked(sources: readonly SourceEvidence[], isSafe: (host: string) => boolean): Offer[] {
  const flat = sources.flatMap((s, place) => s.offers.map((o, nth) => ({ ...o, s, place, nth })));
  // Whatever another source names too is vouched for by that one.
  const vouched = new Set(flat.filter((f) => !isUnvouched(f.s, f.host, isSafe)).map((f) => endpointKey(f)));
  const rank = (f: (typeof flat)[number]) => {
    const consent = !vouched.has(endpointKey(f));
    return (
      (f.answers === false ? 4000 : 0) +
      (f.security === 'none' ? 2000 : 0) +
      (consent ? 1000 : 0) +
      PRIORITY.indexOf(f.s.source) * 100 +
      (f.s.authenticated ? 0 : 20) +
      (f.security === 'tls' ? 0 : 5)
    );
  };
  const sorted = flat.toSorted((a, b) => rank(a) - rank(b) || a.place - b.place || a.nth - b.nth);
  const seen = new Set<string>();
  const out: Offer[] = [];
  for (const f of sorted) {
    const key = endpointKey(f);
    if (seen.has(key)) continue;
    seen.add(key);
    out.push({
      protocol: f.protocol,
      host: f.host,
      port: f.port,
      security: f.security,
      source: f.s.source,
      authenticated: f.s.authenticated,
      ...(f.user === undefined ? {} : { user: f.user }),
      ...(f.answers === undefined ? {} : { answers: f.answers }),
      ...(vouched.has(key) ? {} : { consent: true }),
    });
  }
  return out;
}

/** Plain HTTP says what anybody on the way wants (S-143); an unsigned SRV record may name anybody's server (RFC 6186 §6). */
function isUnvouched(s: SourceEvidence, host: string, isSafe: (host: string) => boolean): boolean {
  if (s.authenticated) return false;
  return s.source === 'autoconfig' || s.source === 'autodiscover' || (s.source === 'srv' && !isSafe(host));
}

/** At most so many servers are told as passed over. */
const MAX_OTHERS = 8;

/** @returns for each protocol that some source names, which server is taken and why, and why each other one stands behind. */
export function choices(offers: readonly Offer[]): ChoiceEvidence[] {
  return (['imap', 'pop3', 'smtp'] as const).flatMap((protocol) => {
    const [first, ...rest] = offers.filter((o) => o.protocol === protocol);
    return first ? [choice(protocol, first, rest)] : [];
  });
}

function choice(protocol: Protocol, first: Offer, rest: readonly Offer[]): ChoiceEvidence {
  const place = (o: Offer) => PRIORITY.indexOf(o.source);
  const stronger = rest.filter((o) => place(o) < place(first));
  const reason = (): ChoiceEvidence['reason'] => {
    if (first.answers === false) return 'none-answers';
    if (stronger.length > 0) return stronger.every((o) => o.answers === false) ? 'answers' : 'encrypted';
    return rest.some((o) => o.source !== first.source) ? 'strongest' : 'only';
  };
  const why = (o: Offer): ChoiceEvidence['others'][number]['why'] => {
    if (o.answers === false && first.answers !== false) return 'silent';
    if ((o.security === 'none' && first.security !== 'none') || (o.consent && !first.consent)) return 'unencrypted';
    return o.source === first.source ? 'second' : 'weaker';
  };
  return {
    kind: 'choice',
    stage: 'settings',
    protocol,
    host: first.host,
    port: first.port,
    security: first.security,
    source: first.source,
    reason: reason(),
    others: rest
      .slice(0, MAX_OTHERS)
      .map((o) => ({ host: o.host, port: o.port, security: o.security, source: o.source, why: why(o) })),
  };
}
