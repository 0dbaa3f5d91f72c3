import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { startCommand } from './support/command.ts';

const sockets = new Set<Socket>();
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => undefined);
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  server.close();
  await once(server, 'close');
});

it('Ctrl-C ends a probe at once: what is known is written, what is not is taken back and counted', async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  // One accepts and says nothing, two refuse.
  const { child, ended } = startCommand(['probe', `127.0.0.1:${port}`, '127.0.0.3:1', '127.0.0.2:1']);
  let said = '';
  const isSaid = new Promise<void>((resolve) => {
    child.stdout?.on('data', (text: string) => {
      said += text;
      if (said.split('\n').length > 2) resolve();
    });
  });
  await Promise.all([once(server, 'connection'), isSaid]);
  child.kill('SIGINT');
  const { code, stdout, stderr } = await ended;
  expect(stderr).toContain('ended early: lines written for 2 targets; left half-way: 1');
  expect(stdout.split('\n').filter(Boolean)).toHaveLength(2);
  expect(stdout).not.toContain('read-timeout');
  expect(code).toBe(3);
});
