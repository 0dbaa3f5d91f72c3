import type { Queryable } from '@kubecensus/shared/database';

/** This process's share of a scan's rate: an equal one for each process that has a shard of it, ours included. */
export async function readRateShare(client: Queryable, scanId: string, leasedBy: string): Promise<number> {
  const { rows } = await client.query<{ rate: number; probers: number }>(
    `SELECT rate, (SELECT count(DISTINCT leased_by)::integer FROM shards
                   WHERE scan_id = $1 AND state = 'leased' AND lease_until > clock_timestamp() AND leased_by <> $2) + 1 AS probers
     FROM scans WHERE scan_id = $1`,
    [scanId, leasedBy],
  );
  const [row] = rows;
  if (row === undefined) throw new TypeError(`scan ${scanId} is not in the record`);
  return row.rate / row.probers;
}
