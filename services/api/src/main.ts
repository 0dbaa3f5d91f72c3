import { openDatabase } from '@kubecensus/shared/database';
import { openHistory } from '@kubecensus/shared/history';
import { runProcess, whenAborted } from '@kubecensus/shared/lifecycle';
import { createLogger } from '@kubecensus/shared/log';
import { putKubernetesTablesInForce, toTablesDirectory } from '@kubecensus/shared/tables';
import { readApiConfig } from './config.ts';
import { ANSWER_MS } from './create-api.ts';
import { readAhead } from './read-ahead.ts';
import { createApiService } from './start-api.ts';

await runProcess('api', async ({ signal, releasers }) => {
  const config = readApiConfig();
  const log = createLogger({ name: 'api', level: config.logLevel });
  await putKubernetesTablesInForce(toTablesDirectory(config));
  log.info(config.logged, 'starting');
  const where = config.databaseUrl === undefined ? { dataDir: config.dataDir } : { url: config.databaseUrl };
  const database = await openDatabase(where, { migrations: 'check' });
  releasers.add('database', () => database.close());
  const history = await openHistory({ directory: config.historyDirectory, questionMs: ANSWER_MS });
  releasers.add('history', () => history.close());
  const onListening = (address: string) => log.info({ address }, 'listening');
  const api = createApiService({ pool: database.pool('reader'), history, log, ...config, onListening });
  releasers.add('api', () => api.close());
  await api.start();
  // What is published is read before somebody asks: a year of a million endpoints takes longer than a question may.
  void readAhead(history).catch((caught) => log.error({ err: caught }, 'what is published cannot be read'));
  await whenAborted(signal);
  return 0;
});
