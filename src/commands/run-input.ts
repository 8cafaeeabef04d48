/** What `mailcheck run` reads: the configuration, its CSV files, and the secrets that they name. */
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { type Secret, sealSecret } from '../model/secret.ts';
import { UsageError } from '../model/usage.ts';
import type { Known, RunConfig } from '../run/config.ts';
import { reasonOf, shown } from '../run/shown.ts';
import type { Entry, SecretSource, Wishes } from '../run/wishes.ts';

/** A file that ends so is a list of accounts by itself. */
export const isCsv = (path: string): boolean => /\.(csv|tsv)$/i.test(path);

/** @returns the text of the configuration; `-` is standard input. @throws UsageError */
export async function readText(path: string): Promise<string> {
  try {
    if (path !== '-') return readFileSync(path, 'utf8');
    let text = '';
    process.stdin.setEncoding('utf8');
    for await (const chunk of process.stdin) text += String(chunk);
    return text;
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new UsageError(
      missing
        ? `there is no file ${shown(path)}; name the configuration (mailcheck run accounts.yaml), or write one with: mailcheck run --init`
        : `${shown(path)} cannot be read (${reasonOf(error)})`,
    );
  }
}

/** @returns a line where others may read a file that holds secrets itself (S-162). */
export function tooOpen(path: string): string | undefined {
  try {
    const { mode } = statSync(path);
    if (process.platform === 'win32' || (mode & 0o077) === 0) return undefined;
    const octal = (mode & 0o777).toString(8).padStart(4, '0');
    return `${shown(path)} holds secrets and others may read it (mode ${octal}); run: chmod 600 ${shown(path)}`;
  } catch {
    return undefined;
  }
}

export interface Reading {
  readonly config: Pick<RunConfig, 'accounts' | 'csv' | 'settings'>;
  readonly known: Known;
  readonly inFolder: (path: string) => string;
  /** Called for secrets that stand in a CSV file itself. */
  readonly inline: (path: string, at: string) => void;
}

/** @yields every account, listed ones first. What is wrong with a CSV file as a whole is a problem as well: the others are checked. */
export async function* entriesOf({ config, known, inFolder, inline }: Reading): AsyncGenerator<Entry> {
  for (const wishes of config.accounts) yield { wishes };
  if (config.csv.length === 0) return;
  const { readAccounts } = await import('../run/csv.ts');
  for (const { file, under } of config.csv) {
    const path = inFolder(file);
    const stream = createReadStream(path, { encoding: 'utf8' });
    try {
      yield* readAccounts(stream, { file, known, under, shared: config.settings, inline: (at) => inline(path, at) });
    } catch (error) {
      if (error instanceof UsageError) yield { problem: error.message };
      else if (error instanceof Error && 'syscall' in error)
        yield { problem: `${shown(file)} cannot be read (${reasonOf(error)}); check its path` };
      else throw error;
    } finally {
      stream.destroy();
    }
  }
}

/** @returns about how many rows the CSV files have, for the time that is left. */
export async function rowsIn(paths: readonly string[]): Promise<number> {
  let rows = 0;
  for (const path of paths) {
    try {
      let lines = 0;
      for await (const chunk of createReadStream(path)) for (const byte of chunk as Uint8Array) if (byte === 0x0a) lines += 1;
      rows += Math.max(0, lines - 1);
    } catch {
      // It is told when it is read.
    }
  }
  return rows;
}

const KEPT = 1000;

/** Reads secrets, each source once a run; a command learns in MAILCHECK_ADDRESS and MAILCHECK_USER for whom. */
export function secretReader(inFolder: (path: string) => string): (wishes: Wishes, signal: AbortSignal) => Promise<Secret> {
  const known = new Map<string, Promise<Secret>>();
  return (wishes, signal) => {
    const source = wishes.secret;
    if (!source) return Promise.reject(new UsageError('the account names no secret'));
    const env = { MAILCHECK_ADDRESS: wishes.address ?? '', MAILCHECK_USER: wishes.user ?? wishes.address ?? '' };
    const key = JSON.stringify(source.kind === 'command' ? [source, env] : [source]);
    const before = known.get(key);
    if (before) return before;
    const made = readOne(source, inFolder, env, signal);
    if (known.size >= KEPT) for (const old of [...known.keys()].slice(0, KEPT / 10)) known.delete(old);
    known.set(key, made);
    return made;
  };
}

async function readOne(
  source: SecretSource,
  inFolder: (path: string) => string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Secret> {
  const { type, kind } = source;
  if (kind === 'inline') {
    if (source.value === '' || /[\r\n\0]/.test(source.value))
      throw new UsageError(`the ${type} in the file is empty, or has a line break or NUL inside`);
    return sealSecret(source.value, type);
  }
  const { readSecret } = await import('./secrets.ts');
  const value = kind === 'file' ? inFolder(source.value) : source.value;
  try {
    const secret = await readSecret({ [`${type}-${kind}`]: value }, { prompt: false, question: '', signal, env });
    if (secret) return secret;
  } catch (error) {
    // The same words as on the command line, by the name that stands in the file.
    if (error instanceof UsageError) throw new UsageError(error.message.replace(/^--(password|token)-(\w+)/, '$1: { $2 }'));
    throw error;
  }
  throw new UsageError(`${type}: { ${kind} } gave nothing`);
}
