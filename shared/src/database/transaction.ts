import type pg from 'pg';
import { toError } from '../errors/index.ts';
import { classifyDatabaseError } from './classify-error.ts';

/** A client that may be lent out: of a pool, never the pool itself. */
export type Queryable = Pick<pg.ClientBase, 'query'>;

/** Times that a transaction is run when the server asks for it again (serialization failure, deadlock). */
const MAX_ATTEMPTS = 5;

/**
 * Lends one connection of the pool to `use`. A connection that broke is thrown away instead of handed back, and so is
 * one that is not to be kept.
 */
export async function withClient<T>(
  pool: pg.Pool,
  use: (client: pg.PoolClient) => Promise<T>,
  options: { keepConnection?: boolean } = {},
): Promise<T> {
  const client = await pool.connect();
  let broken = options.keepConnection === false;
  // A lent connection has no listener of the pool's; unheard, its loss would end the process.
  const onError = () => {
    broken = true;
  };
  client.on('error', onError);
  try {
    return await use(client);
  } catch (caught) {
    // The server's last word on a connection arrives before the loss of the connection does.
    broken ||= classifyDatabaseError(caught) === 'reconnect';
    throw caught;
  } finally {
    client.removeListener('error', onError);
    client.release(broken);
  }
}

export interface TransactionOptions {
  isolation?: 'read committed' | 'repeatable read' | 'serializable';
  /**
   * False for work that takes much memory of the server, which its process keeps for as long as the connection lasts:
   * a pool would come to hold that once for each of its connections. True unless told.
   */
  keepConnection?: boolean;
}

/**
 * Runs `use` in one transaction: all of it is committed, or nothing. Where the server aborts it for the sake of another
 * transaction, it runs again from the start, so `use` may have no effect but through its client.
 */
export async function withTransaction<T>(
  pool: pg.Pool,
  use: (client: pg.PoolClient) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withClient(
        pool,
        (client) => runTransaction(client, use, options.isolation ?? 'read committed'),
        options,
      );
    } catch (caught) {
      if (attempt >= MAX_ATTEMPTS || classifyDatabaseError(caught) !== 'run-again') throw caught;
    }
  }
}

async function runTransaction<T>(
  client: pg.PoolClient,
  use: (client: pg.PoolClient) => Promise<T>,
  isolation: string,
): Promise<T> {
  await client.query(`BEGIN ISOLATION LEVEL ${isolation}`);
  try {
    const result = await use(client);
    await client.query('COMMIT');
    return result;
  } catch (caught) {
    try {
      await client.query('ROLLBACK');
    } catch (rollback) {
      // The connection is gone, and the transaction with it; the first error says more.
      client.emit('error', toError(rollback));
    }
    throw caught;
  }
}
