import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../../test/support/database.ts';
import type { Database, DatabaseRole } from './index.ts';

let database: Database;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** insufficient_privilege */
const REFUSED = { code: '42501' };

async function listTables(schema: string): Promise<string[]> {
  const { rows } = await database
    .pool()
    .query<{ name: string }>('SELECT tablename AS name FROM pg_tables WHERE schemaname = $1', [schema]);
  return rows.map((row) => row.name);
}

async function listAllowed(role: DatabaseRole, schema: string, privilege: string): Promise<string[]> {
  const { rows } = await database.pool().query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables
     CROSS JOIN LATERAL (SELECT format('%I.%I', schemaname, tablename)::regclass AS oid) AS found
     WHERE schemaname = $2
       AND CASE $3 WHEN 'DELETE' THEN has_table_privilege($1, oid, $3) ELSE has_any_column_privilege($1, oid, $3) END
     ORDER BY 1`,
    [`kubecensus_${role}`, schema, privilege],
  );
  return rows.map((row) => row.name);
}

test.each(['writer', 'reader', 'prober'] as const)('the %s is its own user on every connection', async (role) => {
  const { rows } = await database.pool(role).query('SELECT current_user AS now, session_user AS login');
  expect(rows).toEqual([{ now: `kubecensus_${role}`, login: `kubecensus_${role}` }]);
  await expect(database.pool(role).query('SET ROLE kubecensus')).rejects.toMatchObject(REFUSED);
});

/** What is to be looked at, and how far the looking has come. */
const LOOKED_AT = ['canaries', 'exclusion_versions', 'exclusions', 'revisits', 'scan_scopes', 'scans', 'shards'];
/** What probers tell one another about their own work. */
const OWN_WORK = ['rate_leases', 'shard_attempts'];

test('the prober reads what it is to look at, and nothing of what was found', async () => {
  const readable = await listAllowed('prober', 'public', 'SELECT');
  expect(readable).toEqual(expect.arrayContaining(LOOKED_AT));
  expect(readable.filter((table) => ![...LOOKED_AT, ...OWN_WORK].includes(table))).toEqual([]);
  await expect(database.pool('prober').query('SELECT * FROM endpoints')).rejects.toMatchObject(REFUSED);
});

test('the prober changes the lease of a shard and its own work, and nothing else of the record', async () => {
  const allowed = ['shards', ...OWN_WORK];
  const changed = await listAllowed('prober', 'public', 'UPDATE');
  expect(changed).toContain('shards');
  expect(changed.filter((table) => !allowed.includes(table))).toEqual([]);
  for (const privilege of ['INSERT', 'DELETE']) {
    const tables = await listAllowed('prober', 'public', privilege);
    expect(tables.filter((table) => !OWN_WORK.includes(table))).toEqual([]);
  }
});

test('the reader reads the whole record and writes nothing', async () => {
  expect(await listAllowed('reader', 'public', 'SELECT')).toEqual((await listTables('public')).sort());
  for (const privilege of ['INSERT', 'UPDATE', 'DELETE']) {
    for (const schema of ['public', 'bullmq', 'kubecensus']) {
      expect([schema, privilege, await listAllowed('reader', schema, privilege)]).toEqual([schema, privilege, []]);
    }
  }
});

test('the reader has no part in the queue; the prober and the writer use all of it', async () => {
  await expect(database.pool('reader').query('SELECT * FROM bullmq.job')).rejects.toMatchObject(REFUSED);
  const tables = (await listTables('bullmq')).sort();
  for (const role of ['prober', 'writer'] as const) {
    for (const privilege of ['SELECT', 'INSERT', 'UPDATE']) {
      expect(await listAllowed(role, 'bullmq', privilege)).toEqual(tables);
    }
  }
});

test.each(['writer', 'reader', 'prober'] as const)('the %s cannot rewrite the history of migrations', async (role) => {
  await expect(database.pool(role).query('DELETE FROM kubecensus.migrations')).rejects.toMatchObject(REFUSED);
  await expect(database.pool(role).query('CREATE TABLE stray (id integer)')).rejects.toMatchObject(REFUSED);
});
