/** Discovery: every source asked at the same time and kept side by side; the choice among them with its reason. */
import type { ChoiceEvidence, Evidence, LookupEvidence, SourceEvidence } from '../model/evidence.ts';
import type { Net } from '../model/net.ts';
import type { Preset } from '../model/preset.ts';
import type { Protocol, Source } from '../model/terms.ts';
import { askAutoconfig, askCentral, CENTRAL_DATABASE } from './autoconfig.ts';
import { askAutodiscover } from './autodiscover.ts';
import { choices, endpointKey, ranked } from './choose.ts';
import { answersAt, askGuess, usualNames } from './guess.ts';
import { askMx, type MxAsked } from './mx.ts';
import { endpointFor, presetDomains, presetForDomain, presetForHost } from './presets.ts';
import { askPublished } from './published.ts';
import { remarksOn } from './remarks.ts';
import type { Offer } from './settle.ts';
import { type Asked, found, NOTHING_ASKED, note, saidNothing } from './sources.ts';
import { askSrv } from './srv.ts';

export interface DiscoverOptions {
  /** Whether each server that was named is asked if it answers. */
  readonly probe: boolean;
  readonly protocols: readonly Protocol[];
  /** An audit waits for every source; a check goes on soon after it has a server for each protocol. */
  readonly audit?: boolean;
  /** A second resolver that is asked for the chosen servers too. */
  readonly compareResolver?: string;
}

export interface Discovery {
  readonly sources: readonly SourceEvidence[];
  /** One list for all protocols, best first. */
  readonly offers: readonly Offer[];
  readonly choices: readonly ChoiceEvidence[];
  readonly preset: Preset | undefined;
  readonly evidence: readonly Evidence[];
}

/** Distinct servers that are asked whether they answer. */
const MAX_PROBED = 40;
/** How long a check that has all it needs waits for slower sources, and for guesses; milliseconds. */
const GRACE_MS = 1500;
const GUESS_GRACE_MS = 250;

/** @param address a mail address in wire form. Never sends a secret; never throws for what the world does. */
export async function discover(address: string, net: Net, options: DiscoverOptions): Promise<Discovery> {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const { placeOf, sameOwner } = await import('../wire/suffix.ts');
  const isSuffix = placeOf(domain).registrable === undefined;
  const isOwn = (host: string) => host === domain || host.endsWith(`.${domain}`) || sameOwner(host, domain);
  // A published server of a known provider is nobody's trap, whoever names it.
  const isSafe = (host: string) => isOwn(host) || presetForHost(host)?.endpoint !== undefined;
  const preset = presetForDomain(domain);
  // Where --connect-to names the place, what answers elsewhere says nothing.
  const free = net.connectTo === undefined;
  const verify = verifier(net, options.probe && free);
  const central = preset === undefined;
  let mx: MxAsked | undefined;
  const askedMx = askMx(domain, net).then((asked) => {
    mx = asked;
    return asked;
  });
  const own = preset ? [presetSource(preset, domain)] : [];
  const tasks = [
    task(Promise.resolve({ sources: own, lookups: [] }), own, verify),
    task(askAutoconfig(address, net, central), pendingAutoconfig(domain, central), verify),
    task(
      byCompany(askedMx, domain, address, net, central, (h) => placeOf(h).registrable),
      [],
      verify,
    ),
    task(askSrv(domain, net, isOwn), [pending('srv', domain)], verify),
    task(askPublished(domain, net), [], verify),
    task(askAutodiscover(address, net, isSuffix), [pending('autodiscover', `autodiscover.${domain}`)], verify),
    task(askedMx, [pending('mx', `MX ${domain}`)], verify),
  ];
  const guess =
    preset || !free
      ? undefined
      : task(
          askGuess(domain, net, options.protocols),
          options.protocols.map((p) => pending('guess', usualNames(p, domain).join(', '))),
          verify,
        );
  const soFar = () => tasks.flatMap((t) => t.result?.sources ?? []);
  const enough = () => {
    const offers = ranked(soFar(), isSafe);
    return options.protocols.every((p) => offers.some((o) => o.protocol === p && o.answers !== false && !o.consent));
  };
  await patience(net, tasks, options.audit === true ? undefined : enough);
  if (guess && !guess.result) await (enough() ? net.within(guess.done, GUESS_GRACE_MS) : guess.done);
  const all = guess ? [...tasks, guess] : tasks;
  const sources = all.flatMap((t) => t.result?.sources ?? t.pending);
  const lookups = all.flatMap((t) => t.result?.lookups ?? []);
  const offers = ranked(sources, isSafe);
  const chosen = choices(offers);
  // A domain without MX, whose address shows no mail server of any usual name, may be a slip of the pen as well.
  const bare = mx?.sources.some((s) => s.notes?.some((n) => n.id === 'implicit-mx')) === true;
  const lost = !sources.some((s) => s.offers.length > 0) && (mx?.noMail !== undefined || bare);
  const near = lost ? (await import('./domains.ts')).meantDomain(domain, presetDomains()) : undefined;
  const second = options.compareResolver;
  const compared = second === undefined ? [] : await secondOpinion([...new Set(chosen.map((c) => c.host))], second, net);
  const remarks = remarksOn(domain, mx?.noMail, sources, offers, near);
  return {
    sources,
    offers,
    choices: chosen,
    preset: preset ?? mx?.preset,
    evidence: [...lookups, ...sources, ...chosen, ...remarks, ...compared],
  };
}

/** What both resolvers say of these hosts. */
async function secondOpinion(hosts: readonly string[], resolver: string, net: Net): Promise<LookupEvidence[]> {
  const asked = hosts.flatMap((host) => [
    net.addresses(host).then(({ lookups }) => lookups),
    Promise.all((['A', 'AAAA'] as const).map((type) => net.lookup(host, type, { resolver }))).then((answers) =>
      answers.map((a) => ({ ...a, control: 'other-resolver' as const })),
    ),
  ]);
  return (await Promise.all(asked)).flat();
}

/** The central database under the company of the MX, where neither the domain nor the company has a preset. */
async function byCompany(
  asked: Promise<MxAsked>,
  domain: string,
  address: string,
  net: Net,
  central: boolean,
  registrable: (host: string) => string | undefined,
): Promise<Asked> {
  const mx = await asked;
  const company = mx.hosts[0] === undefined ? undefined : registrable(mx.hosts[0]);
  const filtered = mx.sources.some((s) => s.notes?.some((n) => n.id === 'filter' || n.id === 'forwarder'));
  if (!central || mx.preset || filtered || company === undefined || company === registrable(domain)) return NOTHING_ASKED;
  return await askCentral(company, address, net);
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
    { notes: [note('provider', preset.name)] },
  );
}

const pending = (source: Source, where: string): SourceEvidence =>
  saidNothing(source, where, 'timeout', 0, { notes: [note('not-waited')] });

const pendingAutoconfig = (domain: string, central: boolean) => [
  pending('autoconfig', `https://autoconfig.${domain}/mail/config-v1.1.xml`),
  ...(central ? [pending('autoconfig', `${CENTRAL_DATABASE}${domain}`)] : []),
];

interface Task {
  readonly done: Promise<void>;
  /** What stands in its place where nobody waited for it. */
  readonly pending: readonly SourceEvidence[];
  result?: { readonly sources: readonly SourceEvidence[]; readonly lookups: readonly LookupEvidence[] };
}

type Verify = (source: SourceEvidence) => Promise<SourceEvidence>;

function task(asked: Promise<Asked>, pending: readonly SourceEvidence[], verify: Verify): Task {
  const made: { -readonly [K in keyof Task]: Task[K] } = { done: Promise.resolve(), pending };
  made.done = asked.then(async ({ sources, lookups }) => {
    made.result = { sources: await Promise.all(sources.map(verify)), lookups };
  });
  return made;
}

/** Waits for all; with `enough`, only a moment longer once that is true. */
async function patience(net: Net, tasks: readonly Task[], enough: (() => boolean) | undefined): Promise<void> {
  const left = () => tasks.filter((t) => t.result === undefined);
  let until: number | undefined;
  for (let open = left(); open.length > 0; open = left()) {
    if (until === undefined && enough?.()) until = net.now() + GRACE_MS;
    const next = Promise.race(open.map((t) => t.done));
    if (until === undefined) await next;
    else if (net.now() >= until) return;
    else await net.within(next, until - net.now());
  }
}

/** Asks each distinct server once whether it really answers. An alias as SRV target is told besides (RFC 2782). */
function verifier(net: Net, probe: boolean): Verify {
  const asked = new Map<string, Promise<{ readonly answers: boolean; readonly alias: boolean } | undefined>>();
  const ask = async (o: SourceEvidence['offers'][number]) => {
    const { addresses, lookups } = await net.addresses(o.host);
    return { answers: await answersAt(net, o, addresses), alias: lookups.some((l) => (l.cnames ?? []).length > 0) };
  };
  return async (source) => {
    if (!probe || source.offers.length === 0) return source;
    const results = await Promise.all(
      source.offers.map(async (o) => {
        if (o.answers !== undefined) return { answers: o.answers, alias: false };
        const key = endpointKey(o);
        let known = asked.get(key);
        if (!known) {
          known = asked.size < MAX_PROBED ? ask(o) : Promise.resolve(undefined);
          asked.set(key, known);
        }
        return await known;
      }),
    );
    const alias = source.source === 'srv' ? source.offers.find((_, i) => results[i]?.alias) : undefined;
    return {
      ...source,
      offers: source.offers.map((o, i) => (results[i] === undefined ? o : { ...o, answers: results[i].answers })),
      ...(alias ? { notes: [...(source.notes ?? []), note('alias-target', alias.host)] } : {}),
    };
  };
}
