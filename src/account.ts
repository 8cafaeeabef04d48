/** A whole account: settings found for what was not told, its services checked side by side, reasons across them, settings that work. */
import { judgeAcross } from './across.ts';
import { type Checkup, type CheckupRequest, checkup, DISCOVERY_MS, ofDiscovery } from './checkup.ts';
import type { Check, Report } from './model/diagnosis.ts';
import type { StageName } from './model/terms.ts';
import { STANDARD_PORTS } from './model/terms.ts';
import { createNet, createShared } from './net/net.ts';
import type { Discovery } from './settle/discover.ts';
import { denies } from './settle/remarks.ts';
import { needsDiscovery, type Offer, presetOf, type Told } from './settle/settle.ts';

export interface AccountRequest extends Omit<CheckupRequest, 'offers' | 'found' | 'told'> {
  /** One entry for each protocol, best first; what was not told of it is found. */
  readonly told: readonly Told[];
  readonly accountRules: NonNullable<CheckupRequest['accountRules']>;
}

export interface AccountResult extends Checkup {
  readonly working: NonNullable<Report['working']>;
}

type Working = NonNullable<Report['working']>[number];

/** @returns the finished checks, judged across. @throws UsageError where nothing can be settled. */
export async function checkAccount(given: AccountRequest): Promise<AccountResult> {
  const startedAt = new Date();
  const begun = performance.now();
  const request = { ...given, net: { ...given.net, shared: given.net.shared ?? createShared() } };
  const candidates = withoutUnasked(request.told);
  const missing = candidates.filter((t) => needsDiscovery(t) && presetOf(t) === undefined);
  const discovery = missing.length > 0 ? await find(request, missing) : undefined;
  const offers = discovery?.offers ?? [];
  const told = fetchedByPop(wanted(candidates, discovery));
  const { accountRules, ...rest } = request;
  const arrival = told.find((t) => t.protocol === 'imap') ?? told.find((t) => t.protocol === 'pop3');
  const done = await checkup({
    ...rest,
    told,
    offers,
    found: discovery ? ofDiscovery(discovery.evidence) : [],
    ...(arrival ? { incoming: arrival } : {}),
  });
  const checks = judgeAcross(done.checks, request.kit, accountRules);
  const working = await Promise.all(checks.map((c, i) => workingFor(c, told[i], request, offers)));
  return {
    ...done,
    checks,
    preset: done.preset ?? discovery?.preset?.id ?? null,
    startedAt,
    durationMs: Math.round(performance.now() - begun),
    ...(discovery ? { discovery: { sources: discovery.sources, choices: discovery.choices } } : {}),
    working: working.filter((w) => w !== undefined),
  };
}

/** Who names one way to read mail does not ask about the other. */
function withoutUnasked(told: readonly Told[]): readonly Told[] {
  const incoming = told.some((t) => t.protocol !== 'smtp' && t.host !== undefined);
  return incoming ? told.filter((t) => t.protocol === 'smtp' || t.host !== undefined) : told;
}

/** A consumer that fetches by POP has no say about the IMAP beside it. */
function fetchedByPop(told: readonly Told[]): readonly Told[] {
  if (!told.some((t) => t.protocol === 'pop3')) return told;
  return told.map((t) => {
    const { client: _client, ...rest } = t;
    return t.protocol === 'imap' ? rest : t;
  });
}

async function find(request: CheckupRequest, missing: readonly Told[]): Promise<Discovery | undefined> {
  const address = missing[0]?.address;
  if (address === undefined) return undefined;
  const { discover } = await import('./settle/discover.ts');
  const net = createNet({ ...request.net, signal: request.signal, secrets: [], users: [], transcript: false });
  try {
    net.deadline(Math.min(request.options.timeoutMs, DISCOVERY_MS));
    return await discover(address, net, { probe: true, protocols: missing.map((t) => t.protocol) });
  } finally {
    await net.close();
  }
}

/** What is checked: what has a server. Where no way to read mail has one, IMAP is tried at its usual name, so that the check says why. */
function wanted(candidates: readonly Told[], discovery: Discovery | undefined): readonly Told[] {
  const has = (t: Told) => !needsDiscovery(t) || (discovery?.offers.some((o) => o.protocol === t.protocol) ?? false);
  const denied = (t: Told) => discovery !== undefined && denies(t.protocol, discovery.sources);
  const incoming = candidates.filter((t) => t.protocol !== 'smtp');
  const fallback = incoming.some(has) ? undefined : (incoming.find((t) => !denied(t)) ?? incoming[0]);
  const lacks = (t: Told) => !has(t) && presetOf(t) !== undefined;
  const list = candidates.filter(
    (t) => has(t) || (t === fallback && !lacks(t)) || (t.protocol === 'smtp' && !lacks(t) && !denied(t)),
  );
  return list.length > 0 ? list : candidates.filter((t) => t.protocol !== 'pop3');
}

const BEFORE_AUTH: ReadonlySet<StageName> = new Set([
  'settings',
  'dns',
  'connect',
  'tls',
  'certificate',
  'greeting',
  'capabilities',
]);
/** Other servers of a protocol that are tried where the chosen one fails before any log-in. */
const MAX_ALTERNATIVES = 3;

async function workingFor(
  check: Check,
  told: Told | undefined,
  request: AccountRequest,
  offers: readonly Offer[],
): Promise<Working | undefined> {
  if (works(check)) return settingsOf(check);
  const { root } = check.diagnosis;
  const tried = check.evidence.some((e) => e.kind === 'secret' && e.control === undefined);
  const pinned = request.net.connectTo?.port !== undefined;
  if (
    !told ||
    !root ||
    tried ||
    pinned ||
    !BEFORE_AUTH.has(root.stage) ||
    !request.options.controlProbes ||
    request.signal.aborted
  )
    return undefined;
  // One after the other: the first that works ends it, and no server sees two log-ins at once.
  for (const other of alternatives(check, told, offers).slice(0, MAX_ALTERNATIVES)) {
    const { accountRules: _rules, emit: _emit, ...quiet } = request;
    const options = { ...request.options, controlProbes: false, traceRoute: false, domain: false };
    const done = await checkup({ ...quiet, options, told: [other], offers: [], found: [] });
    const second = done.checks[0];
    if (second && works(second)) return settingsOf(second);
    if (second?.evidence.some((e) => e.kind === 'secret')) return undefined;
  }
  return undefined;
}

const works = (check: Check) => check.diagnosis.verdict === 'pass' || check.diagnosis.verdict === 'warn';

const settingsOf = ({ service: s }: Check): Working => ({
  protocol: s.protocol,
  host: s.host,
  port: s.port,
  security: s.security,
  user: s.user ?? null,
});

/** Encrypted servers beside the one that failed: what sources and preset name, then the standard ports of the same host. */
function alternatives(check: Check, told: Told, offers: readonly Offer[]): Told[] {
  const { service } = check;
  const named =
    told.host === undefined ? offers.filter((o) => o.protocol === told.protocol && o.answers !== false && !o.consent) : [];
  const preset =
    presetOf(told)?.endpoints.filter((e) => e.protocol === told.protocol && e.variant === undefined && e.host === service.host) ??
    [];
  const standard =
    told.port === undefined || told.host === undefined
      ? STANDARD_PORTS[told.protocol].map((e) => ({ host: service.host, ...e }))
      : [];
  // What the separating tests found closed need not be tried again.
  const closed = check.evidence.flatMap((e) =>
    e.kind === 'connect' && e.control === 'other-port' && e.outcome !== 'open' ? [`${e.host}:${e.port}`] : [],
  );
  const seen = new Set([`${service.host}:${service.port}`, ...closed]);
  const out: Told[] = [];
  for (const e of [...named, ...preset, ...standard]) {
    const key = `${e.host}:${e.port}`;
    if (e.security === 'none' || seen.has(key)) continue;
    seen.add(key);
    out.push({ ...told, host: e.host, port: e.port, security: e.security });
  }
  return out;
}
