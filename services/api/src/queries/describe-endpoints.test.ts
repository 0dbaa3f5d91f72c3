import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../../shared/src/database/index.ts';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { insertSeries } from '../../../../test/support/record.ts';
import { insertRecordedScan } from '../../../../test/support/recorded-census.ts';
import { describeAddress, describeScan } from './describe-endpoints.ts';

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  const pool = database.pool('writer');
  const seriesId = await insertSeries(pool, 'weekly');
  const endpoint = { address: '127.0.0.1', port: 6443, distribution: 'k3s', silence: 'unauthorized' };
  for (const [censusNumber, asOf] of [
    [1, '2026-01-05T00:00:00Z'],
    [2, '2026-01-12T00:00:00Z'],
  ] as const) {
    await insertRecordedScan(pool, { seriesId, censusNumber, asOf, endpoints: [endpoint] });
  }
  await pool.query(
    `INSERT INTO absences (series_id, census_number, endpoint_id, reason, absent_on)
     SELECT $1, 2, endpoint_id, 'not-reached', '2026-01-12' FROM endpoints`,
    [seriesId],
  );
});
afterAll(() => database.close());

it('an address is described by its verdict, its evidence and the censuses that saw it', async () => {
  const [record, ...others] = await describeAddress(database.pool('reader'), '127.0.0.1');
  expect(others).toEqual([]);
  expect(record).toMatchObject({
    address: '127.0.0.1',
    port: 6443,
    component: 'kube-apiserver',
    verdict: { distribution: 'k3s', exposure: 'silent', silence: 'unauthorized', contradictions: [] },
    evidence: { chainLength: 0, certificates: [], clientCas: null, response: null },
    sightings: [
      {
        series: 'weekly',
        firstCensus: 1,
        lastCensus: null,
        firstAsOf: new Date('2026-01-05T00:00:00Z'),
        lastAsOf: new Date('2026-01-12T00:00:00Z'),
        notReached: [2],
      },
    ],
  });
  expect(await describeAddress(database.pool('reader'), '127.0.0.1', 443)).toEqual([]);
  expect(await describeAddress(database.pool('reader'), '127.0.0.2')).toEqual([]);
});

it('a scan that recorded nothing describes nothing', async () => {
  expect(await describeScan(database.pool('reader'), '1')).toEqual([]);
});
