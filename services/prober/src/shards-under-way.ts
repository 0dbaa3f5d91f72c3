import { toError } from '@kubecensus/shared/errors';
import type { Logger } from '@kubecensus/shared/log';

/** Shards that this process has, whether their message is still held or answered. */
export interface ShardsUnderWay {
  /**
   * Runs the work on a shard and resolves when every target of it was dialled, or when it ended before; the rest of it
   * goes on by itself. Rejects where it failed before that.
   */
  begin(signal: AbortSignal, work: (signal: AbortSignal, fed: () => void) => Promise<void>): Promise<void>;
  /** Resolves when another shard may begin. */
  whenRoom(): Promise<void>;
  /** Waits `graceMs` for all of them, then tells the rest to stop, and waits for that. */
  drain(graceMs: number): Promise<void>;
}

export function createShardsUnderWay(limit: number, log: Pick<Logger, 'warn'>): ShardsUnderWay {
  const running = new Set<Promise<void>>();
  const stop = new AbortController();

  return {
    async begin(signal, work) {
      const own = new AbortController();
      const end = () => own.abort();
      for (const from of [signal, stop.signal]) {
        if (from.aborted) end();
        from.addEventListener('abort', end, { once: true });
      }
      let hasReturned = false;
      await new Promise<void>((resolve, reject) => {
        const whole = work(own.signal, resolve).then(resolve, (caught: unknown) => {
          if (!hasReturned) return reject(toError(caught));
          log.warn(
            { err: toError(caught) },
            `a shard was left as it was: ${toError(caught).message}; its lease runs out`,
          );
        });
        const tracked = whole.finally(() => {
          running.delete(tracked);
          for (const from of [signal, stop.signal]) from.removeEventListener('abort', end);
        });
        running.add(tracked);
      }).finally(() => {
        hasReturned = true;
      });
    },
    async whenRoom() {
      while (running.size >= limit) await Promise.race(running);
    },
    async drain(graceMs) {
      const timer = setTimeout(() => stop.abort(), graceMs);
      await Promise.all(running);
      clearTimeout(timer);
    },
  };
}
