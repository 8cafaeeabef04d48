/** The bundle behind `cli.ts`: the framework, the commands, the start. */
import { Command, Config, flush, run, settings } from '@oclif/core';
import { Account } from './commands/account.ts';
import { Discover } from './commands/discover.ts';
import { Explain } from './commands/explain.ts';
import { Imap } from './commands/imap.ts';
import { Lab } from './commands/lab.ts';
import { Merge } from './commands/merge.ts';
import { endProcess, pluginFault, runningPlugin, saidBy } from './commands/plugin-guard.ts';
import { withPlugins } from './commands/plugins.ts';
import { Pop } from './commands/pop.ts';
import { Presets } from './commands/presets.ts';
import { Run } from './commands/run.ts';
import { Smtp } from './commands/smtp.ts';
import { Token } from './commands/token.ts';
import { reasonOf } from './run/shown.ts';

/** All commands, by the word that a person types (oclif's explicit strategy). */
export const COMMANDS = {
  pop: Pop,
  imap: Imap,
  smtp: Smtp,
  account: Account,
  discover: Discover,
  presets: Presets,
  explain: Explain,
  run: Run,
  merge: Merge,
  lab: Lab,
  token: Token,
};

/** oclif's own commands live in plugins that are read only when one of them is called; help lists these in their place. */
const stand = (summary: string) =>
  class extends Command {
    static override readonly summary = summary;
    async run(): Promise<void> {}
  };
const CORE: Readonly<Record<string, { readonly plugin: string; readonly summary: string }>> = {
  autocomplete: { plugin: '@oclif/plugin-autocomplete', summary: 'Show how to complete commands and flags in your shell.' },
  help: { plugin: '@oclif/plugin-help', summary: 'Show help for a command.' },
  plugins: { plugin: '@oclif/plugin-plugins', summary: 'List, install, link and remove plugins.' },
};

/** What the framework would read from package.json, so that nothing has to be searched or read (start-up). */
export interface Package {
  readonly name: string;
  readonly version: string;
  readonly oclif: Readonly<Record<string, unknown>>;
}

/**
 * Runs one command line.
 * @param args the words after the program's name.
 * @param root the package's folder.
 * @param pjson the package as it was built.
 */
export async function start(args: string[], root: string, pjson: Package): Promise<void> {
  // A reader that went away (`| head -1`) is no error of ours.
  for (const stream of [process.stdout, process.stderr]) {
    // The framework has one that throws.
    stream.removeAllListeners('error');
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
      if (stream === process.stdout)
        process.stderr.write(`mailcheck: standard output could not be written (${reasonOf(error)})\n`);
      process.exit(2);
    });
  }
  const stray = (error: unknown) => {
    const plugin = runningPlugin();
    if (plugin === undefined) void crash(error, true);
    else pluginFault(plugin, saidBy(error));
  };
  // NODE_ENV=test or development turns the framework's advice to developers on, which is no business of a person's.
  delete process.env.NODE_ENV;
  process.on('uncaughtException', stray);
  process.on('unhandledRejection', stray);
  const word = args.find((a) => !a.startsWith('-')) ?? '';
  const core = /^(plugins|autocomplete|help)\b/.exec(word)?.[1];
  const wanted =
    core === undefined
      ? []
      : core === 'autocomplete'
        ? Object.values(CORE)
        : Object.values(CORE).filter((c) => c.plugin === CORE[core]?.plugin);
  const loaded = wanted.map((c) => c.plugin);
  for (const [id, { plugin, summary }] of Object.entries(CORE))
    if (!loaded.includes(plugin)) Object.assign(COMMANDS, { [id]: stand(summary) });
  if (core === 'plugins') Object.assign(COMMANDS, (await import('./commands/plugins-install.ts')).INSTALLING);
  // What runs is what was built, whatever NODE_ENV says.
  settings.enableAutoTranspile = false;
  try {
    const config = await Config.load({
      root,
      pjson: { ...pjson, oclif: { ...pjson.oclif, plugins: loaded } } as never,
      // The framework would run any code of theirs; they come in by `withPlugins`.
      userPlugins: false,
      devPlugins: false,
    });
    const taken = [...Object.keys(COMMANDS), ...Object.keys(CORE)];
    const all = args.includes('--no-plugins')
      ? config
      : await withPlugins(config, { taken, commands: core !== undefined || !Object.hasOwn(COMMANDS, word) });
    await run(args, all);
  } catch (error) {
    await ended(error);
  }
  await flush();
  endProcess();
}

async function ended(error: unknown): Promise<void> {
  if (error instanceof Error && 'code' in error && error.code === 'EEXIT') {
    process.exitCode = 'oclif' in error ? ((error.oclif as { exit?: number }).exit ?? 0) : 0;
    return;
  }
  const { usageLine } = await import('./commands/usage-line.ts');
  const line =
    error instanceof Error ? usageLine(error, { commands: [...Object.keys(COMMANDS), ...Object.keys(CORE)] }) : undefined;
  if (line === undefined) await crash(error, false);
  else {
    process.stderr.write(`mailcheck: ${line}\n`);
    process.exitCode = 2;
  }
}

async function crash(error: unknown, now: boolean): Promise<void> {
  const { crashed } = await import('./commands/crash.ts');
  process.exitCode = crashed(error);
  if (now) process.exit();
}
