import type { Database } from '@kubecensus/shared/database';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { leaseRate, returnRate } from './lease-rate.ts';

const RATE = 1000;
let database: Database;
let scanId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await database
    .pool()
    .query("INSERT INTO scan_scopes (scope_hash, body, target_count, summary) VALUES (sha256('x'), '', 1, '')");
});
afterAll(() => database.close());
beforeEach(async () => {
  const { rows } = await database.pool().query<{ scan_id: string }>(
    `INSERT INTO scans (kind, scope_hash, permutation_key, target_count, shard_count, rate, prefix_rate, as_of, purpose, method)
     VALUES ('ad-hoc', sha256('x'), $1, 1, 1, $2, 12, now(), 'test', '{}') RETURNING scan_id::text`,
    [Buffer.alloc(32), RATE],
  );
  scanId = rows[0]?.scan_id ?? '';
});

const lease = (prober: string, leaseMs = 60_000) => leaseRate(database.pool('prober'), scanId, prober, leaseMs);

async function sum(): Promise<number> {
  const { rows } = await database
    .pool()
    .query<{ sum: number }>(
      'SELECT COALESCE(sum(per_second), 0) AS sum FROM rate_leases WHERE scan_id = $1 AND runs_until > clock_timestamp()',
      [scanId],
    );
  return rows[0]?.sum ?? Number.NaN;
}

it('one prober has the whole rate, and the cap of a prefix', async () => {
  expect(await lease('a')).toEqual({ perSecond: RATE, fairPerSecond: RATE, prefixPerSecond: 12 });
});

it('a second one gets its part as soon as the first has given it up, and not before', async () => {
  await lease('a');
  expect(await lease('b')).toEqual({ perSecond: 0, fairPerSecond: 500, prefixPerSecond: 6 });
  expect((await lease('a')).perSecond).toBe(500);
  expect((await lease('b')).perSecond).toBe(500);
});

it('whoever is gone leaves its part to the others when its lease has run out, or when it is given back', async () => {
  await lease('a', 1);
  await vi.waitFor(async () => expect(await sum()).toBe(0));
  expect((await lease('b')).perSecond).toBe(RATE);
  await lease('c');
  await returnRate(database.pool('prober'), scanId, 'b');
  expect((await lease('c')).perSecond).toBe(RATE);
});

it('twenty that ask at once never have more than the rate together, and in the end equal parts', async () => {
  const probers = Array.from({ length: 20 }, (_, index) => `p${index}`);
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(probers.map((prober) => lease(prober)));
    expect(await sum()).toBeLessThanOrEqual(RATE + 1e-6);
  }
  const last = await Promise.all(probers.map((prober) => lease(prober)));
  for (const { perSecond } of last) expect(perSecond).toBeCloseTo(RATE / 20);
});

it('a rate that was lowered holds from the next request on', async () => {
  await lease('a');
  await database.pool().query('UPDATE scans SET rate = 10 WHERE scan_id = $1', [scanId]);
  expect((await lease('a')).perSecond).toBe(10);
});

it('a scan that is not there is an error, and nothing is leased of it', async () => {
  await expect(leaseRate(database.pool('prober'), '999999999', 'a', 60_000)).rejects.toThrow(
    'scan 999999999 is not in the record',
  );
});
