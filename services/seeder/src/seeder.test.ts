import { AddressSetBuilder, parseRange, Scope } from '@kubecensus/shared/addresses';
import type { Database } from '@kubecensus/shared/database';
import { QUEUE_MESSAGES, type Shard } from '@kubecensus/shared/messages';
import { createQueues, type Queues } from '@kubecensus/shared/queue';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import { planScan } from './plan-scan.ts';
import { progress } from './progress.ts';
import { createSeeder } from './seeder.ts';

const log = { info: () => undefined, warn: () => undefined, error: vi.fn() };

let database: Database;
let queues: Queues<typeof QUEUE_MESSAGES>;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  closing.push(() => database.close());
  log.error.mockClear();
  queues = await createQueues({ url: database.url('writer'), messages: QUEUE_MESSAGES });
  closing.push(() => queues.close());
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  expect(log.error).not.toHaveBeenCalled();
});

async function plan(addresses: string, kind: 'census' | 'check' = 'census'): Promise<string> {
  const targets = Scope.of([{ ports: [443], addresses: new AddressSetBuilder().add(parseRange(addresses)).build() }]);
  const method = { version: '0.1.0', thorough: false };
  return (await planScan(database.pool('writer'), { kind, targets, method })).scanId;
}

async function startSeeder(options: { window?: number; ringAgainMs?: number; pollMs?: number } = {}): Promise<void> {
  const seeder = createSeeder({
    pool: database.pool('writer'),
    databaseUrl: database.url('writer'),
    queues,
    log,
    ...options,
  });
  closing.push(() => seeder.close());
  await seeder.start();
}

/** Takes shards from the queue as a prober does, and finishes them where told to. */
function takeShards(finish: boolean): Shard[] {
  const taken: Shard[] = [];
  const processor = queues.process(
    'probe',
    async (shard) => {
      taken.push(shard);
      if (!finish) return;
      await database
        .pool()
        .query("UPDATE shards SET state = 'done' WHERE scan_id = $1 AND shard_number = $2", [
          shard.scanId,
          shard.shardNumber,
        ]);
    },
    { concurrency: 2, onPoison: () => undefined },
  );
  closing.push(() => processor.close());
  return taken;
}

describe('the seeder', () => {
  it('rings once for every shard, in a bounded window', async () => {
    const scanId = await plan('127.0.0.0/24');
    await startSeeder({ window: 3, pollMs: 20 });
    await vi.waitFor(async () => expect((await progress(database.pool(), scanId)).shards.queued).toBe(3));
    await vi.waitFor(async () => expect(await queues.waiting('probe')).toBe(3), 10_000);
    const taken = takeShards(true);
    await vi.waitFor(async () => expect((await progress(database.pool(), scanId)).shards.done).toBe(4), 10_000);
    expect(taken.map((shard) => shard.shardNumber).sort()).toEqual([0, 1, 2, 3]);
  });

  it('hears of a new scan without waiting for its poll', async () => {
    await startSeeder({ pollMs: 3_600_000 });
    const scanId = await plan('127.0.0.0/29');
    await vi.waitFor(async () => expect((await progress(database.pool(), scanId)).shards.pending).toBe(0), 10_000);
  });

  it('gives the shard of a dead prober out again, and forgets what that one counted', async () => {
    const scanId = await plan('127.0.0.1');
    await database.pool().query(
      `UPDATE shards SET state = 'leased', attempt = 1, lease_token = gen_random_uuid(), summary = '{"targets": 9}',
                         lease_until = now() - interval '1 second' WHERE scan_id = $1`,
      [scanId],
    );
    await startSeeder({ pollMs: 20 });
    const taken = takeShards(false);
    await vi.waitFor(() => expect(taken).toEqual([{ scanId, shardNumber: 0 }]), 10_000);
    const { rows } = await database.pool().query('SELECT state, attempt, lease_token, summary FROM shards');
    expect(rows).toEqual([{ state: 'queued', attempt: 1, lease_token: null, summary: null }]);
  });

  it('leaves a shard alone whose lease still runs', async () => {
    const scanId = await plan('127.0.0.1');
    await database
      .pool()
      .query("UPDATE shards SET state = 'leased', lease_until = now() + interval '1 hour' WHERE scan_id = $1", [
        scanId,
      ]);
    const other = await plan('127.0.0.2');
    await startSeeder({ pollMs: 20 });
    await vi.waitFor(async () => expect((await progress(database.pool(), other)).shards.queued).toBe(1), 10_000);
    expect((await progress(database.pool(), scanId)).shards.leased).toBe(1);
  });

  it('rings again for a shard that no prober took, but not while its message still waits', async () => {
    const scanId = await plan('127.0.0.1');
    await startSeeder({ pollMs: 20, ringAgainMs: 1 });
    await vi.waitFor(async () => expect(await queues.waiting('probe')).toBe(1), 10_000);
    const firstTaken = takeShards(false);
    // Taken and spent without a lease, again and again: each time the shard is overdue, and rung for anew.
    await vi.waitFor(() => expect(firstTaken.length).toBeGreaterThan(2), 10_000);
    expect(firstTaken.every((shard) => shard.scanId === scanId)).toBe(true);
    expect(await queues.waiting('probe')).toBeLessThanOrEqual(1);
  });

  it('keeps a shard pending that it could not ring for', async () => {
    await queues.close();
    const scanId = await plan('127.0.0.0/30');
    await startSeeder({ pollMs: 3_600_000 });
    await vi.waitFor(async () => {
      const { shards } = await progress(database.pool(), scanId);
      expect(shards).toMatchObject({ queued: 0, pending: 4 });
    }, 10_000);
  });

  it('rings for a check in a queue of its own, however full that of scans is', async () => {
    await plan('127.0.0.0/22');
    await startSeeder({ window: 2, pollMs: 20 });
    await vi.waitFor(async () => expect(await queues.waiting('probe')).toBe(2), 10_000);
    const scanId = await plan('127.0.0.1', 'check');
    await vi.waitFor(async () => expect(await queues.waiting('check')).toBe(1), 10_000);
    expect((await progress(database.pool(), scanId)).shards.queued).toBe(1);
    expect(await queues.waiting('probe')).toBe(2);
  });

  it('two seeders ring no oftener than one', async () => {
    const scanId = await plan('127.0.0.0/22');
    await Promise.all([startSeeder({ pollMs: 10 }), startSeeder({ pollMs: 10 })]);
    const taken = takeShards(true);
    await vi.waitFor(async () => expect((await progress(database.pool(), scanId)).shards.done).toBe(4), 10_000);
    expect(taken).toHaveLength(4);
  });

  it('closes before it was started, and twice', async () => {
    const seeder = createSeeder({ pool: database.pool('writer'), databaseUrl: database.url('writer'), queues, log });
    await seeder.close();
    await seeder.close();
    await expect(seeder.start()).rejects.toMatchObject({ code: 'LIFECYCLE_STATE_WRONG' });
  });
});
