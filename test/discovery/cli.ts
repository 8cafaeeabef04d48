/** The command line as people run it: built once from the source, run as a child process without colours. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '../..');
const CACHE = join(ROOT, 'node_modules/.cache/mailcheck-cli');

/** As in the real build: a script with a code cache has no `import()` of its own. */
const late: Plugin = {
  name: 'late',
  setup(b) {
    b.onResolve({ filter: /^undici$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, namespace: 'late' } : undefined,
    );
    b.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
      resolveDir: ROOT,
    }));
  },
};

let built: Promise<string> | undefined;

/** @returns the path of the executable, built from the present source. */
export function executable(): Promise<string> {
  built ??= make();
  return built;
}

async function make(): Promise<string> {
  const pkg = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const common = {
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'silent',
    absWorkingDir: ROOT,
    write: false,
  } as const;
  const main = await build({
    ...common,
    entryPoints: ['src/main.ts'],
    plugins: [late],
    external: [
      'undici',
      'node-forge',
      'yaml',
      'tldts',
      'mailcheck-cli',
      '@oclif/plugin-help',
      '@oclif/plugin-autocomplete',
      '@oclif/plugin-plugins',
    ],
    define: { 'import.meta.url': '__moduleUrl' },
    banner: { js: "const __moduleUrl=require('node:url').pathToFileURL(__filename).href;" },
  });
  const text = main.outputFiles[0]?.text ?? '';
  const id = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const folder = join(CACHE, id, 'dist');
  const file = join(folder, 'cli.js');
  if (existsSync(file)) return file;
  const { name, version, type: _type, ...rest } = pkg;
  const shipped = { name, version, dependencies: rest.dependencies, oclif: { ...rest.oclif, plugins: [] } };
  const cli = await build({
    ...common,
    entryPoints: ['src/cli.ts'],
    define: { PACKAGE: JSON.stringify(shipped), BUNDLE_ID: JSON.stringify(id) },
  });
  const temporary = join(CACHE, `${id}-${process.pid}`);
  mkdirSync(join(temporary, 'dist'), { recursive: true });
  writeFileSync(join(temporary, 'dist/package.json'), '{"type":"commonjs"}\n');
  writeFileSync(join(temporary, 'dist/main.js'), text);
  writeFileSync(join(temporary, 'dist/cli.js'), cli.outputFiles[0]?.text ?? '', { mode: 0o755 });
  try {
    renameSync(temporary, join(CACHE, id));
  } catch {
    rmSync(temporary, { recursive: true, force: true });
  }
  return file;
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** Runs one command line. `env` is added to a bare environment. */
export async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const file = await executable();
  const begun = performance.now();
  return await new Promise((done, fail) => {
    const child = spawn(process.execPath, [file, ...args], {
      env: { PATH: process.env.PATH ?? '', HOME: '/nonexistent', LANG: 'C.UTF-8', NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (d: string) => {
      stdout += d;
    });
    child.stderr.setEncoding('utf8').on('data', (d: string) => {
      stderr += d;
    });
    child.on('error', fail);
    child.on('close', (status) => done({ status, stdout, stderr, ms: performance.now() - begun }));
  });
}

// biome-ignore lint/suspicious/noExplicitAny: tests read the document as scripts do
export type Json = any;

export async function runJson(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly ran: Ran; readonly json: Json }> {
  const ran = await run([...args, '--json'], env);
  try {
    return { ran, json: JSON.parse(ran.stdout) };
  } catch {
    throw new Error(`no JSON: status ${ran.status}\n${ran.stdout.slice(0, 2000)}\n${ran.stderr.slice(0, 2000)}`);
  }
}
