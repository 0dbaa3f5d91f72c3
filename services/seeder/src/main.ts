import { openDatabase } from '@kubecensus/shared/database';
import { runProcess, whenAborted } from '@kubecensus/shared/lifecycle';
import { createLogger } from '@kubecensus/shared/log';
import { QUEUE_MESSAGES } from '@kubecensus/shared/messages';
import { createQueues } from '@kubecensus/shared/queue';
import { readSeederConfig } from './config.ts';
import { createSeeder } from './seeder.ts';

await runProcess('seeder', async ({ signal, releasers }) => {
  const config = readSeederConfig();
  const log = createLogger({ name: 'seeder', level: config.logLevel });
  log.info(config.logged, 'starting');
  const database = await openDatabase({ url: config.databaseUrl }, { migrations: 'check' });
  releasers.add('database', () => database.close());
  const databaseUrl = database.url('writer');
  const queues = await createQueues({ url: config.redisUrl ?? databaseUrl, messages: QUEUE_MESSAGES, log });
  releasers.add('queues', () => queues.close());
  const seeder = createSeeder({ pool: database.pool('writer'), databaseUrl, queues, log, ...config.limits });
  releasers.add('seeder', () => seeder.close());
  await seeder.start();
  await whenAborted(signal);
  return 0;
});
