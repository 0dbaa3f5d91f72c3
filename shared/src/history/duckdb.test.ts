import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DuckDb, openDuckDb } from './duckdb.ts';

let db: DuckDb;

beforeAll(async () => {
  db = await openDuckDb({ directories: [], threads: 1, memoryLimitMb: 128 });
});
afterAll(() => db.close());

/** Takes the engine hours, unless somebody ends it. */
const ENDLESS = 'SELECT count(*)::DOUBLE AS n FROM range(1000000000000) WHERE range % 7 = 3';

it('a statement that is late is ended in the engine, and fails with a code', async () => {
  const late = db.within(50).rows(ENDLESS);
  await expect(late).rejects.toMatchObject({ code: 'QUERY_TIMEOUT' });
  expect(await db.within(60_000).rows('SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

it('a limit that was not reached ends nothing that is asked over the same connection afterwards', async () => {
  const limited = db.within(1);
  await Promise.allSettled(Array.from({ length: 20 }, () => limited.rows('SELECT 1 AS one')));
  const rows = await db.rows<{ n: number }>('SELECT count(*)::DOUBLE AS n FROM range(30000000) WHERE range % 7 = 3');
  expect(rows).toEqual([{ n: 4285714 }]);
});

it('numbers fill the arrays that they are given, and more rows than there is room for are refused', async () => {
  const [small, large] = [new Uint16Array(3), new Float64Array(3)];
  await db.fill('SELECT range::INTEGER, range * 3000000000.0 FROM range(3)', [small, large]);
  expect([...small, ...large]).toEqual([0, 1, 2, 0, 3e9, 6e9]);
  await expect(db.fill('SELECT range::INTEGER FROM range(4)', [small])).rejects.toThrow(RangeError);
});
