import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import { createKeptLog, openTestQueues } from '../../../test/support/queue-server.ts';
import { startTestRedis } from '../../../test/support/redis.ts';
import { assertFit } from './redis-store.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function startRedis(settings: Record<string, string> = {}) {
  const redis = await startTestRedis(settings);
  ends.push(() => redis.close());
  return redis;
}

/** A port that takes connections and never says a word. */
async function startMute(): Promise<number> {
  const mute = createServer();
  const sockets = new Set<{ destroy(): void }>();
  mute.on('connection', (socket) => sockets.add(socket));
  mute.listen(0, '127.0.0.1');
  await once(mute, 'listening');
  ends.push(async () => {
    for (const socket of sockets) socket.destroy();
    mute.close();
    await once(mute, 'close');
  });
  const address = mute.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('opening the queues', () => {
  it.each([
    ['nonsense', 'the queue address cannot be read'],
    ['http://127.0.0.1:6379', 'the queue address begins with http://'],
    ['mysql://root:secret@127.0.0.1/x', 'the queue address begins with mysql://'],
  ])('refuses the address %s', async (url, line) => {
    const opening = openTestQueues(url);
    await expect(opening).rejects.toMatchObject({ code: 'QUEUE_URL_INVALID', exitCode: 2 });
    await expect(opening).rejects.toThrow(line);
    await expect(opening).rejects.not.toThrow('secret');
  });

  it.each(['redis', 'rediss', 'postgres'])('says that nobody listens at a %s address', async (scheme) => {
    const log = createKeptLog();
    const opening = openTestQueues(`${scheme}://user:secret@127.0.0.1:1/0`, log);
    await expect(opening).rejects.toMatchObject({ code: 'QUEUE_UNREACHABLE' });
    await expect(opening).rejects.toThrow(`${scheme}://127.0.0.1:1/0`);
    await expect(opening).rejects.not.toThrow('secret');
    expect(log.lines).toEqual([]);
  });

  it.each(['redis', 'postgres'])('does not wait for ever for a %s server that says nothing', async (scheme) => {
    const opening = openTestQueues(`${scheme}://127.0.0.1:${await startMute()}/0`, undefined, { answerMs: 200 });
    await expect(opening).rejects.toMatchObject({ code: 'QUEUE_UNREACHABLE' });
  });

  it('refuses a Redis that evicts', async () => {
    const redis = await startRedis({ 'maxmemory-policy': 'allkeys-lru' });
    const opening = openTestQueues(redis.url);
    await expect(opening).rejects.toMatchObject({ code: 'QUEUE_SERVER_UNFIT' });
    await expect(opening).rejects.toThrow('set it to noeviction');
  });

  it('uses a Redis without an append-only file, and says what that costs', async () => {
    const redis = await startRedis({ appendonly: 'no' });
    const log = createKeptLog();
    const queues = await openTestQueues(redis.url, log);
    await queues.close();
    expect(log.lines).toEqual([
      `warn: ${redis.url} keeps no append-only file, so its restart loses what waits; set appendonly yes`,
    ]);
  });

  it('says that the password is wrong, and never says the password', async () => {
    const redis = await startRedis({ requirepass: 'right' });
    const log = createKeptLog();
    const opening = openTestQueues(redis.url.replace('redis://', 'redis://:verywrong@'), log);
    await expect(opening).rejects.toMatchObject({ code: 'QUEUE_FORBIDDEN' });
    await expect(opening).rejects.not.toThrow('verywrong');
    const queues = await openTestQueues(redis.url.replace('redis://', 'redis://:right@'));
    expect(await queues.waiting('probe')).toBe(0);
    await queues.close();
  });

  it('says that the tables are missing', async () => {
    const database = await createTestDatabase({ empty: true });
    ends.push(() => database.close());
    const opening = openTestQueues(database.url());
    await expect(opening).rejects.toMatchObject({ code: 'QUEUE_SCHEMA_MISSING' });
    await expect(opening).rejects.toThrow('run the migrations');
  });

  it('opens for those who add, and for nobody who may only read', async () => {
    const database = await createTestDatabase();
    ends.push(() => database.close());
    for (const role of ['prober', 'writer'] as const) {
      const queues = await openTestQueues(database.url(role));
      expect(await queues.add('probe', { scanId: '1', shardNumber: 1 })).toBe('added');
      await queues.close();
    }
    await expect(openTestQueues(database.url('reader'))).rejects.toMatchObject({ code: 'QUEUE_FORBIDDEN' });
  });

  it('refuses priorities and delays that are none', async () => {
    const redis = await startRedis();
    const queues = await openTestQueues(redis.url);
    ends.push(() => queues.close());
    const add = (options: object) => queues.add('probe', { scanId: '1', shardNumber: 1 }, options);
    for (const priority of [0, -1, 1.5, 2_097_152, Number.NaN])
      await expect(add({ priority })).rejects.toThrow('whole');
    for (const delayMs of [-1, 0.5, Number.NaN, Infinity]) await expect(add({ delayMs })).rejects.toThrow('whole');
    expect(await add({ priority: 2_097_151, delayMs: 0 })).toBe('added');
  });
});

describe('a Redis is fit', () => {
  const info = (version: string, policy = 'noeviction', aof = '1') =>
    `redis_version:${version}\r\nmaxmemory_policy:${policy}\r\naof_enabled:${aof}\r\n`;
  const check = (text: string) => {
    const warnings: string[] = [];
    assertFit('redis://here', text, (line) => warnings.push(line));
    return warnings;
  };

  it.each(['6.2.0', '7.0.15', '7.2.4', '8.0.0', '10.0.1'])('when its version is %s', (version) => {
    expect(check(info(version))).toEqual([]);
  });

  it.each(['6.1.9', '6.0.16', '5.0.14', '2.8.4'])('and unfit when its version is %s', (version) => {
    expect(() => check(info(version))).toThrow('6.2 is the oldest that serves');
  });

  it('when it does not tell its policy, as some that are rented', () => {
    expect(check('redis_version:7.0.0\r\naof_enabled:1\r\n')).toEqual([]);
  });
});
