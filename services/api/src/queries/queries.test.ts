import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../../shared/src/database/index.ts';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { insertSeries } from '../../../../test/support/record.ts';
import { insertRecordedScan, type RecordedEndpoint } from '../../../../test/support/recorded-census.ts';
import { countEndpoints, listCensuses, listEndpoints, listScans, listTransitions } from './index.ts';

let database: Database;

const eks: RecordedEndpoint = {
  address: '192.0.2.1',
  port: 443,
  distribution: 'eks',
  version: 'v1.29.1-eks-508b6b3',
  minor: '1.29',
  answering: true,
};
const k3s: RecordedEndpoint = { address: '192.0.2.2', port: 6443, distribution: 'k3s', silence: 'unauthorized' };
const k3sAgain: RecordedEndpoint = { ...k3s, port: 443, silence: 'forbidden', exactSan: false };
const gke: RecordedEndpoint = {
  ...eks,
  address: '192.0.2.10',
  distribution: 'gke',
  version: 'v1.30.0-gke.1',
  minor: '1.30',
};
const imitation: RecordedEndpoint = { address: '192.0.2.9', port: 443, distribution: 'unknown', outcome: 'look-alike' };
const v6: RecordedEndpoint = { ...eks, address: '2001:db8::1' };

beforeAll(async () => {
  database = await createTestDatabase();
  const pool = database.pool();
  const weekly = await insertSeries(pool, 'weekly');
  const other = await insertSeries(pool, 'other');
  const census = (seriesId: number, censusNumber: number, asOf: string, endpoints: RecordedEndpoint[]) =>
    insertRecordedScan(pool, { seriesId, censusNumber, asOf, endpoints });
  await census(weekly, 1, '2026-03-02T00:00:00Z', [eks, k3s, k3sAgain]);
  await census(weekly, 2, '2026-03-09T00:00:00Z', [eks, k3s, k3sAgain, gke, imitation, v6]);
  await census(other, 1, '2026-03-05T00:00:00Z', [gke]);
});
afterAll(() => database.close());

const reader = () => database.pool('reader');

it('without a question about when, the last census of all is counted, and named with its coverage', async () => {
  const { of, totals } = await countEndpoints(reader());
  expect(of).toMatchObject({ kind: 'census', census: { series: 'weekly', censusNumber: 2, coverage: 0.75 } });
  expect(totals).toEqual({
    present: 5,
    exactSan: 4,
    answering: 3,
    silent: { unauthorized: 1, forbidden: 1 },
    noCluster: {},
    mirrored: 0,
    lookAlikes: 1,
  });
});

it('as of a date is the last census on or before it', async () => {
  const asOf = async (date: string, series?: string) => {
    const { of } = await countEndpoints(reader(), { asOf: new Date(date), ...(series !== undefined && { series }) });
    return of.kind === 'census' ? `${of.census.series} ${of.census.censusNumber}` : of.kind;
  };
  expect(await asOf('2026-03-08T23:59:59Z', 'weekly')).toBe('weekly 1');
  expect(await asOf('2026-03-09T00:00:00Z', 'weekly')).toBe('weekly 2');
  expect(await asOf('2026-03-08T00:00:00Z')).toBe('other 1');
  await expect(asOf('2026-03-01T00:00:00Z')).rejects.toMatchObject({ code: 'QUERY_CENSUS_UNKNOWN' });
});

it('counts split by two dimensions add up to the whole', async () => {
  const { rows, totals } = await countEndpoints(reader(), { series: 'weekly', by: ['distribution', 'silence'] });
  expect(rows.map(({ key, present }) => [key.distribution, key.silence, present])).toEqual([
    ['eks', null, 2],
    ['gke', null, 1],
    ['k3s', 'forbidden', 1],
    ['k3s', 'unauthorized', 1],
    ['unknown', null, 0],
  ]);
  expect(rows.reduce((sum, row) => sum + row.present, 0)).toBe(totals.present);
  expect(rows.find(({ key }) => key.distribution === 'unknown')?.lookAlikes).toBe(1);
});

it('a host with two endpoints counts once in the totals, and in each row that it is part of', async () => {
  const { rows, totals } = await countEndpoints(reader(), { series: 'weekly', by: ['port'], unit: 'host' });
  expect(totals).toMatchObject({ present: 4, silent: { unauthorized: 1, forbidden: 1 } });
  expect(rows.map(({ key, present }) => [key.port, present])).toEqual([
    [443, 4],
    [6443, 1],
  ]);
});

it.each([
  'distribution',
  'confidence',
  'version',
  'minor',
  'bracket',
  'exposure',
  'silence',
  'reason',
  'outcome',
  'component',
  'port',
])('counts by %s keep every endpoint', async (by) => {
  const { rows, totals } = await countEndpoints(reader(), { series: 'weekly', by: [by] });
  expect(rows.reduce((sum, row) => sum + row.present + row.lookAlikes, 0)).toBe(totals.present + totals.lookAlikes);
  expect(rows.every(({ key }) => Object.keys(key).join() === by)).toBe(true);
});

it('an endpoint without a verdict is counted as present, with nothing known of it', async () => {
  const pool = database.pool();
  const client = await pool.connect();
  try {
    await client.query(`BEGIN; DELETE FROM fingerprints WHERE distribution = 'gke'; COMMIT`);
    const { rows, totals } = await countEndpoints(reader(), { series: 'other', by: ['distribution'] });
    expect(totals).toMatchObject({ present: 1, answering: 0 });
    expect(rows.map(({ key }) => key.distribution)).toEqual([null]);
  } finally {
    await client.query(
      `INSERT INTO fingerprints SELECT evidence_id, 1, 'gke', 'high', 'v1.30.0-gke.1', '1.30', NULL, NULL, 'says-version',
              NULL, true, true, 'marks', '{}', '{}' FROM evidence WHERE evidence_id NOT IN (SELECT evidence_id FROM fingerprints)`,
    );
    client.release();
  }
});

it.each([
  [{ by: ['colour'] }, 'QUERY_DIMENSION_UNKNOWN', 'colour'],
  [{ by: ['__proto__'] }, 'QUERY_DIMENSION_UNKNOWN', '__proto__'],
  [{ series: 'none such' }, 'QUERY_SERIES_UNKNOWN', 'none such'],
  [{ series: 'weekly', census: 9 }, 'QUERY_CENSUS_UNKNOWN', '9'],
  [{ scanId: '12345' }, 'QUERY_SCAN_UNKNOWN', '12345'],
  [{ scanId: `1' OR true` }, 'QUERY_SCAN_UNKNOWN', 'OR true'],
])('a question about what is not there names it: %j', async (options, code, named) => {
  const asked = countEndpoints(reader(), options);
  await expect(asked).rejects.toMatchObject({ code });
  await expect(asked).rejects.toThrow(named);
});

it('endpoints are listed by address, IPv4 first, a page at a time', async () => {
  const whole = await listEndpoints(reader(), { series: 'weekly' });
  expect(whole.next).toBeUndefined();
  expect(whole.rows.map(({ address, port }) => `${address} ${port}`)).toEqual([
    '192.0.2.1 443',
    '192.0.2.2 443',
    '192.0.2.2 6443',
    '192.0.2.9 443',
    '192.0.2.10 443',
    '2001:db8::1 443',
  ]);
  expect(whole.rows[0]).toMatchObject({
    distribution: 'eks',
    version: 'v1.29.1-eks-508b6b3',
    minor: '1.29',
    answering: true,
  });
  const pages = [];
  for (let after: NonNullable<typeof whole.next> | undefined; ; ) {
    const page = await listEndpoints(reader(), { series: 'weekly', limit: 2, ...(after !== undefined && { after }) });
    pages.push(page.rows);
    after = page.next;
    if (after === undefined) break;
  }
  expect(pages.map((rows) => rows.length)).toEqual([2, 2, 2]);
  expect(pages.flat()).toEqual(whole.rows);
});

it('censuses are listed newest first, with what they were', async () => {
  const all = await listCensuses(reader());
  expect(all.map(({ series, censusNumber }) => `${series} ${censusNumber}`)).toEqual([
    'weekly 2',
    'other 1',
    'weekly 1',
  ]);
  expect(await listCensuses(reader(), { series: 'other' })).toHaveLength(1);
  expect(all[0]).toMatchObject({ targetCount: 4, lookedAt: 3, outcomes: { answered: 3, excluded: 1 }, malformed: 0 });
});

it('scans are listed with how far they are', async () => {
  const scans = await listScans(reader());
  expect(scans).toHaveLength(3);
  expect(scans[0]).toMatchObject({
    kind: 'census',
    series: 'other',
    state: 'completed',
    shards: 1,
    shardsDone: 1,
    lookedAt: 4,
  });
  expect(await listScans(reader(), { open: true })).toEqual([]);
  expect(await listScans(reader(), { scanId: scans[1]?.scanId ?? '' })).toEqual([scans[1]]);
});

it('transitions name what became of each endpoint that is not as it was', async () => {
  const { census, rows } = await listTransitions(reader(), { series: 'weekly', census: 2 });
  expect(census.censusNumber).toBe(2);
  expect(rows.map(({ address, state, countedAs, reason }) => [address, state, countedAs, reason])).toEqual([
    ['192.0.2.9', 'new', 'look-alike', null],
    ['192.0.2.10', 'new', 'present', null],
    ['2001:db8::1', 'new', 'present', null],
  ]);
});

it('what is mirrored is told apart in transitions', async () => {
  const pool = database.pool();
  const { rows: known } = await pool.query<{ seriesId: number; endpointId: number }>(
    `SELECT series_id AS "seriesId", endpoint_id AS "endpointId"
     FROM sightings JOIN series USING (series_id) JOIN endpoints USING (endpoint_id)
     WHERE name = 'weekly' AND address = '192.0.2.10'`,
  );
  const { seriesId, endpointId } = known[0] ?? { seriesId: 0, endpointId: 0 };
  await pool.query(
    `INSERT INTO memberships (series_id, endpoint_id, first_census, evidence_id, reason, mirrored)
     SELECT series_id, endpoint_id, 2, evidence_id, 'no-mark', true FROM sightings
     WHERE series_id = $1 AND endpoint_id = $2`,
    [seriesId, endpointId],
  );
  const { rows } = await listTransitions(reader(), { series: 'weekly', census: 2 });
  expect(rows.filter(({ countedAs }) => countedAs === 'mirrored').map(({ address }) => address)).toEqual([
    '192.0.2.10',
  ]);
});
