import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import { assertMigrated, createPool, type Database, migrate } from './index.ts';
import { MIGRATIONS_DIR } from './migration-files.ts';

let database: Database;
let directory: string;
beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
  directory = await mkdtemp(path.join(tmpdir(), 'kubecensus-migrations-'));
});
afterEach(async () => {
  await database.close();
  await rm(directory, { recursive: true, force: true });
});

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, sql] of Object.entries(files)) await writeFile(path.join(directory, name), sql);
}

async function listTables(): Promise<string[]> {
  const { rows } = await database
    .pool()
    .query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`);
  return rows.map((row) => row.name);
}

const TWO = {
  '0001_create_a.sql': 'CREATE TABLE a (id integer);',
  '0002_create_b.sql': 'CREATE TABLE b (id integer);',
};

test('an empty database gets every migration of the product and the queue, and then has nothing left to do', async () => {
  const names = (await readdir(MIGRATIONS_DIR)).filter((name) => name.endsWith('.sql')).sort();
  const first = await migrate(database.pool());
  expect(first).toEqual({ applied: names, rolesCreated: true });
  expect(await migrate(database.pool())).toEqual({ applied: [], rolesCreated: true });
  const { rows } = await database.pool().query('SELECT count(*) FROM bullmq.job');
  expect(rows).toEqual([{ count: 0 }]);
  await assertMigrated(database.pool('prober'));
});

test('the dead rows of the queue are cleared by their number, not by their share', async () => {
  await migrate(database.pool());
  const { rows } = await database.pool().query<{ name: string; options: string[] }>(
    `SELECT relname AS name, reloptions AS options FROM pg_class
     WHERE relnamespace = 'bullmq'::regnamespace AND reloptions IS NOT NULL
        OR oid = (SELECT reltoastrelid FROM pg_class WHERE oid = 'bullmq.job'::regclass)`,
  );
  expect(rows).toHaveLength(4);
  for (const { options } of rows) expect(options).toContain('autovacuum_vacuum_scale_factor=0');
});

test('what the queue carries is stored as it is, for it is packed already', async () => {
  await migrate(database.pool());
  const { rows } = await database
    .pool()
    .query("SELECT attstorage FROM pg_attribute WHERE attrelid = 'bullmq.job'::regclass AND attname = 'data'");
  expect(rows).toEqual([{ attstorage: 'e' }]);
});

test('processes that start at once apply each migration once', async () => {
  await write(TWO);
  const reports = await Promise.all([1, 2, 3, 4].map(() => migrate(database.pool(), { directory })));
  expect(reports.flatMap((report) => report.applied).sort()).toEqual(Object.keys(TWO));
});

test('a new migration is applied on top of the old ones', async () => {
  await write(TWO);
  await migrate(database.pool(), { directory });
  await write({ '0003_create_c.sql': 'CREATE TABLE c (id integer);' });
  await expect(assertMigrated(database.pool(), { directory })).rejects.toMatchObject({ code: 'DATABASE_SCHEMA_OLDER' });
  expect((await migrate(database.pool(), { directory })).applied).toEqual(['0003_create_c.sql']);
  expect(await listTables()).toEqual(['a', 'b', 'c']);
});

test('a migration that was changed after it was applied is refused by name, and nothing is applied', async () => {
  await write(TWO);
  await migrate(database.pool(), { directory });
  await write({
    '0001_create_a.sql': 'CREATE TABLE a (id bigint);',
    '0003_create_c.sql': 'CREATE TABLE c (id integer);',
  });
  const failure = { code: 'DATABASE_MIGRATION_CHANGED', message: expect.stringContaining('0001_create_a.sql') };
  await expect(migrate(database.pool(), { directory })).rejects.toMatchObject(failure);
  await expect(assertMigrated(database.pool(), { directory })).rejects.toMatchObject(failure);
  expect(await listTables()).toEqual(['a', 'b']);
});

test('line ends of another system are no change', async () => {
  await write({ '0001_create_a.sql': 'CREATE TABLE a (\n  id integer\n);\n' });
  await migrate(database.pool(), { directory });
  await write({ '0001_create_a.sql': 'CREATE TABLE a (\r\n  id integer\r\n);\r\n' });
  expect((await migrate(database.pool(), { directory })).applied).toEqual([]);
});

test('a database that is newer than the code is refused', async () => {
  await write(TWO);
  await migrate(database.pool(), { directory });
  await rm(path.join(directory, '0002_create_b.sql'));
  await expect(migrate(database.pool(), { directory })).rejects.toMatchObject({
    code: 'DATABASE_SCHEMA_NEWER',
    message: expect.stringContaining('0002_create_b.sql'),
  });
});

test('a migration that fails leaves nothing of itself, and what came before stands', async () => {
  await write({ ...TWO, '0003_break_it.sql': 'CREATE TABLE c (id integer);\nCREATE TABLE a (id integer);' });
  await expect(migrate(database.pool(), { directory })).rejects.toMatchObject({
    code: 'DATABASE_MIGRATION_FAILED',
    message: expect.stringMatching(/0003_break_it\.sql .*"a" already exists.*42P07/),
  });
  expect(await listTables()).toEqual(['a', 'b']);
  await write({ '0003_break_it.sql': 'CREATE TABLE c (id integer);' });
  expect((await migrate(database.pool(), { directory })).applied).toEqual(['0003_break_it.sql']);
});

test.each([
  ['0003_create_c.sql', 'a gap in the numbers'],
  ['0002_x.sql', 'no noun'],
  ['0002-create-b.sql', 'other separators'],
  ['0001_create_z.sql', 'a number twice'],
])('a file named %s is refused: %s', async (name) => {
  await write({ '0001_create_a.sql': 'SELECT 1', [name]: 'SELECT 1' });
  await expect(migrate(database.pool(), { directory })).rejects.toMatchObject({ code: 'DATABASE_MIGRATION_MISNAMED' });
});

test('where roles cannot be made the database is still brought up, and it is said', async () => {
  // A user that owns its database and nothing else: not a member of the roles that this server already has.
  const name = new URL(database.url()).pathname.slice(1);
  await database.pool().query(`CREATE ROLE ${name}_user LOGIN PASSWORD 'p'`);
  await database.pool().query(`ALTER DATABASE ${name} OWNER TO ${name}_user`);
  const url = new URL(database.url());
  url.username = `${name}_user`;
  url.password = 'p';
  const pool = createPool(url.href);
  try {
    await cp(MIGRATIONS_DIR, directory, { recursive: true });
    expect((await migrate(pool, { directory })).rolesCreated).toBe(false);
    await assertMigrated(pool, { directory });
  } finally {
    await pool.end();
    await database.pool().query(`REASSIGN OWNED BY ${name}_user TO CURRENT_USER; DROP OWNED BY ${name}_user`);
    await database.pool().query(`DROP ROLE ${name}_user`);
  }
});

test('a user that does not own the database is told so, in one line', async () => {
  await migrate(database.pool());
  await expect(migrate(database.pool('prober'))).rejects.toMatchObject({
    code: 'DATABASE_MIGRATION_FAILED',
    message: expect.stringMatching(/permission denied.*only the owner of the database may migrate it/),
  });
});
