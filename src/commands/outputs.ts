/** Reports to their places: stdout, or files that are written whole or not at all, never over what stands there unasked (S-107). */
import { closeSync, constants, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../model/usage.ts';
import { reasonOf, shown } from '../run/shown.ts';

export interface Output {
  readonly format: string;
  /** undefined: stdout. */
  readonly path: string | undefined;
}

/** @returns where the reports go. @throws UsageError on an unknown format or two reports for one place. */
export function outputsOf(
  flags: { readonly format: string; readonly json: boolean; readonly output: readonly string[] | undefined },
  formats: readonly string[],
): Output[] {
  const main = flags.json ? 'json' : flags.format;
  if (!formats.includes(flags.format)) throw new UsageError(`--format takes one of: ${formats.join(', ')}`);
  if (flags.json && flags.format !== 'json' && flags.format !== 'terminal')
    throw new UsageError(
      `--json and --format ${flags.format} exclude each other; write the second one to a file: --output ${flags.format}:PATH`,
    );
  const given = (flags.output ?? []).map((spec): Output & { readonly named: boolean } => {
    const split = /^([a-z][a-z-]*):(.+)$/s.exec(spec);
    if (split && formats.includes(split[1] ?? '')) return { format: split[1] ?? '', path: placeOf(split[2] ?? ''), named: true };
    if (split && !/^[a-z]$/.test(split[1] ?? ''))
      throw new UsageError(`--output knows no format ${split[1]}; one of: ${formats.join(', ')}`);
    return { format: main, path: placeOf(spec), named: false };
  });
  const paths = given.map((o) => o.path);
  if (paths.some((p, i) => paths.indexOf(p) !== i)) throw new UsageError('two --output name the same file; give each its own');
  const placed = given.some((o) => !o.named);
  const out = given.find((o) => o.path === undefined);
  if (out?.named && out.format !== main && main !== 'terminal' && !placed)
    throw new UsageError(`two reports for standard output, ${main} and ${out.format}; give one of them a file`);
  const files = given.map(({ format, path }): Output => ({ format, path }));
  return placed || out ? files : [...files, { format: main, path: undefined }];
}

/** A hyphen is standard output, as everywhere. */
const placeOf = (path: string): string | undefined => (path === '-' || path === '/dev/stdout' ? undefined : path);

/** The file that GitHub gives a step for its summary is there already, and every command of the step adds to it. */
const added = (path: string) => path === process.env.GITHUB_STEP_SUMMARY;

/** Fails before any check is made where a file could not be written after it. @throws UsageError */
export function checkWritable(path: string, overwrite: boolean, flag = '--output'): void {
  if (path === '') throw new UsageError(`${flag} is empty; write the name of a file`);
  let there: ReturnType<typeof lstatSync> | undefined;
  try {
    there = lstatSync(path);
  } catch {
    there = undefined;
  }
  const named = `${flag} names ${shown(path)}, which is`;
  if (there?.isDirectory()) throw new UsageError(`${named} a folder; name a file in it`);
  if (there?.isSymbolicLink()) throw new UsageError(`${named} a symbolic link; name the file itself`);
  if (there?.isFile() && !overwrite && !added(path))
    throw new UsageError(`${named} a file that exists; add --overwrite to replace it`);
  if (there && (!there.isFile() || added(path))) return;
  try {
    const probe = temporary(path);
    closeSync(openSync(probe, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600));
    rmSync(probe);
  } catch (error) {
    throw new UsageError(
      `${flag} cannot be written to ${shown(path)} (${reasonOf(error)}); check that the folder exists and is yours`,
    );
  }
}

/** Both of the above for every place that a check writes to. @throws UsageError */
export function checkPlaces(outputs: readonly Output[], save: string | undefined, overwrite: boolean): void {
  for (const { path } of outputs) if (path !== undefined) checkWritable(path, overwrite);
  if (save === undefined) return;
  if (outputs.some((o) => o.path === save)) throw new UsageError('--save and --output name the same file; give each its own');
  checkWritable(save, overwrite, '--save');
}

let count = 0;
/** A name beside the file that nobody else takes. */
const temporary = (path: string) =>
  join(dirname(path), `.mailcheck-${process.pid}-${count++}-${Math.floor(performance.now() * 1000)}`);

/** Writes a file of mode 0600 whole: a temporary neighbour first, then renamed. Devices are written to directly. @throws UsageError */
export function writeWhole(path: string, text: string): void {
  let direct = added(path);
  try {
    direct ||= !lstatSync(path).isFile();
  } catch {
    direct = false;
  }
  const target = direct ? path : temporary(path);
  try {
    const fd = openSync(
      target,
      direct ? constants.O_WRONLY | constants.O_APPEND : constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY,
      0o600,
    );
    try {
      const bytes = Buffer.from(text, 'utf8');
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
      if (!direct) fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    if (!direct) renameSync(target, path);
  } catch (error) {
    if (!direct) rmSync(target, { force: true });
    throw new UsageError(`the report could not be written to ${shown(path)} (${reasonOf(error)})`);
  }
}
