/** What is remarkable about all that was found: sources that disagree, a domain that takes no mail, a likely slip of the pen. Pure. */
import type { Evidence, SettingEvidence, SourceEvidence } from '../model/evidence.ts';
import type { Protocol } from '../model/terms.ts';
import type { MxAsked } from './mx.ts';
import type { Offer } from './settle.ts';

const WHY: Readonly<Record<NonNullable<MxAsked['noMail']>, string>> = {
  nxdomain: 'NXDOMAIN',
  'null-mx': 'null MX (RFC 7505)',
  nothing: 'neither MX nor address',
};

const PROTOCOLS = ['pop3', 'imap', 'smtp'] as const satisfies readonly Protocol[];

/** SRV says "." for the protocol with TLS and without. */
export const denies = (protocol: Protocol, sources: readonly SourceEvidence[]): boolean =>
  sources.filter((s) => s.notOffered?.includes(protocol)).length > 1;

/** @param near the domain that was most likely meant. */
export function remarksOn(
  domain: string,
  noMail: MxAsked['noMail'],
  sources: readonly SourceEvidence[],
  offers: readonly Offer[],
  near: string | undefined,
): Evidence[] {
  const out: Evidence[] = PROTOCOLS.flatMap((p) => disagreement(p, sources, offers));
  const named = sources.some((s) => s.offers.length > 0);
  const detail =
    noMail === undefined ? (PROTOCOLS.every((p) => denies(p, sources)) ? 'SRV "." (RFC 6186)' : undefined) : WHY[noMail];
  if (!named && (detail !== undefined || near !== undefined)) {
    out.push({
      kind: 'setting',
      stage: 'settings',
      field: 'address',
      value: domain,
      from: 'flag',
      authenticated: true,
      remark: near === undefined ? 'no-mail-service' : 'near-known-domain',
      ...(near === undefined ? {} : { instead: near }),
      ...(detail === undefined ? {} : { detail }),
    });
  }
  return out;
}

/** Two sources disagree where they have no server in common, or give a server they share another port for the same security. */
function disagreement(protocol: Protocol, sources: readonly SourceEvidence[], offers: readonly Offer[]): SettingEvidence[] {
  const chosen = offers.find((o) => o.protocol === protocol);
  const by = new Map<string, SourceEvidence['offers'][number][]>();
  for (const s of sources) {
    if (s.source === 'guess') continue;
    const own = s.offers.filter((o) => o.protocol === protocol);
    if (own.length > 0) by.set(s.source, [...(by.get(s.source) ?? []), ...own]);
  }
  const all = [...by.entries()];
  const apart = all.some(([, a], i) => all.slice(i + 1).some(([, b]) => differ(a, b)));
  // Yet somebody names a server.
  const denied = all.length > 0 && denies(protocol, sources);
  if (!chosen || (!apart && !denied)) return [];
  const told = all.map(([source, list]) => `${source}: ${[...new Set(list.map((o) => `${o.host}:${o.port}`))].join(' ')}`);
  return [
    {
      kind: 'setting',
      stage: 'settings',
      protocol,
      field: 'host',
      value: chosen.host,
      from: chosen.source,
      authenticated: chosen.authenticated,
      remark: 'sources-disagree',
      detail: [...told, ...(denied ? ['srv: "."'] : [])].join(', ').slice(0, 400),
    },
  ];
}

type Named = SourceEvidence['offers'][number];

function differ(a: readonly Named[], b: readonly Named[]): boolean {
  const shared = a.filter((x) => b.some((y) => y.host === x.host));
  if (shared.length === 0) return true;
  return shared.some((x) => {
    const same = b.filter((y) => y.host === x.host && y.security === x.security);
    return same.length > 0 && !same.some((y) => y.port === x.port);
  });
}
