import { openDatabase } from '@kubecensus/shared/database';
import { openHistory } from '@kubecensus/shared/history';
import { runProcess, whenAborted } from '@kubecensus/shared/lifecycle';
import { createLogger } from '@kubecensus/shared/log';
import { QUEUE_MESSAGES } from '@kubecensus/shared/messages';
import { createQueues } from '@kubecensus/shared/queue';
import { putKubernetesTablesInForce, toTablesDirectory } from '@kubecensus/shared/tables';
import { readReporterConfig } from './config.ts';
import { createReporter } from './reporter.ts';

await runProcess('reporter', async ({ signal, releasers }) => {
  const config = readReporterConfig();
  const log = createLogger({ name: 'reporter', level: config.logLevel });
  await putKubernetesTablesInForce(toTablesDirectory(config));
  const { historyDirectory, reportDirectory, weeklyCron } = config;
  const database = await openDatabase({ url: config.databaseUrl }, { migrations: 'check' });
  releasers.add('database', () => database.close());
  const queues = await createQueues({ url: config.redisUrl ?? database.url('writer'), messages: QUEUE_MESSAGES, log });
  releasers.add('queues', () => queues.close());
  const history = await openHistory({ directory: historyDirectory });
  releasers.add('history', () => history.close());
  const where = { historyDirectory, weeklyCron, ...(reportDirectory !== undefined && { reportDirectory }) };
  const reporter = createReporter({ pool: database.pool('reader'), queues, history, log, ...where });
  releasers.add('reporter', () => reporter.close());
  await reporter.start();
  await whenAborted(signal);
  return 0;
});
