import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createIndexer } from '../../services/indexer/src/index.ts';
import {
  createSeeder,
  planScan,
  progress,
  type ScanProgress,
  type ScanRequest,
} from '../../services/seeder/src/index.ts';
import { AddressSetBuilder, parseRange, Scope } from '../../shared/src/addresses/index.ts';
import type { Database } from '../../shared/src/database/index.ts';
import { QUEUE_MESSAGES } from '../../shared/src/messages/index.ts';
import { createQueues, type Queues } from '../../shared/src/queue/index.ts';
import { createTestDatabase } from './database.ts';

export type FlowQueues = Queues<typeof QUEUE_MESSAGES>;

/** Store, queue, seeder and indexer of one test, as the command runs them; probers are the test's own matter. */
export interface Flow {
  readonly database: Database;
  readonly queues: FlowQueues;
  readonly errors: string[];
  plan(request: Partial<ScanRequest> & { ranges: readonly string[]; ports: readonly number[] }): Promise<string>;
  progress(scanId: string): Promise<ScanProgress>;
  /** A prober process, as the command forks it. */
  forkProber(environment?: Record<string, string>): ChildProcess;
  /** Stops what `open` started, as if the command ended; the store stays. */
  stopServices(): Promise<void>;
  startServices(): Promise<void>;
  close(): Promise<void>;
}

const PROBER = fileURLToPath(new URL('../../services/prober/dist/main.js', import.meta.url));

export function scopeOf(ranges: readonly string[], ports: readonly number[]): Scope {
  const builder = new AddressSetBuilder();
  for (const range of ranges) builder.add(parseRange(range));
  return Scope.of([{ addresses: builder.build(), ports: [...ports] }]);
}

/** The queue is on the store's own PostgreSQL unless `redisUrl` names a server. */
export async function openFlow(options: { pollMs?: number; redisUrl?: string | undefined } = {}): Promise<Flow> {
  const { redisUrl } = options;
  const database = await createTestDatabase();
  const queues = await createQueues({ url: redisUrl ?? database.url('writer'), messages: QUEUE_MESSAGES });
  const errors: string[] = [];
  const children = new Set<ChildProcess>();
  const note = (_fields: unknown, line?: string) => void errors.push(line ?? '');
  const log = { info: () => undefined, warn: () => undefined, error: note };
  let services: { close(): Promise<void> }[] = [];

  async function startServices(): Promise<void> {
    const pool = database.pool('writer');
    const seeder = createSeeder({
      pool,
      databaseUrl: database.url('writer'),
      queues,
      log,
      pollMs: options.pollMs ?? 50,
    });
    const indexer = createIndexer({ pool, queues, log, sweepMs: 50, revisit: { delayMs: 0 } });
    services = [seeder, indexer];
    await seeder.start();
    await indexer.start();
  }
  async function stopServices(): Promise<void> {
    for (const service of services.splice(0)) await service.close();
  }

  await startServices();
  return {
    database,
    queues,
    errors,
    async plan({ ranges, ports, ...request }) {
      const method = { version: '0.1.0', thorough: false };
      const planned = await planScan(database.pool('writer'), {
        kind: 'census',
        targets: scopeOf(ranges, ports),
        method,
        ...request,
      });
      return planned.scanId;
    },
    progress: (scanId) => progress(database.pool('reader'), scanId),
    forkProber(environment = {}) {
      const child = fork(PROBER, {
        execArgv: [],
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        env: {
          PATH: process.env.PATH,
          DATABASE_URL: database.url('prober'),
          LOG_LEVEL: 'error',
          ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
          ...environment,
        },
      });
      children.add(child);
      return child;
    },
    stopServices,
    startServices,
    async close() {
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        await exited;
      }
      await stopServices();
      await queues.close();
      await database.close();
    },
  };
}
