import type { Queryable } from '@kubecensus/shared/database';

/** The database server's clock and version. */
export async function readServerClock(client: Queryable): Promise<{ now: Date; version: string }> {
  const { rows } = await client.query<{ now: Date; version: string }>(
    `SELECT clock_timestamp() AS now, current_setting('server_version') AS version`,
  );
  const [row] = rows;
  if (row === undefined) throw new TypeError('a question for the time had no answer');
  return row;
}
