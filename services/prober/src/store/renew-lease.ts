import { prepared, type Queryable } from '@kubecensus/shared/database';
import type { ShardSummary } from '@kubecensus/shared/messages';
import type { LeasedShard } from './lease-shard.ts';

/** Keeps a lease for another `leaseMs` and shows how far its shard has come. False where it is not ours any more. */
export async function renewLease(
  client: Queryable,
  lease: LeasedShard,
  leaseMs: number,
  summary: ShardSummary | undefined,
): Promise<boolean> {
  const { rowCount } = await client.query(
    prepared(
      `UPDATE shards
     SET lease_until = clock_timestamp() + make_interval(secs => $4::float8 / 1000), summary = COALESCE($5, summary)
     WHERE scan_id = $1 AND shard_number = $2 AND lease_token = $3 AND state = 'leased'`,
      [lease.shard.scanId, lease.shard.shardNumber, lease.token, leaseMs, summary ?? null],
    ),
  );
  return rowCount === 1;
}
