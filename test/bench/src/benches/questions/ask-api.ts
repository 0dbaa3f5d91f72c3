import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createKeyText, insertKey, toKeyHash } from '@kubecensus/api';
import type { Database } from '@kubecensus/shared/database';

const API = fileURLToPath(new URL('./main.js', import.meta.resolve('@kubecensus/api')));

export interface AskedApi {
  readonly pid: number;
  /** The answer as JSON, and how long it took until its last byte, in milliseconds. @throws Error unless it is one */
  ask(pathAndQuery: string): Promise<{ answer: Record<string, unknown>; milliseconds: number }>;
  close(): Promise<void>;
}

/** The api as a process of its own, with a researcher's key. */
export async function startApi(store: Database, historyDirectory: string, dataDirectory: string): Promise<AskedApi> {
  const key = createKeyText();
  const hash = toKeyHash(key);
  if (hash === undefined) throw new TypeError('a key that was made is none');
  await insertKey(store.pool('writer'), {
    hash,
    role: 'researcher',
    label: 'bench',
    ranges: [],
    expiresAt: new Date(Date.now() + 86_400_000),
  });
  const child: ChildProcess = fork(API, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      ...process.env,
      DATABASE_URL: store.url('owner'),
      KUBECENSUS_DATA_DIR: dataDirectory,
      KUBECENSUS_HISTORY_DIR: historyDirectory,
      API_PORT: '0',
      API_REQUESTS_PER_MINUTE: '1000000',
    },
  });
  const address = await readAddress(child);
  return {
    pid: child.pid ?? Number.NaN,
    async ask(pathAndQuery) {
      const begin = performance.now();
      const response = await fetch(`${address}${pathAndQuery}`, { headers: { authorization: `Bearer ${key}` } });
      const text = await response.text();
      const milliseconds = performance.now() - begin;
      if (!response.ok) throw new Error(`${pathAndQuery}: ${response.status} ${text.slice(0, 300)}`);
      return { answer: JSON.parse(text) as Record<string, unknown>, milliseconds };
    },
    async close() {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** Of its log: the address where it listens. */
async function readAddress(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new TypeError('the api has no log');
  const lines = createInterface({ input: child.stderr });
  const address = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      // What it logs further is read and thrown away: a full pipe would hold it up.
      const said = JSON.parse(line) as { address?: string };
      if (said.address !== undefined) resolve(said.address);
    });
    child.once('exit', (code) => reject(new Error(`the api ended with ${code} before it listened`)));
  });
  return address;
}
