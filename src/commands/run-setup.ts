/** Small parts of `mailcheck run`: limits, what does not go together, networks of accounts, a lost standard output. */
import { setFlagsFromString } from 'node:v8';
import type { CheckupRequest } from '../checkup.ts';
import type { Kit } from '../kit.ts';
import { UsageError } from '../model/usage.ts';
import type { Words } from '../model/words.ts';
import type { Names } from '../report/mask.ts';
import type { Known, RunConfig } from '../run/config.ts';
import { reasonOf } from '../run/shown.ts';
import type { Entry, Wishes } from '../run/wishes.ts';
import type { Output } from './outputs.ts';
import type { Sink } from './run-output.ts';

/**
 * What finished checks leave is collected soon. By itself Node lets the heap grow fourfold before it looks, and most of what a
 * connection holds lies outside the heap.
 */
export const collectSoon = (): void => setFlagsFromString('--heap-growing-percent=20');

export interface Limits {
  readonly concurrency: number;
  readonly perHost: number;
  readonly retries: number;
  readonly jitter: number;
}

interface LimitFlags {
  readonly concurrency?: string | undefined;
  readonly 'per-host'?: string | undefined;
  readonly retries?: string | undefined;
  readonly jitter?: string | undefined;
}

/** @returns the flags' numbers, else the configuration's, else the defaults. @throws UsageError */
export function limitsOf(flags: LimitFlags, config: Partial<RunConfig>): Limits {
  return {
    concurrency: number('--concurrency', flags.concurrency, 1, 512) ?? config.concurrency ?? 16,
    perHost: number('--per-host', flags['per-host'], 1, 64) ?? config.perHost ?? 4,
    retries: number('--retries', flags.retries, 0, 10) ?? config.retries ?? 1,
    jitter: number('--jitter', flags.jitter, 0, 3600) ?? config.jitter ?? 0,
  };
}

function number(what: string, typed: string | undefined, least: number, most: number): number | undefined {
  if (typed === undefined) return undefined;
  const n = /^\d{1,6}$/.test(typed) ? Number(typed) : Number.NaN;
  if (!(n >= least && n <= most)) throw new UsageError(`${what} takes a whole number from ${least} to ${most}`);
  return n;
}

/** Formats of monitoring tell the state of everything, every time. */
const STATES: ReadonlySet<string> = new Set(['nagios', 'prometheus']);

/** @throws UsageError */
export function refuseTogether(
  outputs: readonly Output[],
  flags: { readonly baseline?: string | undefined; readonly resume?: string | undefined },
): void {
  const state = outputs.find((o) => STATES.has(o.format));
  if (flags.baseline !== undefined && state)
    throw new UsageError(
      `--baseline does not go with --format ${state.format}: monitoring needs every check; leave one of them out`,
    );
  if (flags.resume !== undefined && outputs.some((o) => o.path === flags.resume))
    throw new UsageError('--resume collects the results in its file already; leave the --output of the same name out');
}

/** @returns the ids that a configuration may name. */
export async function knownTo(kit: Kit): Promise<Known> {
  const [{ presetIds }, { KNOWN }] = await Promise.all([import('../settle/presets.ts'), import('../wire/sasl.ts')]);
  return {
    causes: kit.causes.map((c) => c.id),
    presets: [...presetIds(), ...kit.presets.map((p) => p.id)],
    mechanisms: KNOWN,
  };
}

/** Gives every account and server its name before anything runs, so that all parts of a sharded run agree. */
export async function nameAll(entries: AsyncIterable<Entry>, names: Names): Promise<Names> {
  for await (const entry of entries) {
    if (!('wishes' in entry)) continue;
    const { address, endpoints } = entry.wishes;
    if (address !== undefined) {
      const at = address.lastIndexOf('@');
      names.name('user', address.slice(0, at));
      names.name('domain', address.slice(at + 1));
    }
    for (const e of Object.values(endpoints ?? {}))
      if (e?.host !== undefined && /[a-z]/i.test(e.host)) names.name('host', e.host);
  }
  return names;
}

type Net = CheckupRequest['net'];
const PLACES = 1000;

/** @returns what differs for one account's network; files of trust anchors are read once. */
export function netReader(read: (wishes: Wishes) => Net): (wishes: Wishes) => Partial<Net> {
  const known = new Map<string, Partial<Net>>();
  return (wishes) => {
    const { connectTo, resolver, caFile } = wishes;
    if (connectTo === undefined && resolver === undefined && caFile === undefined) return {};
    const key = JSON.stringify([connectTo, resolver, caFile]);
    const before = known.get(key);
    if (before) return before;
    const net = read(wishes);
    const made: Partial<Net> = {
      ...(net.resolver === undefined ? {} : { resolver: net.resolver }),
      ...(net.connectTo === undefined ? {} : { connectTo: net.connectTo }),
      ...(net.ca === undefined ? {} : { ca: net.ca }),
    };
    if (known.size >= PLACES) known.clear();
    known.set(key, made);
    return made;
  };
}

/** One listener for each signal, however many wait: a run has hundreds of waiters at once. */
const waiters = new WeakMap<AbortSignal, Set<() => void>>();

function waitersOf(signal: AbortSignal): Set<() => void> {
  const known = waiters.get(signal);
  if (known) return known;
  const made = new Set<() => void>();
  signal.addEventListener('abort', () => {
    for (const wake of [...made]) wake();
  });
  waiters.set(signal, made);
  return made;
}

/** Waits so long, or until the signal. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || ms <= 0) return Promise.resolve();
  const waiting = waitersOf(signal);
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      waiting.delete(done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    waiting.add(done);
  });
}

/**
 * Where other outputs stand beside stdout, the loss of stdout must not cost them: the run stops, and they are written.
 *
 * @returns what throws a UsageError at the end where stdout was lost to something else than its reader.
 */
export function guardStdout(alone: boolean, lost: () => void): () => void {
  if (alone) return () => {};
  let why: string | undefined;
  process.stdout.removeAllListeners('error');
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') why ??= reasonOf(error);
    lost();
  });
  return () => {
    if (why !== undefined) throw new UsageError(`standard output could not be written (${why})`);
  };
}

/** Results that stream leave no report behind: a person at a terminal gets the sums on stderr. */
export async function sums(sink: Sink, outputs: readonly Output[], unchanged: number | undefined, words: Words): Promise<void> {
  if (process.stderr.isTTY !== true || outputs.some((o) => o.format !== 'ndjson')) return;
  const [{ groupLine, runTotals }, { oneLine }] = await Promise.all([
    import('../reporters/view.ts'),
    import('../report/escape.ts'),
  ]);
  const groups = sink.tally.groups().filter((g) => g.checks > 1);
  const lines = [...runTotals(sink.tally.counts, unchanged, words), ...groups.slice(0, 20).map((g) => groupLine(g, words))];
  process.stderr.write(lines.map((l) => `${oneLine(l)}\n`).join(''));
}
