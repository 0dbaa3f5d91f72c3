import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPassableHome } from '../../../test/support/laid-out-data.ts';
import { type Database, joinDatabase, openDatabase } from './index.ts';

let home: string;
let owner: Database;
beforeAll(async () => {
  home = await createPassableHome();
  owner = await openDatabase({ dataDir: path.join(home, 'data') });
});
afterAll(async () => {
  await owner.close();
  await rm(home, { recursive: true, force: true });
});

test('a second process joins the server of a data directory in use, with the powers of each role', async () => {
  const dataDir = path.join(home, 'data');
  await expect(openDatabase({ dataDir })).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
  const guest = await joinDatabase(dataDir);
  try {
    await guest.pool('writer').query(`INSERT INTO exclusions (first_address, last_address, reason)
                                      VALUES ('127.9.0.0', '127.9.0.255', 'asked for')`);
    const { rows } = await owner.pool('reader').query('SELECT reason FROM exclusions');
    expect(rows).toEqual([{ reason: 'asked for' }]);
    await expect(guest.pool('reader').query('DELETE FROM exclusions')).rejects.toMatchObject({ code: '42501' });
  } finally {
    await guest.close();
  }
  expect((await owner.pool('reader').query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});
