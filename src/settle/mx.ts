/** MX → provider: whole-label suffixes, filters in front recognised, SPF as second evidence (RFC 5321 §5, RFC 7505, RFC 7208). */
import type { LookupEvidence, SourceEvidence } from '../model/evidence.ts';
import type { Net } from '../model/net.ts';
import type { Preset } from '../model/preset.ts';
import type { Protocol } from '../model/terms.ts';
import { endpointFor, presetForMx, presetForSpf } from './presets.ts';
import { type Asked, found, saidNothing } from './sources.ts';

/** Mail filters: their MX says nothing about the mailbox behind them. */
const FILTERS = [
  'pphosted.com',
  'ppe-hosted.com',
  'mimecast.com',
  'barracudanetworks.com',
  'messagelabs.com',
  'iphmx.com',
  'trendmicro.com',
  'trendmicro.eu',
  'hornetsecurity.com',
  'spamexperts.com',
  'mailcontrol.com',
  'antispamcloud.com',
  'sophos.com',
  'fireeyecloud.com',
];
/** Forwarders keep no mailbox. */
const FORWARDERS = ['improvmx.com', 'forwardemail.net', 'mailgun.org', 'sendgrid.net'];

const within = (host: string, suffix: string) => host === suffix || host.endsWith(`.${suffix}`);

export interface MxAsked extends Asked {
  readonly preset: Preset | undefined;
  /** RFC 7505: the domain takes no mail. */
  readonly nullMx: boolean;
}

export async function askMx(domain: string, net: Net): Promise<MxAsked> {
  const [mx, txt] = await Promise.all([net.lookup(domain, 'MX'), net.lookup(domain, 'TXT')]);
  const lookups = [mx, txt].map((l): LookupEvidence => ({ ...l, stage: 'settings' }));
  const where = `MX ${domain}`;
  if (mx.outcome !== 'answer')
    return {
      lookups,
      preset: undefined,
      nullMx: false,
      sources: [
        saidNothing(
          'mx',
          where,
          mx.outcome === 'timeout' ? 'timeout' : mx.outcome === 'nxdomain' || mx.outcome === 'no-data' ? 'nothing' : 'failed',
          mx.ms,
          mx.outcome,
        ),
      ],
    };
  const hosts = mx.records
    .map((r) => /^(\d{1,5}) (\S{1,255})$/.exec(r))
    .filter((m) => m !== null)
    .map((m) => ({ preference: Number(m[1]), host: (m[2] ?? '').replace(/(?<=.)\.$/, '').toLowerCase() }))
    .toSorted((a, b) => a.preference - b.preference);
  if (hosts.some((h) => h.host === '.' || h.host === ''))
    return { lookups, preset: undefined, nullMx: true, sources: [saidNothing('mx', where, 'refused', mx.ms, 'null-mx')] };
  const first = hosts[0]?.host ?? '';
  const filter = FILTERS.find((f) => within(first, f));
  const forwarder = FORWARDERS.find((f) => within(first, f));
  const direct =
    filter || forwarder ? undefined : hosts.map((h) => ({ host: h.host, preset: presetForMx(h.host) })).find((h) => h.preset);
  const spf = txt.records.find((r) => /^"?v=spf1[ "]/i.test(r)) ?? '';
  const bySpf = direct?.preset ? undefined : presetForSpf(spf);
  const preset = direct?.preset ?? bySpf;
  const detail = [first, filter ? `filter ${filter}` : '', forwarder ? `forwarder ${forwarder}` : '', bySpf ? 'by SPF' : '']
    .filter((x) => x !== '')
    .join(', ');
  if (!preset)
    return { lookups, preset: undefined, nullMx: false, sources: [saidNothing('mx', where, 'nothing', mx.ms, detail)] };
  const offers: SourceEvidence['offers'][number][] = (['imap', 'pop3', 'smtp'] as const satisfies readonly Protocol[])
    .map((protocol) => endpointFor(preset, protocol, { ...(direct ? { mx: direct.host } : {}) }))
    .filter((e) => e !== undefined)
    .map((e) => ({ protocol: e.protocol, host: e.host, port: e.port, security: e.security }));
  return {
    lookups,
    preset,
    nullMx: false,
    sources: [found('mx', where, offers, mx.dnssec === true, mx.ms, `${detail} → ${preset.id}`)],
  };
}
