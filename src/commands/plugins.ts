/** The plugins that people added: read from where oclif's plugin management keeps them, and shown to the framework without what they must not do. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Config, type Interfaces, Plugin } from '@oclif/core';
import { fence, inPlugin, pluginFault, saidBy } from './plugin-guard.ts';

/** The one hook that is run; oclif's own would be given the command line. */
export const CONTRIBUTE = 'mailcheck:contribute';

interface Entry {
  readonly name: string;
  readonly type: 'user' | 'link';
  readonly root: string;
  readonly tag?: string;
  /** Where it came from, where that is not the registry. */
  readonly url?: string;
}

export interface PluginWish {
  /** Words that are ours: no plugin may bring a command of that name, or below it. */
  readonly taken: readonly string[];
  /** Whether the plugins' own commands are wanted: reading them runs their code. */
  readonly commands: boolean;
}

/** @returns the configuration with the plugins in it; one that cannot be read is one line on standard error. */
export async function withPlugins(config: Config, wish: PluginWish): Promise<Config> {
  const entries = entriesOf(config.dataDir);
  if (entries.length === 0) return config;
  fence();
  const reserved = new Set([config.name, ...[...config.plugins.values()].map((p) => p.name)]);
  const loaded = await Promise.all(entries.map((e) => load(e, reserved, wish)));
  const plugins = new Map(config.plugins);
  for (const p of loaded) if (p && !plugins.has(p.name)) plugins.set(p.name, p);
  if (wish.commands) return await Config.load({ ...config.options, plugins });
  for (const [name, p] of plugins) config.plugins.set(name, p);
  return config;
}

/** What `plugins install` and `plugins link` wrote down. */
export function entriesOf(dataDir: string): readonly Entry[] {
  let text: string;
  try {
    text = readFileSync(join(dataDir, 'package.json'), 'utf8');
  } catch {
    return [];
  }
  try {
    const parsed: unknown = JSON.parse(text);
    const list: unknown = Reflect.get(Object(Reflect.get(Object(parsed), 'oclif')), 'plugins');
    return Array.isArray(list) ? list.flatMap((e: unknown) => entryOf(e, dataDir)) : [];
  } catch {
    process.stderr.write('mailcheck: the list of plugins cannot be read; plugins reset makes a new one\n');
    return [];
  }
}

function entryOf(e: unknown, dataDir: string): readonly Entry[] {
  const of = (key: string): string | undefined => {
    const value: unknown = Reflect.get(Object(e), key);
    return typeof value === 'string' ? value : undefined;
  };
  const name = typeof e === 'string' ? e : of('name');
  const type = typeof e === 'string' ? 'user' : of('type');
  if (name === undefined || (type !== 'user' && type !== 'link')) return [];
  const root = type === 'link' ? of('root') : join(dataDir, 'node_modules', name);
  const [tag, url] = [of('tag'), of('url')];
  return root === undefined
    ? []
    : [{ name, type, root, ...(tag === undefined ? {} : { tag }), ...(url === undefined ? {} : { url }) }];
}

async function load(entry: Entry, reserved: ReadonlySet<string>, wish: PluginWish): Promise<Interfaces.Plugin | undefined> {
  const { name, type, root, tag } = entry;
  try {
    const pjson = packageOf(root);
    if (reserved.has(pjson.name) || reserved.has(name)) {
      pluginFault(name, 'its name is one of our own parts; it was left out');
      return undefined;
    }
    const { hooks, commands, topics } = pjson.oclif;
    const offered = hooks?.[CONTRIBUTE];
    const plugin = new Plugin({
      name,
      root,
      // The root is known and not to be searched for.
      isRoot: true,
      type,
      ...(tag === undefined ? {} : { tag }),
      ...(wish.commands ? {} : { ignoreManifest: true }),
      pjson: {
        ...pjson,
        oclif: {
          ...(offered === undefined ? {} : { hooks: { [CONTRIBUTE]: offered } }),
          ...(wish.commands && commands !== undefined ? { commands } : {}),
          ...(wish.commands && topics !== undefined ? { topics } : {}),
        },
      },
    });
    await inPlugin(name, () => plugin.load());
    plugin.isRoot = false;
    const ours = (id: string) => wish.taken.includes(id.split(':', 1)[0] ?? '');
    if (plugin.commands.some((c) => ours(c.id))) pluginFault(name, 'it has a command of one of our names; that was left out');
    plugin.commands = plugin.commands
      .filter((c) => !ours(c.id))
      .map((c) => ({ ...c, aliases: c.aliases.filter((a) => !ours(a)), hiddenAliases: c.hiddenAliases.filter((a) => !ours(a)) }));
    return plugin;
  } catch (error) {
    pluginFault(name, `it could not be loaded: ${saidBy(error)}`);
    return undefined;
  }
}

function packageOf(root: string): Interfaces.PJSON {
  const parsed: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const pjson = Object(parsed) as Interfaces.PJSON;
  if (typeof pjson.name !== 'string' || typeof pjson.version !== 'string')
    throw new Error('its package.json has no name or version');
  return { ...pjson, oclif: typeof pjson.oclif === 'object' && pjson.oclif !== null ? pjson.oclif : {} };
}
