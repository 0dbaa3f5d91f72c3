import type pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listEndpoints, listRevisions } from '../services/api/src/index.ts';
import { indexBatch } from '../services/indexer/src/batches/index-batch.ts';
import { advanceScan } from '../services/indexer/src/census/advance-scan.ts';
import { CLASSIFIER } from '../services/indexer/src/index.ts';
import { takeInLateBatches } from '../services/indexer/src/late/take-in-late-batches.ts';
import type { Database } from '../shared/src/database/index.ts';
import type { Observation } from '../shared/src/messages/index.ts';
import { insertScan, lookWithout, toBatch } from './support/record.ts';
import { answering, type CensusTaker, openTakenSeries, REVISIT } from './support/taken-census.ts';

let database: Database;
let writer: pg.Pool;
let taker: CensusTaker;
let series: number;

beforeEach(async () => {
  ({ database, writer, taker, series } = await openTakenSeries());
});
afterEach(() => database.close());

const takeIn = () => takeInLateBatches(writer, CLASSIFIER, 0);

async function comeLate(scanId: string, batchNumber: number, found: readonly Observation[]): Promise<string> {
  const { result } = await indexBatch(writer, CLASSIFIER, toBatch({ scanId, batchNumber }, found));
  return result;
}

/** What each census has, by its number: the last part of the address, and the version. */
async function members(censuses = 3): Promise<string[]> {
  const told: string[] = [];
  for (let census = 1; census <= censuses; census += 1) {
    const { rows } = await listEndpoints(database.pool('reader'), { series, census });
    told.push(rows.map(({ address, version }) => `${address.split('.')[3]} ${version}`).join(', '));
  }
  return told;
}

async function revisions(): Promise<string[]> {
  const rows = await listRevisions(database.pool('reader'), { series });
  return rows.filter(({ revision }) => revision > 1).map((row) => `${row.censusNumber}.${row.revision} ${row.reason}`);
}

/** One in all three censuses; two was seen in the third alone. Gives their scans. */
async function takeThree(): Promise<string[]> {
  const scans: string[] = [];
  for (const found of [[answering(1)], [answering(1)], [answering(1), answering(2)]]) {
    await taker.census({ found });
    scans.push(taker.scanId);
  }
  return scans;
}

it('a late batch is taken in as a revision of its census, and of no other', async () => {
  const [, second = ''] = await takeThree();
  expect(await comeLate(second, 1, [answering(2), answering(9)])).toBe('late');
  expect(await members()).toEqual(['1 v1.29.4', '1 v1.29.4', '1 v1.29.4, 2 v1.29.4']);
  expect(await takeIn()).toMatchObject([{ scanId: second, batches: 1, excluded: 0 }]);
  expect(await members()).toEqual(['1 v1.29.4', '1 v1.29.4, 2 v1.29.4, 9 v1.29.4', '1 v1.29.4, 2 v1.29.4']);
  const { rows: folded } = await writer.query(
    `SELECT DISTINCT host(address) AS address FROM memberships JOIN endpoints USING (endpoint_id)
     WHERE series_id = $1 ORDER BY 1`,
    [series],
  );
  expect(folded.map((row) => row.address)).toEqual(['127.0.0.1', '127.0.0.2', '127.0.0.9']);
  // Nine is not reached in the third: nobody looked for it there, so that census says something else as well.
  expect(await revisions()).toEqual(['2.2 late-data', '3.2 late-data']);
});

it('the same late batch again, before and after it was taken in, changes nothing', async () => {
  const [, second = ''] = await takeThree();
  await comeLate(second, 1, [answering(2)]);
  expect(await comeLate(second, 1, [answering(2)])).toBe('repeated');
  await takeIn();
  const after = [await members(), await revisions()];
  expect(await comeLate(second, 1, [answering(2)])).toBe('repeated');
  expect(await takeIn()).toEqual([]);
  // What a later attempt says of the same targets is no news either.
  await comeLate(second, 2, [answering(2)]);
  expect(await takeIn()).toMatchObject([{ revisions: [] }]);
  expect([await members(), await revisions()]).toEqual(after);
});

it('a better look that comes late wins, a worse one does not, and a refusal proves nothing', async () => {
  const [first = '', second = ''] = await takeThree();
  const { reason: _none, ...present } = { ...answering(1), outcome: 'present' as const, reason: 'no-answer' as const };
  await comeLate(first, 1, [{ ...present, reason: 'no-answer' }, lookWithout('connection-refused', '127.0.0.1')]);
  await takeIn();
  expect(await revisions()).toEqual([]);
  await comeLate(second, 1, [{ ...answering(1, 'v1.30.0'), observedAt: 1 }]);
  await takeIn();
  expect(await members()).toEqual(['1 v1.29.4', '1 v1.30.0', '1 v1.29.4, 2 v1.29.4']);
  expect(await revisions()).toEqual(['2.2 late-data']);
});

it('late batches of several scans come to the same record in whatever order they are taken in', async () => {
  const outcomes: string[][] = [];
  for (const order of [
    [0, 1],
    [1, 0],
  ]) {
    series = await taker.startSeries();
    const scans = await takeThree();
    for (const at of order) {
      await comeLate(scans[at] ?? '', 1, [answering(7), answering(8, `v1.3${at}.0`)]);
      await takeIn();
    }
    outcomes.push(await members());
  }
  expect(outcomes[0]).toEqual(outcomes[1]);
  expect(outcomes[0]?.[0]).toContain('7 v1.29.4, 8 v1.30.0');
});

it('the next census judges what late data brought', async () => {
  const [, , third = ''] = await takeThree();
  await comeLate(third, 1, [answering(9)]);
  await takeIn();
  expect(await taker.census({ found: [answering(1), answering(2)] })).toBe(1);
  expect(await members(4)).toEqual([
    '1 v1.29.4',
    '1 v1.29.4',
    '1 v1.29.4, 2 v1.29.4, 9 v1.29.4',
    '1 v1.29.4, 2 v1.29.4',
  ]);
  const { rows } = await writer.query(
    `SELECT first_census, last_census, ended FROM sightings JOIN endpoints USING (endpoint_id) WHERE address = '127.0.0.9'`,
  );
  expect(rows).toEqual([{ first_census: 3, last_census: 3, ended: 'gone' }]);
});

it('what is excluded by now is not taken in', async () => {
  const [, second = ''] = await takeThree();
  await comeLate(second, 1, [answering(2), answering(9)]);
  await writer.query(`INSERT INTO exclusions (first_address, last_address, reason) VALUES ($1, $1, 'asked')`, [
    '127.0.0.9',
  ]);
  expect(await takeIn()).toMatchObject([{ excluded: 1 }]);
  const { rows } = await writer.query(
    `SELECT (SELECT count(*) FROM endpoints WHERE address = '127.0.0.9') AS known,
            (SELECT count(*) FROM observations WHERE address = '127.0.0.9') AS seen,
            (SELECT count(*) FROM late_batches) AS waiting`,
  );
  expect(rows).toEqual([{ known: 0, seen: 0, waiting: 0 }]);
});

it('bytes that are no batch are kept as malformed, and the rest of the scan is taken in', async () => {
  const [, second = ''] = await takeThree();
  await indexBatch(writer, CLASSIFIER, { ...toBatch({ scanId: second, batchNumber: 1 }, []), observations: 'AAAA' });
  await comeLate(second, 2, [answering(2)]);
  expect(await takeIn()).toMatchObject([{ batches: 2 }]);
  const { rows } = await writer.query('SELECT scan_id::text AS scan FROM malformed_observations');
  expect(rows).toEqual([{ scan: second }]);
  expect(await revisions()).toEqual(['2.2 late-data']);
});

it('several that take late batches in at once make one revision', async () => {
  const [, second = ''] = await takeThree();
  await comeLate(second, 1, [answering(2)]);
  await Promise.all([takeIn(), takeIn(), takeIn()]);
  expect(await revisions()).toEqual(['2.2 late-data']);
});

it('of an ad-hoc scan late data brings the current state up to date, and no census', async () => {
  await takeThree();
  const scanId = await insertScan(writer, {});
  await taker.look(scanId, 0, []);
  await advanceScan(writer, scanId, REVISIT);
  await comeLate(scanId, 1, [answering(9)]);
  expect(await takeIn()).toMatchObject([{ batches: 1, revisions: [] }]);
  const { rows } = await listEndpoints(database.pool('reader'), { live: true });
  expect(rows.map(({ address }) => address)).toContain('127.0.0.9');
  expect(await revisions()).toEqual([]);
});

it('batches wait for one another', async () => {
  const [, second = ''] = await takeThree();
  await comeLate(second, 1, [answering(2)]);
  expect(await takeInLateBatches(writer, CLASSIFIER, 60_000)).toEqual([]);
  await writer.query(`UPDATE late_batches SET arrived_at = now() - interval '1 minute'`);
  expect(await takeInLateBatches(writer, CLASSIFIER, 60_000)).toHaveLength(1);
});
