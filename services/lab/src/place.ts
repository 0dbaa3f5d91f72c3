import net from 'node:net';
import { toAddress, toNumber } from './population/layout.ts';
import { createRandom } from './random.ts';

/** Second octets from which a lab takes its block: away from 127.0.0.0/16, where resolvers and services sit. */
const FIRST_BLOCK = 16;
const BLOCKS = 224;
/** Held by a running lab on the last address but one of its block, so that a second lab takes another block. */
const GUARD_PORT = 61_231;
const TRIES = 16;

/** The guard of a block; closing it gives the block back. */
export interface Place {
  network: string;
  close(): Promise<void>;
}

function listen(address: string, port: number): Promise<net.Server | null> {
  return new Promise((resolve) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once('error', () => resolve(null));
    server.listen({ host: address, port }, () => resolve(server));
  });
}

/** Whether the system answers on loopback addresses other than 127.0.0.1 (Linux does; others only when told). */
export async function hasManyLoopbackAddresses(): Promise<boolean> {
  const server = await listen('127.0.53.7', 0);
  await new Promise<void>((resolve) => {
    if (server === null) resolve();
    else server.close(() => resolve());
  });
  return server !== null;
}

/** Takes a /16 of 127.0.0.0/8 that no other lab holds: the same for the same seed, unless that one is taken. */
export async function takePlace(seed: number): Promise<Place | null> {
  const random = createRandom(seed, 'place');
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const block = FIRST_BLOCK + random.integer(BLOCKS);
    const network = `127.${block}.0.0`;
    const guard = await listen(toAddress(toNumber(network) + 0xfffe), GUARD_PORT);
    if (guard !== null) {
      return { network, close: () => new Promise((resolve) => guard.close(() => resolve())) };
    }
  }
  return null;
}
