import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Database } from '../shared/src/database/index.ts';
import { publishHistory } from '../shared/src/history/index.ts';
import { createTestDatabase } from './support/database.ts';
import { commandInProcess } from './support/in-process-command.ts';
import { insertSeries } from './support/record.ts';
import { insertRecordedHistory } from './support/recorded-history.ts';

let database: Database;
let directory: string;
let home: string;

const tables = () => readdirSync(home).filter((name) => name.endsWith('.parquet'));
const manifest = async () => JSON.parse(await readFile(path.join(home, 'manifest.json'), 'utf8'));

/** Mondays from 5 January 2026 on: four in January, three in February. */
beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(path.join(tmpdir(), 'kubecensus-forget-'));
  vi.stubEnv('DATABASE_URL', database.url());
  vi.stubEnv('KUBECENSUS_DATA_DIR', directory);
  const seriesId = await insertSeries(database.pool(), 'weekly');
  await insertRecordedHistory(database.pool(), seriesId, { addresses: 40, weeks: 7, seed: 3 });
  const histories = path.join(directory, 'history');
  await publishHistory({ pool: database.pool('reader'), directory: histories, series: 'weekly' });
  home = path.join(histories, `series-${seriesId}`);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true, force: true });
  await database.close();
});

it('a month that is not over stays', async () => {
  const now = new Date();
  const toMonth = (ahead: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead)).toISOString().slice(0, 7);
  const before = await manifest();
  for (const month of [toMonth(1), toMonth(2), '9999-12', '2026-13', '2026-02-01']) {
    const { code, err } = await commandInProcess(['forget', '--before', month]);
    expect([month, code]).toEqual([month, 2]);
    expect(err).toContain('COMMAND_LINE_INVALID');
  }
  expect(await manifest()).toEqual(before);
  expect(await commandInProcess(['count', 'port:443', '--as-of', '2026-01'])).toMatchObject({ code: 0 });
  for (const day of ['2026-02-31', '2026-99-99', '0000-00-00']) {
    expect(await commandInProcess(['count', 'port:443', '--as-of', day])).toMatchObject({ code: 2 });
  }
});

it('files that hold what is forgotten go with it, and what is left is published', async () => {
  const before = tables();
  expect(await commandInProcess(['forget', '--before', '2026-02'])).toMatchObject({ code: 0 });
  const { censuses, superseded } = await manifest();
  expect(censuses.map(({ censusNumber }: { censusNumber: number }) => censusNumber)).toEqual([5, 6, 7]);
  expect(superseded).toHaveLength(4);
  expect(before.filter((name) => existsSync(path.join(home, name)))).toEqual([]);
  expect(await commandInProcess(['history', 'verify'])).toMatchObject({ code: 0 });
});

it('a series without a census left publishes that it has none, and nothing tells of it any more', async () => {
  const { out, code } = await commandInProcess(['forget', '--before', '2026-03', '--json']);
  expect([code, JSON.parse(out).published]).toEqual([0, ['weekly']]);
  const tombstone = await manifest();
  expect(tombstone).toMatchObject({ revision: 3, censuses: [], files: [] });
  expect(tombstone.superseded).toHaveLength(7);
  expect(tombstone.superseded.at(-1)).toMatchObject({ censusNumber: 7, because: 'forgotten: before 2026-03' });
  expect(tables()).toEqual([]);
  for (const question of [
    ['count', 'port:443'],
    ['trend'],
    ['diff', '2026-02-02', '2026-02-16'],
    ['report', 'weekly', '--out', path.join(directory, 'reports')],
  ]) {
    const { code: refused, err } = await commandInProcess(question);
    expect([question, refused]).toEqual([question, 2]);
    expect(err).toMatch(/HISTORY_NOT_PUBLISHED|QUERY_CENSUS_UNKNOWN/);
  }
  expect(existsSync(path.join(directory, 'reports'))).toBe(false);
});

it('the absence is whole, is listed, and stays as it is when it is rebuilt', async () => {
  const tombstone = await manifest();
  expect(await commandInProcess(['history', 'rebuild'])).toMatchObject({ code: 0 });
  expect(await commandInProcess(['history', 'verify'])).toMatchObject({ code: 0 });
  expect((await commandInProcess(['history', 'list'])).out).toContain('no census, 7 superseded');
  expect(await commandInProcess(['forget', '--before', '2026-03'])).toMatchObject({ code: 0 });
  expect(await manifest()).toEqual(tombstone);
});
