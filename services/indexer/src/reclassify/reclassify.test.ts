import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../../shared/src/database/index.ts';
import { createTestDatabase } from '../../../../test/support/database.ts';
import {
  apiServerRefusing,
  apiServerSaying,
  insertScan,
  leaseShard,
  presentApiServer,
  toBatch,
} from '../../../../test/support/record.ts';
import { indexBatch } from '../batches/index-batch.ts';
import { CLASSIFIER, type Classifier, guardClassifier } from '../evidence/classifier.ts';
import { reclassify } from './reclassify.ts';

let database: Database;
const FIRST: Classifier = { ...CLASSIFIER, rulesVersion: 1 };

beforeAll(async () => {
  database = await createTestDatabase();
  const scanId = await insertScan(database.pool());
  await leaseShard(database.pool(), scanId, 0);
  const lines = Array.from({ length: 30 }, (_, at) => {
    const address = `127.0.0.${at + 1}`;
    if (at % 3 === 0) return presentApiServer(address, at);
    return at % 3 === 1 ? apiServerRefusing(403, address, at) : apiServerSaying(`v1.${at}.1`, address, at);
  });
  await indexBatch(database.pool('writer'), FIRST, toBatch({ scanId }, lines));
});
afterAll(() => database.close());

async function verdicts(): Promise<object[]> {
  const { rows } = await database
    .pool()
    .query(
      'SELECT evidence_id, distribution, confidence, version, minor, minor_low, exposure, silence, reason, rules FROM fingerprints ORDER BY evidence_id',
    );
  return rows;
}

async function versions(): Promise<Record<string, number>> {
  const { rows } = await database
    .pool()
    .query<{ version: number; count: number }>(
      'SELECT rules_version AS version, count(*) FROM fingerprints GROUP BY rules_version',
    );
  return Object.fromEntries(rows.map(({ version, count }) => [version, count]));
}

it('evidence read back from the record gets the verdict that it got when it came in', async () => {
  const before = await verdicts();
  const again = await reclassify(database.pool('writer'), {
    classifier: { ...CLASSIFIER, rulesVersion: 2 },
    batchSize: 7,
  });
  expect(again).toEqual({ outdated: 30, judged: 30, failed: 0, revisions: [] });
  expect(await verdicts()).toEqual(before);
  expect(await versions()).toEqual({ 2: 30 });
});

it('a run that was stopped goes on where it was, and a finished one finds nothing to do', async () => {
  const classifier = { ...CLASSIFIER, rulesVersion: 3 };
  const stop = new AbortController();
  const stopped = await reclassify(database.pool('writer'), {
    classifier,
    batchSize: 8,
    signal: stop.signal,
    onProgress: ({ judged }) => {
      if (judged >= 16) stop.abort();
    },
  });
  expect(stopped).toMatchObject({ outdated: 30, judged: 16 });
  expect(await versions()).toEqual({ 2: 14, 3: 16 });
  expect(await reclassify(database.pool('writer'), { classifier, batchSize: 8 })).toMatchObject({
    outdated: 14,
    judged: 14,
  });
  expect(await reclassify(database.pool('writer'), { classifier })).toMatchObject({ outdated: 0, judged: 0 });
});

it('older rules never replace the verdict of newer ones', async () => {
  expect(await reclassify(database.pool('writer'), { classifier: FIRST })).toMatchObject({ outdated: 0 });
  expect(await versions()).toEqual({ 3: 30 });
});

it('evidence that the rules choke on keeps its verdict and does not stop the run', async () => {
  const failures: string[] = [];
  const choking: Classifier = {
    rulesVersion: 4,
    classify(head, evidence) {
      if (evidence.response?.status === 403) throw new TypeError('a rule that throws');
      return CLASSIFIER.classify(head, evidence);
    },
  };
  const classifier = guardClassifier(choking, (error) => failures.push(error.message));
  expect(await reclassify(database.pool('writer'), { classifier, batchSize: 4 })).toEqual({
    outdated: 30,
    judged: 30,
    failed: 10,
    revisions: [],
  });
  expect(failures).toHaveLength(10);
  expect(await versions()).toEqual({ 3: 10, 4: 20 });
});
