// Run by runModule(), with the queue's address and `hold` or `finish`: one worker in a process of its own. It tells its parent what it takes.
import { openTestQueues, SHORT_LOCK } from './queue-server.ts';

const [url = '', work] = process.argv.slice(2);
const queues = await openTestQueues(url, undefined, SHORT_LOCK);
const tell = (said: object) => process.send?.(said);

const processor = queues.process(
  'probe',
  async ({ shardNumber }, { delivery }) => {
    tell({ taken: shardNumber, delivery });
    // Until it is killed.
    if (work === 'hold') await new Promise(() => {});
  },
  { concurrency: 2, onPoison: () => {} },
);

process.on('message', async (order) => {
  if (order !== 'close') return;
  await processor.drain();
  await queues.close();
  // Nothing else is open now but this channel: whatever the queue left behind keeps the process alive.
  process.disconnect();
});
tell({ ready: true });
