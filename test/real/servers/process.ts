/** Server processes of a test: a short folder of their own, free ports, a bounded wait until they listen, and an end that is certain. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
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

/** Below the range from which the system takes ports for connections and for servers that do not care (ip_local_port_range). */
const PORTS = { from: 12_000, to: 32_000 };

/** @returns free ports of that address; all are held until the last is found, so that no two are the same. */
export async function freePorts<N extends string>(names: readonly N[], address: string): Promise<Readonly<Record<N, number>>> {
  const held: (readonly [N, number, Server])[] = [];
  for (const name of names) {
    let found: readonly [N, number, Server] | undefined;
    for (let tries = 0; !found && tries < 200; tries++) {
      const port = randomInt(PORTS.from, PORTS.to);
      const server = await holds(address, port);
      if (server) found = [name, port, server];
    }
    if (!found) throw new Error(`no free port on ${address}`);
    held.push(found);
  }
  await Promise.all(held.map(([, , server]) => new Promise((resolve) => server.close(resolve))));
  return Object.fromEntries(held.map(([name, port]) => [name, port])) as Record<N, number>;
}

function holds(address: string, port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(undefined));
    server.listen(port, address, () => resolve(server));
  });
}

/** Tries again where somebody took a port between the choice and the start. */
export async function withRetries<T>(start: () => Promise<T>): Promise<T> {
  for (let left = 2; ; left--) {
    try {
      return await start();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

/**
 * Runs a program that stays in the foreground. A shell stands between: when this process ends in any way, its end of the pipe
 * closes, and the shell ends the program and removes the folder (MAILCHECK_KEEP=1 keeps it, with its logs).
 */
export function supervise(command: readonly string[], options: { readonly folder: string; readonly cwd?: string }): Supervised {
  const script =
    'folder=$1; shift; setsid "$@" </dev/null >"$folder/stdout" 2>&1 & program=$!; ' +
    'exec 3<&0; (cat <&3 >/dev/null; kill -KILL -$program 2>/dev/null) & watch=$!; ' +
    'wait $program; kill $watch 2>/dev/null; kill -KILL -$program 2>/dev/null; [ -n "$MAILCHECK_KEEP" ] || rm -rf "$folder"';
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

/** Waits until the place or places take connections, of this server. @throws with the server's own log where they do not. */
export async function listening(wanted: Place | readonly Place[], server: Supervised, logs: readonly string[]): Promise<void> {
  const places = 'port' in wanted ? [wanted] : wanted;
  const until = performance.now() + START_MS;
  const waiting = [...places];
  while (performance.now() < until) {
    while (waiting[0] && (await opens(waiting[0]))) waiting.shift();
    if (!server.alive()) break;
    if (waiting.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  const said = logs.map((path) => (existsSync(path) ? readFileSync(path, 'utf8').slice(-3000) : '')).join('\n');
  await server.stop();
  const where = places.map((p) => `${p.address}:${p.port}`).join(', ');
  throw new Error(`the server does not listen on ${where}\n${said}`);
}

/** Ends the server and waits until nobody takes connections there, since a child may outlive its master for a moment. */
export async function stopped(server: Supervised, places: readonly Place[]): Promise<void> {
  await server.stop();
  const until = performance.now() + STOP_MS;
  for (const place of places)
    while ((await opens(place)) && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 15));
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
