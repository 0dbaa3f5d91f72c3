import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseRange } from '@kubecensus/shared/addresses';
import { openHistory, publishHistory } from '@kubecensus/shared/history';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../../shared/src/database/index.ts';
import { createTestDatabase } from '../../../../test/support/database.ts';
import { insertSeries } from '../../../../test/support/record.ts';
import { insertRecordedScan } from '../../../../test/support/recorded-census.ts';
import { removeStoredRows } from './remove-stored-rows.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'purge-'));
let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.close();
  rmSync(directory, { recursive: true, force: true });
});

it('an opt-out makes a new revision of what was published, and the files of the old one are gone', async () => {
  const pools = { writer: database.pool('writer'), reader: database.pool('reader') };
  const seriesId = await insertSeries(pools.writer, 'weekly');
  await insertRecordedScan(pools.writer, {
    seriesId,
    censusNumber: 1,
    asOf: '2026-01-05T00:00:00Z',
    endpoints: ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, port: 6443, distribution: 'k3s' })),
  });
  const { manifest: before } = await publishHistory({ pool: pools.reader, directory, series: seriesId });

  const rows = await removeStoredRows(pools, directory, parseRange('127.0.0.2'));
  expect(rows).toMatchObject({ removed: true, endpoints: 1, sightings: 1, revisedSeries: ['weekly'] });

  const history = await openHistory({ directory });
  const [after] = await history.list();
  await history.close();
  expect(after?.censuses).toMatchObject([{ censusNumber: 1, revision: 2, endpoints: 1 }]);
  expect(after?.superseded).toMatchObject([{ censusNumber: 1, revision: 1, because: 'opt-out' }]);
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const old = before.files.find(({ table }) => table === 'endpoints')?.path ?? '';
  expect(old).not.toBe('');
  expect(files.filter((file) => file.endsWith(old))).toEqual([]);
});
