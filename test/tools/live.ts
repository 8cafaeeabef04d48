/** Live checks for tests: a lab scenario served on loopback and met by the real pipeline, in this process. */
import { type Checkup, checkup } from '../../src/checkup.ts';
import { kitOf } from '../../src/kit.ts';
import type { Authority } from '../../src/lab/authority.ts';
import type { Scenario } from '../../src/lab/scenarios.ts';
import { checkCommand } from '../../src/lab/scenarios.ts';
import { type Running, serve } from '../../src/lab/server.ts';
import type { CheckOptions } from '../../src/model/account.ts';
import type { Serve } from '../../src/model/cause.ts';
import type { Check } from '../../src/model/diagnosis.ts';
import { sealSecret } from '../../src/model/secret.ts';
import type { Security, StageName } from '../../src/model/terms.ts';
import { loadPreset } from '../../src/settle/presets.ts';
import { readTold } from '../../src/settle/settle.ts';

export const OPTIONS: CheckOptions = {
  send: false,
  arrival: false,
  insecureAuth: false,
  controlProbes: true,
  checkRevocation: false,
  traceRoute: false,
  timeoutMs: 3000,
};

export interface Live {
  readonly check: Check;
  readonly running: Running;
  readonly checkup: Checkup;
}

/** Serves and checks one scenario, the way its `checkCommand` would, and stops the server. */
export async function checkScenario(
  scenario: Scenario,
  authority: Authority,
  options: Partial<CheckOptions> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Live> {
  const running = await serve(scenario.serve, { authority });
  try {
    return await checkRunning(scenario, running, options, signal);
  } finally {
    await running.close();
  }
}

/** Serves the faults of `serve` and checks them. */
export const checkServe = (faults: Serve, authority: Authority, options: Partial<CheckOptions> = {}) =>
  checkScenario({ name: 'test', title: 'test', expect: null, serve: faults }, authority, options);

export async function checkRunning(
  scenario: Scenario,
  running: Running,
  options: Partial<CheckOptions> = {},
  signal: AbortSignal = new AbortController().signal,
): Promise<Live> {
  const args = checkCommand(scenario, running);
  const flag = (name: string) => {
    const at = args.indexOf(`--${name}`);
    return at >= 0 ? args[at + 1] : undefined;
  };
  const on = (name: string) => args.includes(`--${name}`);
  const [host, port, security, preset, user, connectTo, mechanism, from, rcpt, client, until] = [
    'host',
    'port',
    'security',
    'preset',
    'user',
    'connect-to',
    'mechanism',
    'from',
    'rcpt',
    'client',
    'until',
  ].map(flag);
  const presetFile = preset === undefined ? undefined : loadPreset(preset);
  const place = connectTo === undefined ? undefined : /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(connectTo);
  const token = on('token-env');
  const told = readTold({
    protocol: scenario.serve.protocol,
    ...(args[1] !== undefined && !args[1].startsWith('--') ? { address: args[1] } : {}),
    from: from === undefined ? [] : [from],
    insecureAuth: on('insecure-auth'),
    ...(host !== undefined ? { host } : {}),
    ...(port !== undefined ? { port: Number(port) } : {}),
    ...(security !== undefined ? { security: security as Security } : {}),
    ...(presetFile ? { preset: presetFile } : {}),
    ...(user !== undefined ? { user } : {}),
    ...(mechanism !== undefined ? { mechanism } : {}),
    ...(rcpt !== undefined ? { recipient: rcpt } : {}),
    ...(client !== undefined ? { client } : {}),
    secret: token ? sealSecret(running.token, 'token') : sealSecret(running.password),
  });
  const done = await checkup({
    told: [told],
    options: {
      ...OPTIONS,
      send: on('send'),
      checkRevocation: on('check-revocation'),
      insecureAuth: on('insecure-auth'),
      ...(client !== undefined ? { client } : {}),
      ...(until !== undefined ? { until: until as StageName } : {}),
      ...options,
    },
    net: {
      families: [4, 6],
      resolver: flag('resolver') ?? running.resolver,
      ...(place ? { connectTo: { host: place[1] ?? '', ...(place[2] ? { port: Number(place[2]) } : {}) } } : {}),
      ca: running.ca,
      transcript: true,
      env: {},
      allowPrivate: true,
    },
    signal,
    kit: kitOf([]),
  });
  const check = done.checks[0];
  if (!check) throw new Error('no check was made');
  return { check, running, checkup: done };
}
