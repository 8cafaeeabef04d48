/**
 * Work side by side within two limits, all and per host. Waiting for a busy host takes no place from the others: a host that hangs
 * holds its own places only (S-188, S-189).
 */

/**
 * Takes jobs from a stream while fewer than `limit` are under way, so that memory stays flat however long the stream is.
 *
 * @param work one job; it must not reject for what the world does.
 * @param stop no new job is taken after it; what is under way ends by itself.
 * @throws what a job or the stream threw, after all that was under way has ended.
 */
export async function pool<T>(
  jobs: AsyncIterable<T>,
  limit: number,
  work: (job: T) => Promise<void>,
  stop: AbortSignal,
): Promise<void> {
  const failures: unknown[] = [];
  let running = 0;
  // Woken when a job ends: a race of all of them would hang on each a reaction for every other.
  let wake = () => {};
  const ended = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
    });
  const run = async (job: T): Promise<void> => {
    try {
      await work(job);
    } catch (error) {
      failures.push(error);
    }
    running -= 1;
    wake();
  };
  try {
    for await (const job of jobs) {
      if (stop.aborted || failures.length > 0) break;
      running += 1;
      void run(job);
      while (running >= limit) await ended();
    }
  } catch (error) {
    failures.push(error);
  }
  while (running > 0) await ended();
  if (failures.length > 0) throw failures[0];
}

/** Frees a place: over all hosts at once, with its host when `after` is over, since a server notices late that somebody left. */
export type Leave = (after?: Promise<void>) => void;

export interface Slots {
  /** Waits for a place with this host. @returns what frees it again; undefined where the run was stopped before. */
  enter(host: string): Promise<Leave | undefined>;
  /** Whoever waits is told that it is over. */
  stop(): void;
}

interface Host {
  held: number;
  readonly queue: ((leave: Leave | undefined) => void)[];
  listed: boolean;
}

/** @param all places over all hosts; @param each places with one host. Hosts that have work waiting take turns. */
export function slots(all: number, each: number): Slots {
  const hosts = new Map<string, Host>();
  const turns: string[] = [];
  let taken = 0;
  let over = false;

  const list = (name: string, host: Host) => {
    if (host.listed || host.queue.length === 0 || host.held >= each) return;
    host.listed = true;
    turns.push(name);
  };

  const leaver = (name: string, host: Host): Leave => {
    let left = false;
    const free = () => {
      host.held -= 1;
      list(name, host);
      if (host.held === 0 && host.queue.length === 0) hosts.delete(name);
      serve();
    };
    return (after) => {
      if (left) return;
      left = true;
      taken -= 1;
      if (after) {
        void after.then(free, free);
        serve();
      } else free();
    };
  };

  function serve(): void {
    while (taken < all) {
      const name = turns.shift();
      if (name === undefined) return;
      const host = hosts.get(name);
      if (!host) continue;
      host.listed = false;
      const next = host.queue.shift();
      if (!next) continue;
      host.held += 1;
      taken += 1;
      list(name, host);
      next(leaver(name, host));
    }
  }

  return {
    enter(name) {
      if (over) return Promise.resolve(undefined);
      const host = hosts.get(name) ?? { held: 0, queue: [], listed: false };
      hosts.set(name, host);
      return new Promise((resolve) => {
        host.queue.push(resolve);
        list(name, host);
        serve();
      });
    },
    stop() {
      over = true;
      for (const host of hosts.values()) for (const tell of host.queue.splice(0)) tell(undefined);
    },
  };
}
