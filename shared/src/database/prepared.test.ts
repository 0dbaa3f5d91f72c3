import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import type { Database } from './database.ts';
import { prepared } from './prepared.ts';
import { withClient } from './transaction.ts';

let database: Database;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

it('a statement is parsed once by each connection, whatever its values, and each text is a statement of its own', async () => {
  await withClient(database.pool(), async (client) => {
    for (const value of [1, 2, 3]) {
      const { rows } = await client.query<{ twice: number }>(prepared('SELECT $1::integer * 2 AS twice', [value]));
      expect(rows).toEqual([{ twice: value * 2 }]);
    }
    await client.query(prepared('SELECT $1::integer * 3 AS thrice', [1]));
    const { rows } = await client.query<{ statement: string }>(
      'SELECT statement FROM pg_prepared_statements ORDER BY statement',
    );
    expect(rows.map(({ statement }) => statement)).toEqual([
      'SELECT $1::integer * 2 AS twice',
      'SELECT $1::integer * 3 AS thrice',
    ]);
  });
});
