import { runMigrations } from 'bullmq';
import type pg from 'pg';
import { errorCodeOf, KubecensusError, toError } from '../errors/index.ts';
import { type MigrationFile, readMigrationFiles } from './migration-files.ts';
import { SERVICE_ROLES, toRoleName } from './roles.ts';
import { createServiceRoles } from './service-roles.ts';
import { type Queryable, withClient } from './transaction.ts';

/** BullMQ's tables live beside ours, in a schema of their own. */
export const QUEUE_SCHEMA = 'bullmq';

/** The first key of our advisory locks spells `kube`; the second says which. */
const MIGRATION_LOCK = [0x6b756265, 1] as const;

interface AppliedRow {
  number: number;
  name: string;
  checksum: string;
}

export interface MigrationReport {
  /** Names of the files that were applied now. */
  readonly applied: readonly string[];
  /** False: this user may not make roles, so every service works with the owner's powers. */
  readonly rolesCreated: boolean;
}

/**
 * Brings the database up to this code: roles, our migrations (one transaction each), BullMQ's own, and the grants on
 * its schema. Of several processes that start at once, one works and the others wait for it.
 *
 * @param pool with the owner's powers
 * @throws {KubecensusError} DATABASE_MIGRATION_CHANGED, DATABASE_SCHEMA_NEWER, DATABASE_MIGRATION_FAILED
 */
export async function migrate(pool: pg.Pool, options: { directory?: string } = {}): Promise<MigrationReport> {
  const files = await readMigrationFiles(options.directory);
  return await withClient(pool, async (client) => {
    await client.query('SELECT pg_advisory_lock($1, $2)', [...MIGRATION_LOCK]);
    try {
      const report = await bringUp(client, files);
      await client.query('SELECT pg_advisory_unlock($1, $2)', [...MIGRATION_LOCK]);
      return report;
    } catch (caught) {
      const error = toMigrationError(caught);
      try {
        await client.query('SELECT pg_advisory_unlock($1, $2)', [...MIGRATION_LOCK]);
      } catch (unlocking) {
        // The connection is gone, and the lock with it.
        client.emit('error', toError(unlocking));
      }
      throw error;
    }
  });
}

async function bringUp(client: pg.PoolClient, files: readonly MigrationFile[]): Promise<MigrationReport> {
  const rolesCreated = await createServiceRoles(client);
  await createLedger(client);
  const pending = toPending(await readApplied(client), files);
  for (const file of pending) await apply(client, file);
  await runMigrations(client, QUEUE_SCHEMA);
  await tuneQueueTables(client);
  await grantRoles(client);
  return { applied: pending.map((file) => file.name), rolesCreated };
}

function toMigrationError(caught: unknown): Error {
  if (caught instanceof KubecensusError) return caught;
  const nextStep =
    errorCodeOf(caught) === '42501'
      ? "only the owner of the database may migrate it: use the owner's DATABASE_URL once"
      : 'see that the server runs, then try again';
  return new KubecensusError(
    'DATABASE_MIGRATION_FAILED',
    `the database could not be brought up to this kubecensus (${toError(caught).message}); ${nextStep}`,
    { cause: caught },
  );
}

/**
 * Makes sure that the database is the one that this code was written for, without changing it.
 *
 * @throws {KubecensusError} DATABASE_SCHEMA_OLDER, DATABASE_SCHEMA_NEWER, DATABASE_MIGRATION_CHANGED
 */
export async function assertMigrated(pool: pg.Pool, options: { directory?: string } = {}): Promise<void> {
  const files = await readMigrationFiles(options.directory);
  const pending = toPending(await withClient(pool, readApplied), files);
  if (pending.length === 0) return;
  throw new KubecensusError(
    'DATABASE_SCHEMA_OLDER',
    `the database lacks ${pending.length} of ${files.length} migrations, first ${pending[0]?.name}; run kubecensus with the owner's DATABASE_URL once to bring it up`,
  );
}

async function createLedger(client: Queryable): Promise<void> {
  await client.query('CREATE SCHEMA IF NOT EXISTS kubecensus');
  await client.query(
    `CREATE TABLE IF NOT EXISTS kubecensus.migrations (
       number      integer PRIMARY KEY,
       name        text NOT NULL,
       checksum    text NOT NULL,
       applied_at  timestamptz NOT NULL DEFAULT now()
     )`,
  );
}

async function readApplied(client: Queryable): Promise<AppliedRow[]> {
  try {
    const { rows } = await client.query<AppliedRow>(
      'SELECT number, name, checksum FROM kubecensus.migrations ORDER BY number',
    );
    return rows;
  } catch (caught) {
    // 42P01 undefined_table: nothing was ever applied.
    if (errorCodeOf(caught) === '42P01') return [];
    throw caught;
  }
}

/** The files that were not applied yet; throws where what was applied is not what the files say. */
function toPending(applied: readonly AppliedRow[], files: readonly MigrationFile[]): readonly MigrationFile[] {
  const newest = applied.at(-1);
  if (newest !== undefined && newest.number > files.length) {
    throw new KubecensusError(
      'DATABASE_SCHEMA_NEWER',
      `the database is at migration ${newest.name} and this kubecensus knows ${files.length}; use the newer kubecensus that migrated it`,
    );
  }
  for (const row of applied) {
    const file = files[row.number - 1];
    if (file?.checksum === row.checksum && file.name === row.name) continue;
    throw new KubecensusError(
      'DATABASE_MIGRATION_CHANGED',
      `migration ${row.name} was applied with other content (${row.checksum.slice(0, 12)}) than ${file?.name} has now ` +
        `(${file?.checksum.slice(0, 12)}); restore the file, and write the change as a new migration`,
    );
  }
  return files.slice(applied.length);
}

async function apply(client: Queryable, file: MigrationFile): Promise<void> {
  await client.query('BEGIN');
  try {
    // The embedded server's owner is named like the ledger's schema, which its own search path would put first.
    await client.query('SET LOCAL search_path = public');
    await client.query(file.sql);
    await client.query('INSERT INTO kubecensus.migrations (number, name, checksum) VALUES ($1, $2, $3)', [
      file.number,
      file.name,
      file.checksum,
    ]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK');
    throw new KubecensusError(
      'DATABASE_MIGRATION_FAILED',
      `migration ${file.name} failed and nothing of it was kept: ${toError(cause).message} ` +
        `(SQLSTATE ${errorCodeOf(cause) ?? 'none'}${describeLine(cause, file.sql)}); the earlier ones stand`,
      { cause },
    );
  }
}

function describeLine(cause: unknown, sql: string): string {
  const position = typeof cause === 'object' && cause !== null && 'position' in cause ? Number(cause.position) : 0;
  return position > 0 ? `, line ${sql.slice(0, position - 1).split('\n').length}` : '';
}

/**
 * A row of the queue lives for a moment, and its 256 KB lie beside it: by PostgreSQL's defaults, which wait for a fifth
 * of a table to be dead, 7,200 batches left 105 MB of nothing behind.
 */
async function tuneQueueTables(client: Queryable): Promise<void> {
  const settings = 'autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200';
  for (const table of ['job', 'event', 'dedup']) {
    await client.query(`ALTER TABLE ${QUEUE_SCHEMA}.${table} SET (${settings})`);
  }
  // A batch is packed, and PostgreSQL would look for repeats in all of it, in vain.
  await client.query(`ALTER TABLE ${QUEUE_SCHEMA}.job ALTER COLUMN data SET STORAGE EXTERNAL`);
  await client.query(
    `ALTER TABLE ${QUEUE_SCHEMA}.job SET (toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 5000)`,
  );
}

/** Who may use the queue, and that each role may see which migrations there are; every other grant is a migration's. */
async function grantRoles(client: Queryable): Promise<void> {
  for (const role of SERVICE_ROLES) {
    const name = toRoleName(role);
    const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
    if (rowCount === 0) continue;
    await client.query(`GRANT USAGE ON SCHEMA kubecensus TO ${name}`);
    await client.query(`GRANT SELECT ON kubecensus.migrations TO ${name}`);
    if (role === 'reader') continue;
    await client.query(`GRANT USAGE ON SCHEMA ${QUEUE_SCHEMA} TO ${name}`);
    await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${QUEUE_SCHEMA} TO ${name}`);
    await client.query(`GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA ${QUEUE_SCHEMA} TO ${name}`);
  }
}
