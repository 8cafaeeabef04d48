/** Our own errors: an id and the place, never the text of the error, which may hold anything (S-174). */
import { createHash } from 'node:crypto';

/** Prints one line on stderr. @returns the exit status 70. */
export function crashed(error: unknown): number {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frames = stack
    .split('\n')
    .filter((l) => /^\s+at /.test(l))
    .slice(0, 6)
    .map(
      (l) =>
        /at (?:async )?([\w$.<>[\] ]{1,80})(?: \(|$)/.exec(l)?.[1] ?? /([\w.-]{1,60}:\d{1,7}:\d{1,7})\)?$/.exec(l)?.[1] ?? '',
    )
    .filter((l) => l !== '');
  const id = createHash('sha256').update(frames.join('|')).digest('hex').slice(0, 8);
  const kind = error instanceof Error ? error.constructor.name : typeof error;
  process.stderr.write(
    `mailcheck: an error of our own (${kind}, id ${id}${frames.length > 0 ? `, in ${frames.slice(0, 3).join(' < ')}` : ''}); nothing you did. Report it with this line.\n`,
  );
  return 70;
}
