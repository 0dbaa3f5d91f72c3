import type { Queryable } from '@kubecensus/shared/database';

/**
 * Gives an open scan up: none of its shards is given out any more, and it becomes no census. What it found so far stays
 * among its observations and changes nothing else. False where no such scan is open.
 */
export async function abortScan(client: Queryable, scanId: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE scans SET state = 'aborted', revisit_at = NULL
     WHERE scan_id::text = $1 AND state IN ('running', 'revisiting')`,
    [scanId],
  );
  return rowCount === 1;
}

/** Gives up every open check: whoever waited for them is gone. Returns how many there were. */
export async function abortOpenChecks(client: Queryable): Promise<number> {
  const { rowCount } = await client.query(
    "UPDATE scans SET state = 'aborted' WHERE kind = 'check' AND state IN ('running', 'revisiting')",
  );
  return rowCount ?? 0;
}
