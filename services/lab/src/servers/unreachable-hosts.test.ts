import net from 'node:net';
import { expect, it } from 'vitest';
import { openUnreachableHosts } from './unreachable-hosts.ts';

const ENDPOINTS = [
  { address: '127.0.0.1', port: 19_711 },
  { address: '127.0.0.1', port: 19_712 },
];
/** The first SYN is repeated after one second: a host that accepts would have done so by then. */
const WAIT_MS = 1300;

function connects(endpoint: { address: string; port: number }): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: endpoint.address, port: endpoint.port });
    const end = (outcome: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(outcome);
    };
    const timer = setTimeout(() => end('no answer'), WAIT_MS);
    socket.once('connect', () => end('connected'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

it('an unreachable host neither accepts nor refuses, and refuses once it is closed', async () => {
  const hosts = await openUnreachableHosts(ENDPOINTS);
  expect(await Promise.all(ENDPOINTS.map(connects))).toEqual(['no answer', 'no answer']);
  await hosts.close();
  expect(await Promise.all(ENDPOINTS.map(connects))).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
});
