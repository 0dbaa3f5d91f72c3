import { openDatabase } from '@kubecensus/shared/database';
import { runProcess, whenAborted } from '@kubecensus/shared/lifecycle';
import { createLogger } from '@kubecensus/shared/log';
import { QUEUE_MESSAGES } from '@kubecensus/shared/messages';
import { createQueues } from '@kubecensus/shared/queue';
import { readProberConfig } from './config.ts';
import { followParent } from './follow-parent.ts';
import { createProber } from './prober.ts';

await runProcess('prober', async ({ signal, releasers }) => {
  const config = readProberConfig();
  const orphaned = followParent();
  const log = createLogger({ name: 'prober', level: config.logLevel });
  log.info(config.logged, 'starting');
  const database = await openDatabase({ url: config.databaseUrl }, { migrations: 'check' });
  releasers.add('database', () => database.close());
  const databaseUrl = database.url('prober');
  const queues = await createQueues({ url: config.redisUrl ?? databaseUrl, messages: QUEUE_MESSAGES, log });
  releasers.add('queues', () => queues.close());
  const prober = createProber({ pool: database.pool('prober'), databaseUrl, queues, log, ...config.limits });
  releasers.add('prober', () => prober.close(orphaned.aborted ? { drainMs: 0 } : {}));
  await prober.start();
  const stopped = [signal, orphaned].map((end) => whenAborted(end).then(() => 0));
  return await Promise.race([...stopped, prober.died.then(() => 1)]);
});
