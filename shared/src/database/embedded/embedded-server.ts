import { realpath } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { toClientConfig } from '../pool.ts';
import { type DatabaseRole, SERVICE_ROLES, toRoleName } from '../roles.ts';
import { createServiceRoles } from '../service-roles.ts';
import { prepareBinaries } from './binaries.ts';
import { OWNER_NAME, prepareCluster } from './init-cluster.ts';
import { acquireOwnerLock } from './owner-lock.ts';
import { type RolePasswords, readOrCreatePasswords, readPasswords } from './passwords.ts';
import { startPostmaster } from './postmaster.ts';
import { readServerUser } from './server-user.ts';
import { toServerSettings } from './settings.ts';
import { createSocketDir, toSocketDir } from './socket-dir.ts';
import { createDataDir, createSharedRoot, readStoreDir, resolveStoreDir } from './store-dir.ts';

export interface EmbeddedServer {
  /** The data directory that was asked for, as a real path. */
  readonly dataDir: string;
  /** Where the server's files lie: the same, or where its pointer leads. */
  readonly storeDir: string;
  readonly pid: number;
  /** An address with the powers of `role`, which stands in it as a login of its own. It carries a password. */
  url(role: DatabaseRole, database?: string): string;
  /** Fast shutdown, waited for; then the directory is free for another owner. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL server that npm brought, on its own data directory, as the only owner of it.
 *
 * @throws {KubecensusError} DATABASE_BUSY, DATABASE_DATA_DIR_INVALID, DATABASE_START_FAILED and others of that area;
 *   what was started or locked by then is given back
 */
export async function startEmbeddedServer(options: {
  dataDir: string;
  /** Over our own settings; for tests, which need no durability. */
  settings?: Readonly<Record<string, string | number>>;
}): Promise<EmbeddedServer> {
  const user = readServerUser();
  const dataDir = await createDataDir(path.resolve(options.dataDir), user);
  const lock = await acquireOwnerLock(dataDir);
  try {
    const storeDir = await resolveStoreDir(dataDir, user);
    const binaries = await prepareBinaries(user, async () =>
      user === undefined ? storeDir : await createSharedRoot(),
    );
    const passwords = await readOrCreatePasswords(storeDir);
    const cluster = await prepareCluster(storeDir, binaries, user, passwords.owner);
    const socketDir = await createSocketDir(storeDir, user);
    const postmaster = await startPostmaster({
      postgres: binaries.postgres,
      dataDir: cluster,
      socketDir,
      logFile: path.join(storeDir, 'postgresql.log'),
      user,
      settings: { ...toServerSettings(socketDir), ...options.settings },
    });
    const url = (role: DatabaseRole, database: string = OWNER_NAME) => toUrl(socketDir, passwords, role, database);
    try {
      await createLogins(url('owner', 'postgres'), passwords);
    } catch (caught) {
      await postmaster.stop();
      throw caught;
    }
    return {
      dataDir,
      storeDir,
      pid: postmaster.pid,
      url,
      async stop() {
        await postmaster.stop();
        await lock.release();
      },
    };
  } catch (caught) {
    await lock.release();
    throw caught;
  }
}

/**
 * How to reach the server of a data directory that a process of this user owns: its addresses by role. Starts, changes
 * and stops nothing.
 */
export async function readEmbeddedUrls(dataDir: string): Promise<(role: DatabaseRole) => string> {
  const storeDir = await readStoreDir(await realpath(dataDir));
  const passwords = await readPasswords(storeDir);
  const socketDir = toSocketDir(storeDir);
  return (role) => toUrl(socketDir, passwords, role, OWNER_NAME);
}

function toUrl(socketDir: string, passwords: RolePasswords, role: DatabaseRole, database: string): string {
  const user = role === 'owner' ? OWNER_NAME : toRoleName(role);
  // Port and sslmode stand here so that PGPORT and PGSSLMODE of the environment have no say.
  return `postgres://${user}:${passwords[role]}@${encodeURIComponent(socketDir)}:5432/${database}?sslmode=disable`;
}

/** The database, and a login for each role; at a later start there is nothing left to do. */
async function createLogins(adminUrl: string, passwords: RolePasswords): Promise<void> {
  const client = new pg.Client(toClientConfig(adminUrl));
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>('SELECT rolname AS name FROM pg_roles WHERE rolcanlogin');
    const logins = new Set(rows.map((row) => row.name));
    await createServiceRoles(client);
    for (const role of SERVICE_ROLES) {
      if (logins.has(toRoleName(role))) continue;
      const password = pg.escapeLiteral(passwords[role]);
      await client.query(`ALTER ROLE ${pg.escapeIdentifier(toRoleName(role))} LOGIN PASSWORD ${password}`);
    }
    const database = await client.query('SELECT FROM pg_database WHERE datname = $1', [OWNER_NAME]);
    if (database.rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(OWNER_NAME)}`);
  } finally {
    await client.end();
  }
}
