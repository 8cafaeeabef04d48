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
  if (!formats.includes(main)) throw new UsageError(`--format takes one of: ${formats.join(', ')}`);
  const files = (flags.output ?? []).map((spec): Output => {
    const split = /^([a-z][a-z-]*):(.+)$/s.exec(spec);
    if (split && formats.includes(split[1] ?? '')) return { format: split[1] ?? '', path: split[2] };
    if (split && !/^[a-z]$/.test(split[1] ?? ''))
      throw new UsageError(`--output knows no format ${split[1]}; one of: ${formats.join(', ')}`);
    return { format: main, path: spec };
  });
  const paths = files.map((f) => f.path);
  const twice = paths.find((p, i) => paths.indexOf(p) !== i);
  if (twice !== undefined) throw new UsageError('two --output name the same file; give each its own');
  const plain = files.some((f) => f.format === main && (flags.output ?? []).includes(f.path ?? ''));
  return plain ? files : [...files, { format: main, path: undefined }];
}

/** The file that GitHub gives a step for its summary is there already, and every command of the step adds to it. */
const added = (path: string) => path === process.env.GITHUB_STEP_SUMMARY;

/** Fails before any check is made where a file could not be written after it. @throws UsageError */
export function checkWritable(path: string, overwrite: boolean): void {
  let there: ReturnType<typeof lstatSync> | undefined;
  try {
    there = lstatSync(path);
  } catch {
    there = undefined;
  }
  const named = `--output names ${shown(path)}, which is`;
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
      `--output cannot be written to ${shown(path)} (${reasonOf(error)}); check that the folder exists and is yours`,
    );
  }
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
