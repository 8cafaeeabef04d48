/**
 * Preset index: what the look-ups need of all presets, so that one preset file is read instead of forty. Pure.
 *
 * MX hosts are matched on whole labels, the most specific suffix first: `mx.zoho.com.au` is not `zoho.com`.
 */
import type { Preset, PresetEndpoint, PresetReply } from '../model/preset.ts';
import type { Protocol, Security } from '../model/terms.ts';

export interface PresetIndex {
  readonly version: 1;
  readonly ids: readonly string[];
  /** Domain of an address → id; a key with a leading dot stands for every subdomain. */
  readonly domains: Readonly<Record<string, string>>;
  /** MX suffix → id. */
  readonly mx: Readonly<Record<string, string>>;
  /** Domain that an SPF record includes → id. */
  readonly spf: Readonly<Record<string, string>>;
  /** Published host → ids, in the order of ids. */
  readonly hosts: Readonly<Record<string, readonly string[]>>;
  /** Host that was replaced → id. */
  readonly retired: Readonly<Record<string, string>>;
  /** Preset → regular expressions over the greeting's first line. */
  readonly greetings: Readonly<Record<string, readonly string[]>>;
  /** Preset → its name, for misspelled ids. */
  readonly names: Readonly<Record<string, string>>;
}

/** @returns the index; where two presets claim a name, the first by id has it. */
export function buildIndex(presets: readonly Preset[]): PresetIndex {
  const sorted = [...presets].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const domains: Record<string, string> = {};
  const mx: Record<string, string> = {};
  const spf: Record<string, string> = {};
  const hosts: Record<string, string[]> = {};
  const retired: Record<string, string> = {};
  const greetings: Record<string, readonly string[]> = {};
  const names: Record<string, string> = {};
  for (const p of sorted) {
    names[p.id] = p.name;
    for (const d of p.domains) domains[d] ??= p.id;
    for (const suffix of p.mx) mx[suffix] ??= p.id;
    for (const include of p.spf ?? []) spf[include] ??= p.id;
    for (const e of p.endpoints) {
      // A loopback bridge says nothing about a host: every lab server has that address too.
      if (/^[\d.]+$|:/.test(e.host)) continue;
      hosts[e.host] ??= [];
      const ids = hosts[e.host] ?? [];
      if (!ids.includes(p.id)) ids.push(p.id);
    }
    for (const r of p.retired ?? []) retired[r.host] ??= p.id;
    if (p.greetings) greetings[p.id] = p.greetings;
  }
  return { version: 1, ids: sorted.map((p) => p.id), domains, mx, spf, hosts, retired, greetings, names };
}

/** What the servers of one preset say, without where that was read. */
export type PresetPhrases = Pick<Preset, 'id' | 'name'> & {
  readonly replies: readonly Omit<PresetReply, 'source' | 'checked' | 'evidence' | 'example'>[];
};

/** @returns the replies of all presets, by id: what judging needs of them, so that no preset file is read for it. */
export function buildReplies(presets: readonly Preset[]): readonly PresetPhrases[] {
  return [...presets]
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
    .map(({ id, name, replies }) => ({
      id,
      name,
      replies: replies.map(({ source: _source, checked: _checked, evidence: _evidence, example: _example, ...reply }) => reply),
    }))
    .filter((p) => p.replies.length > 0);
}

/** Lower case, without the root's dot and white space. */
export const plainName = (name: string): string => name.trim().toLowerCase().replace(/\.$/, '');

function* suffixes(name: string): Generator<string> {
  for (let rest = name; rest !== ''; ) {
    yield rest;
    const dot = rest.indexOf('.');
    rest = dot < 0 ? '' : rest.slice(dot + 1);
  }
}

const own = <T>(map: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(map, key) ? map[key] : undefined);

export function idForDomain(index: PresetIndex, domain: string): string | undefined {
  const name = plainName(domain);
  const exact = own(index.domains, name);
  if (exact !== undefined) return exact;
  for (const parent of suffixes(name.slice(name.indexOf('.') + 1))) {
    const id = name.includes('.') ? own(index.domains, `.${parent}`) : undefined;
    if (id !== undefined) return id;
  }
  return undefined;
}

export function idForMx(index: PresetIndex, host: string): string | undefined {
  for (const suffix of suffixes(plainName(host))) {
    const id = own(index.mx, suffix);
    if (id !== undefined) return id;
  }
  return undefined;
}

/** @returns the id of the first preset that an SPF record includes (RFC 7208 section 5.2): weak evidence, for domains behind a filter. */
export function idForSpf(index: PresetIndex, record: string): string | undefined {
  const text = record.replaceAll('"', '').trim();
  if (!/^v=spf1(\s|$)/i.test(text)) return undefined;
  for (const term of text.split(/\s+/)) {
    const include = /^[+?~-]?include:(.+)$/i.exec(term)?.[1];
    const id = include === undefined ? undefined : own(index.spf, plainName(include));
    if (id !== undefined) return id;
  }
  return undefined;
}

/** @returns the id of the preset that publishes or once published this host; `prefer` decides where several share it. */
export function idForHost(index: PresetIndex, host: string, prefer?: string): string | undefined {
  const name = plainName(host);
  const ids = own(index.hosts, name);
  if (ids) return prefer !== undefined && ids.includes(prefer) ? prefer : ids[0];
  return own(index.retired, name);
}

/**
 * @returns the id of the preset whose expressions fit the greeting best: the longest match, then the one whose published host
 * the line names (Yahoo's platform greets for AOL too), then the first by id.
 */
export function idForGreeting(index: PresetIndex, line: string): string | undefined {
  const text = line.slice(0, 512);
  let best: { id: string; length: number; named: boolean } | undefined;
  for (const [id, sources] of Object.entries(index.greetings)) {
    let length = 0;
    for (const source of sources) length = Math.max(length, new RegExp(source, 'i').exec(text)?.[0].length ?? 0);
    if (length === 0) continue;
    const named = text.split(/[\s()[\]<>]+/).some((word) => own(index.hosts, word.toLowerCase())?.includes(id) === true);
    if (!best || length > best.length || (length === best.length && named && !best.named)) best = { id, length, named };
  }
  return best?.id;
}

export interface EndpointWish {
  /** Domain of the address. */
  readonly domain?: string;
  /** An MX host of that domain. */
  readonly mx?: string;
  readonly security?: Security;
  /** Name of a variant; `default` for the endpoint without one. */
  readonly variant?: string;
}

/**
 * The endpoint of a preset: a variant by name, else the one that the address's domain names, else the one that the MX host
 * names, else the default one. Where domain or MX name a data centre, no other's endpoint is ever given.
 *
 * @returns undefined where the preset has none that fits.
 */
export function endpointFor(preset: Preset, protocol: Protocol, wish: EndpointWish = {}): PresetEndpoint | undefined {
  const fits = (e: PresetEndpoint) => e.protocol === protocol && (wish.security === undefined || e.security === wish.security);
  return group(preset, wish).find(fits);
}

function group(preset: Preset, wish: EndpointWish): readonly PresetEndpoint[] {
  const { endpoints } = preset;
  if (wish.variant !== undefined) {
    const name = wish.variant.trim().toLowerCase();
    return endpoints.filter((e) => (e.variant ?? 'default').toLowerCase() === name);
  }
  if (wish.domain !== undefined) {
    const domain = plainName(wish.domain);
    const named = endpoints.filter((e) => e.domains?.includes(domain));
    if (named.length > 0) return named;
  }
  if (wish.mx !== undefined) {
    for (const suffix of suffixes(plainName(wish.mx))) {
      const named = endpoints.filter((e) => e.mx?.includes(suffix));
      if (named.length > 0) return named;
    }
  }
  return endpoints.filter((e) => e.variant === undefined);
}
