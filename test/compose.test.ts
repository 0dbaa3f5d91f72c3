import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type LabProcess, spawnLab } from '../services/lab/src/index.ts';
import { planScan } from '../services/seeder/src/index.ts';
import type { Database } from '../shared/src/database/index.ts';
import { createTestDatabase } from './support/database.ts';
import { scopeOf } from './support/flow.ts';
import { startTestRedis, type TestRedis } from './support/redis.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Service -> its words after `node`, as docker-compose.yml has them. */
const commands = new Map(
  [
    ...readFileSync(path.join(root, 'docker-compose.yml'), 'utf8').matchAll(
      /^ {2}([a-z]+):\n(?: {4}(?!command:).*\n)*? {4}command: \[node, (.+)\]$/gm,
    ),
  ].map(([, service = '', words = '']) => [service, words.split(', ')]),
);

let database: Database;
let redis: TestRedis;
let lab: LabProcess;
let directory: string;
const running = new Map<string, ChildProcess>();

beforeAll(async () => {
  [database, redis, lab, directory] = await Promise.all([
    createTestDatabase({ empty: true }),
    startTestRedis(),
    spawnLab({ hosts: 4, seed: 11 }),
    mkdtemp(path.join(tmpdir(), 'kubecensus-compose-')),
  ]);
});
afterAll(async () => {
  for (const child of running.values()) if (child.exitCode === null) child.kill('SIGKILL');
  await Promise.all([lab.close(), redis.close(), database.close()]);
  await rm(directory, { recursive: true, force: true });
});

function start(service: string): ChildProcess {
  const child = spawn(process.execPath, commands.get(service) ?? [], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: database.url(),
      REDIS_URL: redis.url,
      KUBECENSUS_DATA_DIR: path.join(directory, 'data'),
      KUBECENSUS_HISTORY_DIR: path.join(directory, 'history'),
      REPORTER_DIR: path.join(directory, 'reports'),
      API_PORT: '0',
      LOG_LEVEL: 'warn',
    },
  });
  running.set(service, child);
  return child;
}

it('docker-compose.yml runs every service that has a process of its own', () => {
  const services = readdirSync(path.join(root, 'services')).filter(
    (name) =>
      name !== 'cli' && name !== 'lab' && readdirSync(path.join(root, 'services', name, 'src')).includes('main.ts'),
  );
  expect([...commands.keys()].sort()).toEqual([...services, 'migrate'].sort());
});

it('its commands, as plain processes, take a census to its published report, and end in order when they are told to', async () => {
  const [code] = await once(start('migrate'), 'exit');
  expect(code).toBe(0);
  running.delete('migrate');
  for (const service of commands.keys()) if (service !== 'migrate') start(service);

  const { ranges, ports } = lab.targets;
  const first = ranges.map((range) => range.replace(/\/\d+$/, '/26'));
  const { scanId } = await planScan(database.pool('writer'), {
    kind: 'census',
    targets: scopeOf(first, ports),
    method: { version: '0.1.0', thorough: false },
  });
  await vi.waitFor(async () => {
    const { rows } = await database.pool().query('SELECT state FROM scans WHERE scan_id = $1', [scanId]);
    expect(rows).toEqual([{ state: 'completed' }]);
  }, 60_000);
  await vi.waitFor(async () => expect(await readdir(path.join(directory, 'reports'))).not.toEqual([]), 60_000);

  const ends = [...running].map(async ([service, child]) => {
    const exited = child.exitCode === null ? once(child, 'exit') : [child.exitCode, child.signalCode];
    child.kill('SIGTERM');
    return [service, await exited];
  });
  const orderly = [...running.keys()].map((service) => [service, [0, null]]);
  expect(Object.fromEntries(await Promise.all(ends))).toEqual(Object.fromEntries(orderly));
}, 180_000);
