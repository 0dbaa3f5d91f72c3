import { availableParallelism } from 'node:os';
import { createOwnershipService, createPageReader, createResolver } from '@kubecensus/api';
import { createIndexer, readClosingRules } from '@kubecensus/indexer';
import { createReporter } from '@kubecensus/reporter';
import { abortOpenChecks, createSeeder } from '@kubecensus/seeder';
import type { SharedConfig } from '@kubecensus/shared/config';
import type { Database } from '@kubecensus/shared/database';
import { openHistory } from '@kubecensus/shared/history';
import { createReleasers } from '@kubecensus/shared/lifecycle';
import type { Logger } from '@kubecensus/shared/log';
import { QUEUE_MESSAGES } from '@kubecensus/shared/messages';
import { createQueues } from '@kubecensus/shared/queue';
import { createPlaceTables, toTablesDirectory } from '@kubecensus/shared/tables';
import { toHistoryDirectory } from './history-directory.ts';
import { joinStore, openOwnStore } from './open-store.ts';
import { type ProberProcesses, startProberProcesses } from './prober-processes.ts';
import { toReportDirectory } from './report-directory.ts';

/** Mondays, 06:00 UTC. */
const WEEKLY_CRON = '0 6 * * 1';

/** All services on this machine: seeder, indexer and reporter in this process, one prober process per core. */
export type OneMachine = {
  readonly database: Database;
  readonly proberCount: number;
  readonly probers: Pick<ProberProcesses, 'failed'>;
  /** Another process of this user has the data directory and runs the services in it; none were started here. */
  readonly isGuest: boolean;
  /** Lets the probers finish or hand back what is under way; from then on a scan's progress stands. Idempotent. */
  drain(): Promise<void>;
  /** Drains the probers, indexes what they sent, then closes the store. Idempotent. */
  close(): Promise<void>;
};

export type OneMachineOptions = {
  config: Pick<SharedConfig, 'databaseUrl' | 'redisUrl' | 'dataDir' | 'logLevel'> & { tablesDir?: string | undefined };
  log: Logger;
  /** Prober processes; one per core unless told. */
  probers?: number | undefined;
  /** Between the end of a census' shards and the second look at what it missed, in ms. */
  revisitDelayMs?: number | undefined;
  proberEnvironment?: Readonly<Record<string, string | undefined>>;
  onWarning?: (line: string) => void;
};

/** As `openOneMachine`, or as the guest of the process that has the data directory. */
export async function openOrJoinMachine(options: OneMachineOptions): Promise<OneMachine> {
  try {
    return await openOneMachine(options);
  } catch (caught) {
    const database = await joinStore(options.config, caught);
    return {
      database,
      proberCount: options.probers ?? availableParallelism(),
      probers: { failed: new Promise<never>(() => undefined) },
      isGuest: true,
      // Its owner's services go on.
      drain: () => Promise.resolve(),
      close: () => database.close(),
    };
  }
}

/** @throws KubecensusError, DATABASE_BUSY among them; nothing stays open */
export async function openOneMachine(options: OneMachineOptions): Promise<OneMachine> {
  const { config, log, probers: proberCount = availableParallelism(), revisitDelayMs } = options;
  const releasers = createReleasers();
  try {
    const database = await openOwnStore(config, options.onWarning);
    releasers.add('the store', () => database.close());
    const writer = database.pool('writer');
    // Nobody else has a store of our own, so nobody waits for a check that a killed command left in it.
    if (config.databaseUrl === undefined) await abortOpenChecks(writer);
    const queues = await createQueues({
      url: config.redisUrl ?? database.url('writer'),
      messages: QUEUE_MESSAGES,
      log,
    });
    releasers.add('the queues', () => queues.close());
    const historyDirectory = toHistoryDirectory(config.dataDir);
    const history = await openHistory({ directory: historyDirectory });
    releasers.add('the history', () => history.close());
    const reporter = createReporter({
      pool: database.pool('reader'),
      queues,
      history,
      historyDirectory,
      reportDirectory: toReportDirectory(config.dataDir),
      weeklyCron: WEEKLY_CRON,
      log: log.child({ service: 'reporter' }),
    });
    await reporter.start();
    releasers.add('the reporter', () => reporter.close());
    const owners = createOwnershipService({
      pool: writer,
      resolver: createResolver(),
      readPage: createPageReader(),
      log: log.child({ service: 'owners' }),
    });
    await owners.start();
    releasers.add('the ownership checks', () => owners.close());
    const indexer = createIndexer({
      pool: writer,
      queues,
      log: log.child({ service: 'indexer' }),
      rules: { ...readClosingRules(), places: createPlaceTables(toTablesDirectory(config)) },
      ...(revisitDelayMs !== undefined && { revisit: { delayMs: revisitDelayMs } }),
    });
    await indexer.start();
    releasers.add('the indexer', () => indexer.close());
    const seeder = createSeeder({
      pool: writer,
      databaseUrl: database.url('writer'),
      queues,
      log: log.child({ service: 'seeder' }),
    });
    await seeder.start();
    releasers.add('the seeder', () => seeder.close());
    const probers = startProberProcesses({
      count: proberCount,
      databaseUrl: database.url('prober'),
      redisUrl: config.redisUrl,
      environment: { LOG_LEVEL: config.logLevel, ...options.proberEnvironment },
      log,
    });
    releasers.add('the probers', () => probers.close());
    return {
      database,
      proberCount,
      probers,
      isGuest: false,
      drain: () => probers.close(),
      close: () => releasers.close(),
    };
  } catch (caught) {
    await releasers.close();
    throw caught;
  }
}
