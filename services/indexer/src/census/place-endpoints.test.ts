import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseRange } from '../../../../shared/src/addresses/index.ts';
import { type Database, withTransaction } from '../../../../shared/src/database/index.ts';
import { type Place, PlaceTables, toPlaceLayer } from '../../../../shared/src/place/index.ts';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { insertSeries } from '../../../../test/support/record.ts';
import { insertRecordedHistory } from '../../../../test/support/recorded-history.ts';
import { placeEndpoints } from './place-endpoints.ts';

const CENSUSES = 3;
let database: Database;
let seriesId: number;

beforeAll(async () => {
  database = await createTestDatabase();
  seriesId = await insertSeries(database.pool());
  await insertRecordedHistory(database.pool(), seriesId, { addresses: 300, weeks: CENSUSES, seed: 7 });
  await database.pool().query('DELETE FROM endpoint_places');
});
afterAll(() => database.close());

function tablesOf(version: string, ranges: Readonly<Record<string, Place>>): PlaceTables {
  const layer = toPlaceLayer(Object.entries(ranges).map(([text, place]) => ({ range: parseRange(text), place })));
  const source = { table: 'own-test', asOf: '2026-01-01', source: 'test', version };
  return new PlaceTables({ own: [layer], published: [] }, [source]);
}

const place = (census: number, tables: PlaceTables) =>
  withTransaction(database.pool('writer'), (client) => placeEndpoints(client, seriesId, census, tables));

async function readPlaces(census: number): Promise<Map<string, string>> {
  const { rows } = await database.pool('reader').query<{ address: string; port: number; text: string }>(
    `SELECT DISTINCT ON (endpoint_id) host(address) AS address, port,
            concat_ws(' ', asn, as_name, country, provider) AS text
     FROM endpoint_places JOIN places USING (place_id) JOIN endpoints USING (endpoint_id)
     WHERE first_census <= $1 ORDER BY endpoint_id, first_census DESC`,
    [census],
  );
  return new Map(rows.map(({ address, port, text }) => [`${address} ${port}`, text]));
}

async function count(sql: string): Promise<number> {
  const { rows } = await database.pool('reader').query<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`);
  return rows[0]?.n ?? 0;
}

const FIRST = tablesOf('1', { '198.51.0.0/25': { asn: 64500, asName: 'A', country: 'DE' } });
const SECOND = tablesOf('2', {
  '198.51.0.0/26': { asn: 64500, asName: 'A', country: 'DE' },
  '2001:db8::/32': { country: 'NL' },
});

it('every endpoint of a census is looked up, and one that no table knows has a row that says so', async () => {
  const open = await count('sightings WHERE last_census IS NULL');
  expect(await place(1, FIRST)).toBe(open);
  const places = await readPlaces(1);
  expect(places.size).toBe(open);
  expect(new Set(places.values())).toEqual(new Set(['64500 A DE', '']));
  const { rows } = await database.pool().query('SELECT place_tables FROM censuses WHERE census_number = 1');
  expect(rows[0].place_tables).toEqual(FIRST.sources);
});

it('while the tables are the same, what a census opened is looked up again and nothing else', async () => {
  await database.pool().query(`UPDATE endpoint_places SET place_id = (SELECT max(place_id) FROM places)`);
  const opened = await count('sightings WHERE last_census IS NULL AND first_census = 2');
  const written = await place(2, FIRST);
  expect(written).toBeLessThanOrEqual(opened);
  await database.pool().query('DELETE FROM endpoint_places');
  expect(await place(2, FIRST)).toBe(await count('sightings WHERE last_census IS NULL'));
});

it('other tables move endpoints from their census on; what earlier censuses said stays', async () => {
  await database.pool().query('DELETE FROM endpoint_places');
  await place(1, FIRST);
  const before = await readPlaces(1);
  expect(await place(2, FIRST)).toBe(0);
  const moved = await place(3, SECOND);
  const after = await readPlaces(3);
  expect(moved).toBe([...after].filter(([key, text]) => before.get(key) !== text).length);
  expect(moved).toBeGreaterThan(10);
  expect(await readPlaces(2)).toEqual(before);
  expect([...after].filter(([key]) => key.startsWith('2001:db8')).every(([, text]) => text === 'NL')).toBe(true);
  expect(await place(3, SECOND)).toBe(0);
});
