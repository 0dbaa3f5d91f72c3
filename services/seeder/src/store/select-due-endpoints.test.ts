import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../../shared/src/database/index.ts';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { selectDueEndpoints } from './select-due-endpoints.ts';

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const DAY = new Date('2026-11-15T00:00:00Z');

async function due(): Promise<string[]> {
  const found: string[] = [];
  for await (const page of selectDueEndpoints(database.pool('reader'), DAY)) {
    found.push(...page.map(({ address, port }) => `${address} ${port}`));
  }
  return found;
}

it('due is what was last looked at before that day and is not known to be gone, once for all its components', async () => {
  expect(await due()).toEqual([]);
  await database.pool().query(
    `INSERT INTO endpoints (address, port, component, outcome, first_seen_at, last_seen_at, last_looked_at, last_scan_id)
     SELECT address, port, component, outcome, looked_at, looked_at, looked_at, 1
     FROM (VALUES ('192.0.2.9'::inet, 443, 'kube-apiserver', 'answered', '2026-11-14T23:59:59Z'::timestamptz),
                  ('192.0.2.9', 443, 'kubelet', 'present', '2026-11-14T00:00:00Z'),
                  ('192.0.2.10', 6443, 'kube-apiserver', 'connection-timeout', '2026-11-01T00:00:00Z'),
                  ('192.0.2.11', 443, 'kube-apiserver', 'answered', '2026-11-15T00:00:00Z'),
                  ('192.0.2.12', 443, 'kube-apiserver', 'connection-refused', '2026-11-01T00:00:00Z'),
                  ('192.0.2.13', 443, 'kube-apiserver', 'look-alike', '2026-11-01T00:00:00Z'))
       AS known (address, port, component, outcome, looked_at)`,
  );
  expect(await due()).toEqual(['192.0.2.9 443', '192.0.2.10 6443']);
});

it('what is over a page is read on, without a target left out or told twice', async () => {
  await database.pool().query(
    `INSERT INTO endpoints (address, port, component, outcome, first_seen_at, last_seen_at, last_looked_at, last_scan_id)
     SELECT '10.0.0.0'::inet + n / 3, 440 + n % 3, 'kube-apiserver', 'answered', $1, $1, $1, 1
     FROM generate_series(0, 20000) AS n`,
    [new Date(DAY.getTime() - 1)],
  );
  const found = await due();
  expect(found).toHaveLength(20_003);
  expect(new Set(found).size).toBe(20_003);
});
