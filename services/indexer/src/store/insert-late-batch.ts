import type { Queryable } from '@kubecensus/shared/database';
import type { ObservationBatch } from '@kubecensus/shared/messages';

/** Keeps a batch that came after its scan was closed, unless it was indexed in time. True where it is new. */
export async function insertLateBatch(client: Queryable, batch: ObservationBatch): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO late_batches (scan_id, shard_number, attempt, batch_number, observations)
     SELECT $1::bigint, $2::integer, $3::integer, $4::integer, $5
     WHERE NOT EXISTS (SELECT FROM committed_batches
                       WHERE scan_id = $1 AND shard_number = $2 AND attempt = $3 AND batch_number = $4)
     ON CONFLICT DO NOTHING`,
    [batch.scanId, batch.shardNumber, batch.attempt, batch.batchNumber, batch.observations],
  );
  return rowCount === 1;
}
