import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../../shared/src/database/index.ts';
import { countHistory, openHistory, parseQuery, publishHistory } from '../../../../shared/src/history/index.ts';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { select } from '../../../../test/support/naive-query.ts';
import { insertSeries } from '../../../../test/support/record.ts';
import { insertRecordedHistory, type Weeks } from '../../../../test/support/recorded-history.ts';
import { forgetMonths, sweepForgotten } from './forget-months.ts';

let database: Database;
let directory: string;
let weeks: Weeks;

/** Mondays from 5 January on: five in January, four in February, and so on. */
const FIRST_OF_MARCH = 9;

beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'kubecensus-forget-'));
  const seriesId = await insertSeries(database.pool(), 'weekly');
  ({ weeks } = await insertRecordedHistory(database.pool(), seriesId, { addresses: 120, weeks: 14, seed: 5 }));
});
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
  await database.close();
});

async function count(sql: string): Promise<number> {
  const { rows } = await database.pool().query<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`);
  return rows[0]?.n ?? -1;
}

it('a sighting that ends lies in the month of the last census that it covers, an open one in none', async () => {
  expect(await count('open_sightings WHERE last_census IS NOT NULL')).toBe(0);
  expect(await count('sightings_2026_01')).toBeGreaterThan(0);
  const astray = `sightings JOIN censuses ON census_number = last_census WHERE last_on <> (as_of AT TIME ZONE 'UTC')::date`;
  expect(await count(astray)).toBe(0);
});

it('months before one are dropped, and what is left says of later censuses what it said before', async () => {
  const forgotten = await forgetMonths(database.pool('owner'), '2026-03');
  expect(forgotten.months).toEqual(['absences_2026_01', 'sightings_2026_01', 'absences_2026_02', 'sightings_2026_02']);
  expect(forgotten.censuses).toBe(FIRST_OF_MARCH - 1);
  expect(await count(`sightings WHERE last_on < '2026-03-01'`)).toBe(0);
  const { manifest } = await publishHistory({ pool: database.pool('reader'), directory, series: 'weekly' });
  expect(manifest.censuses.map(({ censusNumber }) => censusNumber)).toEqual([9, 10, 11, 12, 13, 14]);
  const history = await openHistory({ directory });
  try {
    const series = await history.series('weekly');
    for (const text of ['', 'distribution:eks', 'answering:no or eol:yes']) {
      const query = parseQuery(text);
      for (let census = FIRST_OF_MARCH; census <= 14; census += 1) {
        const { total } = await countHistory(series, { query, census });
        expect([text, census, total]).toEqual([text, census, select(query, weeks[census] ?? []).length]);
      }
    }
    await expect(countHistory(series, { query: parseQuery(''), census: 8 })).rejects.toMatchObject({
      code: 'QUERY_CENSUS_UNKNOWN',
    });
  } finally {
    await history.close();
  }
});

it('the sweep leaves the evidence that somebody shows, and nothing that nobody does', async () => {
  // An endpoint that ended in a month that is gone, and was not found since.
  await database.pool().query(
    `UPDATE endpoints SET last_seen_at = '2026-02-02'
     WHERE NOT EXISTS (SELECT FROM sightings WHERE sightings.endpoint_id = endpoints.endpoint_id)`,
  );
  const before = await count('evidence');
  const { evidence, endpoints } = await sweepForgotten(database.pool('owner'), '2026-03');
  expect(evidence).toBeGreaterThan(0);
  expect(endpoints).toBeGreaterThan(0);
  expect(await count('evidence')).toBe(before - evidence);
  const shown = `(SELECT evidence_id FROM sightings UNION SELECT evidence_id FROM endpoints WHERE evidence_id IS NOT NULL)`;
  expect(await count(`evidence WHERE evidence_id NOT IN ${shown}`)).toBe(0);
  expect(await count('certificates')).toBe(await count('(SELECT DISTINCT unnest(chain) FROM evidence) AS shown'));
  expect(await count('fingerprints')).toBe(await count('evidence'));
});

it('the same again changes nothing, and what is no month is refused', async () => {
  const again = await forgetMonths(database.pool('owner'), '2026-03');
  expect(again).toMatchObject({ months: [], censuses: 0, seriesIds: [] });
  expect(await sweepForgotten(database.pool('owner'), '2026-03')).toEqual({
    observations: 0,
    endpoints: 0,
    evidence: 0,
  });
  await expect(forgetMonths(database.pool('owner'), '2026-13')).rejects.toThrow('no month');
  await expect(forgetMonths(database.pool('writer'), '2026-04')).rejects.toMatchObject({ code: '42501' });
});
