import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { createDatabase, type Database } from '../../shared/src/database/database.ts';
import type { DatabaseRole } from '../../shared/src/database/index.ts';
import { DATABASE_PLACEHOLDER, TEMPLATE } from './database-server.ts';

/**
 * A database of the caller's own on the run's server, with every migration applied: what openDatabase() gives, with
 * each role in force. `empty` gives one without any table. Its close() drops it; call that in afterAll.
 */
export async function createTestDatabase(options: { empty?: boolean; max?: number } = {}): Promise<Database> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const template = options.empty === true ? 'template0' : TEMPLATE;
  await administer(`CREATE DATABASE ${name} TEMPLATE ${pg.escapeIdentifier(template)}`);
  return createDatabase(
    (role) => toUrl(role, name),
    options.max === undefined ? {} : { max: options.max },
    () => administer(`DROP DATABASE ${name} WITH (FORCE)`),
  );
}

function toUrl(role: DatabaseRole, name: string): string {
  return inject('databaseUrls')[role].replace(DATABASE_PLACEHOLDER, name);
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: toUrl('owner', 'postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
