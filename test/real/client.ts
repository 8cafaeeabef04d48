/** The client of the tests: the real pipeline against a place on loopback, in this process or as the built command. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { checkup } from '../../src/checkup.ts';
import { kitOf } from '../../src/kit.ts';
import type { CheckOptions } from '../../src/model/account.ts';
import type { Check } from '../../src/model/diagnosis.ts';
import { sealSecret } from '../../src/model/secret.ts';
import { type Protocol, type Security, STANDARD_PORTS } from '../../src/model/terms.ts';
import { readTold } from '../../src/settle/settle.ts';
import { HOST, PASSWORD, USER } from './servers/dovecot.ts';
import type { Place } from './servers/process.ts';

export interface Asked {
  readonly protocol: Protocol;
  readonly security: Security;
  readonly place: Place;
  /** PEM of the lab's root. */
  readonly ca?: string;
  /** Port that the person typed; default: the standard one of protocol and security. */
  readonly port?: number;
  readonly user?: string;
  /** null: none is given. */
  readonly password?: string | null;
  readonly token?: string;
  readonly mechanism?: string;
  readonly from?: readonly string[];
  readonly recipient?: string;
  readonly options?: Partial<CheckOptions>;
}

const OPTIONS: CheckOptions = {
  send: false,
  arrival: false,
  insecureAuth: false,
  controlProbes: true,
  checkRevocation: false,
  traceRoute: false,
  timeoutMs: 8000,
};

const portOf = (asked: Asked) =>
  asked.port ??
  STANDARD_PORTS[asked.protocol].find((p) => p.security === (asked.security === 'tls' ? 'tls' : 'starttls'))?.port ??
  0;

/** @returns the finished check of one service. */
export async function check(asked: Asked): Promise<Check> {
  const options = { ...OPTIONS, ...asked.options };
  const told = readTold({
    protocol: asked.protocol,
    address: USER,
    host: HOST,
    port: portOf(asked),
    security: asked.security,
    insecureAuth: options.insecureAuth,
    from: asked.from ?? [],
    ...(asked.user !== undefined ? { user: asked.user } : {}),
    ...(asked.mechanism !== undefined ? { mechanism: asked.mechanism } : {}),
    ...(asked.recipient !== undefined ? { recipient: asked.recipient } : {}),
    ...(asked.token !== undefined
      ? { secret: sealSecret(asked.token, 'token') }
      : asked.password === null
        ? {}
        : { secret: sealSecret(asked.password ?? PASSWORD) }),
  });
  const done = await checkup({
    told: [told],
    options,
    net: {
      families: [4],
      connectTo: { host: asked.place.address, port: asked.place.port },
      ...(asked.ca !== undefined ? { ca: asked.ca } : {}),
      transcript: true,
      env: {},
    },
    signal: new AbortController().signal,
    kit: kitOf([]),
  });
  const [only] = done.checks;
  if (!only) throw new Error('no check was made');
  return only;
}

/** The check must have this root cause (null: none); where it has another, the failure shows what happened. */
export function expectCause(made: Check, cause: string | null): void {
  expect(made.diagnosis.root?.cause.id ?? null, told(made)).toBe(cause);
}

function told(made: Check): string {
  const { diagnosis, stages, evidence, transcript } = made;
  const seen = [
    diagnosis.findings.map((f) => `${f.severity} ${f.stage} ${f.cause.id} (${f.certainty} ${f.sighting.strength})`),
    stages.map((s) => `${s.stage} ${s.status}${s.reason ? ` ${s.reason.id}` : ''}`).join(', '),
    evidence.filter((e) => ['break', 'withheld', 'problem', 'tls', 'service'].includes(e.kind)).map((e) => JSON.stringify(e)),
    transcript.map((t) => `${t.from === 'client' ? '>' : '<'} ${t.text}`),
  ];
  return `\n${seen.flat().join('\n')}\n`;
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built executable. */
export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Runs the built `mailcheck`, as a person would. */
export function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/tmp', LANG: 'C.UTF-8', ...env },
      timeout: 60_000,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
  });
}
