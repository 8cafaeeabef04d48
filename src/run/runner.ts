/** The run: accounts from a stream, checked side by side within limits, each check given as it is finished. */
import type { CheckupRequest } from '../checkup.ts';
import type { Kit } from '../kit.ts';
import type { CheckOptions } from '../model/account.ts';
import type { Check } from '../model/diagnosis.ts';
import type { Secret } from '../model/secret.ts';
import type { Protocol } from '../model/terms.ts';
import { Interrupted, UsageError } from '../model/usage.ts';
import { checkAccount } from './account-run.ts';
import { createDiscoveries, type Discoveries } from './discovery.ts';
import { pool, type Slots, slots } from './pool.ts';
import type { Done } from './results.ts';
import { inShard, type Shard } from './shard.ts';
import { type Entry, keyOf, type Wishes } from './wishes.ts';

export interface RunSettings {
  readonly concurrency: number;
  readonly perHost: number;
  readonly retries: number;
  /** Seconds: each account begins after a random part of this. */
  readonly jitter: number;
  readonly shard?: Shard;
  readonly done: Done;
  readonly kit: Kit;
  /** Nothing new is begun after it. */
  readonly stop: AbortSignal;
  /** What runs is interrupted by it. */
  readonly signal: AbortSignal;
  readonly options: CheckOptions;
  readonly net: CheckupRequest['net'];
  /** The secret of an account that names a source. @throws UsageError */
  readonly secretOf: (wishes: Wishes, signal: AbortSignal) => Promise<Secret>;
  /** Network options of one account that differ from the run's. @throws UsageError */
  readonly netFor: (wishes: Wishes) => Partial<CheckupRequest['net']>;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
  /** Names accounts by their place in the input: for reports that tell nobody's name. */
  readonly anonymous?: boolean;
  /** Told of each account in the order of the input, those that are done already too. */
  readonly met?: (key: string, place: number) => void;
}

/** One account that is to be checked. */
export interface Job {
  readonly wishes: Wishes;
  /** What identifies it across runs. */
  readonly key: string;
  /** Its place in the input, from 1. */
  readonly place: number;
}

export interface CheckResult {
  readonly job: Job;
  readonly check: Check;
  readonly preset: string | null;
  readonly startedAt: Date;
}

/** What becomes of the accounts, one event after the other. */
export type RunEvent =
  | ({ readonly type: 'check' } & CheckResult)
  /** The account could not be checked, or a place in the input holds none. */
  | { readonly type: 'problem'; readonly text: string; readonly place: number; readonly job?: Job }
  | { readonly type: 'account' };

/** What the accounts of a run share. */
export interface World {
  readonly slots: Slots;
  readonly discoveries: Discoveries;
  /** Log-ins that were refused, by who tried with which secret. */
  readonly refused: Map<string, Protocol>;
}

/** Accounts whose work has begun or waits for its host: enough to look past a host that hangs, few enough to hold. */
const ahead = (concurrency: number) => Math.min(4096, Math.max(256, concurrency * 64));

/**
 * @param entries the accounts, with defaults in them.
 * @param give gets one event at a time; where it throws, nothing new is begun and the run rejects with it when all has ended.
 */
export async function runAccounts(
  entries: AsyncIterable<Entry>,
  settings: RunSettings,
  give: (event: RunEvent) => Promise<void>,
): Promise<void> {
  const world: World = {
    slots: slots(settings.concurrency, settings.perHost),
    discoveries: createDiscoveries(),
    refused: new Map(),
  };
  const halt = new AbortController();
  const stopping = () => {
    halt.abort();
    world.slots.stop();
  };
  settings.stop.addEventListener('abort', stopping, { once: true });
  if (settings.stop.aborted) stopping();
  const inner: RunSettings = { ...settings, stop: halt.signal };
  let failure: { readonly error: unknown } | undefined;
  let last = Promise.resolve();
  const inTurn = (event: RunEvent): Promise<void> => {
    last = last.then(async () => {
      if (failure) return;
      try {
        await give(event);
      } catch (error) {
        failure = { error };
        stopping();
      }
    });
    return last;
  };
  try {
    await pool(chosen(entries, inner, inTurn), ahead(settings.concurrency), (job) => one(job, inner, world, inTurn), halt.signal);
  } finally {
    await last;
    settings.stop.removeEventListener('abort', stopping);
  }
  if (failure) throw failure.error;
}

async function* chosen(
  entries: AsyncIterable<Entry>,
  settings: RunSettings,
  give: (event: RunEvent) => Promise<void>,
): AsyncGenerator<Job> {
  let place = 0;
  for await (const entry of entries) {
    if (settings.stop.aborted) return;
    place += 1;
    if ('problem' in entry) {
      // Every part of a sharded run reads it, and one tells it.
      if (settings.shard === undefined || settings.shard.index === 1) await give({ type: 'problem', text: entry.problem, place });
      continue;
    }
    const key = keyOf(entry.wishes);
    if (!inShard(key, settings.shard)) continue;
    const job = { wishes: entry.wishes, key: settings.anonymous ? `#${place}` : key, place };
    settings.met?.(job.key, place);
    yield job;
  }
}

async function one(job: Job, settings: RunSettings, world: World, give: (event: RunEvent) => Promise<void>): Promise<void> {
  try {
    await checkAccount(job, settings, world, (result) => give({ type: 'check', ...result }));
  } catch (error) {
    // It counts among those that were not reached.
    if (error instanceof Interrupted) return;
    if (!(error instanceof UsageError)) throw error;
    const { at } = job.wishes;
    await give({ type: 'problem', text: at === undefined ? error.message : `${at}: ${error.message}`, place: job.place, job });
  }
  await give({ type: 'account' });
}
