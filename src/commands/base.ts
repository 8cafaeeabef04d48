/** What every command shares: usage errors on one line, exit status, output that is written whole, a closed pipe, Ctrl-C. */
import { Command, type Interfaces } from '@oclif/core';
import type { Kit } from '../kit.ts';
import { languageFrom } from '../locales/index.ts';
import type { Contribution } from '../model/contribution.ts';
import type { Language } from '../model/terms.ts';
import { Interrupted, UsageError } from '../model/usage.ts';
import type { Words } from '../model/words.ts';
import { reasonOf } from '../run/shown.ts';
import { faultsSoFar, writeOut } from './plugin-guard.ts';
import { usageLine, type Vocabulary } from './usage-line.ts';

/** Aborted by the first Ctrl-C; the second one ends the process at once. */
const interruption = new AbortController();
let listening = false;

/** @param second what the second Ctrl-C does in place of ending the process, which the third then does. */
export function interruptions(second?: () => void): AbortSignal {
  let next = second;
  if (!listening) {
    listening = true;
    const stop = (status: number) => () => {
      if (!interruption.signal.aborted) interruption.abort();
      else if (next) {
        next();
        next = undefined;
      } else process.exit(status);
    };
    process.on('SIGINT', stop(130));
    process.on('SIGTERM', stop(143));
  }
  return interruption.signal;
}

export abstract class Base extends Command {
  protected language(flag: string | undefined): Language {
    if (flag === 'en' || flag === 'zh-CN' || flag === 'vi') return flag;
    return languageFrom(process.env);
  }

  protected async words(language: Language, kit?: Kit): Promise<Words> {
    const { loadWords } = await import('../locales/index.ts');
    return await loadWords(language, kit?.locales);
  }

  /** The kit of this run: built-ins and, unless `--no-plugins`, what the plugins contribute. A plugin that fails is a warning. */
  protected async kit(plugins: boolean): Promise<Kit> {
    const { kitOf } = await import('../kit.ts');
    if (!plugins) return kitOf([]);
    const early = faultsSoFar();
    if (early.length === 0 && ![...this.config.plugins.values()].some((p) => p.type === 'user' || p.type === 'link'))
      return kitOf([]);
    const { contributionsOf } = await import('./contributions.ts');
    let kit: Kit | undefined;
    const { contributions, warnings } = await contributionsOf(this.config, (w) => kit?.warn(w));
    kit = kitOf(contributions);
    for (const w of [...early, ...warnings]) kit.warn(w);
    if (kit.presets.length > 0) (await import('../settle/presets.ts')).addPresets(kit.presets);
    return kit;
  }

  /** Writes to stdout and waits until it is taken; a closed pipe ends the command quietly. */
  protected async print(text: string): Promise<void> {
    try {
      await writeOut(text);
    } catch (error) {
      // A file in the place of stdout is written at once, and throws.
      throw new UsageError(`standard output could not be written (${reasonOf(error)})`);
    }
  }

  private vocabulary(): Vocabulary {
    const flags = (c: { readonly flags: object }) => Object.keys(c.flags);
    return {
      flags: flags(this.ctor),
      others: (flag) => this.config.commands.filter((c) => flags(c).includes(flag)).map((c) => c.id),
    };
  }

  protected override async catch(error: Interfaces.CommandError): Promise<void> {
    if (isExit(error)) throw error;
    if (error instanceof Interrupted) {
      process.stderr.write(`mailcheck: ${error.message}\n`);
      process.exitCode = 3;
      return;
    }
    const line = error instanceof UsageError ? error.message : usageLine(error, this.vocabulary());
    // To a monitor, 2 is CRITICAL: what kept its plugin from working is UNKNOWN, whatever it is (Monitoring Plugins guidelines).
    const nagios = forNagios(this.argv);
    if (line !== undefined) {
      process.stderr.write(`mailcheck: ${line}\n`);
      if (nagios) await this.print((await import('../reporters/nagios.ts')).nagiosUnknown(line));
      process.exitCode = nagios ? 3 : 2;
      return;
    }
    const { crashed } = await import('./crash.ts');
    const status = crashed(error);
    if (nagios) await this.print((await import('../reporters/nagios.ts')).nagiosUnknown('an error of mailcheck itself'));
    process.exitCode = nagios ? 3 : status;
  }
}

const forNagios = (argv: readonly string[]) =>
  argv.includes('--format=nagios') || argv.some((word, i) => word === '--format' && argv[i + 1] === 'nagios');

function isExit(error: Interfaces.CommandError): boolean {
  return 'code' in error && error.code === 'EEXIT';
}

export type { Contribution };
