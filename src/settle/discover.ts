/** Discovery: every source asked at the same time and kept side by side; the choice among them with its reason. */
import type { Evidence, SourceEvidence } from '../model/evidence.ts';
import type { Net } from '../model/net.ts';
import type { Preset } from '../model/preset.ts';
import type { Protocol, Source } from '../model/terms.ts';
import { askAutoconfig } from './autoconfig.ts';
import { askAutodiscover } from './autodiscover.ts';
import { answers, askGuess } from './guess.ts';
import { askMx } from './mx.ts';
import { nearest } from './near.ts';
import { endpointFor, presetDomains, presetForDomain } from './presets.ts';
import { askPublished } from './published.ts';
import type { Offer } from './settle.ts';
import { found } from './sources.ts';
import { askSrv } from './srv.ts';

export interface DiscoverOptions {
  /** Whether each server that was named is asked if it answers. */
  readonly probe: boolean;
  readonly protocols: readonly Protocol[];
}

export interface Discovery {
  readonly sources: readonly SourceEvidence[];
  /** One list for all protocols, best first. */
  readonly offers: readonly Offer[];
  readonly preset: Preset | undefined;
  readonly evidence: readonly Evidence[];
}

/** Strongest first; within a source what every hop authenticated comes before what it did not, and TLS before STARTTLS. */
const PRIORITY: readonly Source[] = ['preset', 'autoconfig', 'srv', 'autodiscover', 'mx', 'guess'];

/** @param address a mail address in wire form. Never sends a secret; never throws for what the world does. */
export async function discover(address: string, net: Net, options: DiscoverOptions): Promise<Discovery> {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const preset = presetForDomain(domain);
  const own = preset ? [presetSource(preset, domain)] : [];
  const [mx, srv, autoconfig, autodiscover, published, guess] = await Promise.all([
    askMx(domain, net),
    askSrv(domain, net),
    askAutoconfig(address, net, preset === undefined),
    askAutodiscover(address, net),
    askPublished(domain, net),
    preset ? undefined : askGuess(domain, net, options.protocols),
  ]);
  const asked = [mx, srv, autoconfig, autodiscover, published, ...(guess ? [guess] : [])];
  const all = [...own, ...asked.flatMap((a) => a.sources)];
  const sources = options.probe ? await verified(all, net) : all;
  const offers = ranked(sources);
  const evidence: Evidence[] = [...asked.flatMap((a) => a.lookups), ...sources, ...remarks(domain, mx, sources, offers)];
  return { sources, offers, preset: preset ?? mx.preset, evidence };
}

function presetSource(preset: Preset, domain: string): SourceEvidence {
  const offers = (['imap', 'pop3', 'smtp'] as const)
    .map((p) => endpointFor(preset, p, { domain }))
    .filter((e) => e !== undefined);
  return found(
    'preset',
    preset.id,
    offers.map((e) => ({ protocol: e.protocol, host: e.host, port: e.port, security: e.security })),
    true,
    0,
    preset.name,
  );
}

/** Asks each distinct server once whether it really answers. */
async function verified(sources: readonly SourceEvidence[], net: Net): Promise<SourceEvidence[]> {
  const key = (o: SourceEvidence['offers'][number]) => `${o.protocol} ${o.host}:${o.port} ${o.security}`;
  const distinct = new Map(
    sources.flatMap((s) => s.offers.filter((o) => o.answers === undefined).map((o) => [key(o), o] as const)),
  );
  const results = new Map(
    await Promise.all(
      [...distinct].slice(0, 40).map(async ([k, o]) => {
        const { addresses } = await net.addresses(o.host);
        const first = addresses[0];
        return [k, first !== undefined && (await answers(net, o, first))] as const;
      }),
    ),
  );
  return sources.map((s) => ({
    ...s,
    offers: s.offers.map((o) => ({ ...o, answers: o.answers ?? results.get(key(o)) ?? false })),
  }));
}

function ranked(sources: readonly SourceEvidence[]): Offer[] {
  const flat = sources.flatMap((s) =>
    s.offers
      .filter((o) => o.security !== 'none' || s.authenticated)
      .map((o) => ({ ...o, source: s.source, authenticated: s.authenticated })),
  );
  const rank = (o: (typeof flat)[number]) =>
    (o.answers === false ? 1000 : 0) +
    PRIORITY.indexOf(o.source) * 10 +
    (o.authenticated ? 0 : 2) +
    (o.security === 'tls' ? 0 : 1);
  return flat.toSorted((a, b) => rank(a) - rank(b)).map(({ answers: _answers, ...o }) => o);
}

/** Disagreement, a domain without mail, a likely slip of the pen: each is a setting with a remark, judged like the rest. */
function remarks(
  domain: string,
  mx: { readonly nullMx: boolean; readonly lookups: Evidence[] | readonly Evidence[] },
  sources: readonly SourceEvidence[],
  offers: readonly Offer[],
): Evidence[] {
  const out: Evidence[] = [];
  for (const protocol of ['pop3', 'imap', 'smtp'] as const) {
    const named = sources
      .filter((s) => s.source !== 'guess')
      .flatMap((s) => s.offers.filter((o) => o.protocol === protocol).map((o) => ({ host: o.host, source: s.source })));
    const hosts = [...new Set(named.map((n) => n.host))];
    const chosen = offers.find((o) => o.protocol === protocol);
    if (hosts.length > 1 && chosen)
      out.push({
        kind: 'setting',
        stage: 'settings',
        protocol,
        field: 'host',
        value: chosen.host,
        from: chosen.source,
        authenticated: chosen.authenticated,
        remark: 'sources-disagree',
        detail: named
          .map((n) => `${n.source}: ${n.host}`)
          .join(', ')
          .slice(0, 400),
      });
  }
  const none = offers.length === 0;
  const dead =
    mx.nullMx ||
    mx.lookups.some((l) => l.kind === 'lookup' && l.type === 'MX' && (l.outcome === 'nxdomain' || l.outcome === 'no-data'));
  if (none && dead) {
    const near = nearest(domain, presetDomains(), 2);
    out.push({
      kind: 'setting',
      stage: 'settings',
      field: 'address',
      value: domain,
      from: 'flag',
      authenticated: true,
      remark: near ? 'near-known-domain' : 'no-mail-service',
      ...(near ? { instead: near } : {}),
      ...(mx.nullMx ? { detail: 'null MX (RFC 7505)' } : {}),
    });
  }
  return out;
}
