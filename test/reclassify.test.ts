import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { indexBatch } from '../services/indexer/src/batches/index-batch.ts';
import { CLASSIFIER } from '../services/indexer/src/evidence/classifier.ts';
import type { Database } from '../shared/src/database/index.ts';
import { type CommandEnd, runCommand, startCommand } from './support/command.ts';
import { createTestDatabase } from './support/database.ts';
import { apiServerRefusing, apiServerSaying, insertScan, insertSeries, leaseShard, toBatch } from './support/record.ts';
import { insertRecordedHistory } from './support/recorded-history.ts';

const EVIDENCE = 60;
const PATIENCE = { timeout: 50_000, interval: 100 };

let database: Database;
let dataDir: string;
let env: Record<string, string>;

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = await mkdtemp(path.join(tmpdir(), 'kubecensus-reclassify-'));
  env = { DATABASE_URL: database.url(), KUBECENSUS_DATA_DIR: dataDir };
  const scanId = await insertScan(database.pool());
  await leaseShard(database.pool(), scanId, 0);
  const lines = Array.from({ length: EVIDENCE }, (_, at) => {
    const address = `127.0.0.${at + 1}`;
    return at % 2 === 0 ? apiServerRefusing(403, address, at) : apiServerSaying('v1.29.3', address, at);
  });
  await indexBatch(database.pool('writer'), CLASSIFIER, toBatch({ scanId }, lines));
});
afterAll(async () => {
  await rm(dataDir, { recursive: true, force: true });
  await database.close();
});
beforeEach(() => database.pool().query("UPDATE fingerprints SET rules_version = 0, distribution = 'of-old-rules'"));

const reclassify = (...args: string[]): Promise<CommandEnd> => runCommand(['reclassify', ...args], { env });

async function countOld(): Promise<number> {
  const { rows } = await database
    .pool()
    .query<{ count: number }>("SELECT count(*) FROM fingerprints WHERE distribution = 'of-old-rules'");
  return rows[0]?.count ?? -1;
}

it('evidence with verdicts of older rules is judged again; a second run finds nothing to do', {
  timeout: 120_000,
}, async () => {
  const { code, stdout, stderr } = await reclassify('--json', '--batch', '25');
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    rules: CLASSIFIER.rulesVersion,
    outdated: EVIDENCE,
    judged: EVIDENCE,
    failed: 0,
    left: 0,
    revisions: [],
    revised: [],
  });
  expect(stderr).toContain(`reclassify: ${EVIDENCE}/${EVIDENCE} evidence (100%)`);
  expect(await countOld()).toBe(0);
  expect((await reclassify()).stdout).toBe(`every verdict is of rules ${CLASSIFIER.rulesVersion} already\n`);
});

it('Ctrl-C ends it after the batch under way with 3, and the same command goes on from there', {
  timeout: 120_000,
}, async () => {
  const holder = await database.pool().connect();
  await holder.query('BEGIN; LOCK TABLE fingerprints IN EXCLUSIVE MODE');
  const running = startCommand(['reclassify', '--json', '--batch', '20'], { env });
  try {
    await vi.waitFor(async () => {
      const { rows } = await database
        .pool()
        .query("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'");
      expect(rows, running.stderr()).toHaveLength(1);
    }, PATIENCE);
    running.child.kill('SIGINT');
    await vi.waitFor(() => expect(running.stderr()).toContain('finishing the batch'), PATIENCE);
  } finally {
    await holder.query('ROLLBACK');
    holder.release();
  }
  const { code: stopped, stdout: summary } = await running.ended;
  expect(JSON.parse(summary)).toMatchObject({ outdated: EVIDENCE, judged: 20, left: 40 });
  expect(stopped).toBe(3);
  expect(await countOld()).toBe(40);
  const { code, stdout } = await reclassify('--json');
  expect(JSON.parse(stdout)).toMatchObject({ outdated: 40, judged: 40, left: 0 });
  expect(code).toBe(0);
  expect(await countOld()).toBe(0);
});

it('a published history whose verdicts changed is published again, and says by which rules', {
  timeout: 120_000,
}, async () => {
  const seriesId = await insertSeries(database.pool(), 'weekly');
  await insertRecordedHistory(database.pool(), seriesId, { addresses: 20, weeks: 2, seed: 3 });
  await runCommand(['history', 'rebuild'], { env });
  await database.pool().query('UPDATE fingerprints SET rules_version = 0');
  const { code, stdout, stderr } = await reclassify();
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('series weekly is published again, as publication 2\n');
  const { stdout: listed } = await runCommand(['history', 'list', '--json'], { env });
  expect(JSON.parse(listed)).toMatchObject({
    revision: 2,
    superseded: expect.arrayContaining([
      expect.objectContaining({ because: `judged by rules ${CLASSIFIER.rulesVersion}` }),
    ]),
  });
});
