/** The bundle behind `cli.ts`: the framework, the commands, the start. */
import { Config, flush, run } from '@oclif/core';
import { Account } from './commands/account.ts';
import { Discover } from './commands/discover.ts';
import { Explain } from './commands/explain.ts';
import { Imap } from './commands/imap.ts';
import { Lab } from './commands/lab.ts';
import { Merge } from './commands/merge.ts';
import { Pop } from './commands/pop.ts';
import { Presets } from './commands/presets.ts';
import { Run } from './commands/run.ts';
import { Smtp } from './commands/smtp.ts';
import { Token } from './commands/token.ts';

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

/**
 * Runs one command line.
 * @param args the words after the program's name.
 * @param root the package's folder.
 */
export async function start(args: string[], root: string): Promise<void> {
  // A reader that went away (`| head -1`) is no error of ours.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
      process.exit(70);
    });
  }
  const { crashed } = await import('./commands/crash.ts');
  process.on('uncaughtException', (error) => process.exit(crashed(error)));
  process.on('unhandledRejection', (error) => process.exit(crashed(error)));
  const config = await Config.load({ root });
  try {
    await run(args, config);
  } catch (error) {
    const code =
      typeof error === 'object' && error !== null && 'oclif' in error ? (error.oclif as { exit?: number }).exit : undefined;
    const { usageLine } = await import('./commands/usage-line.ts');
    const line = error instanceof Error ? usageLine(error) : undefined;
    if (error instanceof Error && 'code' in error && error.code === 'EEXIT') process.exitCode = code ?? 0;
    else if (line !== undefined) {
      process.stderr.write(`mailcheck: ${line}\n`);
      process.exitCode = 2;
    } else process.exitCode = crashed(error);
  }
  await flush();
}
