import type { IQueueBackend } from 'bullmq';
import { pauseFor } from './deadline.ts';
import { QueueError } from './queue-error.ts';
import type { QueueLimits } from './queue-limits.ts';
import type { StoreHealth } from './store-health.ts';
import type { TakenJobs } from './taken-jobs.ts';

export interface Guard {
  queue: string;
  jobs: TakenJobs;
  health: StoreHealth;
  limits: QueueLimits;
  /** Aborts when the worker is being torn down: no answer is tried again after that. */
  giveUp: AbortSignal;
}

/** BullMQ's form of "nothing to do": job data, id, ms of rate limit, instant of the next delayed job. */
const NOTHING = [null, '', 0, 0];

/**
 * Puts our discipline between a BullMQ worker and its server, by replacing methods of the worker's own back end.
 *
 * - A claim that fails counts as an empty queue, after a pause. BullMQ tries again at once for every failure but a
 *   refused connection, which is a busy loop against a server that is starting up.
 * - An answer (done, failed, again later) is repeated until the server takes it. BullMQ takes a lost connection at that
 *   moment for a failure of the work and repeats the work.
 * - No job is started after a shut: BullMQ's own `pause` lets the claim that is under way through.
 * - Sleep is bounded: after a failed wait BullMQ sleeps up to an hour on PostgreSQL, trusting its wake-up to arrive.
 */
export function guardBackend(backend: IQueueBackend, guard: Guard): IQueueBackend {
  const { jobs, health, limits, giveUp, queue } = guard;
  const own = {
    moveToActive: backend.moveToActive.bind(backend),
    moveToCompleted: backend.moveToCompleted.bind(backend),
    moveToFailed: backend.moveToFailed.bind(backend),
    moveToDelayed: backend.moveToDelayed.bind(backend),
    moveJobFromActiveToWait: backend.moveJobFromActiveToWait.bind(backend),
    moveStalledJobsToWait: backend.moveStalledJobsToWait.bind(backend),
    extendLocks: backend.extendLocks.bind(backend),
    waitForJob: backend.waitForJob.bind(backend),
  };

  /** The result of a call, or `otherwise` if the server failed it. */
  async function orElse<T>(call: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      const result = await call();
      health.answered();
      return result;
    } catch (caught) {
      // Torn down: the connection was ended on purpose.
      if (giveUp.aborted) return otherwise;
      if (health.failed(caught) === undefined) throw caught;
      return otherwise;
    }
  }

  /** The result of a call that is repeated until the server takes it or the worker is torn down. */
  async function untilTaken<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const result = await call();
        health.answered();
        return result;
      } catch (caught) {
        if (giveUp.aborted || health.failed(caught) === undefined) throw caught;
        await pauseFor(limits.retryMs, giveUp);
      }
    }
  }

  /** Takes note of a claimed job, or gives it back when none is wanted any more. */
  async function keepClaim<R extends unknown[] | undefined>(result: R, token: string): Promise<R | undefined> {
    if (!Array.isArray(result) || !result[0]) return result;
    const id = String(result[1]);
    if (jobs.isOpen) {
      jobs.add(id, token);
      return result;
    }
    await orElse(() => own.moveJobFromActiveToWait(id, token), 0);
    return undefined;
  }

  async function answer<T>(id: string, call: () => Promise<T>): Promise<T> {
    const job = jobs.find(id);
    if (job === undefined) return untilTaken(call);
    jobs.answer(job);
    try {
      return await untilTaken(call);
    } finally {
      jobs.remove(job);
    }
  }

  backend.moveToActive = async (token, name) => {
    if (!jobs.isOpen) return NOTHING;
    const result = await orElse<unknown[] | undefined>(() => own.moveToActive(token, name), undefined);
    if (result === undefined) await pauseFor(limits.retryMs, giveUp);
    return (await keepClaim(result, token)) ?? NOTHING;
  };

  backend.moveToCompleted = (job, value, keep, token, fetchNext) =>
    answer(job.id ?? '', async () => {
      const moved = await own.moveToCompleted(job, value, keep, token, fetchNext && jobs.isOpen);
      return { ...moved, result: await keepClaim(moved.result ?? undefined, token) };
    });

  backend.moveToFailed = (job, reason, keep, token, fetchNext, fields) =>
    answer(job.id ?? '', async () => {
      const moved = await own.moveToFailed(job, reason, keep, token, fetchNext && jobs.isOpen, fields);
      return { ...moved, result: await keepClaim(moved.result ?? undefined, token) };
    });

  // The next job is claimed by itself: PostgreSQL's back end would claim it through the method above, unseen here.
  backend.moveToDelayed = (id, timestamp, delay, token, options) =>
    answer(id, async () => {
      await own.moveToDelayed(id, timestamp, delay, token, { ...options, fetchNext: false });
    });

  backend.moveJobFromActiveToWait = (id, token) => answer(id, () => own.moveJobFromActiveToWait(id, token));

  // A failed check is made up for by the next one; BullMQ would sleep for 5 s, which no close can end.
  backend.moveStalledJobsToWait = () => orElse(() => own.moveStalledJobsToWait(), []);

  backend.extendLocks = async (ids, tokens, duration) => {
    const lost = await orElse(() => own.extendLocks(ids, tokens, duration), []);
    for (const id of lost) {
      const reason = new QueueError('QUEUE_JOB_LOST', `message ${id} of ${queue} now belongs to another worker; stop`);
      jobs.withdraw(id, reason);
    }
    return [];
  };

  backend.waitForJob = async (seconds) => {
    const found = await orElse<Awaited<ReturnType<typeof own.waitForJob>> | undefined>(
      () => own.waitForJob(seconds),
      undefined,
    );
    if (found !== undefined) return found;
    if (giveUp.aborted) return null;
    await pauseFor(limits.retryMs, giveUp);
    await orElse(() => backend.reconnectBlocking(), undefined);
    return null;
  };

  Object.defineProperty(backend, 'maximumBlockTimeout', { value: limits.idlePollMs / 1000 });
  return backend;
}
