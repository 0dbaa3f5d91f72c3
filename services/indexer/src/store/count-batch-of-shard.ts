import { prepared, type Queryable } from '@kubecensus/shared/database';
import type { ObservationBatch } from '@kubecensus/shared/messages';

/**
 * Counts a committed batch for its shard: probed -> done with the last one. A batch of an earlier attempt is
 * indexed like any other and counts for nothing. True where the shard became done.
 */
export async function countBatchOfShard(client: Queryable, batch: ObservationBatch): Promise<boolean> {
  const { rows } = await client.query<{ state: string }>(
    prepared(
      `UPDATE shards SET
       batches_committed = batches_committed + 1,
       state = CASE WHEN state = 'probed' AND batches_committed + 1 >= batch_count THEN 'done' ELSE state END
     WHERE scan_id = $1 AND shard_number = $2 AND attempt = $3
     RETURNING state`,
      [batch.scanId, batch.shardNumber, batch.attempt],
    ),
  );
  return rows[0]?.state === 'done';
}
