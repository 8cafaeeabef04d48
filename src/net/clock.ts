/** Time: one absolute deadline per stage, which no trickle of bytes extends, and one timer for all that waits for it. */

export type Late = (why: 'timeout' | 'interrupted') => void;

export interface Clock {
  /** Monotonic milliseconds. */
  now(): number;
  /** The deadline of operations that begin now. */
  until(): number;
  /** Sets it, in milliseconds from now. Operations under way keep the deadline under which they began. */
  set(ms: number): void;
  /** Calls `late` once, at `at` or when the run is interrupted. @returns a function that calls it off. */
  wait(at: number, late: Late): () => void;
  /** Interrupts whoever still waits and frees the timer. */
  stop(): void;
}

/** Where nobody set a deadline. */
const DEFAULT_MS = 10_000;

interface Waiter {
  readonly at: number;
  readonly late: Late;
}

/** One listener for each signal, however many clocks hang on it. */
const interrupts = new WeakMap<AbortSignal, Set<() => void>>();

function onAbort(signal: AbortSignal, act: () => void): () => void {
  let acts = interrupts.get(signal);
  if (!acts) {
    const fresh = new Set<() => void>();
    signal.addEventListener('abort', () => {
      for (const a of [...fresh]) a();
    });
    interrupts.set(signal, fresh);
    acts = fresh;
  }
  acts.add(act);
  return () => acts.delete(act);
}

/** @returns a clock whose waiters are interrupted by `signal`. Its one timer keeps the process alive until it rings or the clock is stopped. */
export function createClock(signal: AbortSignal): Clock {
  const waiters = new Set<Waiter>();
  let deadline: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let armedFor = Number.POSITIVE_INFINITY;
  let stopped = false;
  const now = () => performance.now();

  function arm(at: number): void {
    // The timer stays armed for the next one: one timer a stage, not one a read.
    if (timer !== undefined && armedFor <= at) return;
    if (timer !== undefined) clearTimeout(timer);
    armedFor = at;
    timer = setTimeout(ring, Math.min(2 ** 31 - 1, Math.max(0, Math.ceil(at - now()))));
  }

  function ring(): void {
    timer = undefined;
    armedFor = Number.POSITIVE_INFINITY;
    const at = now();
    let next = Number.POSITIVE_INFINITY;
    for (const w of [...waiters]) {
      if (w.at <= at) {
        waiters.delete(w);
        w.late('timeout');
      } else if (waiters.has(w)) next = Math.min(next, w.at);
    }
    if (next < Number.POSITIVE_INFINITY && !stopped) arm(next);
  }

  const interrupt = () => {
    for (const w of [...waiters]) {
      waiters.delete(w);
      w.late('interrupted');
    }
  };
  const forget = onAbort(signal, interrupt);

  return {
    now,
    until: () => deadline ?? now() + DEFAULT_MS,
    set(ms) {
      deadline = now() + ms;
    },
    wait(at, late) {
      const w = { at, late };
      waiters.add(w);
      if (signal.aborted || stopped) queueMicrotask(() => waiters.delete(w) && late('interrupted'));
      else arm(at);
      return () => void waiters.delete(w);
    },
    stop() {
      stopped = true;
      forget();
      if (timer !== undefined) clearTimeout(timer);
      timer = undefined;
      interrupt();
    },
  };
}
