import { parentPort, workerData } from 'node:worker_threads';
import { createEngine } from './probing/engine.ts';
import type { ToThread } from './probing/thread-messages.ts';

// Entry of the thread that probes: nothing in it can delay the locks and leases, which the main thread renews.
if (parentPort === null) throw new TypeError('probing-thread is the entry of a worker thread and runs in no other way');
const port = parentPort;
const { concurrency } = workerData as { concurrency: number };
const engine = createEngine({
  concurrency,
  post: (message) => {
    port.postMessage(message);
    if (message.kind === 'closed') port.close();
  },
});
port.on('message', (message: ToThread) => engine.take(message));
