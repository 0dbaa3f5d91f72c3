import type pg from 'pg';
import { createPool, type PoolOptions } from './pool.ts';
import type { DatabaseRole } from './roles.ts';

/** An open database. Everything that came out of it ends with its close. */
export interface Database {
  /** An address with the powers of `role`, for another process or another library. It carries a password. */
  url(role?: DatabaseRole): string;
  /** One pool for each role, made at its first use. */
  pool(role?: DatabaseRole): pg.Pool;
  /** Ends the pools, then whatever was started for them. Idempotent. */
  close(): Promise<void>;
}

/** @param release runs once, after the pools have ended */
export function createDatabase(
  toUrl: (role: DatabaseRole) => string,
  options: PoolOptions,
  release: () => Promise<void>,
): Database {
  const pools = new Map<DatabaseRole, pg.Pool>();
  let closing: Promise<void> | undefined;
  return {
    url: (role = 'owner') => toUrl(role),
    pool(role = 'owner') {
      const present = pools.get(role);
      if (present !== undefined) return present;
      const pool = createPool(toUrl(role), options);
      pools.set(role, pool);
      return pool;
    },
    close() {
      closing ??= closeAll(pools, release);
      return closing;
    },
  };
}

async function closeAll(pools: ReadonlyMap<DatabaseRole, pg.Pool>, release: () => Promise<void>): Promise<void> {
  try {
    await Promise.all([...pools.values()].map((pool) => pool.end()));
  } finally {
    await release();
  }
}
