import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Redis } from 'ioredis';
import { endProcess } from './end-process.ts';

export interface BenchRedis {
  readonly url: string;
  readonly pid: number;
  /** Bytes that it received and sent since it started (INFO, total_net_input_bytes and total_net_output_bytes). */
  traffic(): Promise<number>;
  close(): Promise<void>;
}

/** A Redis of the benchmark's own on loopback, its files in `directory`, set as docs/operations.md asks. */
export async function startBenchRedis(directory: string): Promise<BenchRedis> {
  const port = await findFreePort();
  const settings = { port: `${port}`, bind: '127.0.0.1', dir: directory, appendonly: 'yes', save: '' };
  const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const server = spawn('redis-server', words, { stdio: ['ignore', 'ignore', 'inherit'] });
  await once(server, 'spawn').catch((cause: unknown) => {
    throw new Error('redis-server is not installed; install it (Debian: apt-get install redis-server)', { cause });
  });
  const url = `redis://127.0.0.1:${port}`;
  const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: 200 });
  client.on('error', () => undefined); // until it listens
  await client.ping();
  return {
    url,
    pid: server.pid ?? Number.NaN,
    async traffic() {
      const info = await client.info('stats');
      const read = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? Number.NaN);
      return read('total_net_input_bytes') + read('total_net_output_bytes');
    },
    async close() {
      client.disconnect();
      await endProcess(server, 'SIGKILL');
    },
  };
}

async function findFreePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  holder.close();
  await once(holder, 'close');
  return port;
}
