import { prepared, type Queryable } from '@kubecensus/shared/database';

/** What of a look there may be to do. Each part looks again for itself. */
export interface DueShards {
  /** Queued or leased ones whose time is over. */
  hasOverdue: boolean;
  /** Running scans that have shards without a row. */
  hasUnlaid: boolean;
  /** Pending ones, and room in their queue. */
  hasPending: boolean;
}

/** One statement for all of them: a look at every second finds nothing as a rule. */
export async function selectDueShards(client: Queryable, window: number): Promise<DueShards> {
  const { rows } = await client.query<DueShards>(
    prepared(
      `SELECT EXISTS (SELECT FROM shards WHERE state IN ('queued', 'leased') AND lease_until < clock_timestamp())
                AS "hasOverdue",
              EXISTS (SELECT FROM scans WHERE state = 'running' AND shard_count >
                        COALESCE((SELECT max(shard_number) + 1 FROM shards WHERE shards.scan_id = scans.scan_id), 0))
                AS "hasUnlaid",
              EXISTS (SELECT FROM scans AS open
                      WHERE state IN ('running', 'revisiting')
                        AND EXISTS (SELECT FROM shards WHERE shards.scan_id = open.scan_id AND shards.state = 'pending')
                        AND (SELECT count(*) FROM shards JOIN scans AS other USING (scan_id)
                             WHERE shards.state = 'queued' AND other.state IN ('running', 'revisiting')
                               AND (other.kind = 'check') = (open.kind = 'check')) < $1) AS "hasPending"`,
      [window],
    ),
  );
  const [due] = rows;
  if (due === undefined) throw new RangeError('a SELECT without FROM gave no row');
  return due;
}
