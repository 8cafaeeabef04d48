/** DNS SRV records for mail (RFC 6186, RFC 8314 §5.1, RFC 2782): "." says that the service is not offered. */
import type { LookupEvidence, SourceEvidence } from '../model/evidence.ts';
import type { Net } from '../model/net.ts';
import type { Protocol, Security } from '../model/terms.ts';
import { type Asked, asSetting, found, isServerName, lookupOutcome, note, saidNothing } from './sources.ts';

export interface SrvService {
  readonly name: string;
  readonly protocol: Protocol;
  readonly security: Security;
}

export const SRV_SERVICES: readonly SrvService[] = [
  { name: '_pop3s', protocol: 'pop3', security: 'tls' },
  { name: '_pop3', protocol: 'pop3', security: 'starttls' },
  { name: '_imaps', protocol: 'imap', security: 'tls' },
  { name: '_imap', protocol: 'imap', security: 'starttls' },
  { name: '_submissions', protocol: 'smtp', security: 'tls' },
  { name: '_submission', protocol: 'smtp', security: 'starttls' },
];

/** Records of one name that are looked at (S-146). */
const MAX_RECORDS = 32;

/** @param isOwn whether a host belongs to whoever has the account's domain. */
export async function askSrv(domain: string, net: Net, isOwn: (host: string) => boolean): Promise<Asked> {
  const answers = await Promise.all(
    SRV_SERVICES.map(async (s) => ({ s, lookup: await net.lookup(`${s.name}._tcp.${domain}`, 'SRV') })),
  );
  return {
    lookups: answers.map((a) => asSetting(a.lookup)),
    sources: answers.map(({ s, lookup }) => sourceOf(s, lookup, domain, isOwn)),
  };
}

export interface SrvTarget {
  readonly priority: number;
  readonly weight: number;
  readonly port: number;
  /** Lower case, without the last dot; `.` for the root. */
  readonly target: string;
}

/** @returns the targets in the order of RFC 2782: least priority first, then the heaviest (the draw is of no use where all are shown). */
export function readSrv(records: readonly string[]): SrvTarget[] {
  return records
    .slice(0, MAX_RECORDS)
    .map((r) => /^(\d{1,5}) (\d{1,5}) (\d{1,5}) (.{1,1100})$/s.exec(r))
    .filter((m) => m !== null)
    .map((m) => ({
      priority: Number(m[1]),
      weight: Number(m[2]),
      port: Number(m[3]),
      target: (m[4] ?? '').replace(/(?<=.)\.$/, '').toLowerCase(),
    }))
    .toSorted((a, b) => a.priority - b.priority || b.weight - a.weight || (a.target < b.target ? -1 : 1));
}

function sourceOf(s: SrvService, lookup: LookupEvidence, domain: string, isOwn: (host: string) => boolean): SourceEvidence {
  const where = `${s.name}._tcp.${domain}`;
  const signed = lookup.dnssec === true;
  if (lookup.outcome !== 'answer')
    return saidNothing('srv', where, lookupOutcome(lookup), lookup.ms, {
      detail: lookup.code ?? lookup.outcome,
      authenticated: signed,
    });
  const targets = readSrv(lookup.records);
  const gone = targets.some((t) => t.target === '.' || t.target === '');
  if (gone)
    return saidNothing('srv', where, 'refused', lookup.ms, {
      notes: [note('not-offered')],
      notOffered: [s.protocol],
      authenticated: signed,
    });
  const usable = targets.filter((t) => t.port > 0 && isServerName(t.target));
  const foreign = signed ? undefined : usable.find((t) => !isOwn(t.target));
  const odd = targets.find((t) => !isServerName(t.target));
  const portless = targets.find((t) => t.port === 0 && isServerName(t.target));
  const notes = [
    ...(foreign ? [note('other-domain', foreign.target)] : []),
    ...(odd ? [note('odd-name', odd.target)] : []),
    ...(portless ? [note('no-port', portless.target)] : []),
  ];
  const detail =
    lookup.records.length > MAX_RECORDS ? `${lookup.records.length} records, of which ${MAX_RECORDS} were looked at` : undefined;
  const more = { notes, ...(detail ? { detail } : {}) };
  if (usable.length === 0) return saidNothing('srv', where, 'malformed', lookup.ms, { ...more, authenticated: signed });
  return found(
    'srv',
    where,
    usable.map((t) => ({ protocol: s.protocol, host: t.target, port: t.port, security: s.security })),
    signed,
    lookup.ms,
    more,
  );
}
