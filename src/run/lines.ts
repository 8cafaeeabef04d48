/** A file of lines that grows while a run goes on: every line stands whole, whenever the run ends and whatever ends it (S-107). */
import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { UsageError } from '../model/usage.ts';
import { reasonOf, shown } from './shown.ts';

export interface LineFile {
  /** Appends whole lines. @throws UsageError where they cannot be written; then none of them stands. */
  append(text: string): void;
  close(): void;
}

const BLOCK = 65_536;

/**
 * @param how `fresh`: empty the file first; `resume`: keep what stands there, but for a last line that was cut off.
 * @throws UsageError where it cannot be opened.
 */
export function openLines(path: string, how: 'fresh' | 'resume'): LineFile {
  let fd: number;
  let size = 0;
  let regular = true;
  try {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_APPEND;
    fd = openFile(path, flags);
    regular = fstatSync(fd).isFile();
    if (regular && how === 'fresh') ftruncateSync(fd, 0);
    if (regular && how === 'resume') size = mended(fd);
  } catch (error) {
    throw new UsageError(`${shown(path)} cannot be opened for results (${reasonOf(error)})`);
  }
  return {
    append(text) {
      const bytes = Buffer.from(text, 'utf8');
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
        size += bytes.length;
      } catch (error) {
        if (regular) ftruncateSync(fd, size);
        throw new UsageError(`results could not be written to ${shown(path)} (${reasonOf(error)}); what stands there is whole`);
      }
    },
    close() {
      try {
        if (regular) fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
    },
  };
}

/** A device or a pipe may take no reading. */
function openFile(path: string, flags: number): number {
  try {
    return openSync(path, flags, 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EINVAL'))
      return openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW);
    throw error;
  }
}

/** Takes off a last line without its end: a run that was killed while writing left it. @returns the size that remains. */
function mended(fd: number): number {
  let end = fstatSync(fd).size;
  const size = end;
  const block = Buffer.alloc(BLOCK);
  while (end > 0) {
    const from = Math.max(0, end - BLOCK);
    const n = readSync(fd, block, 0, end - from, from);
    const newline = block.subarray(0, n).lastIndexOf(0x0a);
    if (newline >= 0) {
      end = from + newline + 1;
      break;
    }
    end = from;
  }
  if (end < size) {
    // One whole document without a line end is a result all the same.
    const tail = Buffer.alloc(Math.min(size - end, 4 << 20));
    readSync(fd, tail, 0, tail.length, end);
    if (isJson(tail.toString('utf8'))) {
      writeSync(fd, '\n');
      return size + 1;
    }
    ftruncateSync(fd, end);
  }
  return end;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
