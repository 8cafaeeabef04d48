/** `mailcheck run` as people run it, against lab servers on loopback: the built command line in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Authority, createAuthority } from '../../src/lab/authority.ts';
import { type Running, type ServeOptions, serve } from '../../src/lab/server.ts';
import type { Serve } from '../../src/model/cause.ts';
import { executable, type Json } from '../discovery/cli.ts';

export type { Json } from '../discovery/cli.ts';

export interface Ran {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export interface Going {
  readonly child: ChildProcess;
  readonly done: Promise<Ran>;
  /** What came to stdout and stderr so far. */
  readonly seen: () => { readonly stdout: string; readonly stderr: string };
}

export interface SpawnOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Words for Node itself, before the script. */
  readonly node?: readonly string[];
  /** A file descriptor in place of the pipe. */
  readonly stdout?: number;
}

/** Starts one command line; `env` is added to a bare environment. */
export async function start(args: readonly string[], options: SpawnOptions = {}): Promise<Going> {
  const file = await executable();
  const begun = performance.now();
  const child = spawn(process.execPath, [...(options.node ?? []), file, ...args], {
    cwd: options.cwd,
    env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', LANG: 'C.UTF-8', NO_COLOR: '1', ...options.env },
    stdio: [options.stdin === undefined ? 'ignore' : 'pipe', options.stdout ?? 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (d: string) => {
    stdout += d;
  });
  child.stderr?.setEncoding('utf8').on('data', (d: string) => {
    stderr += d;
  });
  child.stdin?.end(options.stdin);
  const done = new Promise<Ran>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr, ms: performance.now() - begun }));
  });
  return { child, done, seen: () => ({ stdout, stderr }) };
}

/** Runs one command line to its end. */
export const run = async (args: readonly string[], options: SpawnOptions = {}): Promise<Ran> =>
  await (await start(args, options)).done;

/** Waits until something is so. */
export async function until(so: () => boolean, ms = 20_000): Promise<void> {
  const end = performance.now() + ms;
  while (!so()) {
    if (performance.now() > end) throw new Error('it did not come in time');
    await new Promise((r) => setTimeout(r, 10));
  }
}

/** Lines of NDJSON. */
export const lines = (text: string): Json[] =>
  text
    .split('\n')
    .filter((l) => l !== '')
    .map((l) => JSON.parse(l));

export interface Bench {
  readonly folder: string;
  readonly authority: Authority;
  /** Variables of the lab's account. */
  readonly env: Readonly<Record<string, string>>;
  /** Starts a lab server. */
  serve(faults: Serve, options?: Omit<ServeOptions, 'authority'>): Promise<Running>;
  /** Writes a file of the folder. @returns its path. */
  file(name: string, text: string, mode?: number): string;
  run(args: readonly string[], options?: SpawnOptions): Promise<Ran>;
  start(args: readonly string[], options?: SpawnOptions): Promise<Going>;
  close(): Promise<void>;
}

let shared: Authority | undefined;

/** A folder, and lab servers that end with it. */
export function bench(): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'mailcheck-run-'));
  shared ??= createAuthority();
  const authority = shared;
  const servers: Running[] = [];
  const env = { MAILCHECK_LAB_PASSWORD: 'correct horse battery' };
  const within = (o: SpawnOptions = {}): SpawnOptions => ({ cwd: folder, ...o, env: { ...env, ...o.env } });
  return {
    folder,
    authority,
    env,
    async serve(faults, options = {}) {
      const running = await serve(faults, { ...options, authority });
      servers.push(running);
      return running;
    },
    file(name, text, mode = 0o644) {
      const path = join(folder, name);
      writeFileSync(path, text, { mode });
      return path;
    },
    run: (args, options) => run(args, within(options)),
    start: (args, options) => start(args, within(options)),
    async close() {
      await Promise.all(servers.map((s) => s.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The words of a YAML account that lead to a lab server. */
export function accountOf(running: Running, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const word = running.protocol === 'pop3' ? 'pop' : running.protocol;
  return {
    address: running.mail,
    [word]: { host: running.host, security: running.security },
    'connect-to': `${running.address}:${running.port}`,
    resolver: running.resolver,
    'ca-file': running.caFile,
    password: { env: 'MAILCHECK_LAB_PASSWORD' },
    ...more,
  };
}

/** A configuration as JSON, which is YAML. */
export const config = (accounts: readonly unknown[], more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ retries: 0, ...more, accounts });
