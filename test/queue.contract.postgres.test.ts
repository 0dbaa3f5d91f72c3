import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPostgresBackend, Queue } from 'bullmq';
import { afterAll, beforeAll } from 'vitest';
import { type EmbeddedServer, startEmbeddedServer } from '../shared/src/database/embedded/embedded-server.ts';
import { createPool, migrate, QUEUE_SCHEMA } from '../shared/src/database/index.ts';
import { describeQueueFaults } from './queue.contract.faults.ts';
import { describeQueue } from './queue.contract.ts';
import type { QueueServer } from './support/queue-server.ts';

// A server of this file's own: it is stopped and killed here. Of what it committed a kill may lose nothing.
const SETTINGS = { fsync: 'off', synchronous_commit: 'on', shared_buffers: '64MB' };

let dataDir = '';
let postgres: EmbeddedServer;

async function run(...statements: string[]): Promise<void> {
  const pool = createPool(postgres.url('owner'), { max: 1, searchPath: QUEUE_SCHEMA });
  try {
    for (const statement of statements) await pool.query(statement);
  } finally {
    await pool.end();
  }
}

/** Makes a setting of the database count at once: it is read when a connection begins. */
const END_OTHERS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`;

async function putRaw(queue: string, data: unknown): Promise<void> {
  const connection = { connectionString: postgres.url('owner'), schema: QUEUE_SCHEMA };
  const raw = new Queue(queue, { connection }, createPostgresBackend);
  try {
    await raw.add(queue, data, { attempts: 100, backoff: { type: 'custom' } });
  } finally {
    await raw.close();
  }
}

const server: QueueServer = {
  // The least powers that anyone adds and works with.
  get url() {
    return postgres.url('prober');
  },
  stop: () => postgres.stop(),
  async kill() {
    process.kill(postgres.pid, 'SIGKILL');
    await postgres.stop();
  },
  async start() {
    postgres = await startEmbeddedServer({ dataDir, settings: SETTINGS });
  },
  fill: () => run('ALTER DATABASE kubecensus SET default_transaction_read_only = on', END_OTHERS),
  makeRoom: () =>
    run(
      'SET default_transaction_read_only = off',
      'ALTER DATABASE kubecensus RESET default_transaction_read_only',
      END_OTHERS,
    ),
  putRaw,
  breakLocks: (queue) => run(`UPDATE job SET lock_token = 'another' WHERE state = 'active' AND queue = '${queue}'`),
  clear: () => run('TRUNCATE job, dedup, job_dependency, job_log, event'),
};

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'kubecensus-queue-'));
  // mkdtemp makes it private; as root the server runs as another user, who must get through.
  await chmod(dataDir, 0o711);
  await server.start();
  const pool = createPool(postgres.url('owner'), { max: 1 });
  await migrate(pool);
  await pool.end();
});
afterAll(async () => {
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
});

describeQueue('PostgreSQL', () => server);
describeQueueFaults('PostgreSQL', () => server);
