import type { Queryable } from '@kubecensus/shared/database';
import { SHARDS_CHANNEL } from '@kubecensus/shared/messages';
import type { LeasedShard } from './lease-shard.ts';

/** leased -> pending: somebody else is to look at it. Does nothing where the lease is not ours any more. */
export async function handBackShard(client: Queryable, lease: LeasedShard): Promise<void> {
  await client.query(
    `WITH returned AS (
       UPDATE shards SET state = 'pending', lease_token = NULL, lease_until = NULL, summary = NULL,
                         finished_at = clock_timestamp()
       WHERE scan_id = $1 AND shard_number = $2 AND lease_token = $3 AND state = 'leased'
       RETURNING scan_id
     )
     SELECT pg_notify($4, '') FROM returned`,
    [lease.shard.scanId, lease.shard.shardNumber, lease.token, SHARDS_CHANNEL],
  );
}
