import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import type { Database } from './index.ts';

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test('a role is in force on every connection of its pool', async () => {
  const { rows } = await database.pool('prober').query('SELECT current_user, session_user');
  expect(rows[0]).toEqual({ current_user: 'kubecensus_prober', session_user: 'kubecensus_prober' });
});
