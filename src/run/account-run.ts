/** One account of a run: its services one after the other, each when its host has room; a refused log-in ends the tries (S-122). */
import { type CheckupRequest, checkup } from '../checkup.ts';
import type { CheckOptions } from '../model/account.ts';
import type { Check } from '../model/diagnosis.ts';
import type { Preset } from '../model/preset.ts';
import type { Secret } from '../model/secret.ts';
import type { StageRecord } from '../model/stage.ts';
import type { Protocol } from '../model/terms.ts';
import { UsageError } from '../model/usage.ts';
import { loadPreset } from '../settle/presets.ts';
import { needsDiscovery, readTold, settle, type Told } from '../settle/settle.ts';
import type { Found } from './discovery.ts';
import type { CheckResult, Job, RunSettings, World } from './runner.ts';
import { protocolsOf, type Wishes, WORDS } from './wishes.ts';

/**
 * Causes that may be gone a moment later. All others stay as they are, and nothing is tried again after a server refused a log-in,
 * so that nobody is locked out.
 */
export const TRANSIENT: ReadonlySet<string> = new Set([
  'dns.timeout',
  'dns.server-failure',
  'connect.timeout',
  'connect.reset',
  'greeting.timeout',
  'tls.handshake-timeout',
  'server.unavailable',
  'policy.connection-limit',
  'policy.rate-limited',
  'policy.greylisted',
  'mailbox.in-use',
]);

/** Milliseconds before the second try; it doubles with each. */
const PAUSE_MS = 500;

/** Milliseconds until a server has noticed that a connection is over: one more before that may be one too many for it. */
const LINGER_MS = 10;

/** @param give gets each check as it is finished. @throws UsageError where the account cannot be checked as it is written. */
export async function checkAccount(
  job: Job,
  settings: RunSettings,
  world: World,
  give: (r: CheckResult) => Promise<void>,
): Promise<void> {
  const { wishes, key } = job;
  const done = settings.done.checked.get(key);
  const todo = protocolsOf(wishes).filter((p) => done?.has(p) !== true);
  let refusedBy = settings.done.refused.get(key);
  let secret: { readonly value: Secret | undefined } | undefined;
  for (const protocol of todo) {
    const told = toldOf(protocol, wishes, settings);
    const request = requestOf(wishes, settings);
    const found = needsDiscovery(told) ? await discovered(told, request, world) : undefined;
    if (found === 'stopped') return;
    const place = placeOf(told, found, request);
    for (let attempt = 0; ; attempt++) {
      const leave = await world.slots.enter(place);
      if (!leave) return;
      let result: CheckResult;
      try {
        if (settings.jitter > 0 && attempt === 0) await settings.sleep(settings.random() * settings.jitter * 1000, settings.stop);
        if (settings.stop.aborted) return;
        refusedBy ??= world.refused.get(identityOf(wishes));
        secret ??= { value: wishes.secret ? await settings.secretOf(wishes, settings.signal) : undefined };
        result = await checked(refusedBy === undefined ? { ...told, ...some(secret.value) } : told, found, request, job);
      } finally {
        leave(settings.sleep(LINGER_MS, settings.stop));
      }
      if (again(result.check, attempt, settings)) {
        await settings.sleep(PAUSE_MS * 2 ** attempt * (0.5 + settings.random()), settings.stop);
        if (!settings.stop.aborted) continue;
      }
      const withheld = refusedBy !== undefined && wishes.secret !== undefined ? because(result, refusedBy) : result;
      if (loginRefused(result.check)) {
        refusedBy ??= protocol;
        if (wishes.secret) world.refused.set(identityOf(wishes), protocol);
      }
      await give(withheld);
      break;
    }
  }
}

const some = (secret: Secret | undefined) => (secret ? { secret } : {});

type Request = Pick<CheckupRequest, 'net' | 'options' | 'signal' | 'kit'>;

function requestOf(wishes: Wishes, settings: RunSettings): Request {
  const options: CheckOptions = {
    ...settings.options,
    ...(wishes.timeout === undefined ? {} : { timeoutMs: Math.round(wishes.timeout * 1000) }),
    ...(wishes.until === undefined ? {} : { until: wishes.until }),
    ...(wishes.client === undefined ? {} : { client: wishes.client }),
    send: wishes.send ?? settings.options.send,
    insecureAuth: wishes.insecureAuth ?? settings.options.insecureAuth,
  };
  return { options, net: { ...settings.net, ...settings.netFor(wishes) }, signal: settings.signal, kit: settings.kit };
}

/** One discovery of a domain at a time, whose answers its other accounts wait for. */
async function discovered(told: Told, request: Request, world: World): Promise<Found | 'stopped' | undefined> {
  const { address } = told;
  if (address === undefined) return undefined;
  const leave = await world.slots.enter(`discovery ${address.slice(address.lastIndexOf('@') + 1)}`);
  if (!leave) return 'stopped';
  try {
    return await world.discoveries.of(address, request);
  } finally {
    leave();
  }
}

/**
 * What the limit per host counts. On loopback every port is a host of its own: tunnels and port forwards lead from there to
 * different servers.
 */
function placeOf(told: Told, found: Found | undefined, { net }: Request): string {
  const { host, port } = settle(told, found?.offers ?? []).service;
  return /^(?:127\.|::1$|localhost$)/.test(host) ? `${host} ${net.connectTo?.port ?? port}` : host;
}

async function checked(told: Told, found: Found | undefined, request: Request, job: Job): Promise<CheckResult> {
  const done = await checkup({
    ...request,
    told: [told],
    offers: found?.offers ?? [],
    ...(found ? { found: found.evidence } : {}),
  });
  const [check] = done.checks;
  if (!check) throw new Error('no check was made');
  return { job, check, preset: done.preset, startedAt: done.startedAt };
}

function again(check: Check, attempt: number, settings: RunSettings): boolean {
  const cause = check.diagnosis.root?.cause.id;
  if (attempt >= settings.retries || cause === undefined || !TRANSIENT.has(cause)) return false;
  return !settings.stop.aborted && !settings.signal.aborted && !loginRefused(check);
}

/** A server answered no to a log-in: whatever it meant by it, the next try is the person's. */
const loginRefused = (check: Check) =>
  check.evidence.some((e) => e.kind === 'reply' && e.stage === 'auth' && e.status === 'no' && e.control === undefined) &&
  check.evidence.some((e) => e.kind === 'secret');

/** The reason that holds: there is a secret, and it is not tried again. */
function because(result: CheckResult, protocol: Protocol): CheckResult {
  const reason: StageRecord['reason'] = { id: 'refused-before', params: { protocol } };
  const stages = result.check.stages.map((s) => (s.reason?.id === 'no-password' ? { ...s, reason } : s));
  return { ...result, check: { ...result.check, stages } };
}

/** Who logs in where with what: the same is not tried twice under two names. */
const identityOf = ({ user, address, preset, endpoints, connectTo, secret }: Wishes): string =>
  JSON.stringify([(user ?? address ?? '').toLowerCase(), preset, places(endpoints), connectTo, secret]);

const places = (endpoints: Wishes['endpoints']) => Object.values(endpoints ?? {}).map((e) => [e?.host, e?.port]);

function toldOf(protocol: Protocol, wishes: Wishes, settings: RunSettings): Told {
  const endpoint = wishes.endpoints?.[protocol] ?? {};
  const preset = wishes.preset === undefined ? undefined : presetOf(wishes.preset, settings);
  const told = readTold({
    protocol,
    from: wishes.from ?? [],
    insecureAuth: wishes.insecureAuth ?? settings.options.insecureAuth,
    ...(wishes.address === undefined ? {} : { address: wishes.address }),
    ...(endpoint.host === undefined ? {} : { host: endpoint.host }),
    ...(endpoint.port === undefined ? {} : { port: endpoint.port }),
    ...(endpoint.security === undefined ? {} : { security: endpoint.security }),
    ...(preset ? { preset } : {}),
    ...(wishes.user === undefined ? {} : { user: wishes.user }),
    ...(wishes.mechanism === undefined ? {} : { mechanism: wishes.mechanism }),
    ...(wishes.rcpt === undefined ? {} : { recipient: wishes.rcpt }),
    ...((wishes.client ?? settings.options.client) === undefined
      ? {}
      : { client: wishes.client ?? settings.options.client ?? '' }),
  });
  if (told.host === undefined && told.address === undefined && !preset)
    throw new UsageError(`${WORDS[protocol]} has no server; give an address, a preset or ${WORDS[protocol]}: { host: … }`);
  return told;
}

function presetOf(id: string, { kit }: RunSettings): Preset {
  const found = loadPreset(id) ?? kit.presets.find((p) => p.id === id);
  if (!found) throw new UsageError(`there is no preset "${id.slice(0, 40)}" (mailcheck presets lists them)`);
  return found;
}
