/**
 * `mailcheck plugins install`, `update` and `link`: oclif's own, asked about first. Name, version, publisher, source and integrity
 * are shown, no install script is ever run, nothing but the registry is taken unless told, and a list of allowed plugins is kept to.
 */
import { createInterface } from 'node:readline';
import { Args, type Command, Flags } from '@oclif/core';
import { UsageError } from '../model/usage.ts';
import { forTerminal, oneLine } from '../report/escape.ts';
import { Base } from './base.ts';
import {
  type Allowed,
  allowedIn,
  disclosures,
  installedIntegrity,
  mayInstall,
  type Offered,
  offeredBy,
  readSpec,
  type Spec,
} from './plugin-source.ts';
import { entriesOf } from './plugins.ts';

const CORE = '@oclif/plugin-plugins';

const questions = {
  yes: Flags.boolean({ char: 'y', description: 'install without asking' }),
  'allow-unsafe-source': Flags.boolean({
    description: 'also take a plugin from git, a URL, a tarball or a folder, for which nobody vouches',
  }),
  force: Flags.boolean({ char: 'f', description: 'fetch again what is there already' }),
  verbose: Flags.boolean({ char: 'v', description: "show npm's own output" }),
};

/** No code of a package runs while it is installed, whatever the person's npm is set to. */
function withoutScripts(): void {
  Object.assign(process.env, {
    npm_config_ignore_scripts: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  });
}

abstract class Installing extends Base {
  /** Hands over to oclif's own command. */
  protected async core(id: string, argv: string[]): Promise<void> {
    withoutScripts();
    const found: Command.Class | undefined = await this.config.plugins.get(CORE)?.findCommand(id, { must: true });
    if (!found) throw new UsageError('plugin management is not part of this installation');
    try {
      await found.run(argv, this.config);
    } catch (error) {
      if (error instanceof Error && / exited with code \d/.test(error.message))
        throw new UsageError('npm failed; --verbose shows what it said');
      throw error;
    }
  }

  /** Shows what would be installed, asks, installs, and looks whether what came is what was shown. */
  protected async install(
    spec: Spec,
    flags: { readonly yes: boolean; readonly force: boolean; readonly verbose: boolean },
  ): Promise<void> {
    withoutScripts();
    const allowed = allowedIn(this.config.configDir);
    const offered = spec.kind === 'registry' ? await offeredBy(spec, this.config) : undefined;
    await this.print(shown(spec, offered, disclosures(this.config.scopedEnvVarKey('NPM_REGISTRY'), process.env), allowed));
    if (!mayInstall(allowed, offered))
      throw new UsageError(`${allowed?.path} does not list this plugin; ask whoever keeps that list`);
    if (allowed === undefined && !flags.yes && !(await this.agreed())) {
      process.stderr.write('mailcheck: nothing was installed\n');
      process.exitCode = 1;
      return;
    }
    const words = [...(flags.force ? ['--force'] : []), ...(flags.verbose ? ['--verbose'] : ['--silent'])];
    await this.core('plugins:install', [offered ? `${offered.name}@${offered.version}` : spec.typed, ...words]);
    if (!offered?.integrity) return;
    const came = installedIntegrity(this.config.dataDir, offered.name);
    if (came === offered.integrity) return;
    await this.core('plugins:uninstall', [offered.name]);
    throw new UsageError('what came is not what the registry had announced (its integrity differs); it was removed again');
  }

  private async agreed(): Promise<boolean> {
    if (process.stdin.isTTY !== true || process.stderr.isTTY !== true)
      throw new UsageError('a plugin is not installed unasked; add --yes where nobody can answer');
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = await new Promise<string>((resolve) => {
        lines.once('close', () => resolve(''));
        lines.question('Install it? It will run with your rights. [y/N] ', resolve);
      });
      return /^(y|yes)$/i.test(answer.trim());
    } finally {
      lines.close();
    }
  }
}

class PluginsInstall extends Installing {
  static override readonly summary = 'Install a plugin, after showing what it is.';
  static override readonly description =
    'Shows name, version, publisher, source and integrity, and asks. Install scripts of the package and of what it needs are not run. Takes plugins from the registry only, unless told otherwise.';
  static override readonly strict = false;
  static override readonly args = {
    plugin: Args.string({ name: 'PLUGIN…', description: 'NAME or NAME@VERSION', required: true }),
  };
  static override readonly flags = questions;
  static override readonly examples = [
    '<%= config.bin %> plugins install mailcheck-plugin-example',
    { description: 'In a script', command: '<%= config.bin %> plugins install mailcheck-plugin-example@1.2.3 --yes' },
  ];

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(PluginsInstall);
    const reserved = [this.config.name, ...this.config.plugins.keys()].filter((name) => this.isCore(name));
    const specs = argv.map((typed) => readSpec(String(typed), reserved));
    const unsafe = specs.find((s) => s.kind === 'unsafe');
    if (unsafe && !flags['allow-unsafe-source'])
      throw new UsageError(
        'only plugins of the registry are installed, by NAME or NAME@VERSION; --allow-unsafe-source also takes git, URLs, tarballs and folders',
      );
    for (const spec of specs) await this.install(spec, flags);
  }

  private isCore(name: string): boolean {
    const type = this.config.plugins.get(name)?.type;
    return type !== 'user' && type !== 'link';
  }
}

class PluginsUpdate extends Installing {
  static override readonly summary = 'Update the installed plugins, each after showing what would come.';
  static override readonly flags = { yes: questions.yes, verbose: questions.verbose };

  async run(): Promise<void> {
    const { flags } = await this.parse(PluginsUpdate);
    const installed = entriesOf(this.config.dataDir).filter((e) => e.type === 'user');
    if (installed.length === 0) await this.print('No plugins installed.\n');
    for (const { name, tag = 'latest', url } of installed) {
      if (url !== undefined) {
        await this.print(`${oneLine(name)} came from ${oneLine(url)}; install it again to update it.\n`);
        continue;
      }
      // A version that was asked for by number stays.
      const spec: Spec = { kind: 'registry', typed: `${name}@${tag}`, name, wanted: /^\d/.test(tag) ? 'latest' : tag };
      const { version } = await offeredBy(spec, this.config);
      const present = this.config.plugins.get(name)?.version;
      if (version === present) await this.print(`${name} ${version} is up to date.\n`);
      else await this.install({ ...spec, wanted: version }, { ...flags, force: false });
    }
  }
}

class PluginsLink extends Installing {
  static override readonly summary = 'Link a plugin that is being developed.';
  static override readonly description =
    'What the plugin needs is not installed: run npm there yourself. Every report names a linked plugin as linked.';
  static override readonly args = { path: Args.string({ name: 'PATH', description: "the plugin's folder", default: '.' }) };
  static override readonly flags = { verbose: questions.verbose };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PluginsLink);
    await this.core('plugins:link', [args.path, '--no-install', ...(flags.verbose ? ['--verbose'] : [])]);
  }
}

/** By the words that a person types; they stand before oclif's own. */
export const INSTALLING = { 'plugins:install': PluginsInstall, 'plugins:update': PluginsUpdate, 'plugins:link': PluginsLink };

function shown(spec: Spec, offered: Offered | undefined, overrides: readonly string[], allowed: Allowed | undefined): string {
  const rows: (readonly [string, string])[] = offered
    ? [
        ['plugin', offered.name],
        ['version', offered.version],
        ['publisher', offered.publisher],
        ['source', offered.source],
        ['integrity', offered.integrity ?? 'none given'],
        ['provenance', offered.provenance ? 'attested; npm audit signatures checks it' : 'not attested'],
        ['install scripts', offered.scripts.length === 0 ? 'none' : `${offered.scripts.join(', ')} (not run)`],
        [
          'needs',
          offered.needs === 0 ? 'no other packages' : `${offered.needs} other packages (their install scripts are not run)`,
        ],
        ...(offered.deprecated === undefined ? [] : [['deprecated', offered.deprecated] as const]),
      ]
    : [
        ['plugin', spec.typed],
        ['source', 'not the registry: no publisher, version or integrity is known before it is fetched'],
        ['install scripts', 'not run'],
      ];
  const said = [...rows, ...overrides.map((o) => ['registry set by', o] as const)];
  const width = Math.max(...said.map(([k]) => k.length)) + 2;
  const list = allowed ? `Allowed plugins are listed in ${oneLine(allowed.path)}.\n` : '';
  return forTerminal(`${said.map(([k, v]) => `${k.padEnd(width)}${oneLine(v).slice(0, 500)}\n`).join('')}${list}`);
}
