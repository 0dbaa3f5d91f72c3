import type { Queryable } from '@kubecensus/shared/database';

/**
 * Rows of `shards` made at a time. Planning the whole of IPv4 would otherwise begin with 10^5 rows, and with each of them
 * in three indexes, before the first target is looked at.
 */
const CHUNK = 4_000;

/**
 * Lays out the next shards of running scans that have few left to give out. Where a shard begins follows from its number
 * alone: all have ceil(target_count / shard_count) targets but the last. Until the last row is there the scan stays
 * open, because its shards are fewer than its shard_count. Gives the number of new rows.
 */
export async function layOutShards(client: Queryable): Promise<number> {
  const { rowCount } = await client.query(
    `WITH short AS (
       SELECT scan_id, target_count, shard_count,
              ceil(target_count::numeric / shard_count)::bigint AS size,
              COALESCE((SELECT max(shard_number) + 1 FROM shards WHERE shards.scan_id = scans.scan_id), 0) AS laid_out
       FROM scans
       WHERE state = 'running'
         AND (SELECT count(*) FROM (SELECT FROM shards WHERE shards.scan_id = scans.scan_id AND state = 'pending'
                                    LIMIT $1 / 2) AS waiting) < $1 / 2
       FOR NO KEY UPDATE SKIP LOCKED
     )
     INSERT INTO shards (scan_id, shard_number, start_index, end_index)
     SELECT scan_id, number, number * size, LEAST((number + 1) * size, target_count)
     FROM short CROSS JOIN LATERAL generate_series(laid_out, LEAST(laid_out + $1, shard_count) - 1) AS number
     WHERE laid_out < shard_count
     ON CONFLICT DO NOTHING`,
    [CHUNK],
  );
  return rowCount ?? 0;
}
