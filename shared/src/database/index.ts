export { classifyDatabaseError, type DatabaseErrorClass } from './classify-error.ts';
export { type ColumnValue, toColumns } from './columns.ts';
export type { Database } from './database.ts';
export { type Listener, type ListenOptions, listen } from './listen.ts';
export { assertMigrated, type MigrationReport, migrate, QUEUE_SCHEMA } from './migrate.ts';
export { type OpenDatabaseOptions, openDatabase } from './open-database.ts';
export { createPool, type PoolOptions } from './pool.ts';
export { DATABASE_ROLES, type DatabaseRole } from './roles.ts';
export { type Queryable, withClient, withTransaction } from './transaction.ts';
