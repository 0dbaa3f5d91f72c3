import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../../shared/src/database/index.ts';
import type { Observation, ObservationBatch } from '../../../../shared/src/messages/index.ts';
import { createTestDatabase } from '../../../../test/support/database.ts';
import {
  apiServerRefusing,
  apiServerSaying,
  finishShard,
  insertScan,
  insertSeries,
  leaseShard,
  lookWithout,
  presentApiServer,
  toBatch,
} from '../../../../test/support/record.ts';
import { advanceScan } from '../census/advance-scan.ts';
import { CLASSIFIER } from '../evidence/classifier.ts';
import { indexBatch } from './index-batch.ts';

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const SEED = 20_261_121;
const SHARDS = 2;
const ATTEMPTS = 2;

/** Few addresses, few instants: most targets are looked at several times, and ties happen. */
const observation: fc.Arbitrary<Observation> = fc
  .record({
    last: fc.integer({ min: 1, max: 6 }),
    serial: fc.integer({ min: 1, max: 3 }),
    kind: fc.constantFrom('v1.29.4', 'v1.30.1', 'refusing', 'present', 'timed-out'),
    observedAt: fc.integer({ min: 1_760_000_000_000, max: 1_760_000_000_003 }),
    durationMs: fc.integer({ min: 1, max: 2 }),
  })
  .map(({ last, serial, kind, observedAt, durationMs }) => {
    const address = `127.0.0.${last}`;
    const found =
      kind === 'present'
        ? presentApiServer(address, serial)
        : kind === 'refusing'
          ? apiServerRefusing(401, address, serial)
          : kind === 'timed-out'
            ? lookWithout('connection-timeout', address)
            : apiServerSaying(kind, address, serial);
    return { ...found, observedAt, durationMs };
  });

interface Sent {
  shardNumber: number;
  attempt: number;
  batchNumber: number;
  lines: Observation[];
}

/** Everything that two attempts at each of two shards sent. */
const sending: fc.Arbitrary<Sent[]> = fc
  .array(fc.array(observation, { minLength: 0, maxLength: 4 }), {
    minLength: SHARDS * ATTEMPTS * 2,
    maxLength: SHARDS * ATTEMPTS * 2,
  })
  .map((batches) =>
    batches.map((lines, at) => ({
      shardNumber: at % SHARDS,
      attempt: 1 + (Math.floor(at / SHARDS) % ATTEMPTS),
      batchNumber: Math.floor(at / (SHARDS * ATTEMPTS)),
      lines,
    })),
  );

/** An order of arrival with repeats; `parallel` of them at a time. */
const arrival = fc.record({
  order: fc.shuffledSubarray(
    Array.from({ length: SHARDS * ATTEMPTS * 2 }, (_, at) => at),
    { minLength: SHARDS * ATTEMPTS * 2 },
  ),
  repeats: fc.array(fc.nat({ max: SHARDS * ATTEMPTS * 2 - 1 }), { maxLength: 4 }),
  parallel: fc.integer({ min: 1, max: 4 }),
});

async function planScan(seriesId?: number): Promise<string> {
  const scanId = await insertScan(database.pool(), { shards: SHARDS, ...(seriesId !== undefined && { seriesId }) });
  for (let shard = 0; shard < SHARDS; shard += 1) {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) await leaseShard(database.pool(), scanId, shard);
    await finishShard(database.pool(), scanId, shard, 2);
  }
  return scanId;
}

async function deliver(batches: readonly ObservationBatch[], parallel: number): Promise<void> {
  for (let at = 0; at < batches.length; at += parallel) {
    const together = batches.slice(at, at + parallel);
    await Promise.all(together.map((batch) => indexBatch(database.pool('writer'), CLASSIFIER, batch)));
  }
}

async function record(scanId: string): Promise<unknown[]> {
  const { rows } = await database.pool().query(
    `SELECT host(address) AS address, observations.outcome, encode(evidence_hash, 'hex') AS evidence,
            extract(epoch FROM observed_at) AS at, duration_ms, shard_number, observations.attempt
     FROM observations LEFT JOIN evidence USING (evidence_id) WHERE scan_id = $1 ORDER BY address`,
    [scanId],
  );
  return rows;
}

async function shardStates(scanId: string): Promise<unknown[]> {
  const { rows } = await database
    .pool()
    .query('SELECT state, batches_committed FROM shards WHERE scan_id = $1', [scanId]);
  return rows;
}

it('whatever the order, the repeats and the haste in which batches arrive, the record is the same', async () => {
  await fc.assert(
    fc.asyncProperty(sending, arrival, async (sent, { order, repeats, parallel }) => {
      const [inOrder, asItCame] = [await planScan(), await planScan()];
      await deliver(
        sent.map((one) => toBatch({ scanId: inOrder, ...one }, one.lines)),
        1,
      );
      const batches = sent.map((one) => toBatch({ scanId: asItCame, ...one }, one.lines));
      const chosen = [...order.slice(0, 5), ...repeats, ...order.slice(5), ...repeats];
      await deliver(
        chosen.flatMap((at) => batches[at] ?? []),
        parallel,
      );
      expect(await record(asItCame)).toEqual(await record(inOrder));
      expect(await shardStates(asItCame)).toEqual([
        { state: 'done', batches_committed: 2 },
        { state: 'done', batches_committed: 2 },
      ]);
    }),
    { seed: SEED, numRuns: 40 },
  );
});

it('of all looks at a target the best outcome stays, and of equals the earliest', async () => {
  const ranks = ['answered', 'present', 'connection-timeout'];
  await fc.assert(
    fc.asyncProperty(sending, arrival, async (sent, { order, parallel }) => {
      const scanId = await planScan();
      const batches = sent.map((one) => toBatch({ scanId, ...one }, one.lines));
      await deliver(
        order.flatMap((at) => batches[at] ?? []),
        parallel,
      );
      const best = new Map<string, { outcome: string; at: number }>();
      for (const look of sent.flatMap(({ lines }) => lines)) {
        const kept = best.get(look.address);
        const isBetter =
          kept === undefined ||
          ranks.indexOf(look.outcome) < ranks.indexOf(kept.outcome) ||
          (look.outcome === kept.outcome && look.observedAt < kept.at);
        if (isBetter) best.set(look.address, { outcome: look.outcome, at: look.observedAt });
      }
      const kept = (await record(scanId)) as { address: string; outcome: string; at: string }[];
      expect(kept.map(({ address, outcome, at }) => [address, outcome, Math.round(Number(at) * 1000)])).toEqual(
        [...best].map(([address, { outcome, at }]) => [address, outcome, at]).sort(),
      );
    }),
    { seed: SEED, numRuns: 20 },
  );
});

it('batches of an earlier attempt that come after the close change nothing, and are all kept', async () => {
  await fc.assert(
    fc.asyncProperty(sending, fc.nat({ max: 4 }), async (sent, inTime) => {
      const scanId = await planScan(await insertSeries(database.pool()));
      const batches = sent.map((one) => toBatch({ scanId, ...one }, one.lines));
      const current = batches.filter(({ attempt }) => attempt === ATTEMPTS);
      const earlier = batches.filter(({ attempt }) => attempt < ATTEMPTS);
      await deliver([...current, ...earlier.slice(0, inTime)], 2);
      expect((await advanceScan(database.pool('writer'), scanId, undefined)).step).toBe('completed');
      const state = async () => [
        await record(scanId),
        (await database.pool().query('SELECT * FROM sightings ORDER BY sighting_id')).rows,
        (await database.pool().query('SELECT * FROM endpoints ORDER BY endpoint_id')).rows,
      ];
      const closed = await state();
      await deliver([...batches, ...earlier], 3);
      expect(await state()).toEqual(closed);
      const late = await database.pool().query('SELECT FROM late_batches WHERE scan_id = $1', [scanId]);
      expect(late.rowCount).toBe(earlier.length - inTime);
    }),
    { seed: SEED, numRuns: 10 },
  );
});
