import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Database } from '../../../../shared/src/database/index.ts';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { apiServerSaying, finishShard, insertScan, insertSeries } from '../../../../test/support/record.ts';
import { CLOSING_RULES } from '../census/closing-rules.ts';
import { CLASSIFIER } from '../evidence/classifier.ts';
import { type BulkFinding, loadCensus, storeEvidenceOf } from './load-census.ts';

let database: Database;
let seriesId: number;
beforeEach(async () => {
  database = await createTestDatabase();
  seriesId = await insertSeries(database.pool());
});
afterEach(() => database.close());

async function planScan(asOf: string): Promise<string> {
  const scanId = await insertScan(database.pool(), { seriesId, asOf, ranges: ['127.0.0.0/24'] });
  await finishShard(database.pool(), scanId, 0, 0, { answered: 3 });
  await database.pool().query(`UPDATE shards SET state = 'done' WHERE scan_id = $1`, [scanId]);
  return scanId;
}

/** Findings of three API servers; a serial makes evidence its own. */
async function findThree(version: string, serials: readonly number[] = [1, 2, 3]): Promise<BulkFinding[]> {
  const observations = serials.map((serial, at) => apiServerSaying(version, `127.0.0.${at + 1}`, serial));
  const numbers = await storeEvidenceOf(database.pool('writer'), CLASSIFIER, observations);
  return observations.map((one, at) => ({ ...one, evidenceId: numbers[at] ?? 0 }));
}

const load = (scanId: string, findings: readonly BulkFinding[]) =>
  loadCensus(database.pool('writer'), scanId, findings, CLOSING_RULES);

async function count(table: string): Promise<number> {
  const { rows } = await database.pool().query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`);
  return rows[0]?.n ?? -1;
}

it('a census is loaded as if it had come through the queue, and leaves no row for each look', async () => {
  expect(await load(await planScan('2026-01-05T00:00:00Z'), await findThree('v1.30.1'))).toMatchObject({
    opened: 3,
    changed: 0,
  });
  expect(await count('sightings WHERE last_census IS NULL')).toBe(3);
  expect(await count(`fingerprints WHERE version = 'v1.30.1'`)).toBe(3);
  expect(await count('endpoints')).toBe(3);
  expect(await count('public.observations')).toBe(0);
});

it('what proved its key is in a cluster, as it would have been through the queue', async () => {
  const [proved, failed, ...others] = await findThree('v1.30.1');
  if (proved === undefined || failed === undefined) throw new Error('three were found');
  const findings = [
    { ...proved, possession: 'proved' as const },
    { ...failed, possession: 'failed' as const },
    ...others,
  ];
  await load(await planScan('2026-01-05T00:00:00Z'), findings);
  const { rows } = await database
    .pool()
    .query(`SELECT reason, cluster_id IS NOT NULL AS told FROM memberships ORDER BY endpoint_id`);
  expect(rows).toEqual([
    { reason: 'mark', told: true },
    { reason: 'replayed', told: false },
    { reason: 'not-proved', told: false },
  ]);
});

it('the same findings again change nothing, and others end what they replace', async () => {
  const findings = await findThree('v1.30.1');
  await load(await planScan('2026-01-05T00:00:00Z'), findings);
  expect(await load(await planScan('2026-01-12T00:00:00Z'), findings)).toMatchObject({ opened: 0, changed: 0 });
  const [first, ...others] = findings;
  const [renewed] = await findThree('v1.31.0', [9]);
  if (first === undefined || renewed === undefined) throw new Error('three were found');
  const next = [{ ...first, evidenceId: renewed.evidenceId }, ...others];
  expect(await load(await planScan('2026-01-19T00:00:00Z'), next)).toMatchObject({ opened: 1, changed: 1 });
  expect(await count('sightings')).toBe(4);
});

it('a census that is closed takes nothing in again, and unknown evidence is refused whole', async () => {
  const findings = await findThree('v1.30.1');
  const scanId = await planScan('2026-01-05T00:00:00Z');
  const unknown = findings.map((one) => ({ ...one, evidenceId: one.evidenceId + 1000 }));
  await expect(load(scanId, unknown)).rejects.toThrow('not in the record');
  expect(await count('censuses')).toBe(0);
  await load(scanId, findings);
  await expect(load(scanId, findings)).rejects.toThrow('not open');
  expect(await count('censuses')).toBe(1);
});

it('findings that name a new target twice are refused whole, and none at all leave everything not reached', async () => {
  const findings = await findThree('v1.30.1');
  const scanId = await planScan('2026-01-05T00:00:00Z');
  await expect(load(scanId, [...findings, ...findings.slice(0, 1)])).rejects.toThrow('name a target twice');
  expect(await count('endpoints')).toBe(0);
  await load(scanId, findings);
  expect(await load(await planScan('2026-01-12T00:00:00Z'), [])).toMatchObject({ unseen: { 'not-reached': 3 } });
  expect(await count('sightings WHERE last_census IS NULL')).toBe(3);
});
