import type pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { countEndpoints, listRevisions } from '../services/api/src/index.ts';
import { CLASSIFIER, type Classifier, purgeRange, reclassify } from '../services/indexer/src/index.ts';
import { parseRange } from '../shared/src/addresses/index.ts';
import type { Database } from '../shared/src/database/index.ts';
import { answering, type CensusTaker, openTakenSeries } from './support/taken-census.ts';

let database: Database;
let writer: pg.Pool;
let taker: CensusTaker;
let series: number;

beforeEach(async () => {
  ({ database, writer, taker, series } = await openTakenSeries());
});
afterEach(() => database.close());

async function revisions(): Promise<string[]> {
  const rows = await listRevisions(database.pool('reader'), { series });
  return rows.map(
    ({ censusNumber, revision, reason, rulesVersion, present, notReached }) =>
      `${censusNumber}.${revision} ${reason}, rules ${rulesVersion}: ${present} present, ${notReached} not reached`,
  );
}

async function told(): Promise<string[]> {
  const { rows } = await writer.query<{ key: string }>('SELECT dedupe_key AS key FROM outbox ORDER BY outbox_id');
  return rows.map(({ key }) => key.replace(`census-${series}-`, ''));
}

/** Rules of the next version that judge what says this version to be another distribution. */
function rulesThat(changeWhatSays: string): Classifier {
  return {
    rulesVersion: CLASSIFIER.rulesVersion + 1,
    classify(head, evidence) {
      const verdict = CLASSIFIER.classify(head, evidence);
      if (verdict?.version !== changeWhatSays) return verdict;
      return { ...verdict, distribution: 'rke2' };
    },
  };
}

/** One and two in the first census, all three in the second, two not reached in the third. */
async function takeThree(): Promise<void> {
  await taker.census({ found: [answering(1), answering(2)] });
  await taker.census({ found: [answering(1), answering(2), answering(3, 'v1.31.0')] });
  await taker.census({
    found: [answering(1), answering(3, 'v1.31.0')],
    revisits: { '127.0.0.2': ['read-timeout'] },
  });
}

const RULES = CLASSIFIER.rulesVersion;
const COMPLETED = [
  `1.1 completed, rules ${RULES}: 2 present, 0 not reached`,
  `2.1 completed, rules ${RULES}: 3 present, 0 not reached`,
];
const THIRD = `3.1 completed, rules ${RULES}: 2 present, 1 not reached`;

it('a census is revision 1 when it is completed, and a later census makes no other of it', async () => {
  await takeThree();
  expect(await revisions()).toEqual([...COMPLETED, THIRD]);
  expect(await told()).toEqual(['1', '2', '3']);
});

it('judging again revises the censuses whose verdicts changed, once, and no other', async () => {
  await takeThree();
  const classifier = rulesThat('v1.31.0');
  const { revisions: made } = await reclassify(writer, { classifier });
  expect(made.map(({ censusNumber, revision, reason }) => [censusNumber, revision, reason])).toEqual([
    [2, 2, 'reclassified'],
    [3, 2, 'reclassified'],
  ]);
  expect((await reclassify(writer, { classifier })).revisions).toEqual([]);
  const all = await revisions();
  expect(all[0]).toBe(COMPLETED[0]);
  expect(all.filter((line) => line.includes('.2'))).toEqual([
    `2.2 reclassified, rules ${RULES + 1}: 3 present, 0 not reached`,
    `3.2 reclassified, rules ${RULES + 1}: 2 present, 1 not reached`,
  ]);
  expect(await told()).toEqual(['1', '2', '3', '3-revision-2']);
  const { of } = await countEndpoints(database.pool('reader'), { series, census: 2 });
  expect(of).toMatchObject({ census: { revision: 2, revisionReason: 'reclassified' } });
});

it('judging again that changes no verdict is no revision', async () => {
  await takeThree();
  const classifier = { ...CLASSIFIER, rulesVersion: CLASSIFIER.rulesVersion + 1 };
  expect(await reclassify(writer, { classifier })).toMatchObject({ judged: 3, revisions: [] });
  expect(await revisions()).toEqual([...COMPLETED, THIRD]);
});

it('an opt-out revises every census that had the range, and says why', async () => {
  await takeThree();
  const { revisions: made } = await purgeRange(writer, parseRange('127.0.0.2'));
  expect(made.map(({ censusNumber }) => censusNumber)).toEqual([1, 2, 3]);
  expect((await revisions()).filter((line) => line.includes('.2'))).toEqual([
    `1.2 opt-out, rules ${RULES}: 1 present, 0 not reached`,
    `2.2 opt-out, rules ${RULES}: 2 present, 0 not reached`,
    `3.2 opt-out, rules ${RULES}: 2 present, 0 not reached`,
  ]);
  expect(await told()).toEqual(['1', '2', '3', '3-revision-2']);
  await purgeRange(writer, parseRange('127.0.0.2'));
  expect(await revisions()).toHaveLength(6);
});

it('verdicts that a killed reclassification changed get a revision of their own before an opt-out', async () => {
  await takeThree();
  await writer.query(`UPDATE fingerprints SET distribution = 'rke2' WHERE version = 'v1.31.0'`);
  await purgeRange(writer, parseRange('127.0.0.1'));
  expect((await revisions()).filter((line) => line.startsWith('2.'))).toEqual([
    COMPLETED[1],
    `2.2 reclassified, rules ${RULES}: 3 present, 0 not reached`,
    `2.3 opt-out, rules ${RULES}: 2 present, 0 not reached`,
  ]);
});

it('two that judge at once make one revision', async () => {
  await takeThree();
  const classifier = rulesThat('v1.31.0');
  await Promise.all([reclassify(writer, { classifier }), reclassify(writer, { classifier })]);
  expect(await revisions()).toHaveLength(5);
});

it('a census of before revisions were kept has its first when something is made of its series', async () => {
  await takeThree();
  await writer.query('DELETE FROM census_revisions');
  const { of } = await countEndpoints(database.pool('reader'), { series });
  expect(of).toMatchObject({ census: { revision: 1, revisionReason: 'completed' } });
  await purgeRange(writer, parseRange('127.0.0.3'));
  expect((await revisions()).map((line) => line.split(',')[0])).toEqual([
    '1.1 completed',
    '2.1 completed',
    '2.2 opt-out',
    '3.1 completed',
    '3.2 opt-out',
  ]);
});
