import { randomBytes } from 'node:crypto';
import { type IQueueBackend, type JobsOptions, PRIORITY_LIMIT, Queue } from 'bullmq';
import { toError } from '../errors/index.ts';
import { hasSettled, withDeadline } from './deadline.ts';
import {
  createMessageCodec,
  type MessageCodec,
  type MessageOf,
  type QueueMessages,
  type QueueName,
} from './message-codec.ts';
import { createPostgresStore } from './postgres-store.ts';
import { QueueError } from './queue-error.ts';
import { DEFAULT_LIMITS, KEEP_FAILED, MAX_EVENTS, MAX_ID_LENGTH, type QueueLimits } from './queue-limits.ts';
import { type QueueLog, SILENT_LOG } from './queue-log.ts';
import { type ConnectionUse, type QueueStore, type StoreOptions, toShownServer } from './queue-store.ts';
import { createRedisStore } from './redis-store.ts';
import { type ProcessOptions, type Processor, startProcessor } from './start-processor.ts';
import { createStoreHealth } from './store-health.ts';
import { NEXT_STEP } from './store-trouble.ts';
import type { Handler } from './work-on.ts';

/** `duplicate`: a message with this id waits or is worked on; this one was dropped. */
export type EnqueueResult = 'added' | 'duplicate';

export interface AddOptions {
  /**
   * While a message with this id waits or is worked on, another is a duplicate. That is all: once it is done or given
   * up, the id is free again, so a handler must still bear to see a message twice.
   */
  id?: string;
  /** 1 to 2,097,151, the lowest first; messages without one go before all that have one. */
  priority?: number;
  /** Earliest delivery, in ms from now. */
  delayMs?: number;
}

/** When a scheduled message is added, in UTC: by cron's five fields, or every so many ms. */
export type Schedule = { cron: string } | { everyMs: number };

export interface QueuesOptions<M extends QueueMessages> {
  /** redis://, rediss:// or postgres:// */
  url: string;
  messages: M;
  log?: QueueLog;
  limits?: Partial<QueueLimits>;
}

export interface Queues<M extends QueueMessages> {
  readonly kind: QueueStore['kind'];
  /**
   * Resolves when the server has the message. Throws before anything is sent QUEUE_MESSAGE_INVALID, _TOO_LARGE,
   * _UNSTORABLE, QUEUE_ID_INVALID; and, at the latest after `limits.answerMs`, QUEUE_UNREACHABLE, _FULL, _FORBIDDEN or
   * QUEUE_ADD_FAILED. After QUEUE_UNREACHABLE the message may have arrived all the same.
   */
  add<Q extends QueueName<M>>(queue: Q, message: MessageOf<M, Q>, options?: AddOptions): Promise<EnqueueResult>;
  /**
   * From now on the message is added by the server's clock, again and again, as long as some process works on the queue.
   * A schedule of that id is replaced, so every process may set the same one at its start.
   */
  schedule<Q extends QueueName<M>>(queue: Q, id: string, when: Schedule, message: MessageOf<M, Q>): Promise<void>;
  /** Every message is delivered at least once, in order of arrival as a rule and not by promise. */
  process<Q extends QueueName<M>>(
    queue: Q,
    handler: Handler<MessageOf<M, Q>>,
    options: ProcessOptions<MessageOf<M, Q>>,
  ): Processor;
  /** Messages that no worker has taken, delayed ones included. */
  waiting(queue: QueueName<M>): Promise<number>;
  /** Closes every processor, then the connections. Idempotent. */
  close(): Promise<void>;
}

type StoreQueue = Queue<unknown, void, string, unknown, void, string, IQueueBackend, ConnectionUse>;

/** How often a message may be tried is its consumer's to say; BullMQ wants it said at the time of adding. */
const NO_LIMIT = 1_000_000;

/** Opens the queues at `url`. Throws a QueueError where the server cannot be used. */
export async function createQueues<M extends QueueMessages>(options: QueuesOptions<M>): Promise<Queues<M>> {
  const limits: QueueLimits = { ...DEFAULT_LIMITS, ...options.limits };
  const log = options.log ?? SILENT_LOG;
  const server = toShownServer(options.url);
  let isLeaving = false;
  // A server that is stopped while our last connections are closing is in nobody's way.
  const health = createStoreHealth(
    quietWhen(() => isLeaving, log),
    server,
  );
  const onWarning = (line: string) => log.warn({ server }, line);
  const store = createStore({ url: options.url, limits, onWarning, health });
  await store.open();

  const codecs = new Map<string, MessageCodec<unknown>>();
  const queues = new Map<string, StoreQueue>();
  const processors = new Set<Processor>();
  const pending = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  for (const [name, schema] of Object.entries(options.messages)) {
    codecs.set(name, createMessageCodec(name, schema));
    queues.set(name, openQueue(name, store, health.failed));
  }

  function find<V>(map: Map<string, V>, name: string): V {
    const found = map.get(name);
    if (closing !== undefined) throw new QueueError('QUEUE_CLOSED', `the queue ${name} at ${server} is closed`);
    if (found === undefined) throw new Error(`no queue is named ${name}; the messages name ${[...map.keys()]}`);
    return found;
  }

  /** One call to the server: bounded, and in trouble an error of ours. */
  async function ask<T>(name: string, what: string, call: () => Promise<T>): Promise<T> {
    const late = () =>
      new QueueError('QUEUE_UNREACHABLE', `${what} ${name}: no answer from ${server} in ${limits.answerMs} ms`);
    const asked = withDeadline(call(), limits.answerMs, late);
    pending.add(asked);
    try {
      const answer = await asked;
      health.answered();
      return answer;
    } catch (caught) {
      const code = health.failed(caught);
      if (caught instanceof QueueError) throw caught;
      const step = code === undefined ? 'see the cause' : NEXT_STEP[code];
      throw new QueueError(
        code ?? 'QUEUE_ADD_FAILED',
        `${what} ${name} at ${server}: ${toError(caught).message}; ${step}`,
        { cause: caught },
      );
    } finally {
      pending.delete(asked);
    }
  }

  async function shut(): Promise<void> {
    await Promise.all([...processors].map((processor) => processor.close()));
    await Promise.allSettled(pending);
    isLeaving = true;
    await Promise.all([...queues.values()].map((queue) => queue.close()));
    await hasSettled(store.close(), limits.answerMs);
  }

  return {
    kind: store.kind,
    async add(name, message, addOptions = {}) {
      const queue = find(queues, name);
      const bytes = find(codecs, name).measureSendable(message);
      const jobOptions = toJobOptions(addOptions);
      const job = await ask(name, 'adding to', async () => {
        await store.assertRoom(bytes);
        return queue.add(name, message, jobOptions);
      });
      return job.id === jobOptions.jobId ? 'added' : 'duplicate';
    },
    async schedule(name, id, when, message) {
      const queue = find(queues, name);
      find(codecs, name).measureSendable(message);
      const { jobId: _none, deduplication: _neither, ...opts } = toJobOptions({ id });
      const template = { name, data: message, opts };
      const repeat = 'cron' in when ? { pattern: when.cron, tz: 'UTC' } : { every: when.everyMs };
      await ask(name, 'scheduling for', () => queue.upsertJobScheduler(id, repeat, template));
    },
    process(name, handler, processOptions) {
      const codec = find(codecs, name) as MessageCodec<MessageOf<M, typeof name>>;
      const processor = startProcessor({ queue: name, store, codec, limits, log }, handler, processOptions);
      processors.add(processor);
      return processor;
    },
    async waiting(name) {
      const queue = find(queues, name);
      return ask(name, 'counting', () => queue.getJobCountByTypes('waiting', 'prioritized', 'delayed'));
    },
    close() {
      closing ??= shut();
      return closing;
    },
  };
}

function createStore(options: StoreOptions): QueueStore {
  const { protocol } = new URL(options.url);
  if (protocol === 'redis:' || protocol === 'rediss:') return createRedisStore(options);
  if (protocol === 'postgres:' || protocol === 'postgresql:') return createPostgresStore(options);
  throw new QueueError(
    'QUEUE_URL_INVALID',
    `the queue address begins with ${protocol}//; write redis://, rediss:// or postgres://`,
  );
}

function quietWhen(isQuiet: () => boolean, log: QueueLog): QueueLog {
  return {
    info(fields, line) {
      if (!isQuiet()) log.info(fields, line);
    },
    warn(fields, line) {
      if (!isQuiet()) log.warn(fields, line);
    },
    error(fields, line) {
      if (!isQuiet()) log.error(fields, line);
    },
  };
}

function openQueue(name: string, store: QueueStore, onError: (error: unknown) => void): StoreQueue {
  const queue: StoreQueue = new Queue(
    name,
    { connection: 'add', streams: { events: { maxLen: MAX_EVENTS } } },
    store.createBackend,
  );
  queue.on('error', onError);
  return queue;
}

/**
 * The id goes into BullMQ's deduplication, not into its job id: that one stays taken by a message that was given up,
 * for as long as that is kept, and BullMQ does not tell a dropped add from a kept one. The random job id does both,
 * and it spares PostgreSQL a sequence made on first use, for which the prober's role has no right.
 */
function toJobOptions({ id, priority, delayMs }: AddOptions): JobsOptions & { jobId: string } {
  if (id !== undefined && (id.length > MAX_ID_LENGTH || !/^[\w.-]+$/.test(id))) {
    throw new QueueError(
      'QUEUE_ID_INVALID',
      `the message id ${JSON.stringify(id.slice(0, MAX_ID_LENGTH))} must be 1 to ${MAX_ID_LENGTH} of a-z A-Z 0-9 _ . -`,
    );
  }
  if (priority !== undefined && !(Number.isInteger(priority) && priority >= 1 && priority <= PRIORITY_LIMIT)) {
    throw new RangeError(`priority ${priority} must be a whole number from 1 to ${PRIORITY_LIMIT}`);
  }
  if (delayMs !== undefined && !(Number.isSafeInteger(delayMs) && delayMs >= 0)) {
    throw new RangeError(`delayMs ${delayMs} must be a whole number of milliseconds, 0 or more`);
  }
  return {
    jobId: `${id ?? 'm'}.${randomBytes(9).toString('base64url')}`,
    ...(id !== undefined && { deduplication: { id } }),
    ...(priority !== undefined && { priority }),
    ...(delayMs !== undefined && delayMs > 0 && { delay: delayMs }),
    attempts: NO_LIMIT,
    backoff: { type: 'custom' },
    removeOnComplete: true,
    removeOnFail: KEEP_FAILED,
  };
}
