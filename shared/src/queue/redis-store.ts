import { createRedisBackend, type KeyPrefixOptions, type QueueBaseOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { toError } from '../errors/index.ts';
import { hasSettled, withDeadline } from './deadline.ts';
import { QueueError } from './queue-error.ts';
import { type ConnectionUse, type QueueStore, type StoreOptions, toShownServer } from './queue-store.ts';
import { createRedisRoom, readInfo } from './redis-room.ts';
import { NEXT_STEP, readStoreTrouble } from './store-trouble.ts';

/** First part of every key: the server may be shared with others. */
const KEY_PREFIX = 'kubecensus';

/** LPOS (6.0.6) and the exact time-outs of blocking reads (6.0) that BullMQ counts on. */
const OLDEST_VERSION = [6, 2] as const;

export function createRedisStore({ url, limits, onWarning, health }: StoreOptions): QueueStore {
  const server = toShownServer(url);
  const shared = {
    connectTimeout: limits.answerMs,
    keepAlive: 10_000,
    retryStrategy: (times: number) => Math.min(100 * 2 ** times, 2_000),
    // After a failover the old address may lead to what is now a replica; only a new connection finds the new primary.
    reconnectOnError: (error: Error) => error.message.includes('READONLY'),
  };
  // One connection for all adds of this process. Without the offline queue an add fails at once when Redis is away.
  const adding = new Redis(url, {
    ...shared,
    lazyConnect: true,
    enableOfflineQueue: false,
    commandTimeout: limits.answerMs,
    maxRetriesPerRequest: 0,
  });
  // The version was asked once, by open(); BullMQ would ask again, and never again if that failed.
  const toRedisOptions = (opts: QueueBaseOptions<ConnectionUse>): QueueBaseOptions & KeyPrefixOptions => ({
    ...opts,
    prefix: KEY_PREFIX,
    ...(opts.connection === 'add'
      ? { connection: adding, skipVersionCheck: true }
      : { connection: { ...shared, url, maxRetriesPerRequest: null } }),
  });
  // A failed connect() says no more than "closed"; the reason comes as an event before.
  let isOpen = false;
  let reason: Error | undefined;
  adding.on('error', (error) => {
    if (isOpen) health.failed(error);
    else reason = error;
  });
  adding.on('ready', () => health.answered());
  const room = createRedisRoom(server, () => adding.info('memory'));

  return {
    kind: 'redis',
    server,
    createBackend: (name, opts, use) => createRedisBackend(name, toRedisOptions(opts), use),
    async open() {
      try {
        await withDeadline(
          adding.connect(),
          limits.answerMs,
          () => new QueueError('QUEUE_UNREACHABLE', `no answer from ${server} in ${limits.answerMs} ms`),
        );
        assertFit(server, await adding.info(), onWarning);
        isOpen = true;
      } catch (caught) {
        adding.disconnect();
        if (caught instanceof QueueError) throw caught;
        const cause = toError(reason ?? caught);
        const code = readStoreTrouble(cause) ?? 'QUEUE_UNREACHABLE';
        throw new QueueError(code, `no use of ${server}: ${cause.message}; ${NEXT_STEP[code]}`, { cause });
      }
    },
    assertRoom: (bytes) => room.assertRoom(bytes),
    async close() {
      if (adding.status === 'end' || adding.status === 'wait') return;
      const ended = new Promise((resolve) => {
        adding.once('end', resolve);
      });
      const isConnected = adding.status === 'ready';
      adding.disconnect();
      if (isConnected) await hasSettled(ended, limits.abortMs);
    },
  };
}

/** Refuses a server that throws messages away, and warns of one that forgets them when it restarts. */
export function assertFit(server: string, info: string, onWarning: (line: string) => void): void {
  const fields = readInfo(info);
  const version = fields.get('redis_version') ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (version !== '' && (major < OLDEST_VERSION[0] || (major === OLDEST_VERSION[0] && minor < OLDEST_VERSION[1]))) {
    throw new QueueError(
      'QUEUE_SERVER_UNFIT',
      `${server} is Redis ${version}; ${OLDEST_VERSION.join('.')} is the oldest that serves, upgrade it`,
    );
  }
  const policy = fields.get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    throw new QueueError(
      'QUEUE_SERVER_UNFIT',
      `${server} has maxmemory-policy ${policy} and would throw observations away when it is full; set it to noeviction`,
    );
  }
  if (fields.get('aof_enabled') !== '1') {
    onWarning(`${server} keeps no append-only file, so its restart loses what waits; set appendonly yes`);
  }
}
