import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { countEndpoints, listEndpoints, listTransitions } from '../services/api/src/index.ts';
import { advanceScan } from '../services/indexer/src/census/advance-scan.ts';
import { CLOSING_RULES } from '../services/indexer/src/census/closing-rules.ts';
import { type Database, withTransaction } from '../shared/src/database/index.ts';
import type { Observation } from '../shared/src/messages/index.ts';
import { PlaceTables } from '../shared/src/place/index.ts';
import type { Outcome } from '../shared/src/vocabulary/index.ts';
import { createTestDatabase } from './support/database.ts';
import { apiServerRefusing, finishShard, insertScan, leaseShard, lookWithout } from './support/record.ts';
import { answering, type CensusTaker, createCensusTaker, REVISIT, type TakenWeek } from './support/taken-census.ts';

let database: Database;
let writer: pg.Pool;
let reader: pg.Pool;
let taker: CensusTaker;
let series: number;

beforeAll(async () => {
  database = await createTestDatabase();
  writer = database.pool('writer');
  reader = database.pool('reader');
  taker = createCensusTaker(writer);
});
afterAll(() => database.close());
beforeEach(async () => {
  series = await taker.startSeries();
});

const census = (week: TakenWeek) => taker.census(week);
const look = (scanId: string, shardNumber: number, found: readonly Observation[]) =>
  taker.look(scanId, shardNumber, found);

async function transitions(): Promise<Record<string, string>> {
  const { rows } = await listTransitions(reader, { series });
  return Object.fromEntries(rows.map(({ address, state }) => [address.replace('127.0.0.', ''), state]));
}

async function members(): Promise<string[]> {
  const { rows } = await listEndpoints(reader, { series });
  return rows.map(({ address, version }) => `${address.replace('127.0.0.', '')} ${version}`);
}

async function sightings(last: number): Promise<string[]> {
  const { rows } = await writer.query<{ text: string }>(
    `SELECT format('%s-%s %s', first_census, last_census, ended) AS text
     FROM sightings JOIN endpoints USING (endpoint_id)
     WHERE series_id = $1 AND address = $2::inet ORDER BY first_census`,
    [series, `127.0.0.${last}`],
  );
  return rows.map(({ text }) => text.trim());
}

it('the first census opens a sighting for each finding and revisits nothing', async () => {
  expect(await census({ found: [answering(1), answering(2)] })).toBe(0);
  expect(await transitions()).toEqual({ 1: 'new', 2: 'new' });
  expect(await members()).toEqual(['1 v1.29.4', '2 v1.29.4']);
});

it('an endpoint that shows the same evidence costs nothing in the next census', async () => {
  await census({ found: [answering(1)] });
  await census({ found: [answering(1)] });
  expect(await transitions()).toEqual({});
  expect(await sightings(1)).toEqual(['1-']);
  expect(await members()).toEqual(['1 v1.29.4']);
});

it('other evidence ends a sighting as changed and opens the next', async () => {
  await census({ found: [answering(1)] });
  await census({ found: [answering(1, 'v1.30.1')] });
  expect(await transitions()).toEqual({ 1: 'changed' });
  expect(await sightings(1)).toEqual(['1-1 changed', '2-']);
  expect(await members()).toEqual(['1 v1.30.1']);
});

it.each<[string, readonly Outcome[], string, number]>([
  ['refuses', ['connection-refused'], 'gone', 1],
  ['is another service now', ['not-component'], 'gone', 1],
  ['times out twice', ['connection-timeout', 'connection-timeout'], 'gone', 2],
  ['times out, then refuses', ['connection-timeout', 'connection-refused'], 'gone', 2],
  ['times out, then resets', ['connection-timeout', 'closed-silently'], 'not-reached', 2],
  ['times out, then we fail', ['connection-timeout', 'internal-error'], 'not-reached', 2],
  ['stops in mid-handshake', ['read-timeout'], 'not-reached', 1],
  ['could not be asked by our fault', ['internal-error'], 'not-reached', 1],
  ['is excluded at the gate', ['excluded'], 'excluded', 1],
])('an endpoint that was not seen and, revisited, %s', async (_, outcomes, state, looks) => {
  await census({ found: [answering(1), answering(2)] });
  expect(await census({ found: [answering(1)], revisits: { '127.0.0.2': outcomes } })).toBe(looks);
  expect(await transitions()).toEqual({ 2: state });
  expect(await sightings(2)).toEqual([state === 'not-reached' ? '1-' : `1-1 ${state}`]);
  expect(await members()).toEqual(['1 v1.29.4']);
});

it('an endpoint that answers its revisit was in the census all along', async () => {
  await census({ found: [answering(1), answering(2)] });
  expect(await census({ found: [answering(1)], revisits: { '127.0.0.2': ['answered'] } })).toBe(1);
  expect(await transitions()).toEqual({});
  expect(await members()).toEqual(['1 v1.29.4', '2 v1.29.4']);
  await census({ found: [answering(2)], revisits: { '127.0.0.1': ['connection-timeout', 'answered'] } });
  expect(await transitions()).toEqual({});
});

it('without revisits nothing is ever called gone', async () => {
  await census({ found: [answering(1)] });
  await census({ found: [], revisitAllowed: false });
  expect(await transitions()).toEqual({ 1: 'not-reached' });
  expect(await members()).toEqual([]);
  await census({ found: [answering(1)], revisitAllowed: false });
  expect(await transitions()).toEqual({ 1: 'back' });
  expect(await sightings(1)).toEqual(['1-']);
});

it('an endpoint that was gone and is there again has reappeared', async () => {
  await census({ found: [answering(1), answering(2)] });
  await census({ found: [answering(1)] });
  await census({ found: [answering(1)] });
  expect(await transitions()).toEqual({});
  await census({ found: [answering(1), answering(2)] });
  expect(await transitions()).toEqual({ 2: 'reappeared' });
  expect(await sightings(2)).toEqual(['1-1 gone', '4-']);
});

it('an endpoint that was not reached once and is gone for good was last in the census before', async () => {
  await census({ found: [answering(1), answering(2)] });
  await census({ found: [answering(1)], revisits: { '127.0.0.2': ['read-timeout'] } });
  await census({ found: [answering(1)] });
  expect(await transitions()).toEqual({ 2: 'gone' });
  expect((await listEndpoints(reader, { series, census: 2 })).rows).toHaveLength(1);
});

it('excluded and out of scope are told apart, and neither is revisited', async () => {
  const ranges = ['127.0.0.0/28'];
  await census({ found: [answering(1), answering(2), answering(9)], ranges });
  await writer.query(`INSERT INTO exclusions (first_address, last_address, reason) VALUES ($1, $1, 'asked')`, [
    '127.0.0.9',
  ]);
  expect(await census({ found: [answering(1)], ranges: ['127.0.0.1-127.0.0.1'] })).toBe(0);
  expect(await transitions()).toEqual({ 2: 'out-of-scope', 9: 'excluded' });
  await writer.query('DELETE FROM exclusions');
  await census({ found: [answering(1), answering(2), answering(9)], ranges });
  expect(await transitions()).toEqual({ 2: 'reappeared', 9: 'reappeared' });
});

it('an exclusion of an IPv4 range holds for the IPv6 addresses that carry it', async () => {
  const carried = { ...answering(1), address: '64:ff9b::7f00:5' };
  const ranges = ['64:ff9b::7f00:0/124'];
  await census({ found: [carried], ranges });
  await writer.query(`INSERT INTO exclusions (first_address, last_address, reason) VALUES ($1, $1, 'asked')`, [
    '127.0.0.5',
  ]);
  await census({ found: [], ranges });
  await writer.query('DELETE FROM exclusions');
  expect(await transitions()).toEqual({ '64:ff9b::7f00:5': 'excluded' });
});

it('a census states its coverage, its outcomes and what its revisits came to', async () => {
  await census({ found: [answering(1), answering(2)], ranges: ['127.0.0.0/29'] });
  const found = [answering(1), ...[3, 4].map((last) => lookWithout('connection-refused', `127.0.0.${last}`))];
  const excluded = lookWithout('excluded', '127.0.0.5');
  const failed = lookWithout('internal-error', '127.0.0.6');
  await census({ found: [...found, excluded, failed], ranges: ['127.0.0.0/29'] });
  const { of } = await countEndpoints(reader, { series });
  expect(of).toMatchObject({
    kind: 'census',
    census: {
      censusNumber: 2,
      targetCount: 8,
      lookedAt: 3,
      coverage: 3 / 8,
      outcomes: { answered: 1, 'connection-refused': 2, excluded: 1, 'internal-error': 1 },
      revisited: { 'connection-refused': 1 },
      notReached: 0,
    },
  });
});

it('the reporter hears of a census once, from the transaction that closed it', async () => {
  await census({ found: [answering(1)] });
  const { rows } = await writer.query(`SELECT queue, message FROM outbox WHERE dedupe_key = $1`, [
    `census-${series}-1`,
  ]);
  expect(rows).toEqual([{ queue: 'report', message: { seriesId: series, censusNumber: 1 } }]);
});

it('an ad-hoc scan and a check change the current state and no sighting', async () => {
  await census({ found: [answering(1), answering(2)] });
  const current = async () => {
    const { rows } = await writer.query<{ outcome: string; evidence: boolean }>(
      `SELECT outcome, evidence_id IS NOT NULL AS evidence FROM endpoints WHERE address = '127.0.0.2'`,
    );
    return rows[0];
  };
  const before = await sightings(2);
  taker.passDays(1);
  const check = await insertScan(writer, { kind: 'check' });
  await look(check, 0, [
    lookWithout('connection-refused', '127.0.0.2'),
    lookWithout('connection-refused', '127.0.0.77'),
  ]);
  expect(await advanceScan(writer, check, REVISIT)).toEqual({ step: 'completed', census: undefined });
  expect(await current()).toEqual({ outcome: 'connection-refused', evidence: false });
  expect(await sightings(2)).toEqual(before);
  const { rows } = await writer.query(`SELECT FROM endpoints WHERE address = '127.0.0.77'`);
  expect(rows).toHaveLength(0);

  const adHoc = await insertScan(writer, {});
  taker.passDays(1);
  await look(adHoc, 0, [answering(2)]);
  await advanceScan(writer, adHoc, REVISIT);
  expect(await current()).toEqual({ outcome: 'answered', evidence: true });
  const { rows: versions } = await listEndpoints(reader, { scanId: adHoc });
  expect(versions.map(({ address, version }) => [address, version])).toEqual([['127.0.0.2', 'v1.29.4']]);
});

it('the later look decides the current state, whichever scan is closed first', async () => {
  const early = await insertScan(writer, {});
  const late = await insertScan(writer, {});
  taker.passDays(2);
  await look(late, 0, [answering(3, 'v1.31.0')]);
  taker.passDays(-1);
  await look(early, 0, [answering(3, 'v1.30.0')]);
  await advanceScan(writer, late, undefined);
  await advanceScan(writer, early, undefined);
  const { rows } = await listEndpoints(reader, { live: true });
  expect(rows.find(({ address }) => address === '127.0.0.3')?.version).toBe('v1.31.0');
  const [row] = (await writer.query(`SELECT last_scan_id::text AS scan FROM endpoints WHERE address = '127.0.0.3'`))
    .rows;
  expect(row).toEqual({ scan: late });
});

it('of several indexers one closes a census, once', async () => {
  await census({ found: [answering(1)] });
  taker.passDays(1);
  const scanId = await insertScan(writer, { seriesId: series });
  await look(scanId, 0, [answering(1), answering(2)]);
  const steps = await Promise.all(Array.from({ length: 6 }, () => advanceScan(writer, scanId, REVISIT)));
  expect(steps.filter(({ step }) => step === 'completed')).toHaveLength(1);
  expect(steps.filter(({ step }) => step === 'none')).toHaveLength(5);
  expect((await advanceScan(writer, scanId, REVISIT)).step).toBe('none');
  expect(await sightings(1)).toEqual(['1-']);
});

it('a scan is not closed while a shard is missing, leased or waiting for a batch', async () => {
  const scanId = await insertScan(writer, { shards: 2 });
  const step = async () => (await advanceScan(writer, scanId, undefined)).step;
  expect(await step()).toBe('none');
  await look(scanId, 0, []);
  expect(await step()).toBe('none');
  await leaseShard(writer, scanId, 1);
  expect(await step()).toBe('none');
  await finishShard(writer, scanId, 1, 1);
  expect(await step()).toBe('none');
  await writer.query('DELETE FROM shards WHERE scan_id = $1 AND shard_number = 1', [scanId]);
  expect(await step()).toBe('none');
});

it('a revisit waits for its delay', async () => {
  await census({ found: [answering(1)] });
  const scanId = await insertScan(writer, { seriesId: series });
  await look(scanId, 0, []);
  const later = { ...REVISIT, delayMs: 3_600_000 };
  expect((await advanceScan(writer, scanId, later)).step).toBe('revisit-planned');
  expect((await advanceScan(writer, scanId, later)).step).toBe('none');
  const shards = `SELECT FROM shards WHERE scan_id = $1 AND kind = 'revisit'`;
  expect((await writer.query(shards, [scanId])).rows).toHaveLength(0);
  await writer.query(`UPDATE scans SET revisit_at = now() WHERE scan_id = $1`, [scanId]);
  expect((await advanceScan(writer, scanId, later)).step).toBe('revisit-planned');
  expect((await writer.query(shards, [scanId])).rows).toHaveLength(1);
});

it('a refusal counts as silent with its reason, a look-alike beside what is present', async () => {
  const lookAlike = { ...answering(5), outcome: 'look-alike' as const };
  await census({
    found: [answering(1), apiServerRefusing(401, '127.0.0.2', 2), apiServerRefusing(403, '127.0.0.3', 3), lookAlike],
  });
  const { totals, rows } = await countEndpoints(reader, { series, by: ['silence'] });
  expect(totals).toEqual({
    present: 3,
    exactSan: 3,
    answering: 1,
    silent: { unauthorized: 1, forbidden: 1 },
    noCluster: { 'not-proved': 3 },
    mirrored: 0,
    lookAlikes: 1,
  });
  expect(rows.map(({ key, present }) => [key.silence, present])).toEqual(
    expect.arrayContaining([
      [null, 1],
      ['forbidden', 1],
      ['unauthorized', 1],
    ]),
  );
});

it('while the first census of a month is closed, scans are planned and evidence is stored', async () => {
  const scanId = await insertScan(writer, { seriesId: series, asOf: '2031-05-04T00:00:00Z' });
  await taker.look(scanId, 0, [answering(9)]);
  const others = ['series', 'endpoints', 'evidence'];
  let written = 0;
  const places = {
    // Asked in the middle of the close.
    async current() {
      await withTransaction(writer, async (client) => {
        await client.query(`SET LOCAL lock_timeout = '100ms'`);
        for (const table of others) await client.query(`LOCK TABLE ${table} IN ROW EXCLUSIVE MODE`);
        written += others.length;
      });
      return new PlaceTables({ own: [], published: [] }, []);
    },
  };
  const { step } = await advanceScan(writer, scanId, undefined, { ...CLOSING_RULES, places });
  expect(step).toBe('completed');
  expect(written).toBe(others.length);
});
