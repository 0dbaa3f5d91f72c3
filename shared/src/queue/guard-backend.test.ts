import type { IQueueBackend } from 'bullmq';
import { describe, expect, it, vi } from 'vitest';
import { guardBackend } from './guard-backend.ts';
import { QueueError } from './queue-error.ts';
import { DEFAULT_LIMITS } from './queue-limits.ts';
import { SILENT_LOG } from './queue-log.ts';
import { createStoreHealth } from './store-health.ts';
import { createTakenJobs } from './taken-jobs.ts';

const CLAIM = [{ id: 'job' }, 'job', 0, 0];
const NOTHING = [null, '', 0, 0];
const away = new Error('Connection terminated unexpectedly');
const job = { id: 'job' } as Parameters<IQueueBackend['moveToCompleted']>[0];

// The order of events at issue here lasts microseconds on a real server; a scripted one holds it still.
function guarded() {
  const own = {
    moveToActive: vi.fn(async (): Promise<unknown[]> => CLAIM),
    moveToCompleted: vi.fn(async (): Promise<unknown> => ({ result: undefined, finishedOn: 1 })),
    moveToFailed: vi.fn(async (): Promise<unknown> => ({ result: undefined, finishedOn: 1 })),
    moveToDelayed: vi.fn(async (): Promise<unknown> => CLAIM),
    moveJobFromActiveToWait: vi.fn(async () => 0),
    moveStalledJobsToWait: vi.fn(async (): Promise<string[]> => []),
    extendLocks: vi.fn(async (): Promise<string[]> => []),
    waitForJob: vi.fn(async (): Promise<unknown> => null),
    reconnectBlocking: vi.fn(async () => undefined),
  };
  const jobs = createTakenJobs();
  const giveUp = new AbortController();
  const limits = { ...DEFAULT_LIMITS, retryMs: 1 };
  const health = createStoreHealth(SILENT_LOG, 'here');
  const guard = { queue: 'probe', jobs, health, limits, giveUp: giveUp.signal };
  const backend = guardBackend({ ...own } as unknown as IQueueBackend, guard);
  return { own, jobs, giveUp, backend };
}

describe('the guard of a worker’s back end', () => {
  it('knows a claimed message as taken until its answer is acknowledged', async () => {
    const { backend, jobs } = guarded();
    expect(await backend.moveToActive('token')).toBe(CLAIM);
    expect(jobs.find('job')).toMatchObject({ token: 'token', withdrawal: undefined });
    await backend.moveToCompleted(job, undefined, true, 'token', false);
    expect(jobs.size).toBe(0);
  });

  it('gives a claim back that arrives after the shut', async () => {
    const { backend, own, jobs } = guarded();
    const claiming = backend.moveToActive('token');
    jobs.setOpen(false);
    expect(await claiming).toEqual(NOTHING);
    expect(own.moveJobFromActiveToWait).toHaveBeenCalledWith('job', 'token');
    expect(jobs.size).toBe(0);
  });

  it('claims nothing after the shut', async () => {
    const { backend, own, jobs } = guarded();
    jobs.setOpen(false);
    expect(await backend.moveToActive('token')).toEqual(NOTHING);
    expect(own.moveToActive).not.toHaveBeenCalled();
  });

  it.each(['moveToCompleted', 'moveToFailed'] as const)(
    '%s asks for no further message after the shut',
    async (name) => {
      const { backend, own, jobs } = guarded();
      const finish = () =>
        name === 'moveToCompleted'
          ? backend.moveToCompleted(job, undefined, true, 'token', true)
          : backend.moveToFailed(job, 'reason', true, 'token', true);
      await finish();
      jobs.setOpen(false);
      await finish();
      expect(own[name].mock.calls.map((words: unknown[]) => words[4])).toEqual([true, false]);
    },
  );

  it.each(['moveToCompleted', 'moveToFailed'] as const)(
    '%s gives the next message back that comes with it after the shut',
    async (name) => {
      const { backend, own, jobs } = guarded();
      own[name].mockResolvedValue({ result: CLAIM, finishedOn: 1 });
      const other = { ...job, id: 'other' } as typeof job;
      const finishing =
        name === 'moveToCompleted'
          ? backend.moveToCompleted(other, undefined, true, 'token', true)
          : backend.moveToFailed(other, 'reason', true, 'token', true);
      jobs.setOpen(false);
      expect((await finishing).result).toBeUndefined();
      expect(own.moveJobFromActiveToWait).toHaveBeenCalledWith('job', 'token');
      expect(jobs.size).toBe(0);
    },
  );

  it('takes no message along when one goes back for later', async () => {
    const { backend, own } = guarded();
    expect(await backend.moveToDelayed('job', 1, 1, 'token', { fetchNext: true })).toBeUndefined();
    expect(own.moveToDelayed).toHaveBeenCalledWith('job', 1, 1, 'token', { fetchNext: false });
  });

  it('keeps a message that was claimed anew before its last answer was acknowledged', async () => {
    const { backend, own, jobs } = guarded();
    await backend.moveToActive('first');
    own.moveToDelayed.mockImplementation(async () => {
      await backend.moveToActive('second');
      return undefined;
    });
    await backend.moveToDelayed('job', 1, 1, 'first');
    expect(jobs.find('job')).toMatchObject({ token: 'second' });
  });

  it('takes a failed claim for an empty queue', async () => {
    const { backend, own, jobs } = guarded();
    own.moveToActive.mockRejectedValueOnce(away);
    expect(await backend.moveToActive('token')).toEqual(NOTHING);
    expect(jobs.size).toBe(0);
  });

  it('repeats an answer until the server takes it', async () => {
    const { backend, own } = guarded();
    own.moveToCompleted.mockRejectedValueOnce(away).mockRejectedValueOnce(away);
    await backend.moveToCompleted(job, undefined, true, 'token', false);
    expect(own.moveToCompleted).toHaveBeenCalledTimes(3);
  });

  it('does not repeat an answer that the server refuses for what it is', async () => {
    const { backend, own, jobs } = guarded();
    await backend.moveToActive('token');
    own.moveToCompleted.mockRejectedValue(new Error('Missing lock for job job. moveToFinished'));
    await expect(backend.moveToCompleted(job, undefined, true, 'token', false)).rejects.toThrow('Missing lock');
    expect(own.moveToCompleted).toHaveBeenCalledTimes(1);
    expect(jobs.size).toBe(0);
  });

  it('repeats no answer after it was told to give up', async () => {
    const { backend, own, giveUp } = guarded();
    own.moveToCompleted.mockImplementation(async () => {
      giveUp.abort();
      throw away;
    });
    await expect(backend.moveToCompleted(job, undefined, true, 'token', false)).rejects.toBe(away);
    expect(own.moveToCompleted).toHaveBeenCalledTimes(1);
  });

  it('withdraws a message whose lock is lost, but not one that is answered', async () => {
    const { backend, own, jobs } = guarded();
    await backend.moveToActive('token');
    const taken = jobs.find('job');
    own.extendLocks.mockResolvedValue(['job', 'unknown']);
    expect(await backend.extendLocks(['job'], ['token'], 1)).toEqual([]);
    expect(taken?.signal.reason).toBeInstanceOf(QueueError);
    expect(taken?.withdrawal?.code).toBe('QUEUE_JOB_LOST');

    await backend.moveToCompleted(job, undefined, true, 'token', false);
    await backend.moveToActive('token');
    const again = jobs.find('job');
    own.moveToCompleted.mockImplementation(() => backend.extendLocks(['job'], ['token'], 1));
    await backend.moveToCompleted(job, undefined, true, 'token', false);
    expect(again?.withdrawal).toBeUndefined();
  });

  it('bears a failed look for dead workers, a failed renewal and a failed wait', async () => {
    const { backend, own } = guarded();
    own.moveStalledJobsToWait.mockRejectedValue(away);
    own.extendLocks.mockRejectedValue(away);
    own.waitForJob.mockRejectedValue(away);
    expect(await backend.moveStalledJobsToWait()).toEqual([]);
    expect(await backend.extendLocks([], [], 1)).toEqual([]);
    expect(await backend.waitForJob(1)).toBeNull();
    expect(own.reconnectBlocking).toHaveBeenCalledTimes(1);
  });

  it('never sleeps longer than it is told', () => {
    expect(guarded().backend.maximumBlockTimeout).toBe(DEFAULT_LIMITS.idlePollMs / 1000);
  });
});
