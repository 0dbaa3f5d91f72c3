import pLimit from 'p-limit';

/** After local trouble no more than half as many targets are under way; never fewer than this. */
const MIN_SLOTS = 8;
/** Targets that ended well before one slot is given back. */
const RECOVERY = 50;
/** Trouble comes in bursts of all that is under way; one burst is one piece of bad news. */
const TROUBLE_MS = 500;

/** Bounds the targets under way, of all shards together, without ever holding more promises than that. */
export interface Slots {
  /** Resolves when one more may start, or the signal aborted. The caller starts it at once. */
  whenFree(signal: AbortSignal): Promise<void>;
  run(work: () => Promise<void>): void;
  /** This machine ran out of something: fewer from now on, and slowly more again. */
  shrink(): void;
  readonly limit: number;
}

export function createSlots(concurrency: number, now: () => number = () => performance.now()): Slots {
  const limit = pLimit(concurrency);
  const waiters: (() => void)[] = [];
  let good = 0;
  let shrunkAt = Number.NEGATIVE_INFINITY;

  const release = () => {
    if (limit.concurrency < concurrency && ++good % RECOVERY === 0) limit.concurrency += 1;
    waiters.shift()?.();
  };

  return {
    get limit() {
      return limit.concurrency;
    },
    async whenFree(signal) {
      while (limit.activeCount >= limit.concurrency && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const wake = () => {
            signal.removeEventListener('abort', leave);
            resolve();
          };
          const leave = () => {
            waiters.splice(waiters.indexOf(wake), 1);
            wake();
          };
          waiters.push(wake);
          signal.addEventListener('abort', leave);
        });
      }
    },
    run(work) {
      // p-limit has counted the slot as free by the time that its own promise resolves.
      void limit(work).then(release);
    },
    shrink() {
      if (now() - shrunkAt < TROUBLE_MS) return;
      shrunkAt = now();
      limit.concurrency = Math.max(Math.min(MIN_SLOTS, concurrency), Math.floor(limit.concurrency / 2));
    },
  };
}
