import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startEmbeddedServer } from '../../shared/src/database/embedded/embedded-server.ts';
import { createPool, DATABASE_ROLES, type DatabaseRole, migrate } from '../../shared/src/database/index.ts';

/** Cloned for each test file; nobody may be connected to it while it is cloned. */
export const TEMPLATE = 'kubecensus_template';
/** Stands in the provided addresses where the name of a database belongs. */
export const DATABASE_PLACEHOLDER = 'database-placeholder';

declare module 'vitest' {
  export interface ProvidedContext {
    databaseUrls: Record<DatabaseRole, string>;
  }
}

/** vitest globalSetup: one server for the whole run, with a migrated database to clone. */
export default async function startTestServer(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'kubecensus-test-'));
  // mkdtemp makes it private; as root the server runs as another user, who must get through.
  await chmod(dataDir, 0o711);
  const server = await startEmbeddedServer({
    dataDir,
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      shared_buffers: '64MB',
      deadlock_timeout: '100ms',
    },
  });
  const stop = async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
    if (server.storeDir !== server.dataDir) await rm(server.storeDir, { recursive: true, force: true });
  };
  try {
    await createTemplate(server.url('owner', 'postgres'), server.url('owner', TEMPLATE));
  } catch (caught) {
    await stop();
    throw caught;
  }
  const urls = DATABASE_ROLES.map((role) => [role, server.url(role, DATABASE_PLACEHOLDER)]);
  project.provide('databaseUrls', Object.fromEntries(urls) as Record<DatabaseRole, string>);
  return stop;
}

async function createTemplate(adminUrl: string, templateUrl: string): Promise<void> {
  const admin = createPool(adminUrl, { max: 1 });
  try {
    await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(TEMPLATE)}`);
  } finally {
    await admin.end();
  }
  const pool = createPool(templateUrl, { max: 1 });
  try {
    await migrate(pool);
  } finally {
    await pool.end();
  }
}
