import type { Queryable } from '@kubecensus/shared/database';
import type { Shard } from '@kubecensus/shared/messages';

/** A shard to ring for. */
export interface QueuedShard {
  readonly shard: Shard;
  /** Leases so far: a bell that was heard is no reason not to ring again. */
  readonly attempt: number;
  /** Where to ring: somebody waits for the answer to a check. */
  readonly queue: 'probe' | 'check';
}

interface QueuedRow {
  scan_id: string;
  shard_number: number;
  attempt: number;
  queue: 'probe' | 'check';
}

/**
 * pending -> queued for so many shards that `window` are queued, of checks as of all other scans: the oldest scan first,
 * in order of shard numbers. Who calls must ring for them now; where nobody hears, they are overdue after `ringAgainMs`.
 * Several seeders share the work: none takes a row that another has locked.
 */
export async function queueShards(client: Queryable, window: number, ringAgainMs: number): Promise<QueuedShard[]> {
  const { rows } = await client.query<QueuedRow>(
    `WITH open AS (
       SELECT scan_id, CASE kind WHEN 'check' THEN 'check' ELSE 'probe' END AS queue
       FROM scans WHERE state IN ('running', 'revisiting')
     ), room AS (
       SELECT queue, GREATEST(0, $1::bigint - (
         SELECT count(*) FROM shards JOIN open USING (scan_id) WHERE state = 'queued' AND open.queue = queues.queue
       )) AS shards
       FROM unnest(ARRAY['probe', 'check']) AS queues (queue)
     ), chosen AS (
       SELECT room.queue, pending.scan_id, pending.shard_number
       FROM room CROSS JOIN LATERAL (
         SELECT waiting.scan_id, waiting.shard_number FROM open CROSS JOIN LATERAL (
           SELECT scan_id, shard_number FROM shards
           WHERE shards.scan_id = open.scan_id AND shards.state = 'pending'
           ORDER BY shard_number LIMIT room.shards
           FOR UPDATE SKIP LOCKED
         ) AS waiting
         WHERE open.queue = room.queue
         ORDER BY waiting.scan_id, waiting.shard_number
         LIMIT room.shards
       ) AS pending
     )
     UPDATE shards SET state = 'queued', lease_until = clock_timestamp() + make_interval(secs => $2::float8 / 1000)
     FROM chosen WHERE shards.scan_id = chosen.scan_id AND shards.shard_number = chosen.shard_number
     RETURNING shards.scan_id::text, shards.shard_number, attempt, queue`,
    [window, ringAgainMs],
  );
  return rows
    .map((row) => ({
      shard: { scanId: row.scan_id, shardNumber: row.shard_number },
      attempt: row.attempt,
      queue: row.queue,
    }))
    .sort((a, b) => Number(a.shard.scanId) - Number(b.shard.scanId) || a.shard.shardNumber - b.shard.shardNumber);
}
