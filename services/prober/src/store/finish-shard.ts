import type { Queryable } from '@kubecensus/shared/database';
import type { ShardSummary } from '@kubecensus/shared/messages';
import type { LeasedShard } from './lease-shard.ts';

/**
 * leased -> probed, and names the number of batches; straight to done where all of them are committed by now. The
 * indexer does the converse with each batch it commits, and both hold the row while they do. False where the lease is
 * not ours any more: another attempt decides then.
 */
export async function finishShard(
  client: Queryable,
  lease: LeasedShard,
  batchCount: number,
  summary: ShardSummary,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE shards
     SET state = CASE WHEN batches_committed >= $4 THEN 'done' ELSE 'probed' END,
         batch_count = $4, summary = $5, finished_at = clock_timestamp(), lease_token = NULL, lease_until = NULL
     WHERE scan_id = $1 AND shard_number = $2 AND lease_token = $3 AND state = 'leased'`,
    [lease.shard.scanId, lease.shard.shardNumber, lease.token, batchCount, summary],
  );
  return rowCount === 1;
}
