import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import { type Database, toByteaArray } from './index.ts';

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
});
afterAll(() => database.close());

it.each([
  ['none', []],
  ['one', [Buffer.from('a')]],
  ['empty ones and nulls', [Buffer.alloc(0), null, Buffer.from([0, 255, 92, 34, 123, 125]), null]],
  ['many of many lengths', Array.from({ length: 500 }, (_, length) => Buffer.alloc(length * 7, length))],
])('an array of byte strings arrives as it was: %s', async (_what, values) => {
  const { rows } = await database
    .pool('owner')
    .query<{ value: Buffer | null }>(
      'SELECT value FROM unnest($1::bytea[]) WITH ORDINALITY AS given (value, nth) ORDER BY nth',
      [toByteaArray(values)],
    );
  expect(rows.map((row) => row.value)).toEqual(values);
});
