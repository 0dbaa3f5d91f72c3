import { toError } from '../errors/index.ts';
import { hasSettled } from './deadline.ts';
import { guardBackend } from './guard-backend.ts';
import type { MessageCodec } from './message-codec.ts';
import { MessageWorker } from './message-worker.ts';
import { QueueError } from './queue-error.ts';
import { KEEP_FAILED, MAX_STALLED_COUNT, type QueueLimits } from './queue-limits.ts';
import type { QueueLog } from './queue-log.ts';
import type { QueueStore } from './queue-store.ts';
import { createStoreHealth } from './store-health.ts';
import { createTakenJobs, type TakenJobs } from './taken-jobs.ts';
import { type Handler, workOn } from './work-on.ts';

export interface ProcessOptions<T> {
  /** Messages worked on at the same time. */
  concurrency: number;
  /** Failures after which a message is given up; 10 unless told. A worker's death is no failure. */
  attempts?: number;
  /** First pause before a failed message is tried again, in ms; doubled each time up to maxRetryMs. */
  firstRetryMs?: number;
  maxRetryMs?: number;
  /** In place of the limits of the same names, where work that is taken up twice costs little. */
  lockMs?: number;
  stalledCheckMs?: number;
  /** Is given what is not of the schema, as it came; then the message is spent. */
  onPoison: (raw: unknown, error: QueueError) => Promise<void> | void;
  /** Is given a message that is about to be given up. */
  onFailed?: (message: T, error: Error) => Promise<void> | void;
}

export interface Processor {
  /** Messages taken and not yet answered for. */
  readonly running: number;
  /** Takes no further message; those under way go on. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Pauses, and resolves when nothing is under way. */
  drain(): Promise<void>;
  /** Takes no further message, waits graceMs for those under way, then aborts them and hands them back. Idempotent. */
  close(options?: { graceMs?: number }): Promise<void>;
}

export interface ProcessorParts<T> {
  queue: string;
  store: QueueStore;
  codec: MessageCodec<T>;
  limits: QueueLimits;
  log: QueueLog;
}

/** Part of the pause before a retry that is random, so that what failed together does not come back together. */
const RETRY_JITTER = 0.5;

export function startProcessor<T>(
  { queue, store, codec, limits, log }: ProcessorParts<T>,
  handler: Handler<T>,
  options: ProcessOptions<T>,
): Processor {
  const { attempts = 10, firstRetryMs = 1_000, maxRetryMs = 30_000 } = options;
  const jobs = createTakenJobs();
  const health = createStoreHealth(log, store.server);
  const giveUp = new AbortController();
  const rules = { queue, codec, handler, attempts, jobs, log, onPoison: options.onPoison, onFailed: options.onFailed };

  const worker = new MessageWorker(
    queue,
    (job) => workOn(job, rules),
    {
      connection: 'work',
      concurrency: options.concurrency,
      lockDuration: options.lockMs ?? limits.lockMs,
      stalledInterval: options.stalledCheckMs ?? limits.stalledCheckMs,
      maxStalledCount: MAX_STALLED_COUNT,
      drainDelay: limits.idlePollMs / 1000,
      runRetryDelay: limits.retryMs,
      removeOnComplete: { count: 0 },
      removeOnFail: KEEP_FAILED,
      settings: {
        backoffStrategy: (attemptsMade) => {
          const pauseMs = Math.min(firstRetryMs * 2 ** (attemptsMade - 1), maxRetryMs);
          return Math.ceil(pauseMs * (1 - RETRY_JITTER * Math.random()));
        },
      },
    },
    (name, opts, use) =>
      guardBackend(store.createBackend(name, opts, use), { queue, jobs, health, limits, giveUp: giveUp.signal }),
  );
  worker.on('error', (error) => {
    if (giveUp.signal.aborted) return;
    if (health.failed(error) === undefined) log.warn({ queue }, `the worker of ${queue}: ${error.message}`);
  });
  worker.on('failed', (job, error) => {
    // Too many dead workers: BullMQ gives the message up without showing it to the handler.
    if (job?.deferredFailure !== undefined) reportStalled(job.data, error);
  });

  function reportStalled(raw: unknown, error: Error): void {
    log.error({ queue }, `a message of ${queue} is given up: ${error.message}`);
    let told: Promise<void> | void;
    try {
      told = options.onFailed?.(codec.parse(raw), error);
    } catch (caught) {
      log.error({ queue }, `nobody could be told of a given-up message of ${queue}: ${toError(caught).message}`);
      return;
    }
    Promise.resolve(told).catch((caught: unknown) => {
      log.error({ queue }, `nobody could be told of a given-up message of ${queue}: ${toError(caught).message}`);
    });
  }

  async function pause(): Promise<void> {
    jobs.setOpen(false);
    await worker.pause(true);
  }

  async function stop(graceMs: number): Promise<void> {
    await pause();
    if (!(await hasSettled(jobs.whenEmpty(), graceMs))) await handBack(queue, jobs, worker, limits, log);
    giveUp.abort();
    // PostgreSQL's wait for the next message ends by this alone, Redis' by the end of its connection too.
    await hasSettled(worker.getBackend().disconnectBlocking(false), limits.abortMs);
    if (!(await hasSettled(worker.close(true), limits.answerMs))) {
      log.warn({ queue }, `the worker of ${queue} left a connection behind: ${store.server} did not end it`);
    }
  }

  let stopping: Promise<void> | undefined;
  return {
    get running() {
      return jobs.size;
    },
    pause,
    async resume() {
      if (stopping !== undefined) return;
      jobs.setOpen(true);
      await worker.resume();
    },
    async drain() {
      await pause();
      await jobs.whenEmpty();
    },
    close({ graceMs = limits.graceMs } = {}) {
      stopping ??= stop(graceMs);
      return stopping;
    },
  };
}

/** Aborts what is under way, and gives back what does not end by itself. */
async function handBack(
  queue: string,
  jobs: TakenJobs,
  worker: MessageWorker,
  limits: QueueLimits,
  log: QueueLog,
): Promise<void> {
  const reason = new QueueError(
    'QUEUE_JOB_HANDED_BACK',
    `the worker of ${queue} stops; the message goes back to be delivered again`,
  );
  for (const { id } of jobs.list()) jobs.withdraw(id, reason);
  await hasSettled(jobs.whenEmpty(), limits.abortMs);
  const left = jobs.list();
  if (left.length === 0) return;
  log.warn({ queue }, `${left.length} messages of ${queue} go back while work on them has not ended`);
  const backend = worker.getBackend();
  await hasSettled(
    Promise.allSettled(left.map(({ id, token }) => backend.moveJobFromActiveToWait(id, token))),
    limits.abortMs,
  );
}
