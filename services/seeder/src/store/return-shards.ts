import type { Queryable } from '@kubecensus/shared/database';
import type { Shard } from '@kubecensus/shared/messages';

/** queued -> pending for shards whose bell nobody could be rung. Those that were leased meanwhile stay leased. */
export async function returnQueuedShards(client: Queryable, shards: readonly Shard[]): Promise<void> {
  await client.query(
    `UPDATE shards SET state = 'pending', lease_until = NULL
     FROM unnest($1::bigint[], $2::integer[]) AS unheard (scan_id, shard_number)
     WHERE shards.scan_id = unheard.scan_id AND shards.shard_number = unheard.shard_number AND state = 'queued'`,
    [shards.map((shard) => shard.scanId), shards.map((shard) => shard.shardNumber)],
  );
}

/**
 * queued or leased, and overdue -> pending: the message was lost, or the prober died. What it sent so far is indexed and
 * counts for nothing; what it counted is forgotten. Gives how many of each there were.
 */
export async function returnOverdueShards(client: Queryable): Promise<{ unheard: number; orphaned: number }> {
  const { rows } = await client.query<{ was: 'queued' | 'leased' }>(
    `WITH overdue AS (
       SELECT scan_id, shard_number, state AS was FROM shards
       WHERE state IN ('queued', 'leased') AND lease_until < clock_timestamp()
       FOR UPDATE SKIP LOCKED
     )
     UPDATE shards SET state = 'pending', lease_token = NULL, lease_until = NULL, summary = NULL,
                       finished_at = CASE WHEN was = 'leased' THEN clock_timestamp() ELSE finished_at END
     FROM overdue WHERE shards.scan_id = overdue.scan_id AND shards.shard_number = overdue.shard_number
     RETURNING overdue.was`,
  );
  const orphaned = rows.filter(({ was }) => was === 'leased').length;
  return { unheard: rows.length - orphaned, orphaned };
}
