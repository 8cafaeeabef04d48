/** The command line as it is shipped, built from the present source, run in a home of its own; everything that it printed or wrote comes back. */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Protocol, Security } from '../../src/model/terms.ts';
import { HOST, later, pki, USER } from './raw.ts';

export const ROOT = resolve(import.meta.dirname, '../..');
const CACHE = join(ROOT, 'node_modules/.cache/mailcheck-security');
const NEEDED = ['src', 'presets', 'package.json', 'tsconfig.json', 'test/tools/build.mjs'];

let built: string | undefined;

/** @returns the executable; built once for a state of the sources, beside any other build. */
export function executable(): string {
  if (built) return built;
  const state = createHash('sha256');
  for (const top of NEEDED)
    for (const file of filesUnder(join(ROOT, top))) {
      const { size, mtimeMs } = statSync(file);
      state.update(`${file} ${size} ${mtimeMs}\n`);
    }
  const home = join(CACHE, state.digest('hex').slice(0, 16));
  const file = join(home, 'dist/cli.js');
  if (!existsSync(file)) {
    const temporary = `${home}-${process.pid}`;
    rmSync(temporary, { recursive: true, force: true });
    mkdirSync(temporary, { recursive: true });
    for (const name of ['src', 'presets', 'package.json', 'tsconfig.json', 'test', 'node_modules'])
      symlinkSync(join(ROOT, name), join(temporary, name));
    execFileSync(process.execPath, ['test/tools/build.mjs', '--no-types'], { cwd: temporary, stdio: 'pipe' });
    try {
      renameSync(temporary, home);
    } catch {
      rmSync(temporary, { recursive: true, force: true });
    }
  }
  built = file;
  return file;
}

export function filesUnder(path: string): string[] {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name));
}

export interface Home {
  readonly home: string;
  readonly tmp: string;
  readonly env: Readonly<Record<string, string>>;
}

/** @returns a new home and folder for temporary files. */
export function newHome(): Home {
  const dir = mkdtempSync(join(tmpdir(), 'mailcheck-home-'));
  later(() => rmSync(dir, { recursive: true, force: true }));
  const home = join(dir, 'home');
  const tmp = join(dir, 'tmp');
  mkdirSync(home);
  mkdirSync(tmp);
  return { home, tmp, env: { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: tmp, LANG: 'C.UTF-8' } };
}

export interface Ran {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly in?: Home;
  readonly stdin?: string;
  readonly nodeArgs?: readonly string[];
  readonly cwd?: string;
  readonly timeoutMs?: number;
  /** Another program in front: `unshare -n`. */
  readonly under?: readonly string[];
  /** What to do with the child once it runs. */
  readonly during?: (child: ReturnType<typeof spawn>) => void;
}

/** Runs one command line to its end. */
export function cli(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const home = options.in ?? newHome();
  const begun = performance.now();
  const words = [...(options.under ?? []), process.execPath, ...(options.nodeArgs ?? []), executable(), ...args];
  return new Promise((done, fail) => {
    const child = spawn(words[0] ?? '', words.slice(1), {
      env: { ...home.env, ...options.env },
      cwd: options.cwd ?? home.tmp,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 25_000);
    let [stdout, stderr] = ['', ''];
    // Latin-1 keeps every byte: control bytes are looked for.
    child.stdout.on('data', (d: Buffer) => {
      stdout += d.toString('latin1');
    });
    child.stderr.on('data', (d: Buffer) => {
      stderr += d.toString('latin1');
    });
    child.stdin.on('error', () => {});
    child.stdin.end(options.stdin ?? '');
    child.on('error', fail);
    options.during?.(child);
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      const utf8 = (s: string) => Buffer.from(s, 'latin1').toString('utf8');
      done({ status, signal, stdout: utf8(stdout), stderr: utf8(stderr), ms: performance.now() - begun });
    });
  });
}

/** Every file under the home and the folder for temporary files, with its mode and bytes as Latin-1. Links are followed only in words. */
export function written({ home, tmp }: Home): { readonly path: string; readonly mode: number; readonly text: string }[] {
  return [home, tmp].flatMap((dir) =>
    readdirSync(dir, { recursive: true, withFileTypes: true }).flatMap((e) => {
      const path = join(e.parentPath, e.name);
      if (e.isSymbolicLink()) return [{ path, mode: 0, text: readlinkSync(path) }];
      if (!e.isFile()) return [];
      return [{ path, mode: statSync(path).mode & 0o777, text: readFileSync(path, 'latin1') }];
    }),
  );
}

const COMMANDS: Readonly<Record<Protocol, string>> = { pop3: 'pop', imap: 'imap', smtp: 'smtp' };
const PORTS: Readonly<Record<Protocol, readonly [tls: string, starttls: string]>> = {
  pop3: ['995', '110'],
  imap: ['993', '143'],
  smtp: ['465', '587'],
};

/** @returns the words that check a loopback port as if it were the server of these tests. */
export function checkArgs(protocol: Protocol, port: number, h: Home, security: Security = 'tls'): string[] {
  const ca = join(h.tmp, 'ca.pem');
  writeFileSync(ca, pki().ca);
  return [
    COMMANDS[protocol],
    USER,
    ...['--host', HOST, '--port', PORTS[protocol][security === 'tls' ? 0 : 1], '--security', security],
    ...['--connect-to', `127.0.0.1:${port}`, '--ca-file', ca, '--timeout', '2', '--no-control-probes', '--no-input'],
  ];
}
