import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { BELL_LOCK } from '@kubecensus/prober';
import { QUEUE_MESSAGES } from '@kubecensus/shared/messages';
import { createQueues } from '@kubecensus/shared/queue';
import { defineBench } from '../define-bench.ts';
import { endProcess } from '../measure/end-process.ts';
import { median } from '../measure/median.ts';
import { openBenchStore } from '../measure/open-bench-store.ts';
import { startBenchRedis } from '../measure/redis-server.ts';

const RUNS = 3;
/** The lock, and two looks: the first marks what has lost it, the second takes it back. Then the delivery. */
const MAX_SECONDS = 10;
const TAKING_PROCESS = fileURLToPath(new URL('./orphans/taking-process.js', import.meta.url));

/** From the kill of a prober that has taken a bell, and no lease yet, until another prober hears it. */
export default defineBench({
  about: 'how long the bell of a killed prober is lost, on both queues',
  settings: { runs: `how often a prober is killed (${RUNS})` },
  inBrief: { runs: 1 },
  async *run({ directory, number, signal }) {
    const store = await openBenchStore(directory);
    const redis = await startBenchRedis(directory);
    try {
      for (const [name, url] of [
        ['postgres', store.url('prober')],
        ['redis', redis.url],
      ] as const) {
        const runs: number[] = [];
        for (let run = 0; run < number('runs', RUNS) && !signal.aborted; run += 1) runs.push(await loseBell(url, run));
        if (runs.length === 0) return;
        yield {
          name: `orphans/${name}`,
          value: median(runs),
          unit: 'seconds',
          runs,
          limit: { of: 'value', atMost: MAX_SECONDS },
        };
      }
    } finally {
      await redis.close();
      await store.close();
    }
  },
});

async function loseBell(url: string, shardNumber: number): Promise<number> {
  const queues = await createQueues({ url, messages: QUEUE_MESSAGES });
  const taking = fork(TAKING_PROCESS, [url]);
  try {
    await queues.add('probe', { scanId: '1', shardNumber });
    await once(taking, 'message');
    await endProcess(taking, 'SIGKILL');
    const begin = performance.now();
    await new Promise<void>((resolve) => {
      queues.process('probe', () => Promise.resolve(resolve()), {
        concurrency: 1,
        ...BELL_LOCK,
        onPoison: () => undefined,
      });
    });
    return (performance.now() - begin) / 1000;
  } finally {
    await endProcess(taking, 'SIGKILL');
    await queues.close();
  }
}
