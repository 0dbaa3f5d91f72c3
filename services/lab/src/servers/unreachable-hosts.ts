import net from 'node:net';
import { Worker } from 'node:worker_threads';

/**
 * Hosts that do not complete a connect. An ordinary user cannot drop packets, but the kernel drops the SYN for a
 * listening socket whose queue of unaccepted connections is full: a thread listens with the shortest queue and then
 * sleeps, and the lab fills the queue itself.
 */
export interface UnreachableHosts {
  close(): Promise<void>;
}

/** Runs in the thread: it must not return to its event loop, which would accept. */
const SLEEPER = `
const net = require('node:net');
const { parentPort, workerData } = require('node:worker_threads');
let open = 0;
for (const { address, port } of workerData.endpoints) {
  const server = net.createServer();
  server.once('error', (error) => { throw error; });
  server.listen({ host: address, port, backlog: 1 }, () => {
    open += 1;
    if (open < workerData.endpoints.length) return;
    parentPort.postMessage('listening');
    Atomics.wait(new Int32Array(workerData.sleep), 0, 0);
    process.exit();
  });
}
`;

/** A queue of length 1 holds two connections on Linux; the third fills what other systems round up to. */
const FILLERS = 3;
/** A filler that is not connected by then has met a full queue, which is what it came for. */
const FILLED_MS = 200;

function fill(endpoint: { address: string; port: number }): { socket: net.Socket; done: Promise<void> } {
  const socket = net.connect({ host: endpoint.address, port: endpoint.port });
  const done = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, FILLED_MS);
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.once('close', () => clearTimeout(timer));
    socket.on('error', () => resolve());
  });
  return { socket, done };
}

export async function openUnreachableHosts(
  endpoints: readonly { address: string; port: number }[],
): Promise<UnreachableHosts> {
  if (endpoints.length === 0) return { close: () => Promise.resolve() };
  const sleep = new SharedArrayBuffer(4);
  const worker = new Worker(SLEEPER, { eval: true, workerData: { endpoints, sleep } });
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
  const fillers: net.Socket[] = [];
  for (let round = 0; round < FILLERS; round += 1) {
    const opened = endpoints.map(fill);
    fillers.push(...opened.map(({ socket }) => socket));
    await Promise.all(opened.map(({ done }) => done));
  }
  return {
    async close() {
      for (const socket of fillers) socket.destroy();
      const ended = new Promise<void>((resolve) => {
        worker.once('exit', () => resolve());
      });
      Atomics.store(new Int32Array(sleep), 0, 1);
      Atomics.notify(new Int32Array(sleep), 0);
      await ended;
    },
  };
}
