import type { Queryable } from '@kubecensus/shared/database';
import type { Shard } from '@kubecensus/shared/messages';

/** A shard to ring for. */
export interface QueuedShard {
  readonly shard: Shard;
  /** Leases so far: a bell that was heard is no reason not to ring again. */
  readonly attempt: number;
  /** Somebody waits for the answer. */
  readonly isUrgent: boolean;
}

interface QueuedRow {
  scan_id: string;
  shard_number: number;
  attempt: number;
  is_urgent: boolean;
}

/**
 * pending -> queued for so many shards that `window` are queued: checks first, then the oldest scan, in order of shard
 * numbers. Who calls must ring for them now; where nobody hears, they are overdue after `ringAgainMs`. Several seeders
 * share the work: none takes a row that another has locked.
 */
export async function queueShards(client: Queryable, window: number, ringAgainMs: number): Promise<QueuedShard[]> {
  const { rows } = await client.query<QueuedRow>(
    `WITH room AS (
       SELECT GREATEST(0, $1::bigint - count(*)) AS shards FROM shards WHERE state = 'queued'
     ), chosen AS (
       SELECT pending.scan_id, pending.shard_number, scans.kind = 'check' AS is_urgent
       FROM scans CROSS JOIN LATERAL (
         SELECT scan_id, shard_number FROM shards
         WHERE shards.scan_id = scans.scan_id AND shards.state = 'pending'
         ORDER BY shard_number LIMIT (SELECT shards FROM room)
         FOR UPDATE SKIP LOCKED
       ) AS pending
       WHERE scans.state IN ('running', 'revisiting')
       ORDER BY is_urgent DESC, pending.scan_id, pending.shard_number
       LIMIT (SELECT shards FROM room)
     )
     UPDATE shards SET state = 'queued', lease_until = clock_timestamp() + make_interval(secs => $2::float8 / 1000)
     FROM chosen WHERE shards.scan_id = chosen.scan_id AND shards.shard_number = chosen.shard_number
     RETURNING shards.scan_id::text, shards.shard_number, attempt, is_urgent`,
    [window, ringAgainMs],
  );
  return rows
    .map((row) => ({
      shard: { scanId: row.scan_id, shardNumber: row.shard_number },
      attempt: row.attempt,
      isUrgent: row.is_urgent,
    }))
    .sort((a, b) => Number(a.shard.scanId) - Number(b.shard.scanId) || a.shard.shardNumber - b.shard.shardNumber);
}
