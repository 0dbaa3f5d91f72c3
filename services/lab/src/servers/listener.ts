import net, { type Socket } from 'node:net';
import { LabError } from '../lab-error.ts';
import type { Behaviour } from './behaviour.ts';
import type { Recorder } from './recorder.ts';

/** A connection with no traffic is dropped after this long, as kube-apiserver's ReadHeaderTimeout does. */
const IDLE_MS = 32_000;

/** One listening address and port, whose behaviour can be exchanged while it listens. */
export interface Listener {
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

/** Throws `LAB_ADDRESS_UNAVAILABLE` where the system refuses the address or port. */
export async function openListener(
  endpoint: { address: string; port: number },
  behaviour: Behaviour,
  recorder: Recorder,
): Promise<Listener> {
  let current = behaviour;
  const sockets = new Set<Socket>();
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // Resets are what a scanned host sees all day.
    socket.on('error', () => socket.destroy());
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    current(socket, recorder.open({ ...endpoint, remotePort: socket.remotePort ?? 0 }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new LabError(
          'LAB_ADDRESS_UNAVAILABLE',
          `${endpoint.address}:${endpoint.port} cannot be listened on (${error.code ?? error.message}); name another network`,
        ),
      ),
    );
    server.listen({ host: endpoint.address, port: endpoint.port, backlog: 511 }, resolve);
  });
  return {
    behave(next) {
      current = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
