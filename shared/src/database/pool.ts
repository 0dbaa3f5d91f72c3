import pg from 'pg';

/** PostgreSQL's type number of `bigint` (pg_type.dat). */
const INT8_OID = 20;

export interface PoolOptions {
  /** Connections at most; 10 unless told. The embedded server has some hundred for all processes together. */
  max?: number;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  /** First schemas to look in; BullMQ's tables want `bullmq`. */
  searchPath?: string;
  /** Hears of connections lost while idle; the pool replaces them by itself. */
  onIdleError?: (error: Error) => void;
}

/** `bigint` as a number where that is exact (every index and count of ours is at most 2^52), else as a BigInt. */
function parseInt8(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

const TYPES: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8_OID && format !== 'binary'
      ? parseInt8
      : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
};

/**
 * What pg needs to reach `url`. Start-up options of the address (the role) and the search path are joined here,
 * because pg lets the address win over everything beside it.
 */
export function toClientConfig(
  url: string,
  options: Pick<PoolOptions, 'applicationName' | 'searchPath'> = {},
): pg.ClientConfig {
  const address = new URL(url);
  const startupOptions = [address.searchParams.get('options'), searchPathOption(options.searchPath)].filter(Boolean);
  address.searchParams.delete('options');
  return {
    connectionString: address.href,
    keepAlive: true,
    types: TYPES,
    application_name: options.applicationName ?? 'kubecensus',
    ...(startupOptions.length > 0 && { options: startupOptions.join(' ') }),
  };
}

function searchPathOption(searchPath: string | undefined): string | undefined {
  return searchPath === undefined ? undefined : `-c search_path=${searchPath}`;
}

/** A pool on `url`. Its owner ends it. Never connects before the first query. */
export function createPool(url: string, options: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    ...toClientConfig(url, options),
    max: options.max ?? 10,
    idleTimeoutMillis: 30_000,
    // Also the longest wait for a free connection of the pool, so it must outlast an honest transaction.
    connectionTimeoutMillis: 30_000,
  });
  // Without a listener a connection that is lost while idle would end the process.
  pool.on('error', (error) => options.onIdleError?.(error));
  return pool;
}
