/** DNS SRV records for mail (RFC 6186, RFC 8314 §5.1, RFC 2782): "." says that the service is not offered. */
import type { LookupEvidence, SourceEvidence } from '../model/evidence.ts';
import type { Net } from '../model/net.ts';
import type { Protocol, Security } from '../model/terms.ts';
import { type Asked, found, saidNothing } from './sources.ts';

const SERVICES: readonly { readonly name: string; readonly protocol: Protocol; readonly security: Security }[] = [
  { name: '_pop3s', protocol: 'pop3', security: 'tls' },
  { name: '_pop3', protocol: 'pop3', security: 'starttls' },
  { name: '_imaps', protocol: 'imap', security: 'tls' },
  { name: '_imap', protocol: 'imap', security: 'starttls' },
  { name: '_submissions', protocol: 'smtp', security: 'tls' },
  { name: '_submission', protocol: 'smtp', security: 'starttls' },
];

const MAX_RECORDS = 32;

export async function askSrv(domain: string, net: Net): Promise<Asked> {
  const answers = await Promise.all(
    SERVICES.map(async (s) => ({ s, lookup: await net.lookup(`${s.name}._tcp.${domain}`, 'SRV') })),
  );
  return {
    lookups: answers.map((a) => ({ ...a.lookup, stage: 'settings' as const })),
    sources: answers.map(({ s, lookup }) => sourceOf(s, lookup, domain)),
  };
}

/** Lower priority number first, then heavier weight (the draw of RFC 2782 is of no use where every target is shown). */
function sourceOf(s: (typeof SERVICES)[number], lookup: LookupEvidence, domain: string): SourceEvidence {
  const where = `${s.name}._tcp.${domain}`;
  if (lookup.outcome === 'timeout') return saidNothing('srv', where, 'timeout', lookup.ms);
  if (lookup.outcome !== 'answer')
    return saidNothing(
      'srv',
      where,
      lookup.outcome === 'nxdomain' || lookup.outcome === 'no-data' ? 'nothing' : 'failed',
      lookup.ms,
      lookup.outcome,
    );
  const records = lookup.records
    .slice(0, MAX_RECORDS)
    .map((r) => /^(\d{1,5}) (\d{1,5}) (\d{1,5}) (\S{1,255})$/.exec(r))
    .filter((m) => m !== null)
    .map((m) => ({
      priority: Number(m[1]),
      weight: Number(m[2]),
      port: Number(m[3]),
      target: (m[4] ?? '').replace(/(?<=.)\.$/, '').toLowerCase(),
    }))
    .toSorted((a, b) => a.priority - b.priority || b.weight - a.weight);
  if (records.some((r) => r.target === '.' || r.target === ''))
    return saidNothing('srv', where, 'refused', lookup.ms, 'not-offered');
  const offers = records
    .filter((r) => r.port > 0 && /^[a-z0-9_.-]+$/.test(r.target))
    .map((r) => ({ protocol: s.protocol, host: r.target, port: r.port, security: s.security }));
  const foreign = offers.find((o) => o.host !== domain && !o.host.endsWith(`.${domain}`));
  return found('srv', where, offers, lookup.dnssec === true, lookup.ms, foreign ? `other-domain ${foreign.host}` : undefined);
}
