/** Where a plugin would come from: what was typed, what the registry says of it, and which plugins are allowed here. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Interfaces } from '@oclif/core';
import { UsageError } from '../model/usage.ts';

export type Spec =
  | { readonly kind: 'registry'; readonly typed: string; readonly name: string; readonly wanted: string }
  | { readonly kind: 'unsafe'; readonly typed: string };

export interface Offered {
  readonly name: string;
  readonly version: string;
  readonly publisher: string;
  /** The tarball's URL. */
  readonly source: string;
  readonly integrity?: string;
  readonly provenance: boolean;
  /** Names of the scripts that npm would run on installing. */
  readonly scripts: readonly string[];
  readonly needs: number;
  readonly deprecated?: string;
}

const NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]{0,99}\/)?[a-z0-9~-][a-z0-9._~-]{0,199}$/;
/** A version, a range of one word, or a tag: nothing in which a place could stand. */
const WANTED = /^[\w.^~<>=*+-]{1,100}$/;

/** @returns what was typed, by its kind. @throws UsageError where it names a part of mailcheck or is no name at all. */
export function readSpec(typed: string, reserved: readonly string[]): Spec {
  const at = typed.indexOf('@', 1);
  const name = at < 0 ? typed : typed.slice(0, at);
  const wanted = at < 0 ? 'latest' : typed.slice(at + 1);
  if (reserved.includes(name)) throw new UsageError(`${name} is a part of mailcheck; it comes with it`);
  if (NAME.test(name) && WANTED.test(wanted)) return { kind: 'registry', typed, name, wanted };
  if (/^-|[\s\0]/.test(typed) || typed === '')
    throw new UsageError('PLUGIN takes the name of a plugin, such as mailcheck-plugin-example');
  return { kind: 'unsafe', typed };
}

const text = (v: unknown): string | undefined => (typeof v === 'string' && v !== '' ? v : undefined);
const fields = (v: unknown): Readonly<Record<string, unknown>> => (typeof v === 'object' && v !== null ? { ...v } : {});
const SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'] as const;

/** Asks the registry, by npm. @throws UsageError where it has no such plugin or cannot be asked. */
export async function offeredBy(spec: Extract<Spec, { kind: 'registry' }>, config: Interfaces.Config): Promise<Offered> {
  const said = await npm(
    ['view', `${spec.name}@${spec.wanted}`, '--json', ...(config.npmRegistry ? [`--registry=${config.npmRegistry}`] : [])],
    config,
  );
  const parsed = parse(said);
  const one = fields(Array.isArray(parsed) ? parsed.at(-1) : parsed);
  const code = text(fields(one.error).code);
  if (code === 'E404' || code === 'ETARGET' || (code === undefined && text(one.version) === undefined))
    throw new UsageError(`the registry has no plugin ${spec.name}${spec.wanted === 'latest' ? '' : `@${spec.wanted}`}`);
  if (code !== undefined) throw new UsageError(`the registry could not be asked (${/^\w{1,40}$/.test(code) ? code : 'failed'})`);
  const { dist, _npmUser: user, maintainers, scripts, dependencies, deprecated } = one;
  const { tarball, integrity, attestations } = fields(dist);
  const person = (v: unknown) => text(v) ?? text(fields(v).name);
  const owners = Array.isArray(maintainers) ? maintainers.map(person).filter((p) => p !== undefined) : [];
  const [given, why] = [text(integrity), text(deprecated)];
  const version = text(one.version) ?? '';
  if (text(one.name) !== spec.name || !/^\d[\w.+-]{0,100}$/.test(version))
    throw new UsageError('the registry answered for another plugin than was asked for');
  return {
    name: spec.name,
    version,
    publisher: person(user) ?? (owners.length > 0 ? `unknown; maintained by ${owners.slice(0, 5).join(', ')}` : 'unknown'),
    source: text(tarball) ?? 'unknown',
    ...(given === undefined ? {} : { integrity: given }),
    provenance: attestations !== undefined,
    scripts: SCRIPTS.filter((s) => text(fields(scripts)[s]) !== undefined),
    needs: Object.keys(fields(dependencies)).length,
    ...(why === undefined ? {} : { deprecated: why }),
  };
}

/** Runs the npm that plugin management brings. @returns what it printed. */
function npm(args: readonly string[], config: Interfaces.Config): Promise<string> {
  const root = config.plugins.get('@oclif/plugin-plugins')?.root;
  if (root === undefined) throw new UsageError('plugin management is not part of this installation');
  const pjson = createRequire(join(root, 'package.json')).resolve('npm/package.json');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(dirname(pjson), 'bin/npm-cli.js'), ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 60_000,
    });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      if (out.length < 4_000_000) out += chunk;
    });
    child.once('error', () => reject(new UsageError('npm could not be run')));
    child.once('close', () => resolve(out));
  });
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return { error: { code: 'EUNREADABLE' } };
  }
}

/** @returns the variables that lead to another registry than the public one, with their values. */
export function disclosures(own: string, env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return [own, 'npm_config_registry', 'NPM_CONFIG_REGISTRY', 'npm_config_userconfig', 'NPM_CONFIG_USERCONFIG'].flatMap((name) => {
    const value = env[name];
    return value ? [`${name}=${value.replace(/\/\/[^/@]*@/, '//********@')}`] : [];
  });
}

export interface Allowed {
  readonly path: string;
  readonly entries: readonly { readonly name: string; readonly version?: string; readonly integrity?: string }[];
}

/**
 * The list of allowed plugins, `plugins-allowed` in the configuration folder: `NAME`, `NAME@VERSION` or `NAME@VERSION INTEGRITY`
 * a line, `#` begins a comment. Where it exists, what it lists is installed unasked, and nothing else is installed.
 */
export function allowedIn(configDir: string): Allowed | undefined {
  const path = join(configDir, 'plugins-allowed');
  let list: string;
  try {
    list = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new UsageError(`${path} cannot be read; plugins are installed only by that list`);
  }
  const entries = list
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*$/, '').trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [spec = '', integrity] = line.split(/\s+/);
      const at = spec.indexOf('@', 1);
      return {
        name: at < 0 ? spec : spec.slice(0, at),
        ...(at < 0 ? {} : { version: spec.slice(at + 1) }),
        ...(integrity === undefined ? {} : { integrity }),
      };
    });
  return { path, entries };
}

/** @returns whether the list, where there is one, has the plugin. */
export const mayInstall = (allowed: Allowed | undefined, offered: Offered | undefined): boolean =>
  allowed === undefined ||
  allowed.entries.some(
    (e) =>
      e.name === offered?.name &&
      (e.version === undefined || e.version === offered.version) &&
      (e.integrity === undefined || e.integrity === offered.integrity),
  );

/** @returns the integrity of what npm installed; undefined where it did not write it down. */
export function installedIntegrity(dataDir: string, name: string): string | undefined {
  try {
    const lock: unknown = JSON.parse(readFileSync(join(dataDir, 'node_modules/.package-lock.json'), 'utf8'));
    return text(fields(fields(fields(lock).packages)[`node_modules/${name}`]).integrity);
  } catch {
    return undefined;
  }
}
