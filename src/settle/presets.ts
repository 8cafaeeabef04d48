/**
 * Presets: the data files `presets/ID.json`, read when asked for and kept. Look-ups go through an index, which the build
 * writes beside the bundle (`presets-index.json`); without it the files are read once to make it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Preset, PresetEndpoint } from '../model/preset.ts';
import { nearest } from './near.ts';
import {
  buildIndex,
  buildReplies,
  idForDomain,
  idForGreeting,
  idForHost,
  idForMx,
  idForSpf,
  type PresetIndex,
  type PresetPhrases,
  plainName,
} from './preset-index.ts';

export { buildIndex, type EndpointWish, endpointFor, type PresetIndex, type PresetPhrases } from './preset-index.ts';

const here = dirname(fileURLToPath(import.meta.url));
const loaded = new Map<string, Preset | undefined>();
let folder: string | undefined;
let index: PresetIndex | undefined;
let phrases: readonly PresetPhrases[] | undefined;

/** The package's root is the nearest folder above that has both `presets/` and `package.json`: source and bundle lie at different depths. */
function presetsFolder(): string {
  if (folder !== undefined) return folder;
  for (let dir = here; ; dir = dirname(dir)) {
    const candidate = join(dir, 'presets');
    if (existsSync(join(dir, 'package.json')) && existsSync(candidate)) {
      folder = candidate;
      return candidate;
    }
    if (dirname(dir) === dir) throw new Error(`no presets folder above ${here}: the installation is incomplete`);
  }
}

function theIndex(): PresetIndex {
  if (index) return index;
  const written = join(here, 'presets-index.json');
  if (existsSync(written)) {
    const read: PresetIndex = JSON.parse(readFileSync(written, 'utf8'));
    index = read;
    return read;
  }
  const ids = readdirSync(presetsFolder())
    .filter((name) => name.endsWith('.json') && name !== 'schema.json')
    .map((name) => name.slice(0, -'.json'.length));
  const made = buildIndex(ids.map(read).filter((p) => p !== undefined));
  index = made;
  return made;
}

/** Adds what plugins bring to every look-up; it never takes the place of what is built in. */
export function addPresets(guests: readonly Preset[]): void {
  const own = theIndex();
  const added = guests.filter((p) => !own.ids.includes(p.id));
  if (added.length === 0) return;
  for (const p of added) loaded.set(p.id, p);
  const { domains, mx, spf, hosts, retired, greetings } = buildIndex(added);
  index = {
    ...own,
    domains: { ...domains, ...own.domains },
    mx: { ...mx, ...own.mx },
    spf: { ...spf, ...own.spf },
    hosts: { ...hosts, ...own.hosts },
    retired: { ...retired, ...own.retired },
    greetings: { ...own.greetings, ...greetings },
  };
}

function read(id: string): Preset | undefined {
  if (loaded.has(id)) return loaded.get(id);
  // The id becomes a file name: nothing but the names of the folder may get there.
  const file = /^[a-z0-9][a-z0-9-]{0,60}$/.test(id) && id !== 'schema' ? join(presetsFolder(), `${id}.json`) : undefined;
  const preset: Preset | undefined = file !== undefined && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  loaded.set(id, preset);
  return preset;
}

/** @returns the ids of the built-in presets, sorted. */
export function presetIds(): readonly string[] {
  return theIndex().ids;
}

/** @returns the preset of this id, case ignored; undefined where there is none. */
export function loadPreset(id: string): Preset | undefined {
  return read(id.trim().toLowerCase());
}

/** @returns every built-in preset, sorted by id; reads all files. */
export function allPresets(): readonly Preset[] {
  return presetIds()
    .map(read)
    .filter((p) => p !== undefined);
}

/** @returns what the servers of every built-in preset say; read from one file where the build wrote it. */
export function presetReplies(): readonly PresetPhrases[] {
  if (phrases) return phrases;
  const written = join(here, 'presets-replies.json');
  const read: readonly PresetPhrases[] = existsSync(written)
    ? JSON.parse(readFileSync(written, 'utf8'))
    : buildReplies(allPresets());
  phrases = read;
  return read;
}

const loadIf = (id: string | undefined): Preset | undefined => (id === undefined ? undefined : read(id));

/** @returns the preset whose addresses have this domain (ASCII form). */
export function presetForDomain(domain: string): Preset | undefined {
  return loadIf(idForDomain(theIndex(), domain));
}

/** @returns the preset that an MX host points to. */
export function presetForMx(host: string): Preset | undefined {
  return loadIf(idForMx(theIndex(), host));
}

/** @returns the preset that the `include:` of an SPF record names; `record` is the TXT record, quotes allowed. */
export function presetForSpf(record: string): Preset | undefined {
  return loadIf(idForSpf(theIndex(), record));
}

/** @returns every domain of addresses that a preset knows, for misspelled ones; reads no preset file. */
export function presetDomains(): readonly string[] {
  return Object.keys(theIndex().domains).filter((d) => !d.startsWith('.'));
}

export interface PresetHost {
  readonly preset: Preset;
  /** The first endpoint on that host; absent where the host is retired. */
  readonly endpoint?: PresetEndpoint;
  readonly retired?: NonNullable<Preset['retired']>[number];
}

/**
 * @param prefer the preset that wins where several publish the host (`outlook.office365.com`), such as the address's own
 * @returns the preset that publishes this host, or whose retired name it is.
 */
export function presetForHost(host: string, prefer?: string): PresetHost | undefined {
  const preset = loadIf(idForHost(theIndex(), host, prefer));
  if (!preset) return undefined;
  const name = plainName(host);
  const endpoint = preset.endpoints.find((e) => e.host === name);
  const retired = endpoint ? undefined : preset.retired?.find((r) => r.host === name);
  return { preset, ...(endpoint ? { endpoint } : {}), ...(retired ? { retired } : {}) };
}

/** @returns the preset whose server greets like this line, as far as the line tells. */
export function presetForGreeting(line: string): Preset | undefined {
  return loadIf(idForGreeting(theIndex(), line));
}

/** @returns the id that a misspelled or half-known one most likely means: `gmial`, `hotmail`, `microsoft 365`. */
export function nearestPreset(id: string): string | undefined {
  const word = plainName(id);
  const { ids, domains, names } = theIndex();
  if (word === '') return undefined;
  const near = nearest(word, ids);
  if (near !== undefined) return near;
  const byDomain = [word, `${word}.com`].find((d) => Object.hasOwn(domains, d));
  if (byDomain !== undefined) return domains[byDomain];
  const named = ids.filter((i) => names[i]?.toLowerCase().includes(word));
  return word.length > 2 && named.length > 0 ? named[0] : undefined;
}

/** @returns every host that a preset publishes today, sorted. */
export function publishedHosts(): readonly string[] {
  return Object.keys(theIndex().hosts).sort();
}
