/** UsageError: the person's mistake, before anything is sent. One line that says what to write instead; exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Interrupted before anything was checked: nothing is known; exit status 3. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
