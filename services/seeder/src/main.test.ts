import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { AddressSetBuilder, parseRange, Scope } from '@kubecensus/shared/addresses';
import { expect, it, vi } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import { runModule } from '../../../test/support/run-module.ts';
import { planScan } from './plan-scan.ts';
import { progress } from './progress.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

it('the seeder runs as a process of its own, and ends in order when it is told to', async () => {
  const database = await createTestDatabase();
  try {
    const environment = { DATABASE_URL: database.url(), LOG_LEVEL: 'warn' };
    const seeder = runModule(main, [], { environment });
    const exited = once(seeder, 'exit');
    const addresses = new AddressSetBuilder().add(parseRange('127.0.0.0/28')).build();
    const { scanId } = await planScan(database.pool('writer'), {
      kind: 'census',
      targets: Scope.of([{ ports: [1], addresses }]),
      method: { version: '0.1.0', thorough: false },
    });
    await vi.waitFor(async () => expect((await progress(database.pool(), scanId)).shards.queued).toBe(4), 30_000);
    seeder.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  } finally {
    await database.close();
  }
});
