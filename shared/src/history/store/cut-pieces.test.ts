import { expect, it } from 'vitest';
import { openDuckDb } from '../duckdb.ts';
import { FOLDED_PIECES, PLACED_PIECES } from './cut-pieces.ts';

it('pieces are matched with what cuts them by their endpoint, and not each with each', async () => {
  const db = await openDuckDb({ directories: [], threads: 1, memoryLimitMb: 128 });
  try {
    await db.rows(
      `CREATE TABLE pieces (endpoint_id BIGINT, evidence_id BIGINT, first_census INTEGER, last_census INTEGER,
                            began VARCHAR, ended VARCHAR, fate VARCHAR, fate_census INTEGER)`,
    );
    await db.rows('CREATE TABLE recorded_endpoint_places (endpoint_id BIGINT, first_census INTEGER, place_id INTEGER)');
    await db.rows(
      `CREATE TABLE recorded_memberships (endpoint_id BIGINT, first_census INTEGER, cluster VARCHAR, template VARCHAR,
                                          mirrored BOOLEAN)`,
    );
    await db.rows(`INSERT INTO pieces SELECT i, i, 1, 9, 'new', NULL, NULL, NULL FROM range(1000) AS made (i)`);
    await db.rows('INSERT INTO recorded_endpoint_places SELECT i, 1, i FROM range(1000) AS made (i)');
    await db.rows(`INSERT INTO recorded_memberships SELECT i, 1, 'c' || i, NULL, false FROM range(1000) AS made (i)`);
    for (const statement of [PLACED_PIECES, FOLDED_PIECES]) {
      const plan = JSON.stringify(await db.rows(`EXPLAIN ${statement}`));
      expect(plan).toContain('HASH_JOIN');
      expect(plan).not.toMatch(/NL_JOIN|NESTED_LOOP|IE_JOIN|PRODUCT/);
      await db.rows(statement);
    }
    expect(await db.rows('SELECT count(*)::INTEGER AS pieces FROM folded_pieces')).toEqual([{ pieces: 1000 }]);
  } finally {
    db.close();
  }
});
