import { createServer } from 'node:net';
import { createProbe } from '../../services/prober/dist/index.js';

const ADDRESS = '127.0.0.1';

/** A host on loopback that sends the bytes of one file after another to whoever says hello, and closes. */
export function openTlsHost() {
  let bytes = Buffer.alloc(0);
  let connections = 0;
  const sockets = new Set();
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // The probe resets what it has seen enough of.
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.end(bytes));
    socket.resume();
  });
  const listening = new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, ADDRESS, resolve);
  });
  let probe;
  let fault;

  return {
    isOwnError: () => false,
    async read(file, { deadlineMs }) {
      await listening;
      bytes = file;
      connections = 0;
      fault = undefined;
      probe ??= createProbe({
        operator: { url: 'https://replay.example.org/', name: 'replay.example.org' },
        version: '0.0.0',
        mayConnect: (address) => address === ADDRESS,
        provePossession: true,
        reportFault: (error) => {
          fault = error;
        },
        connectTimeoutMs: deadlineMs,
        firstFlightTimeoutMs: deadlineMs,
        answerTimeoutMs: deadlineMs,
      });
      const target = { address: ADDRESS, port: server.address().port };
      const { outcome, reason, secondConnection, possession, evidence } = await probe.probe(target, 'kube-apiserver');
      if (fault !== undefined) throw fault;
      return { outcome, reason, connections, secondConnection, possession, chainLength: evidence.chainLength };
    },
    async close() {
      await probe?.close();
      for (const socket of sockets) socket.destroy();
      await listening;
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
