import Type from 'typebox';
import { QUEUE_MESSAGES } from '../../shared/src/messages/index.ts';
import { createQueues, type QueueLimits, type QueueLog, type Queues } from '../../shared/src/queue/index.ts';

/** The product's own messages, and one of free text for what the product's cannot carry. */
export const TEST_MESSAGES = { ...QUEUE_MESSAGES, text: Type.Object({ text: Type.String() }) } as const;

/** Short where a test waits for a death to be noticed. */
export const SHORT_LIMITS: Partial<QueueLimits> = {
  lockMs: 1_000,
  stalledCheckMs: 200,
  retryMs: 50,
  idlePollMs: 200,
  answerMs: 3_000,
  graceMs: 10_000,
  abortMs: 300,
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
    limits: { ...SHORT_LIMITS, ...limits },
    ...(log !== undefined && { log }),
  });
}

/** A log that is kept, for tests of what people are told. */
export function createKeptLog(): QueueLog & { readonly lines: string[] } {
  const lines: string[] = [];
  const keep = (level: string) => (_fields: object, line: string) => {
    lines.push(`${level}: ${line}`);
  };
  return { lines, info: keep('info'), warn: keep('warn'), error: keep('error') };
}
