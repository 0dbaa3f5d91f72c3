import { parseAddress } from '@kubecensus/shared/addresses';
import type { Database } from '@kubecensus/shared/database';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { addCanary } from './add-canary.ts';
import { listCanaries, removeCanary } from './store/write-canaries.ts';

let database: Database;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const add = (address: string, note?: string) =>
  addCanary(database.pool('writer'), { address: parseAddress(address), port: 6443 }, 'kube-apiserver', note);

it('a canary is in use until it is removed, and may then be added anew', async () => {
  const writer = database.pool('writer');
  const first = await add('10.1.2.3', 'in the office');
  expect(await add('10.1.2.3', 'in the cellar')).toMatchObject({ canaryId: first.canaryId, note: 'in the cellar' });
  expect(await listCanaries(database.pool('reader'))).toMatchObject([{ address: '10.1.2.3', port: 6443 }]);
  expect(await removeCanary(writer, first.canaryId)).toBe(true);
  expect(await removeCanary(writer, first.canaryId)).toBe(false);
  expect(await listCanaries(writer)).toEqual([]);
  expect((await add('10.1.2.3')).canaryId).not.toBe(first.canaryId);
});

it('an address that no scan may look at is no canary', async () => {
  await expect(add('169.254.169.254')).rejects.toMatchObject({ code: 'SCAN_SPECIAL_REFUSED' });
});
