import type { Queryable } from '@kubecensus/shared/database';
import type { ObservationBatch } from '@kubecensus/shared/messages';

/** Attempts at one shard that lost batches may ask for: strangers are not probed again and again for a fault of ours. */
const MAX_ATTEMPTS = 3;

/** Puts the shard of a batch that was given up back to pending. False where it stays as it is. */
export async function returnShard(client: Queryable, batch: ObservationBatch): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE shards SET state = 'pending', lease_token = NULL, lease_until = NULL, leased_by = NULL, summary = NULL
     WHERE scan_id = $1 AND shard_number = $2 AND attempt = $3 AND attempt < $4 AND state IN ('leased', 'probed')`,
    [batch.scanId, batch.shardNumber, batch.attempt, MAX_ATTEMPTS],
  );
  return rowCount === 1;
}
