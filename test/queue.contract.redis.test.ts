import { createRedisBackend, Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll } from 'vitest';
import { describeQueueFaults } from './queue.contract.faults.ts';
import { describeQueue } from './queue.contract.ts';
import type { QueueServer } from './support/queue-server.ts';
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
