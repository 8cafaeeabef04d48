#!/usr/bin/env node
/**
 * The executable: answers `--version` at once, refuses a Node that is too old, and hands everything else to the bundle.
 * The bundle is compiled from a code cache where there is one of this very Node and bundle (start-up; see README, Speed).
 */
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import type { Package, start } from './main.ts';

/** Filled in by the build. */
declare const PACKAGE: Package;
declare const BUNDLE_ID: string;

/** Each command has a cache of its own: to load what another one needs would cost more than it saves. */
const COMMANDS = ['pop', 'imap', 'smtp', 'account', 'discover', 'presets', 'explain', 'run', 'merge', 'lab', 'token'];

/** Bytes at the end of a cache: how much compiled code there was when it was written. */
const TRAILER = 4;
/** Beyond this much more of it the cache is made anew. */
const GROWTH = 64 * 1024;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const args = process.argv.slice(2);

// Debug output of the framework has the command line, Node's own has what goes over the wire: neither is for a terminal or a log.
delete process.env.DEBUG;
if (process.env.NODE_DEBUG) withoutNodeDebug();

if (args.length === 1 && (args[0] === '--version' || args[0] === '-v')) {
  process.stdout.write(`${PACKAGE.name}/${PACKAGE.version} ${process.platform}-${process.arch} node-${process.version}\n`);
} else if (major < 20 || (major === 20 && minor < 18)) {
  process.stderr.write(`mailcheck: Node ${process.versions.node} is too old; install Node 20.18 or later\n`);
  process.exitCode = 2;
} else {
  void bundle(join(__dirname, 'main.js')).start(args, dirname(__dirname), PACKAGE);
}

/** Node writes every message of its own in one piece that begins with its section and our process id. */
function withoutNodeDebug(): void {
  const write = process.stderr.write.bind(process.stderr);
  const own = new RegExp(`^[A-Z0-9_*]+ (?:\\x1b\\[\\d+m)?${process.pid}(?:\\x1b\\[\\d+m)?: `);
  process.stderr.write = ((...words: unknown[]): boolean =>
    (typeof words[0] === 'string' && own.test(words[0])) || Reflect.apply(write, undefined, words)) as typeof write;
  process.stderr.write('mailcheck: NODE_DEBUG is left out of account: what Node prints for it can hold secrets\n');
}

/** Loads the bundle as `require` would, by way of the code cache. */
function bundle(file: string): { readonly start: typeof start } {
  // The build leaves nothing but ASCII in it.
  const source = readFileSync(file, 'latin1');
  const cache = cacheFile();
  const kept = cache === undefined ? undefined : read(cache);
  const cachedData = kept?.subarray(0, -TRAILER);
  const script = new Script(Module.wrap(source), {
    filename: file,
    ...(cachedData ? { cachedData } : {}),
  });
  const module = new Module(file);
  module.filename = file;
  module.paths = (Module as unknown as { _nodeModulePaths(from: string): string[] })._nodeModulePaths(__dirname);
  const run: (exports: unknown, require: NodeJS.Require, m: unknown, name: string, dir: string) => void =
    script.runInThisContext();
  // A script with a code cache cannot import by itself; plugins may be ES modules.
  const require = Object.assign(Module.createRequire(file), { import: (url: string): Promise<unknown> => import(url) });
  // The framework asks for the commands by the bundle's path: it must get this instance.
  require.cache[file] = module;
  run(module.exports, require, module, file, __dirname);
  module.loaded = true;
  if (cache !== undefined) {
    const before = kept && !script.cachedDataRejected ? kept.readUInt32LE(kept.length - TRAILER) : undefined;
    process.once('exit', () => keep(cache, script, before));
  }
  return module.exports;
}

/** In the person's own cache folder: compiled code is as good as code, so nobody else may write there. */
function cacheFile(): string | undefined {
  if (process.env.MAILCHECK_NO_CODE_CACHE) return undefined;
  const word = args.includes('--help') ? undefined : COMMANDS.find((c) => c === args[0]);
  const base =
    process.env.XDG_CACHE_HOME || (process.platform === 'win32' ? process.env.LOCALAPPDATA : join(homedir(), '.cache'));
  return base ? join(base, 'mailcheck', `${BUNDLE_ID}-${process.version}-${process.arch}-${word ?? 'other'}.bin`) : undefined;
}

function read(path: string): Buffer | undefined {
  try {
    const stat = statSync(path);
    const mine = process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o022) === 0);
    return mine ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Made when the work is done, since what was compiled on the way is worth keeping; made again where a run went another way.
 * @param before how much compiled code the cache has.
 */
function keep(path: string, script: Script, before: number | undefined): void {
  // A wrong command line ends before anything was compiled; looking costs a millisecond, so not every run does.
  if (process.exitCode === 2 || (before !== undefined && Date.now() % 4 !== 0)) return;
  const { getHeapCodeStatistics } = require('node:v8') as typeof import('node:v8');
  const compiled = getHeapCodeStatistics().bytecode_and_metadata_size;
  if (before !== undefined && compiled < before + GROWTH) return;
  const trailer = Buffer.alloc(TRAILER);
  trailer.writeUInt32LE(compiled);
  write(path, Buffer.concat([script.createCachedData(), trailer]));
}

function write(path: string, data: Buffer): void {
  try {
    const folder = dirname(path);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    const part = `${path}.${process.pid}`;
    writeFileSync(part, data, { mode: 0o600, flag: 'wx' });
    renameSync(part, path);
    // Those of versions that are gone.
    for (const name of readdirSync(folder)) {
      const other = join(folder, name);
      if (statSync(other).mtimeMs < Date.now() - 30 * 86_400_000) unlinkSync(other);
    }
  } catch {
    // A cache that cannot be written costs time, nothing else.
  }
}
