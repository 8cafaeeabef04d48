/** A pool: so many jobs at once, taken from a stream only as places fall free, so that memory stays flat. */

/**
 * @param jobs the stream of jobs; it is read one ahead at most.
 * @param limit how many run at once.
 * @param work one job; it must not reject for what the world does.
 * @param signal no new job is taken after it is aborted; what runs finishes.
 */
export async function pool<T>(
  jobs: AsyncIterable<T>,
  limit: number,
  work: (job: T) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const running = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  for await (const job of jobs) {
    if (signal.aborted || failure) break;
    const p: Promise<void> = work(job).then(
      () => void running.delete(p),
      (error: unknown) => {
        failure ??= { error };
        running.delete(p);
      },
    );
    running.add(p);
    if (running.size >= limit) await Promise.race(running);
  }
  await Promise.all(running);
  if (failure) throw failure.error;
}

/** At most `limit` holders of one key at once; waiters are served in order. */
export function gates(limit: number): { enter(key: string): Promise<() => void> } {
  const open = new Map<string, { held: number; readonly queue: (() => void)[] }>();
  return {
    async enter(key) {
      const gate = open.get(key) ?? { held: 0, queue: [] };
      open.set(key, gate);
      if (gate.held >= limit) await new Promise<void>((resolve) => gate.queue.push(resolve));
      else gate.held += 1;
      return () => {
        const next = gate.queue.shift();
        if (next) next();
        else {
          gate.held -= 1;
          if (gate.held === 0) open.delete(key);
        }
      };
    },
  };
}

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly total: number;
}

/** True where an account belongs to the shard: by a hash of its key (FNV-1a), so that order and additions do not move the others. */
export function inShard(key: string, shard: Shard | undefined): boolean {
  if (!shard) return true;
  let h = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) h = Math.imul(h ^ key.charCodeAt(i), 0x01000193) >>> 0;
  return h % shard.total === shard.index - 1;
}
