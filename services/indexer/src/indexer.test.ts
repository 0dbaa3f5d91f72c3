import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Database } from '../../../shared/src/database/index.ts';
import type { Service } from '../../../shared/src/lifecycle/index.ts';
import type { CensusClosed, WeeklyEdition } from '../../../shared/src/messages/index.ts';
import { createTestDatabase } from '../../../test/support/database.ts';
import { createInbox } from '../../../test/support/inbox.ts';
import { createKeptLog, openTestQueues, type TestQueues } from '../../../test/support/queue-server.ts';
import {
  apiServerSaying,
  finishShard,
  insertScan,
  insertSeries,
  leaseShard,
  presentApiServer,
  toBatch,
} from '../../../test/support/record.ts';
import { CLASSIFIER, type Classifier } from './evidence/classifier.ts';
import { createIndexer } from './indexer.ts';
import { returnShard } from './store/return-shard.ts';

let database: Database;
let queues: TestQueues;
let log: ReturnType<typeof createKeptLog>;
const indexers: Service[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  queues = await openTestQueues(database.url('writer'));
  log = createKeptLog();
});
afterEach(async () => {
  await Promise.all(indexers.splice(0).map((indexer) => indexer.close()));
  await queues.close();
  await database.close();
});

async function startIndexer(classifier: Classifier = CLASSIFIER): Promise<Service> {
  const pool = database.pool('writer');
  const indexer = createIndexer({ pool, queues, log, sweepMs: 50, revisit: { delayMs: 0 }, classifier });
  indexers.push(indexer);
  await indexer.start();
  return indexer;
}

const one = async <T extends object>(sql: string): Promise<T | undefined> =>
  (await database.pool().query<T>(sql)).rows[0];

it('two indexers side by side take every batch in once, close the census and tell the reporter', async () => {
  const shards = 6;
  const scanId = await insertScan(database.pool(), { seriesId: await insertSeries(database.pool()), shards });
  for (let shard = 0; shard < shards; shard += 1) await leaseShard(database.pool(), scanId, shard);
  await startIndexer();
  await startIndexer();
  const reports = createInbox<CensusClosed | WeeklyEdition>();
  const reporter = queues.process('report', async (message) => reports.put(message), {
    concurrency: 1,
    onPoison: () => {},
  });
  const sends = Array.from({ length: shards * 3 }, (_, at) => {
    const lines = Array.from({ length: 20 }, (_, line) =>
      // Every batch meets the same certificates, in another order: that is where two transactions could lock each other out.
      apiServerSaying('v1.29.4', `127.0.${at}.${line + 1}`, (line * 7 + at) % 20),
    );
    return toBatch({ scanId, shardNumber: at % shards, batchNumber: Math.floor(at / shards) }, lines);
  });
  await Promise.all([...sends, ...sends.slice(0, 5)].map((batch) => queues.add('index', batch)));
  for (let shard = 0; shard < shards; shard += 1) {
    await finishShard(database.pool(), scanId, shard, 3, { answered: 60 });
  }
  const [closed] = await reports.until(1);
  expect(closed).toMatchObject({ censusNumber: 1 });
  expect(await one('SELECT count(*) AS sightings FROM sightings')).toEqual({ sightings: shards * 3 * 20 });
  expect(await one('SELECT looked_at, outcomes FROM censuses')).toEqual({
    looked_at: 360,
    outcomes: { answered: 360 },
  });
  await vi.waitFor(async () =>
    expect(await one('SELECT relayed_at IS NULL AS waits FROM outbox')).toEqual({ waits: false }),
  );
  await reporter.close();
  expect(reports.items).toHaveLength(1);
});

it('a batch whose connection is lost in mid-transaction is taken in by the next delivery', async () => {
  const scanId = await insertScan(database.pool());
  await leaseShard(database.pool(), scanId, 0);
  const blocker = await database.pool().connect();
  await blocker.query('BEGIN; LOCK TABLE observations IN ACCESS EXCLUSIVE MODE');
  await startIndexer();
  await queues.add('index', toBatch({ scanId }, [presentApiServer('127.0.0.1', 1)]));
  await vi.waitFor(async () => {
    const { rowCount } = await blocker.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'observations'::regclass AND NOT granted`,
    );
    expect(rowCount).toBe(1);
  });
  await blocker.query('COMMIT');
  blocker.release();
  await vi.waitFor(async () => expect(await one('SELECT count(*) AS n FROM observations')).toEqual({ n: 1 }), 10_000);
  expect(await one('SELECT batches_committed FROM shards')).toEqual({ batches_committed: 1 });
  expect(log.lines.some((line) => line.startsWith('error'))).toBe(false);
});

it('a batch of no known shard is given up with one line, and the next is indexed', async () => {
  const scanId = await insertScan(database.pool());
  await leaseShard(database.pool(), scanId, 0);
  await startIndexer();
  await queues.add('index', toBatch({ scanId: '999999' }, [presentApiServer('127.0.0.1', 1)]));
  await queues.add('index', toBatch({ scanId }, [presentApiServer('127.0.0.1', 1)]));
  await vi.waitFor(async () => {
    expect(await one('SELECT count(*) AS n FROM observations')).toEqual({ n: 1 });
    expect(log.lines).toContain('error: a batch is given up; its shard stays as it is');
  });
});

it('evidence that a rule chokes on is stored without a verdict, and said so', async () => {
  const scanId = await insertScan(database.pool());
  await leaseShard(database.pool(), scanId, 0);
  const choking: Classifier = {
    rulesVersion: 1,
    classify(head, parts) {
      if (parts.response === null) throw new TypeError('a rule that throws');
      return CLASSIFIER.classify(head, parts);
    },
  };
  await startIndexer(choking);
  const lines = [presentApiServer('127.0.0.1', 1), apiServerSaying('v1.29.4', '127.0.0.2', 2)];
  await queues.add('index', toBatch({ scanId }, lines));
  await vi.waitFor(async () => {
    expect(await one('SELECT (SELECT count(*) FROM evidence) AS e, (SELECT count(*) FROM fingerprints) AS f')).toEqual({
      e: 2,
      f: 1,
    });
  });
  expect(log.lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
});

it('a shard whose batch is given up goes back to be probed again, three attempts at most', async () => {
  const scanId = await insertScan(database.pool());
  for (const isReturned of [true, true, false]) {
    const attempt = await leaseShard(database.pool(), scanId, 0);
    await finishShard(database.pool(), scanId, 0, 1);
    const batch = toBatch({ scanId, attempt }, []);
    expect(await returnShard(database.pool('writer'), { ...batch, attempt: attempt - 1 })).toBe(false);
    expect(await returnShard(database.pool('writer'), batch)).toBe(isReturned);
    expect(await one('SELECT state FROM shards')).toEqual({ state: isReturned ? 'pending' : 'probed' });
  }
});

it('closing is idempotent and leaves nothing under way', async () => {
  const indexer = await startIndexer();
  await Promise.all([indexer.close(), indexer.close()]);
  await indexer.close();
  expect(database.pool('writer').idleCount).toBe(database.pool('writer').totalCount);
});
