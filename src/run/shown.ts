/** Foreign words and system codes as they may stand in a message of one line. */

/** @returns a word of a file, or a path, without anything that a terminal would obey. */
export const shown = (word: string): string => word.replace(/[^\p{L}\p{N} ._@:/+~-]/gu, '?').slice(0, 120);

/** What people call the codes. */
const MEANINGS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EACCES: 'not permitted',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a symbolic link; name the file itself',
  EEXIST: 'it exists already',
};

/** @returns "ENOSPC: the disk is full". */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
  const meaning = MEANINGS[code];
  return meaning === undefined ? code : `${code}: ${meaning}`;
}
