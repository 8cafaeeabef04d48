/** Server processes of a test: a short folder of their own, free ports, a bounded wait until they listen, and an end that is certain. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

/** Longest wait for a server to listen, and to end. */
const START_MS = 15_000;
const STOP_MS = 5000;

export interface Place {
  readonly address: string;
  readonly port: number;
}

export interface Supervised {
  stop(): Promise<void>;
  /** True while the program runs. */
  alive(): boolean;
}

/** A folder with a short path, since the paths of the servers' sockets are limited to 107 bytes; readable by the servers' users. */
export function makeFolder(prefix: string): string {
  const folder = mkdtempSync(join('/tmp', `${prefix}-`));
  chmodSync(folder, 0o755);
  return folder;
}

/** @returns free ports of that address; all are held until the last is found, so that no two are the same. */
export async function freePorts<N extends string>(names: readonly N[], address: string): Promise<Readonly<Record<N, number>>> {
  const held = await Promise.all(
    names.map(
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer().once('error', reject);
          server.listen(0, address, () => resolve(server));
        }),
    ),
  );
  const ports = held.map((server, i) => {
    const at = server.address();
    return [names[i], typeof at === 'object' && at ? at.port : 0] as const;
  });
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return Object.fromEntries(ports) as Record<N, number>;
}

/**
 * Runs a program that stays in the foreground. A shell stands between: when this process ends in any way, its end of the pipe
 * closes, and the shell ends the program and removes the folder.
 */
export function supervise(command: readonly string[], options: { readonly folder: string; readonly cwd?: string }): Supervised {
  const script =
    'folder=$1; shift; "$@" </dev/null >"$folder/stdout" 2>&1 & program=$!; ' +
    'exec 3<&0; (cat <&3 >/dev/null; kill -TERM $program 2>/dev/null; sleep 4; kill -KILL $program 2>/dev/null) & watch=$!; ' +
    'wait $program; kill $watch 2>/dev/null; [ -n "$MAILCHECK_KEEP" ] || rm -rf "$folder"';
  const shell = spawn('/bin/sh', ['-c', script, 'sh', options.folder, ...command], {
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: options.cwd ?? options.folder,
  });
  shell.stdin?.on('error', () => undefined);
  return { stop: () => ended(shell), alive: () => shell.exitCode === null && shell.signalCode === null };
}

async function ended(shell: ChildProcess): Promise<void> {
  if (shell.exitCode !== null || shell.signalCode !== null) return;
  const over = new Promise<void>((resolve) => shell.once('exit', () => resolve()));
  shell.stdin?.end();
  const late = setTimeout(() => shell.kill('SIGKILL'), STOP_MS);
  await over;
  clearTimeout(late);
}

/** Waits until the place takes connections. @throws with the server's own log where it does not. */
export async function listening(place: Place, server: Supervised, logs: readonly string[]): Promise<void> {
  const until = performance.now() + START_MS;
  while (performance.now() < until) {
    if (await opens(place)) return;
    if (!server.alive()) break;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  const said = logs.map((path) => (existsSync(path) ? readFileSync(path, 'utf8').slice(-3000) : '')).join('\n');
  await server.stop();
  throw new Error(`the server does not listen on ${place.address}:${place.port}\n${said}`);
}

function opens(place: Place): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: place.address, port: place.port });
    const done = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => done(true)).once('error', () => done(false));
  });
}

export const removeFolder = (folder: string) => rmSync(folder, { recursive: true, force: true });
