import { parseRange } from '@kubecensus/shared/addresses';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../../shared/src/database/index.ts';
import { createTestDatabase } from '../../../../test/support/database.ts';
import {
  apiServerSaying,
  finishShard,
  insertScan,
  insertSeries,
  leaseShard,
  toBatch,
} from '../../../../test/support/record.ts';
import { indexBatch } from '../batches/index-batch.ts';
import { advanceScan } from '../census/advance-scan.ts';
import { CLASSIFIER } from '../evidence/classifier.ts';
import { purgeRange } from './purge-range.ts';

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

async function countRows(): Promise<Record<string, number>> {
  const tables = ['endpoints', 'sightings', 'observations', 'evidence', 'fingerprints', 'certificates', 'responses'];
  const counts = tables.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`);
  const { rows } = await database.pool('reader').query(`SELECT ${counts.join(', ')}`);
  return rows[0];
}

it('a purge takes out every row of the range, and the evidence that nobody else showed', async () => {
  const pool = database.pool('writer');
  const seriesId = await insertSeries(pool);
  const scanId = await insertScan(pool, { seriesId });
  await leaseShard(pool, scanId, 0);
  // Two endpoints share one evidence across the border of the range; two have one of their own.
  const shared = apiServerSaying('v1.29.4', '127.0.0.1', 1);
  const lines = [
    shared,
    { ...shared, address: '127.0.0.129' },
    apiServerSaying('v1.30.1', '127.0.0.2', 2),
    apiServerSaying('v1.31.1', '127.0.0.130', 3),
  ];
  await indexBatch(pool, CLASSIFIER, toBatch({ scanId }, lines));
  await finishShard(pool, scanId, 0, 1, { answered: 4 });
  await pool.query(`UPDATE shards SET state = 'done' WHERE scan_id = $1`, [scanId]);
  await advanceScan(pool, scanId, undefined);
  expect(await countRows()).toMatchObject({
    endpoints: 4,
    sightings: 4,
    observations: 4,
    evidence: 3,
    certificates: 3,
  });

  const purged = await purgeRange(pool, parseRange('127.0.0.128/25'));
  expect(purged).toMatchObject({ endpoints: 2, sightings: 2, observations: 2, evidence: 1, seriesIds: [seriesId] });
  expect(await countRows()).toEqual({
    endpoints: 2,
    sightings: 2,
    observations: 2,
    evidence: 2,
    fingerprints: 2,
    certificates: 2,
    responses: 2,
  });
  const { rows } = await pool.query('SELECT host(address) AS address FROM endpoints ORDER BY 1');
  expect(rows).toEqual([{ address: '127.0.0.1' }, { address: '127.0.0.2' }]);
  expect(await purgeRange(pool, parseRange('127.0.0.128/25'))).toMatchObject({
    endpoints: 0,
    evidence: 0,
    seriesIds: [],
  });
});
