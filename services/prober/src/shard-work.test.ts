import { AddressSetBuilder, parseRange, Scope } from '@kubecensus/shared/addresses';
import type { Database } from '@kubecensus/shared/database';
import { QUEUE_MESSAGES, type Shard } from '@kubecensus/shared/messages';
import { createQueues, type Queues } from '@kubecensus/shared/queue';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import { createOpenScans, type OpenScans } from './open-scans.ts';
import { type Probing, startProbing } from './probing/probing.ts';
import { MAX_ATTEMPTS, type ShardWorkOptions, workOnShard } from './shard-work.ts';

// Port 1 of loopback: nothing listens there, and every connect is refused at once.
const CLOSED_PORT = 1;

let probing: Probing;
let database: Database;
let queues: Queues<typeof QUEUE_MESSAGES>;
let scans: OpenScans;
const warnings: string[] = [];
const note = (_fields: unknown, line?: string) => void warnings.push(line ?? '');
const log = {
  info: () => undefined,
  warn: note,
  error: note,
};

beforeAll(() => {
  const onDeath = (error: Error) => {
    throw error;
  };
  probing = startProbing({ concurrency: 50, onWarning: (line) => warnings.push(line), onDeath });
});
afterAll(() => probing.close());
beforeEach(async () => {
  warnings.length = 0;
  database = await createTestDatabase();
  queues = await createQueues({ url: database.url('prober'), messages: QUEUE_MESSAGES });
  scans = createOpenScans(database.pool('prober'), probing, log, 'this prober');
});
afterEach(async () => {
  await scans.close();
  await queues.close();
  await database.close();
});

/** One shard with all addresses of `range`, as a planner leaves it. Scan numbers go on over all databases. */
let lastScan = 0;
async function plan(range: string, rate = 10_000): Promise<Shard> {
  const addresses = new AddressSetBuilder().add(parseRange(range)).build();
  const scope = Scope.of([{ ports: [CLOSED_PORT], addresses }]);
  lastScan += 1;
  const scanId = String(lastScan);
  const pool = database.pool();
  await pool.query(
    `INSERT INTO scan_scopes (scope_hash, body, target_count, summary) VALUES ($1, $2, $3, '') ON CONFLICT DO NOTHING`,
    [scope.hash(), scope.toBytes(), scope.size],
  );
  await pool.query('INSERT INTO series (scope_hash, method_major, name) VALUES ($1, $2, $3)', [
    scope.hash(),
    lastScan,
    scanId,
  ]);
  await pool.query(
    `INSERT INTO scans (scan_id, series_id, kind, scope_hash, permutation_key, target_count, shard_count, rate, as_of, purpose, method)
     OVERRIDING SYSTEM VALUE VALUES ($1, (SELECT max(series_id) FROM series), 'census', $2, $3, $4, 1, $5, now(), 'test', '{"version": "0.1.0", "thorough": false}')`,
    [scanId, scope.hash(), Buffer.alloc(32, 7), scope.size, rate],
  );
  await pool.query('INSERT INTO shards (scan_id, shard_number, start_index, end_index) VALUES ($1, 0, 0, $2)', [
    scanId,
    scope.size,
  ]);
  return { scanId, shardNumber: 0 };
}

/** Makes the shard one of revisits, of which every target is sent to the indexer. */
async function revisit(shard: Shard, count: number): Promise<void> {
  await database
    .pool()
    .query("UPDATE shards SET kind = 'revisit', end_index = $2 WHERE scan_id = $1", [shard.scanId, count]);
  await database.pool().query(
    `WITH made AS (
       INSERT INTO endpoints (address, port, component, outcome, first_seen_at, last_seen_at, last_looked_at, last_scan_id)
       SELECT '127.8.0.0'::inet + number, $3, 'kube-apiserver', 'answered', now(), now(), now(), $1
       FROM generate_series(0::bigint, $2::bigint - 1) AS number RETURNING endpoint_id, address, port, component
     )
     INSERT INTO revisits (scan_id, revisit_number, round, endpoint_id, address, port, component)
     SELECT $1, row_number() OVER (ORDER BY address) - 1, 1, endpoint_id, address, port, component FROM made`,
    [shard.scanId, count, CLOSED_PORT],
  );
}

async function rowOf(shard: Shard) {
  const { rows } = await database
    .pool()
    .query(
      'SELECT state, attempt, lease_token, leased_by, batch_count, batches_committed, summary FROM shards WHERE scan_id = $1',
      [shard.scanId],
    );
  return rows[0];
}

function work(shard: Shard, changes: Partial<ShardWorkOptions> = {}, signal = new AbortController().signal) {
  // Confirmed once for each test; five seconds are more than any of these needs.
  probing.confirmGate();
  const pool = database.pool('prober');
  return workOnShard(
    { pool, queues, log, probing, scans, name: 'this prober', leaseMs: 15_000, ...changes },
    shard,
    signal,
  );
}

const refused = (targets: number) => ({ targets, outcomes: { 'connection-refused': targets } });

describe('work on a shard', () => {
  it('looks at every target and is done at once where there is nothing to index', async () => {
    const shard = await plan('127.0.0.0/24');
    await work(shard);
    expect(await rowOf(shard)).toMatchObject({
      state: 'done',
      attempt: 1,
      lease_token: null,
      leased_by: 'this prober',
      batch_count: 0,
      summary: refused(256),
    });
    expect(warnings).toEqual([]);
  });

  it('names its batches, and waits for the indexer to be done', async () => {
    const shard = await plan('127.0.0.0/24');
    await revisit(shard, 20);
    await work(shard);
    expect(await rowOf(shard)).toMatchObject({ state: 'probed', batch_count: 1, batches_committed: 0 });
    expect(await queues.waiting('index')).toBe(1);
  });

  it('is done where the indexer committed the last batch before it was named', async () => {
    const shard = await plan('127.0.0.0/24');
    await revisit(shard, 3);
    // An indexer that is faster than the prober can name the number.
    const add: typeof queues.add = async (queue, message, options) => {
      const added = await queues.add(queue, message, options);
      await database.pool().query('UPDATE shards SET batches_committed = batches_committed + 1');
      return added;
    };
    await work(shard, { queues: { ...queues, add } });
    expect(await rowOf(shard)).toMatchObject({ state: 'done', batch_count: 1, batches_committed: 1 });
  });

  it('is spent where somebody else has the shard, or it is done, or its scan is closed', async () => {
    for (const change of [
      "UPDATE shards SET state = 'leased', lease_until = now() + interval '1 minute'",
      "UPDATE shards SET state = 'done'",
      "UPDATE scans SET state = 'aborted'",
    ]) {
      const shard = await plan('127.0.0.1');
      await database.pool().query(change);
      const before = await rowOf(shard);
      await work(shard);
      expect(await rowOf(shard)).toEqual(before);
    }
  });

  it('takes a lease over that ran out, and counts anew', async () => {
    const shard = await plan('127.0.0.0/30');
    await database.pool().query(
      `UPDATE shards SET state = 'leased', attempt = 1, lease_token = gen_random_uuid(), batches_committed = 3,
                         lease_until = now() - interval '1 second', summary = '{"targets": 99}'`,
    );
    await work(shard);
    expect(await rowOf(shard)).toMatchObject({
      state: 'done',
      attempt: 2,
      batches_committed: 0,
      summary: { ...refused(4), secondConnections: { 'worker-death': 4 } },
    });
  });

  it('stops when the lease is lost, and touches the shard no more', async () => {
    const shard = await plan('127.0.0.0/20', 20);
    const working = work(shard, { leaseMs: 500 });
    await vi.waitFor(async () => expect((await rowOf(shard))?.state).toBe('leased'), 10_000);
    await database
      .pool()
      .query(
        "UPDATE shards SET lease_token = gen_random_uuid(), attempt = attempt + 1, leased_by = 'another', summary = NULL",
      );
    const theirs = await rowOf(shard);
    await working;
    expect(await rowOf(shard)).toEqual(theirs);
  });

  it('shows how far it has come while it is under way', async () => {
    const shard = await plan('127.0.0.0/20', 100);
    const stop = new AbortController();
    const working = work(shard, { leaseMs: 1_000 }, stop.signal);
    await vi.waitFor(async () => {
      const { summary } = (await rowOf(shard)) ?? {};
      expect(summary?.targets).toBeGreaterThan(0);
    }, 20_000);
    stop.abort();
    await working;
  });

  it('hands the shard back when it is told to stop', async () => {
    const shard = await plan('127.0.0.0/20', 20);
    const stop = new AbortController();
    const working = work(shard, {}, stop.signal);
    await vi.waitFor(async () => expect((await rowOf(shard))?.state).toBe('leased'), 10_000);
    stop.abort();
    await working;
    expect(await rowOf(shard)).toMatchObject({ state: 'pending', lease_token: null, summary: null, attempt: 1 });
  });

  it('hands the shard back when the queue takes no batch, and says so', async () => {
    const shard = await plan('127.0.0.0/24');
    await revisit(shard, 20);
    await database.pool().query('REVOKE INSERT ON ALL TABLES IN SCHEMA bullmq FROM kubecensus_prober');
    await work(shard);
    expect(await rowOf(shard)).toMatchObject({ state: 'pending', lease_token: null, summary: null });
    expect(warnings.join('\n')).toMatch(/a shard is handed back: .*index/);
  });

  it('hands the shard back when its scope is not the one that was planned', async () => {
    const shard = await plan('127.0.0.0/24');
    await database.pool().query("UPDATE scan_scopes SET body = body || '\\x00'");
    await work(shard);
    expect(await rowOf(shard)).toMatchObject({ state: 'pending' });
    expect(warnings.join('\n')).toMatch(/does not match its hash/);
  });

  it('gives a shard up that no prober could finish, so that its scan ends', async () => {
    const shard = await plan('127.0.0.0/30');
    await database.pool().query('UPDATE shards SET attempt = $1', [MAX_ATTEMPTS]);
    await work(shard);
    expect(await rowOf(shard)).toMatchObject({
      state: 'done',
      summary: { targets: 4, outcomes: { 'internal-error': 4 } },
    });
    expect(warnings.join('\n')).toMatch(/given up/);
  });

  it('looks at canaries beside the targets, and counts them apart', async () => {
    const shard = await plan('127.0.0.0/28');
    await database.pool().query(
      `INSERT INTO canaries (address, port, component, removed_at)
       SELECT '127.5.0.0'::inet + number, $1, 'kube-apiserver', CASE WHEN number = 0 THEN now() END FROM generate_series(0, 2) AS number`,
      [CLOSED_PORT],
    );
    await work(shard);
    expect(await rowOf(shard)).toMatchObject({
      state: 'done',
      summary: { ...refused(16), canaries: { looked: 2, found: 0 } },
    });
  });

  it('keeps of an attempt that died that it was made', async () => {
    const shard = await plan('127.0.0.0/30');
    await database.pool().query(
      `UPDATE shards SET state = 'leased', attempt = 1, leased_by = 'the dead', started_at = now() - interval '1 hour',
                         lease_until = now() - interval '1 minute'`,
    );
    await work(shard);
    const { rows } = await database
      .pool()
      .query('SELECT attempt, prober FROM shard_attempts WHERE ended_at > started_at');
    expect(rows).toEqual([{ attempt: 1, prober: 'the dead' }]);
  });

  it('needs no right beyond the role of a prober', async () => {
    const prober = database.pool('prober');
    for (const forbidden of [
      'SELECT FROM observations',
      'SELECT FROM endpoints',
      'UPDATE scans SET rate = 1',
      "INSERT INTO exclusions (first_address, last_address, reason) VALUES ('127.0.0.1', '127.0.0.1', 'x')",
      'DELETE FROM shards',
      'UPDATE shards SET end_index = 1',
    ]) {
      await expect(prober.query(forbidden)).rejects.toMatchObject({ code: '42501' });
    }
  });
});
