import { BELL_LOCK } from '@kubecensus/prober';
import { QUEUE_MESSAGES } from '@kubecensus/shared/messages';
import { createQueues } from '@kubecensus/shared/queue';

/** Takes a bell as a prober does, says so, and never answers for it. */
const queues = await createQueues({ url: process.argv[2] ?? '', messages: QUEUE_MESSAGES });
queues.process(
  'probe',
  async () => {
    process.send?.('taken');
    await new Promise(() => undefined);
  },
  { concurrency: 1, ...BELL_LOCK, onPoison: () => undefined },
);
