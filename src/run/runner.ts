/** The run: accounts from a stream, checked side by side within limits, one report each as it is finished. */
import type { Checkup, CheckupRequest } from '../checkup.ts';
import { checkup } from '../checkup.ts';
import type { Kit } from '../kit.ts';
import type { CheckOptions } from '../model/account.ts';
import type { Check } from '../model/diagnosis.ts';
import type { Secret } from '../model/secret.ts';
import type { Protocol } from '../model/terms.ts';
import { UsageError } from '../model/usage.ts';
import { loadPreset } from '../settle/presets.ts';
import { needsDiscovery, presetOf, readTold, settle, type Told } from '../settle/settle.ts';
import { type Endpoint, merge, type SecretSource, type Wishes } from './config.ts';
import { gates, inShard, pool, type Shard } from './pool.ts';

export interface RunSettings {
  readonly defaults: Wishes;
  readonly concurrency: number;
  readonly perHost: number;
  readonly retries: number;
  /** Seconds: each account begins after a random part of this. */
  readonly jitter: number;
  readonly shard?: Shard;
  /** Keys of accounts that an earlier run finished. */
  readonly done: ReadonlySet<string>;
  readonly kit: Kit;
  readonly signal: AbortSignal;
  readonly options: CheckOptions;
  readonly net: CheckupRequest['net'];
  readonly secretOf: (source: SecretSource, signal: AbortSignal) => Promise<Secret>;
  /** Network options of one account that differ from the run's. */
  readonly netFor: (wishes: Wishes) => Partial<CheckupRequest['net']>;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
}

export interface AccountResult {
  readonly wishes: Wishes;
  readonly key: string;
  /** Absent where the account could not be settled; then `problem` says why. */
  readonly checkup?: Checkup;
  readonly problem?: string;
}

/** What identifies an account in shards, baselines and resumed runs. */
export const keyOf = (w: Wishes): string =>
  w.name ??
  [w.address ?? '', ...Object.values(w.endpoints ?? {}).map((e) => (e ? `${e.host ?? ''}:${e.port ?? ''}` : ''))]
    .join(' ')
    .trim();

/** Causes that may be gone a moment later; all others stay, so that nobody is locked out by trying again. */
export const TRANSIENT = new Set([
  'dns.timeout',
  'dns.server-failure',
  'connect.timeout',
  'connect.reset',
  'greeting.timeout',
  'tls.handshake-timeout',
  'server.unavailable',
  'policy.connection-limit',
  'mailbox.in-use',
  'policy.greylisted',
]);

/** Runs all accounts; `give` gets each result as it is finished, one at a time. */
export async function runAccounts(
  accounts: AsyncIterable<Wishes>,
  settings: RunSettings,
  give: (result: AccountResult) => Promise<void>,
): Promise<void> {
  const hosts = gates(settings.perHost);
  let last = Promise.resolve();
  const inOrder = (result: AccountResult) => {
    last = last.then(() => give(result));
    return last;
  };
  await pool(
    chosen(accounts, settings),
    settings.concurrency,
    async (wishes) => {
      if (settings.jitter > 0) await settings.sleep(settings.random() * settings.jitter * 1000, settings.signal);
      await inOrder(await one(wishes, settings, hosts));
    },
    settings.signal,
  );
  await last;
}

async function* chosen(accounts: AsyncIterable<Wishes>, settings: RunSettings): AsyncGenerator<Wishes> {
  for await (const a of accounts) {
    const wishes = merge(settings.defaults, a);
    const key = keyOf(wishes);
    if (inShard(key, settings.shard) && !settings.done.has(key)) yield wishes;
  }
}

const NAMES: Readonly<Record<Protocol, string>> = { pop3: 'pop', imap: 'imap', smtp: 'smtp' };

async function one(wishes: Wishes, settings: RunSettings, hosts: ReturnType<typeof gates>): Promise<AccountResult> {
  const key = keyOf(wishes);
  try {
    const secret = wishes.secret ? await settings.secretOf(wishes.secret, settings.signal) : undefined;
    const protocols = wishes.checks ?? ['imap', 'smtp'];
    const told = protocols.map((p) => toldOf(p, wishes, secret));
    const results: Checkup[] = [];
    let refused = false;
    // One protocol after the other: a refused log-in ends the tries for this account (design 9).
    for (const t of told) {
      if (settings.signal.aborted) break;
      const wish = refused ? withoutSecret(t) : t;
      const leave = await hosts.enter(hostOf(wish));
      try {
        const done = await tried(wish, wishes, settings);
        results.push(done);
        refused ||= done.checks.some(
          (c) =>
            c.evidence.some((e) => e.kind === 'reply' && e.stage === 'auth' && e.status === 'no') &&
            c.diagnosis.root?.stage === 'auth',
        );
      } finally {
        leave();
      }
    }
    return { wishes, key, checkup: joined(results) };
  } catch (error) {
    if (error instanceof UsageError) return { wishes, key, problem: `${wishes.at ? `${wishes.at}: ` : ''}${error.message}` };
    throw error;
  }
}

/** Checks once, and again only while the cause is transient; the log-in is never repeated after a refusal. */
async function tried(told: Told, wishes: Wishes, settings: RunSettings): Promise<Checkup> {
  const options: CheckOptions = {
    ...settings.options,
    ...(wishes.timeout !== undefined ? { timeoutMs: wishes.timeout * 1000 } : {}),
    send: wishes.send ?? settings.options.send,
    insecureAuth: wishes.insecureAuth ?? settings.options.insecureAuth,
  };
  for (let attempt = 0; ; attempt++) {
    const done = await checkup({
      told: [told],
      options,
      net: { ...settings.net, ...settings.netFor(wishes) },
      signal: settings.signal,
      kit: settings.kit,
    });
    const cause = done.checks[0]?.diagnosis.root?.cause.id;
    if (attempt >= settings.retries || cause === undefined || !TRANSIENT.has(cause) || settings.signal.aborted) return done;
    await settings.sleep(500 * 2 ** attempt * (0.5 + settings.random()), settings.signal);
  }
}

function toldOf(protocol: Protocol, wishes: Wishes, secret: Secret | undefined): Told {
  const endpoint: Endpoint = wishes.endpoints?.[protocol] ?? {};
  const preset = wishes.preset === undefined ? undefined : loadPreset(wishes.preset);
  if (wishes.preset !== undefined && !preset)
    throw new UsageError(`there is no preset "${wishes.preset.slice(0, 40)}" (mailcheck presets lists them)`);
  const told = readTold({
    protocol,
    from: wishes.from ?? [],
    insecureAuth: wishes.insecureAuth ?? false,
    ...(wishes.address !== undefined ? { address: wishes.address } : {}),
    ...(endpoint.host !== undefined ? { host: endpoint.host } : {}),
    ...(endpoint.port !== undefined ? { port: endpoint.port } : {}),
    ...(endpoint.security !== undefined ? { security: endpoint.security } : {}),
    ...(preset ? { preset } : {}),
    ...(wishes.user !== undefined ? { user: wishes.user } : {}),
    ...(wishes.mechanism !== undefined ? { mechanism: wishes.mechanism } : {}),
    ...(wishes.rcpt !== undefined ? { recipient: wishes.rcpt } : {}),
    ...(wishes.client !== undefined ? { client: wishes.client } : {}),
  });
  if (told.host === undefined && told.address === undefined && !preset)
    throw new UsageError(`${NAMES[protocol]} has no server: give an address, a preset or ${NAMES[protocol]}: { host: … }`);
  return secret ? { ...told, secret } : told;
}

function withoutSecret(told: Told): Told {
  const { secret: _secret, ...rest } = told;
  return rest;
}

/** The host as far as it is known before the check: what the per-host limit counts. */
function hostOf(told: Told): string {
  if (told.host !== undefined) return told.host;
  if (!needsDiscovery(told)) return settle(told).service.host;
  return presetOf(told)?.id ?? told.address?.slice(told.address.lastIndexOf('@') + 1) ?? '';
}

function joined(results: readonly Checkup[]): Checkup {
  const first = results[0];
  if (!first) return { checks: [], preset: null, startedAt: new Date(), durationMs: 0 };
  return {
    ...first,
    checks: results.flatMap((r): readonly Check[] => r.checks),
    durationMs: results.reduce((n, r) => n + r.durationMs, 0),
  };
}
