import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { countEndpoints, listTransitions } from '../services/api/src/index.ts';
import { toQualityText } from '../shared/src/census/index.ts';
import type { Database } from '../shared/src/database/index.ts';
import { createTestDatabase } from './support/database.ts';
import { answering, type CensusTaker, createCensusTaker } from './support/taken-census.ts';

let database: Database;
let reader: pg.Pool;
let taker: CensusTaker;
let series: number;

beforeAll(async () => {
  database = await createTestDatabase();
  reader = database.pool('reader');
  taker = createCensusTaker(database.pool('writer'));
});
afterAll(() => database.close());
beforeEach(async () => {
  series = await taker.startSeries();
});

const looks = (looked: number, found: number) => ({ canaries: { looked, found } });

async function header() {
  const { of } = await countEndpoints(reader, { series });
  if (of.kind !== 'census') throw new TypeError('a count of a series is of a census');
  return of.census;
}

async function states(): Promise<Record<string, string>> {
  const { rows } = await listTransitions(reader, { series });
  return Object.fromEntries(rows.map(({ address, state }) => [address.replace('127.0.0.', ''), state]));
}

it('a census states the connects, the loss and the starvation of all its shards, and what that bounds', async () => {
  const counted = {
    connects: { first: 960, second: 38, later: 2 },
    lossSample: { dialled: 4, lost: 1 },
    lag: { watchedMs: 10_000, lateMs: 500, longestMs: 480 },
    ...looks(20, 20),
  };
  await taker.census({ found: [answering(1), answering(2)], counted });
  await taker.census({ found: [answering(1)], counted, countedInRevisits: counted });
  const { quality, callsGone, withheld } = await header();
  expect(quality).toMatchObject({
    connects: 2000,
    slowConnects: 80,
    lossDials: 8,
    lossDialsLost: 2,
    canaryLooks: 40,
    canaryHits: 40,
    canaryRecall: 1,
    starved: 0.05,
    longestLagMs: 480,
  });
  expect(quality.packetsLost).toBeCloseTo(0.02, 3);
  expect({ callsGone, withheld }).toEqual({ callsGone: true, withheld: 0 });
  expect(toQualityText(quality)).toBe(
    'at least 2 % of packets lost; canary recall 100 % (40 of 40 looks); the prober heard answers late in 5 % of its time, up to 480 ms',
  );
});

it('what is too small to say anything, or was never counted, is not measured and not 0', async () => {
  await taker.census({ found: [answering(1)], counted: { connects: { first: 99, second: 0, later: 0 } } });
  expect((await header()).quality).toMatchObject({
    connects: 99,
    packetsLost: null,
    targetsLost: null,
    canaryRecall: null,
    starved: null,
  });
  expect(toQualityText((await header()).quality)).toBe('loss not measured; canary recall not measured');
});

it.each([
  ['at the threshold', looks(10, 9), undefined, 'gone'],
  ['below it in the scan', looks(10, 8), looks(10, 10), 'not-reached'],
  ['below it in the revisits alone', looks(1000, 1000), looks(3, 2), 'not-reached'],
  ['not measured', undefined, undefined, 'gone'],
] as const)('with a canary recall %s, what refuses its revisit', async (_, counted, countedInRevisits, state) => {
  await taker.census({ found: [answering(1), answering(2)] });
  await taker.census({
    found: [answering(1)],
    ...(counted !== undefined && { counted }),
    ...(countedInRevisits !== undefined && { countedInRevisits }),
  });
  const { rows } = await listTransitions(reader, { series });
  expect(rows).toMatchObject([
    { address: '127.0.0.2', state, countedAs: 'present', reason: state === 'gone' ? null : 'low-recall' },
  ]);
  const isGone = state === 'gone';
  expect(await header()).toMatchObject({ callsGone: isGone, withheld: isGone ? 0 : 1, notReached: isGone ? 0 : 1 });
});

it('a census that calls nothing gone still tells what is excluded, and the next one makes up for it', async () => {
  const writer = database.pool('writer');
  const blind = { found: [answering(1)], counted: looks(10, 0) };
  await taker.census({ found: [answering(1), answering(2), answering(3)] });
  await writer.query(`INSERT INTO exclusions (first_address, last_address, reason) VALUES ($1, $1, 'asked')`, [
    '127.0.0.3',
  ]);
  await taker.census({ ...blind, revisits: { '127.0.0.2': ['connection-timeout', 'connection-timeout'] } });
  await writer.query('DELETE FROM exclusions');
  expect(await states()).toEqual({ 2: 'not-reached', 3: 'excluded' });
  expect(toQualityText({ ...(await header()).quality, ...(await header()) })).toContain(
    'canary recall 0 % (0 of 10 looks); so low that nothing is called gone: 1 endpoints count as not reached instead',
  );
  await taker.census({ found: [answering(1)], counted: looks(10, 10) });
  expect(await states()).toEqual({ 2: 'gone' });
  expect(await header()).toMatchObject({ callsGone: true, withheld: 0, notReached: 0 });
});
