import { fileURLToPath } from 'node:url';
import { FallbackChild, type FallbackEnd, type FallbackJob, type FallbackOrder } from './fallback-child.ts';

/** Targets that one child has in flight: all of them are lost with it. */
const MAX_IN_FLIGHT = 16;
/** Children at once. 64 targets in flight pass some 200 a second at Internet distances; a sweep meets 20 to 50. */
const MAX_CHILDREN = 4;
/** Children in a row that end before they are ready, until we believe that none can be started here. */
const MAX_FAILED_STARTS = 5;
/** Before the next start after a failed one. */
const START_AGAIN_MS = 200;
/** A child is replaced after this many targets, so that whatever native code leaks ends with it. */
const MAX_TARGETS_PER_CHILD = 1000;

// The child runs compiled, also where this file is run from its source.
const COMPILED_CHILD = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/fallback/child.js' : './child.js', import.meta.url),
);

export interface FallbackPool {
  /**
   * Looks at a target over node:tls, once a child has room for it: whoever waits holds back the scan that asked. Where no
   * child can be started it ends as `withdrawn`: the target had its first connection, and is not dialled again for ours.
   */
  run(order: FallbackOrder): Promise<FallbackEnd>;
  /** Asks the last gate again for all that is in flight. */
  recheck(): void;
  /** Ends the children; what was under way ends as `withdrawn`. */
  close(): Promise<void>;
}

/** Creates the pool; children are started as orders come. `childModule` is for tests. */
export function createFallbackPool(childModule: string = COMPILED_CHILD): FallbackPool {
  const waiting: FallbackJob[] = [];
  /** Jobs that were in flight when a child died. They go first, each alone in a child. */
  const suspects: FallbackJob[] = [];
  const children = new Set<FallbackChild>();
  let isClosed = false;
  let lastId = 0;
  let failedStarts = 0;
  let startAgain: NodeJS.Timeout | undefined;

  function next(): void {
    while (!isClosed && startAgain === undefined) {
      const queue = suspects.length > 0 ? suspects : waiting;
      const job = queue[0];
      const child = job === undefined ? undefined : findRoom(job);
      if (job === undefined || child === undefined) return;
      queue.shift();
      if (job.order.mayConnect()) child.hand(job);
      else job.resolve({ end: 'excluded' });
    }
  }

  function findRoom(job: FallbackJob): FallbackChild | undefined {
    const room = job.isSuspect ? 1 : MAX_IN_FLIGHT;
    for (const child of children) {
      const isFit = child.taken < MAX_TARGETS_PER_CHILD && !child.isWorkingAlone;
      if (isFit && child.jobs.size < room) return child;
    }
    if (children.size >= MAX_CHILDREN) return undefined;
    const started = new FallbackChild(childModule, { freed, died });
    children.add(started);
    return started;
  }

  function freed(child: FallbackChild): void {
    if (child.taken >= MAX_TARGETS_PER_CHILD && child.jobs.size === 0) {
      children.delete(child);
      child.dismiss();
    }
    next();
  }

  function died(child: FallbackChild, jobs: readonly FallbackJob[]): void {
    children.delete(child);
    failedStarts = child.isReady ? 0 : failedStarts + 1;
    for (const job of jobs) {
      if (isClosed) job.resolve({ end: 'withdrawn' });
      else if (!child.isReady && failedStarts < MAX_FAILED_STARTS) waiting.unshift(job);
      else if (!child.isReady) job.resolve({ end: 'withdrawn' });
      else if (job.isSuspect) job.resolve({ end: 'crashed' });
      else {
        job.isSuspect = true;
        suspects.push(job);
      }
    }
    if (!child.isReady && !isClosed) {
      startAgain ??= setTimeout(() => {
        startAgain = undefined;
        next();
      }, START_AGAIN_MS);
      return;
    }
    next();
  }

  return {
    run(order) {
      return new Promise((resolve, reject) => {
        if (isClosed) {
          resolve({ end: 'withdrawn' });
          return;
        }
        const { targetTimeoutMs: leftMs } = order.timeouts;
        waiting.push({
          id: ++lastId,
          order,
          resolve,
          reject,
          leftMs,
          handedAt: 0,
          isSuspect: false,
          isExcluded: false,
        });
        next();
      });
    },
    recheck() {
      for (const child of children) child.recheck();
    },
    async close() {
      isClosed = true;
      clearTimeout(startAgain);
      for (const job of [...waiting.splice(0), ...suspects.splice(0)]) job.resolve({ end: 'withdrawn' });
      await Promise.all([...children].map((child) => child.kill()));
    },
  };
}
