import { MAX_BATCH_BYTES } from '../messages/index.ts';

const KIB = 1024;
const SECOND = 1000;
const DAY_SECONDS = 24 * 60 * 60;

/** Largest message as JSON, in UTF-8: one full batch of observations and the few fields beside it. */
export const MAX_MESSAGE_BYTES = MAX_BATCH_BYTES + KIB;

/** Longest id that a message may be added with. */
export const MAX_ID_LENGTH = 128;

/** A message that loses its worker this often without an answer is given up: it is likely what kills the workers. */
export const MAX_STALLED_COUNT = 100;

/** Given-up messages that are kept for people to look at. Each may be a full batch: 100 of them are 26 MB of Redis. */
export const KEEP_FAILED = { count: 100, age: 7 * DAY_SECONDS };

/** Nobody reads BullMQ's own events; its default of 10,000 a queue would be most of an idle Redis. */
export const MAX_EVENTS = 100;

export interface QueueLimits {
  /**
   * How long a taken message belongs to its worker without a sign of life, in ms. Renewed every quarter to half of it,
   * from the worker's own event loop: nothing that can block for long may share that loop. A killed worker's messages
   * come back after at most lockMs + stalledCheckMs.
   */
  lockMs: number;
  /** How often workers look for the messages of dead workers, in ms. */
  stalledCheckMs: number;
  /** Longest wait of an `add` or a count for the server, in ms. One that is known to be away is not waited for. */
  answerMs: number;
  /** Longest wait for the work under way when a processor stops, in ms; then it is aborted and handed back. */
  graceMs: number;
  /** Longest wait for aborted work to end, and again for the server to take it back, in ms. */
  abortMs: number;
  /** Pause of a worker after the server failed it, in ms, and between two tries to reach it. */
  retryMs: number;
  /** Longest sleep of an idle worker that no wake-up reached, in ms. */
  idlePollMs: number;
}

export const DEFAULT_LIMITS: QueueLimits = {
  lockMs: 30 * SECOND,
  stalledCheckMs: 5 * SECOND,
  answerMs: 10 * SECOND,
  graceMs: 20 * SECOND,
  abortMs: 2 * SECOND,
  retryMs: 500,
  idlePollMs: 2 * SECOND,
};
