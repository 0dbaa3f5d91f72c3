import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import { openTestQueues } from '../../../test/support/queue-server.ts';
import { finishShard, insertScan, leaseShard, presentApiServer, toBatch } from '../../../test/support/record.ts';
import { runModule } from '../../../test/support/run-module.ts';
import { readIndexerConfig } from './config.ts';

const main = path.join(path.dirname(fileURLToPath(import.meta.url)), 'main.ts');

it('a process of its own indexes what waits, closes the scan, and ends when it is asked to', async () => {
  const database = await createTestDatabase();
  const queues = await openTestQueues(database.url('writer'));
  try {
    const scanId = await insertScan(database.pool());
    await leaseShard(database.pool(), scanId, 0);
    await queues.add('index', toBatch({ scanId }, [presentApiServer('127.0.0.1', 1)]));
    await finishShard(database.pool(), scanId, 0, 1, { present: 1 });
    const indexer = runModule(main, [], { environment: { DATABASE_URL: database.url(), LOG_LEVEL: 'warn' } });
    const ended = once(indexer, 'exit');
    await vi.waitFor(async () => {
      const { rows } = await database.pool().query('SELECT state FROM scans WHERE scan_id = $1', [scanId]);
      expect(rows).toEqual([{ state: 'completed' }]);
    }, 30_000);
    indexer.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  } finally {
    await queues.close();
    await database.close();
  }
});

it('a process of its own does not start without a database that others can reach', () => {
  expect(() => readIndexerConfig({})).toThrow('DATABASE_URL is not set');
  expect(() => readIndexerConfig({ DATABASE_URL: 'postgres://h/d', INDEXER_CONCURRENCY: '0' })).toThrow(
    'INDEXER_CONCURRENCY is "0", expected a whole number from 1 to 64',
  );
  expect(readIndexerConfig({ DATABASE_URL: 'postgres://h/d' })).toMatchObject({
    concurrency: 8,
    revisitDelayMs: 7_200_000,
  });
});
