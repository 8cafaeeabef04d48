/** A check-up: what was told about one account → its finished checks. Commands, `run` and the library all come through here. */
import { checkService } from './check.ts';
import type { Kit } from './kit.ts';
import type { CheckOptions } from './model/account.ts';
import type { Rule } from './model/cause.ts';
import type { Check, Report } from './model/diagnosis.ts';
import type { Event } from './model/event.ts';
import type { Evidence } from './model/evidence.ts';
import type { NetOptions } from './net/net.ts';
import { createNet } from './net/net.ts';
import { needsDiscovery, type Offer, type Settled, settle, type Told } from './settle/settle.ts';

export interface CheckupRequest {
  readonly told: readonly Told[];
  readonly options: CheckOptions;
  readonly net: Omit<NetOptions, 'signal' | 'secrets' | 'users'>;
  readonly signal: AbortSignal;
  readonly kit: Kit;
  readonly emit?: (event: Event) => void;
  readonly accountRules?: Readonly<Record<string, readonly Rule[]>>;
  /** Settings found already (account, run): then nothing is discovered again. */
  readonly offers?: readonly Offer[];
  /** Where `--arrival` looks for the test message. */
  readonly incoming?: Told;
  /** Evidence that belongs to every service: what discovery saw. */
  readonly found?: readonly Evidence[];
}

export interface Checkup {
  readonly checks: readonly Check[];
  readonly preset: string | null;
  readonly startedAt: Date;
  readonly durationMs: number;
  /** What every source of settings said, where they were asked. */
  readonly discovery?: NonNullable<Report['discovery']>;
}

/** A web server that takes longer than this, milliseconds, does not help a check; `discover` waits as long as it is told to. */
export const DISCOVERY_MS = 5000;

/** What a check's own evidence holds of discovery: its choice and what was remarkable. The sources stand in the report, once for all. */
export const ofDiscovery = (evidence: readonly Evidence[]): readonly Evidence[] =>
  evidence.filter((e) => e.kind !== 'lookup' && e.kind !== 'source');

/** @returns the checks, in the order told; the services are checked side by side. @throws UsageError where a service cannot be settled. */
export async function checkup(request: CheckupRequest): Promise<Checkup> {
  const startedAt = new Date();
  const begun = performance.now();
  let offers = request.offers ?? [];
  let found = request.found ?? [];
  let discovery: Checkup['discovery'];
  const first = request.told[0];
  if (request.offers === undefined && first?.address !== undefined && request.told.some(needsDiscovery)) {
    const { discover } = await import('./settle/discover.ts');
    const net = createNet({ ...request.net, signal: request.signal, secrets: [], users: [], transcript: false });
    try {
      net.deadline(Math.min(request.options.timeoutMs, DISCOVERY_MS));
      const result = await discover(first.address, net, { probe: true, protocols: request.told.map((t) => t.protocol) });
      offers = result.offers;
      found = ofDiscovery(result.evidence);
      discovery = { sources: result.sources, choices: result.choices };
    } finally {
      await net.close();
    }
  }
  const settled = request.told.map((t) => settle(t, offers));
  const checks = await Promise.all(
    settled.map((s, i) => arrived(one(request, s, found, request.told[i]), { ...request, offers })),
  );
  return {
    checks,
    preset: settled[0]?.preset?.id ?? null,
    startedAt,
    durationMs: Math.round(performance.now() - begun),
    ...(discovery ? { discovery } : {}),
  };
}

async function arrived(checking: Promise<Check>, request: CheckupRequest): Promise<Check> {
  const check = await checking;
  if (!request.options.arrival || check.service.protocol !== 'smtp' || !request.incoming) return check;
  const { awaitArrival } = await import('./arrival.ts');
  return await awaitArrival(check, request.incoming, request);
}

async function one(
  request: CheckupRequest,
  settled: Settled,
  found: readonly Evidence[],
  told: Told | undefined,
): Promise<Check> {
  const { service } = settled;
  const net = createNet({
    ...request.net,
    signal: request.signal,
    secrets: service.secret ? [service.secret] : [],
    users: [service.user, told?.address].filter((u): u is string => u !== undefined),
  });
  try {
    return await checkService({
      service,
      options: request.options,
      preset: settled.preset,
      consumer: settled.consumer,
      kit: request.kit,
      net,
      settled: [
        ...settled.evidence,
        ...found.filter((e) => e.protocol === undefined || e.protocol === service.protocol),
        ...net.environment(),
      ],
      ...(request.emit ? { emit: request.emit } : {}),
      ...(request.accountRules ? { accountRules: request.accountRules } : {}),
    });
  } finally {
    await net.close();
  }
}
