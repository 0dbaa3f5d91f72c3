import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../../shared/src/database/index.ts';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { toTextArrayText } from './text-array-text.ts';

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase({ empty: true });
});
afterAll(() => database.close());

async function readBack(lists: readonly (readonly string[])[]): Promise<string[][]> {
  const { rows } = await database
    .pool()
    .query<{ list: string[] }>(
      'SELECT list::text[] AS list FROM unnest($1::text[]) WITH ORDINALITY AS given (list, nth) ORDER BY nth',
      [lists.map(toTextArrayText)],
    );
  return rows.map(({ list }) => list);
}

it('quotes, backslashes, braces, commas, blanks, NULL and nothing at all come back as they were', async () => {
  const lists = [[], [''], ['NULL', 'null'], ['a"b', '\\', '\\"', '{},', ' x ', 'ü\u202e', 'two\nlines'], ['{"a"}']];
  expect(await readBack(lists)).toEqual(lists);
});

it('whatever text a name is of, it comes back as it was', async () => {
  const text = fc.string({ unit: 'binary' }).map((any) => any.replaceAll('\0', ''));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(text, { maxLength: 6 }), { maxLength: 8 }), async (lists) => {
      expect(await readBack(lists)).toEqual(lists);
    }),
    { seed: 7, numRuns: 200 },
  );
});
