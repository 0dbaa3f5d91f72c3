import { openDatabase } from '@kubecensus/shared/database';
import { runProcess, whenAborted } from '@kubecensus/shared/lifecycle';
import { createLogger } from '@kubecensus/shared/log';
import { QUEUE_MESSAGES } from '@kubecensus/shared/messages';
import { createQueues } from '@kubecensus/shared/queue';
import { createPlaceTables, putKubernetesTablesInForce, toTablesDirectory } from '@kubecensus/shared/tables';
import { readIndexerConfig } from './config.ts';
import { createIndexer } from './indexer.ts';

await runProcess('indexer', async ({ signal, releasers }) => {
  const config = readIndexerConfig();
  const log = createLogger({ name: 'indexer', level: config.logLevel });
  log.info(config.logged, 'starting');
  await putKubernetesTablesInForce(toTablesDirectory(config));
  // One for each batch, one for the sweep, one to spare.
  const max = config.concurrency + 2;
  const database = await openDatabase({ url: config.databaseUrl }, { migrations: 'check', max });
  releasers.add('database', () => database.close());
  const queues = await createQueues({ url: config.redisUrl ?? database.url('writer'), messages: QUEUE_MESSAGES, log });
  releasers.add('queues', () => queues.close());
  const { concurrency, revisitDelayMs, minCanaryRecall } = config;
  const pool = database.pool('writer');
  const revisit = { delayMs: revisitDelayMs };
  const places = createPlaceTables(toTablesDirectory(config));
  const indexer = createIndexer({ pool, queues, log, concurrency, revisit, rules: { minCanaryRecall, places } });
  releasers.add('indexer', () => indexer.close());
  await indexer.start();
  await whenAborted(signal);
  return 0;
});
