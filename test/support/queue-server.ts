import Type from 'typebox';
import { QUEUE_MESSAGES } from '../../shared/src/messages/index.ts';
import { createQueues, type QueueLimits, type QueueLog, type Queues } from '../../shared/src/queue/index.ts';
import { createInbox } from './inbox.ts';

/** The product's own messages, and one of free text for what the product's cannot carry. */
export const TEST_MESSAGES = { ...QUEUE_MESSAGES, text: Type.Object({ text: Type.String() }) } as const;

/** For tests that wait for a lock to run out; too short for the others on a busy machine. */
export const SHORT_LOCK: Partial<QueueLimits> = { lockMs: 1_000 };

const TEST_LIMITS: Partial<QueueLimits> = {
  lockMs: 20_000,
  stalledCheckMs: 200,
  retryMs: 50,
  idlePollMs: 200,
  graceMs: 10_000,
  abortMs: 500,
};

/** A server that keeps queues, and what can befall it. */
export interface QueueServer {
  readonly url: string;
  stop(): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** From now on it takes no message; until makeRoom(). */
  fill(): Promise<void>;
  makeRoom(): Promise<void>;
  /** Puts a message that no codec has seen. */
  putRaw(queue: string, data: unknown): Promise<void>;
  /** Takes every message under way from its worker, as if that had been found dead. */
  breakLocks(queue: string): Promise<void>;
  /** Forgets every message. */
  clear(): Promise<void>;
}

export type TestQueues = Queues<typeof TEST_MESSAGES>;

export function openTestQueues(url: string, log?: QueueLog, limits: Partial<QueueLimits> = {}): Promise<TestQueues> {
  return createQueues({
    url,
    messages: TEST_MESSAGES,
    limits: { ...TEST_LIMITS, ...limits },
    ...(log !== undefined && { log }),
  });
}

export interface KeptLog extends QueueLog {
  readonly lines: readonly string[];
  /** Resolves when a line says it. */
  until(said: string): Promise<unknown>;
}

/** A log that is kept, for tests of what people are told. */
export function createKeptLog(): KeptLog {
  const inbox = createInbox<string>();
  const keep = (level: string) => (_fields: object, line: string) => inbox.put(`${level}: ${line}`);
  return {
    lines: inbox.items,
    until: (said) => inbox.until((line) => line.includes(said)),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
  };
}
