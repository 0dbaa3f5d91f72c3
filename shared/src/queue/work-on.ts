import { UnrecoverableError, WaitingError } from 'bullmq';
import { toError } from '../errors/index.ts';
import type { MessageCodec } from './message-codec.ts';
import type { MessageJob } from './message-worker.ts';
import { FinalWorkError, QueueError } from './queue-error.ts';
import type { QueueLog } from './queue-log.ts';
import type { TakenJob, TakenJobs } from './taken-jobs.ts';

export interface WorkContext {
  /** Aborts when the work is no longer wanted here: the stop's grace is over, or another worker has the message. */
  readonly signal: AbortSignal;
  /** The id it was added with. */
  readonly id: string | undefined;
  /** 1 for the first delivery; more after a failure, a hand-back or the death of a worker. */
  readonly delivery: number;
}

/** Resolves when the work is stored: only then the message is taken off the queue. */
export type Handler<T> = (message: T, context: WorkContext) => Promise<void>;

export interface WorkRules<T> {
  queue: string;
  codec: MessageCodec<T>;
  handler: Handler<T>;
  /** Failures after which a message is given up. */
  attempts: number;
  onPoison: (raw: unknown, error: QueueError) => Promise<void> | void;
  onFailed: ((message: T, error: Error) => Promise<void> | void) | undefined;
  jobs: TakenJobs;
  log: QueueLog;
}

const MAX_REASON_LENGTH = 500;

/**
 * One delivery. Returning takes the message off the queue, a plain error brings it back later, UnrecoverableError
 * gives it up, and WaitingError tells BullMQ that it is already back or gone.
 */
export async function workOn<T>(job: MessageJob, rules: WorkRules<T>): Promise<void> {
  const id = job.id ?? '';
  const taken = rules.jobs.find(id);
  // Handed back between the claim and now.
  if (taken === undefined) throw new WaitingError();

  let message: { value: T } | undefined;
  try {
    message = await readOrReport(job, rules);
    if (message === undefined) return;
    await rules.handler(message.value, {
      signal: taken.signal,
      id: job.opts.deduplication?.id,
      delivery: Math.max(job.attemptsStarted, 1),
    });
  } catch (caught) {
    if (taken.withdrawal !== undefined) await letGo(job, taken, taken.withdrawal, rules);
    await failOrGiveUp(job, message, toError(caught), rules);
  }
}

/** The message, or undefined when it was none and the poison handler has it. */
async function readOrReport<T>(job: MessageJob, { codec, onPoison }: WorkRules<T>): Promise<{ value: T } | undefined> {
  let error: unknown;
  try {
    return { value: codec.parse(job.data) };
  } catch (caught) {
    error = caught;
  }
  if (!(error instanceof QueueError)) throw error;
  await onPoison(job.data, error);
  return undefined;
}

async function letGo<T>(job: MessageJob, taken: TakenJob, why: QueueError, { jobs }: WorkRules<T>): Promise<never> {
  if (why.code === 'QUEUE_JOB_HANDED_BACK') await job.moveToWait(taken.token);
  jobs.remove(taken);
  throw new WaitingError();
}

async function failOrGiveUp<T>(
  job: MessageJob,
  message: { value: T } | undefined,
  error: Error,
  rules: WorkRules<T>,
): Promise<never> {
  const isLast = error instanceof FinalWorkError || job.attemptsMade + 1 >= rules.attempts;
  const reason = toStorable(error);
  const fields = { queue: rules.queue, id: job.opts.deduplication?.id, attempt: job.attemptsMade + 1 };
  if (!isLast) {
    rules.log.warn(fields, `work on a message of ${rules.queue} failed and will be tried again: ${reason}`);
    throw toPlainError(new Error(reason));
  }
  // Told before the message is given up: who dies in between is told again, who is not told would wait for ever.
  if (message !== undefined) await rules.onFailed?.(message.value, error);
  rules.log.error(fields, `a message of ${rules.queue} is given up: ${reason}`);
  throw toPlainError(new UnrecoverableError(reason));
}

/** Text that every store can keep: PostgreSQL takes neither NUL nor half a surrogate pair, in text or in jsonb. */
function toStorable(error: Error): string {
  const text = `${error.name}: ${error.message}`.slice(0, MAX_REASON_LENGTH).replaceAll('\0', '\uFFFD');
  // UTF-8 has no half pairs: they come back as U+FFFD.
  return Buffer.from(text).toString();
}

/** The stack is stored with the job and tells nothing that the reason does not. */
function toPlainError(error: Error): Error {
  error.stack = `${error.name}: ${error.message}`;
  return error;
}
