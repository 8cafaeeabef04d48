/** MX → provider: whole-label suffixes, filters in front recognised, SPF as second evidence (RFC 5321 §5, RFC 7505, RFC 7208). */
import type { LookupEvidence, SourceEvidence } from '../model/evidence.ts';
import type { Net } from '../model/net.ts';
import type { Preset } from '../model/preset.ts';
import { readMx } from '../wire/records.ts';
import { endpointFor, presetForMx, presetForSpf } from './presets.ts';
import { type Asked, asSetting, found, lookupOutcome, type Notes, note, saidNothing } from './sources.ts';

/** Mail filters: their MX says nothing about the mailbox behind them. */
const FILTERS = (
  'pphosted.com ppe-hosted.com gpphosted.com proofpoint.com mimecast.com mimecast.co.za mimecast-offshore.com barracudanetworks.com ' +
  'messagelabs.com iphmx.com trendmicro.com trendmicro.eu trendmicro.co.jp hornetsecurity.com antispameurope.com spamexperts.com ' +
  'spamexperts.eu mailcontrol.com antispamcloud.com sophos.com reflexion.net fireeyecloud.com mxlogic.net mxlogicmx.net mailanyone.net ' +
  'spamhero.com mxguarddog.com mailroute.net electric.net retarus.com vadesecure.com mailinblack.com altospam.com zerospam.ca ' +
  'securence.com mailspamprotection.com cloudfilter.net mxrecord.io mxrecord.mx perception-point.io nospamproxy.com cleanport.nl ' +
  'spamtitan.com titanhq.com securemx.jp icewarpcloud.com mx-relay.com eset.com'
).split(' ');
/** Forwarders keep no mailbox. */
const FORWARDERS = (
  'improvmx.com forwardemail.net mailgun.org sendgrid.net mx.cloudflare.net registrar-servers.com simplelogin.co anonaddy.me addy.io ' +
  'inbound-smtp.amazonaws.com mailforward.name.com forwardmx.io pobox.com'
).split(' ');

const within = (host: string, suffix: string) => host === suffix || host.endsWith(`.${suffix}`);

export interface MxAsked extends Asked {
  readonly preset: Preset | undefined;
  /** Why the domain takes no mail for certain: it does not exist, says so (RFC 7505), or has neither MX nor address. */
  readonly noMail: 'nxdomain' | 'null-mx' | 'nothing' | undefined;
  /** The hosts, best first. */
  readonly hosts: readonly string[];
}

export async function askMx(domain: string, net: Net): Promise<MxAsked> {
  const [mx, txt] = await Promise.all([net.lookup(domain, 'MX'), net.lookup(domain, 'TXT')]);
  const lookups = [mx, txt].map(asSetting);
  const where = `MX ${domain}`;
  const none = { preset: undefined, noMail: undefined, hosts: [] };
  if (mx.outcome !== 'answer') return await without(domain, net, mx, lookups);
  const hosts = readMx(mx.records);
  if (hosts.some((h) => h === '.' || h === '')) {
    const said = saidNothing('mx', where, 'refused', mx.ms, { notes: [note('null-mx')], authenticated: mx.dnssec === true });
    return { ...none, lookups, noMail: 'null-mx', sources: [said] };
  }
  const { preset, direct, notes } = recognise(hosts, txt);
  const detail = hosts.slice(0, 4).join(', ');
  if (!preset)
    return {
      ...none,
      hosts,
      lookups,
      sources: [saidNothing('mx', where, 'nothing', mx.ms, { detail, notes, authenticated: mx.dnssec === true })],
    };
  const offers: SourceEvidence['offers'] = (['imap', 'pop3', 'smtp'] as const)
    .map((protocol) => endpointFor(preset, protocol, direct === undefined ? {} : { mx: direct }))
    .filter((e) => e !== undefined)
    .map((e) => ({ protocol: e.protocol, host: e.host, port: e.port, security: e.security }));
  const said = found('mx', where, offers, mx.dnssec === true, mx.ms, {
    detail,
    notes: [...notes, note('provider', preset.name)],
  });
  return { ...none, preset, hosts, lookups, sources: [said] };
}

function recognise(hosts: readonly string[], txt: LookupEvidence) {
  const first = hosts[0] ?? '';
  const filter = FILTERS.find((f) => within(first, f));
  const forwarder = FORWARDERS.find((f) => within(first, f));
  const direct = filter || forwarder ? undefined : hosts.find((h) => presetForMx(h) !== undefined);
  const spf = txt.records.filter((r) => /^v=spf1(?: |$)/i.test(r));
  const byMx = direct === undefined ? undefined : presetForMx(direct);
  // Behind a filter SPF tells who sends for the domain; a forwarder's customer has no mailbox there, whoever sends.
  const bySpf = byMx || spf.length !== 1 ? undefined : presetForSpf(spf[0] ?? '');
  const usable = bySpf?.kind === 'relay' ? undefined : bySpf;
  const notes: Notes = [
    ...(filter ? [note('filter', filter)] : []),
    ...(forwarder ? [note('forwarder', forwarder)] : []),
    ...(usable ? [note('by-spf')] : []),
    ...(spf.length > 1 ? [note('several-spf')] : []),
  ];
  return { preset: byMx ?? usable, direct, notes };
}

/** No MX: the domain's own address takes its mail (RFC 5321 §5.1), where it has one. */
async function without(domain: string, net: Net, mx: LookupEvidence, lookups: readonly LookupEvidence[]): Promise<MxAsked> {
  const own = mx.outcome === 'no-data' ? await net.addresses(domain) : undefined;
  const implicit = own !== undefined && own.addresses.length > 0;
  const unsure = own?.lookups.some((l) => !['answer', 'no-data', 'nxdomain', 'sinkhole'].includes(l.outcome)) === true;
  const said = saidNothing('mx', `MX ${domain}`, lookupOutcome(mx), mx.ms, {
    detail: mx.code ?? mx.outcome,
    notes: implicit ? [note('implicit-mx')] : [],
    authenticated: mx.dnssec === true,
  });
  return {
    preset: undefined,
    noMail: mx.outcome === 'nxdomain' ? 'nxdomain' : mx.outcome === 'no-data' && !implicit && !unsure ? 'nothing' : undefined,
    hosts: [],
    lookups: [...lookups, ...(own?.lookups.map(asSetting) ?? [])],
    sources: [said],
  };
}
