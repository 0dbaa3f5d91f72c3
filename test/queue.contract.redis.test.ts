import { createRedisBackend, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeQueueFaults } from './queue.contract.faults.ts';
import { describeQueue } from './queue.contract.ts';
import { createInbox } from './support/inbox.ts';
import { openTestQueues, type QueueServer } from './support/queue-server.ts';
import { startTestRedis, type TestRedis } from './support/redis.ts';

const PREFIX = 'kubecensus';
let redis: TestRedis;

async function withClient(use: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(redis.url);
  try {
    await use(client);
  } finally {
    client.disconnect();
  }
}

async function putRaw(queue: string, data: unknown): Promise<void> {
  const raw = new Queue(queue, { connection: { url: redis.url }, prefix: PREFIX }, createRedisBackend);
  try {
    await raw.add(queue, data, { attempts: 100, backoff: { type: 'custom' } });
  } finally {
    await raw.close();
  }
}

function breakLocks(queue: string): Promise<void> {
  return withClient(async (client) => {
    const locks = await client.keys(`${PREFIX}:${queue}:*:lock`);
    await client.del(...locks);
  });
}

const server: QueueServer = {
  get url() {
    return redis.url;
  },
  stop: () => redis.stop(),
  kill: () => redis.kill(),
  start: () => redis.start(),
  fill: () => withClient((client) => client.config('SET', 'maxmemory', '1')),
  makeRoom: () => withClient((client) => client.config('SET', 'maxmemory', '0')),
  putRaw,
  breakLocks,
  clear: () => withClient((client) => client.flushall()),
};

beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.close());

describeQueue('Redis', () => server);
describeQueueFaults('Redis', () => server);

it('a Redis that takes no more messages can still be emptied', async () => {
  const small = await startTestRedis({ maxmemory: '4mb' });
  const queues = await openTestQueues(small.url);
  try {
    let added = 0;
    const fill = async () => {
      for (; added < 20_000; added += 1) await queues.add('probe', { scanId: '1', shardNumber: added });
    };
    await expect(fill()).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    const inbox = createInbox<number>();
    queues.process('probe', async ({ shardNumber }) => inbox.put(shardNumber), {
      concurrency: 10,
      onPoison: (_raw, error) => {
        throw error;
      },
    });
    await inbox.until(added);
    expect(await queues.add('probe', { scanId: '1', shardNumber: added })).toBe('added');
  } finally {
    await queues.close();
    await small.close();
  }
});

it('text that is not JSON reaches the poison handler as it stands', async () => {
  const queues = await openTestQueues(redis.url);
  const poison = createInbox<unknown>();
  try {
    await putRaw('probe', {});
    await withClient(async (client) => {
      const [job = ''] = await client.lrange(`${PREFIX}:probe:wait`, 0, -1);
      await client.hset(`${PREFIX}:probe:${job}`, 'data', '{"scanId":');
    });
    queues.process('probe', async () => {}, { concurrency: 1, onPoison: (raw) => poison.put(raw) });
    expect(await poison.until(1)).toEqual(['{"scanId":']);
  } finally {
    await queues.close();
    await server.clear();
  }
});
