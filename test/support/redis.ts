import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface TestRedis {
  readonly url: string;
  /** Ends it in order, and resolves when it is gone; its data stays. */
  stop(): Promise<void>;
  /** Ends it without a chance to write anything. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and data. */
  start(): Promise<void>;
  /** Ends it and removes its data. */
  close(): Promise<void>;
}

/** A real Redis server with an append-only file, on a free port of loopback. `settings` are its own words and values. */
export async function startTestRedis(settings: Readonly<Record<string, string>> = {}): Promise<TestRedis> {
  const directory = await mkdtemp(path.join(tmpdir(), 'kubecensus-redis-'));
  const port = await findFreePort();
  const merged = { port: `${port}`, bind: '127.0.0.1', dir: directory, appendonly: 'yes', save: '', ...settings };
  const words = Object.entries(merged).flatMap(([name, value]) => [`--${name}`, value]);
  let server: ChildProcess | undefined;

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const ending = server;
    server = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = once(ending, 'exit');
    ending.kill(signal);
    await gone;
  }

  const redis: TestRedis = {
    url: `redis://127.0.0.1:${port}`,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async start() {
      server = await launch(words);
    },
    async close() {
      await end('SIGKILL');
      await rm(directory, { recursive: true, force: true });
    },
  };
  try {
    await redis.start();
    return redis;
  } catch (caught) {
    await redis.close();
    throw caught;
  }
}

async function launch(words: readonly string[]): Promise<ChildProcess> {
  const server = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(server, 'spawn').catch((cause: unknown) => {
    throw new Error('redis-server is not installed; install it (Debian: apt-get install redis-server)', { cause });
  });
  const lines = createInterface({ input: server.stdout });
  const said: string[] = [];
  for await (const line of lines) {
    said.push(line);
    if (!line.includes('Ready to accept connections')) continue;
    // Left unread, its output would block it once the pipe is full.
    server.stdout.resume();
    guardAgainstOrphan(server);
    return server;
  }
  throw new Error(`redis-server ended before it was ready: ${said.slice(-5).join(' | ')}`);
}

/** A shell that waits for the end of this process, whatever the end is, on a pipe that nobody writes to. */
function guardAgainstOrphan(server: ChildProcess): void {
  const guard = spawn('/bin/sh', ['-c', `read -r _; kill -KILL ${server.pid}`], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  server.once('exit', () => guard.kill('SIGKILL'));
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
