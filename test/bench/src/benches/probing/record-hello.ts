import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import path from 'node:path';
import { KUBECENSUS_COMMAND } from '../../measure/kubecensus-command.ts';
import { runCounted } from '../../measure/run-counted.ts';

/** Has the command call on a listener of ours, and keeps the hello that it sends; resolves to the file. */
export async function recordHello(directory: string, signal: AbortSignal): Promise<string> {
  const file = path.join(directory, 'hello.bin');
  let hello: Buffer | undefined;
  const server = createServer((socket) => {
    socket.once('data', (chunk) => {
      hello = chunk;
      socket.destroy();
    });
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await runCounted(process.execPath, [KUBECENSUS_COMMAND, 'probe', `127.0.0.1:${port}`], { signal });
  server.close();
  if (hello === undefined) throw new Error('the command sent no hello to a listener on loopback');
  writeFileSync(file, hello);
  return file;
}
