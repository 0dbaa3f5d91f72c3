import type { BackendFactory, IQueueBackend } from 'bullmq';
import { QueueError } from './queue-error.ts';
import type { QueueLimits } from './queue-limits.ts';
import type { StoreHealth } from './store-health.ts';

/** What a connection is for: adding fails at once when the server is away, working waits for it to come back. */
export type ConnectionUse = 'add' | 'work';

/** A server that keeps queues, behind BullMQ's contract for back ends. */
export interface QueueStore {
  readonly kind: 'redis' | 'postgresql';
  /** Address for people, without user and password. */
  readonly server: string;
  /** Last constructor argument of BullMQ's classes; their `connection` option is the use. */
  readonly createBackend: BackendFactory<IQueueBackend, ConnectionUse>;
  /** First contact. Throws QUEUE_UNREACHABLE, QUEUE_FORBIDDEN, QUEUE_SERVER_UNFIT or QUEUE_SCHEMA_MISSING. */
  open(): Promise<void>;
  /** Before `bytes` are added. Throws QUEUE_FULL when what is left of the room is for those who take messages off. */
  assertRoom(bytes: number): Promise<void>;
  /** Ends the connections that add. Those that work are ended by their worker. */
  close(): Promise<void>;
}

export interface StoreOptions {
  url: string;
  limits: QueueLimits;
  /** Hears of what people should know of this server though it can be used. */
  onWarning: (line: string) => void;
  /** Hears of lost connections. */
  health: StoreHealth;
}

/** The address without user, password and parameters; throws QUEUE_URL_INVALID without repeating a secret. */
export function toShownServer(url: string): string {
  if (!URL.canParse(url)) {
    throw new QueueError(
      'QUEUE_URL_INVALID',
      'the queue address cannot be read; write redis://host:6379 or postgres://user@host:5432/database',
    );
  }
  const { protocol, host, pathname } = new URL(url);
  // A socket's directory stands escaped where the host belongs.
  return `${protocol}//${decodeURIComponent(host)}${pathname}`;
}
