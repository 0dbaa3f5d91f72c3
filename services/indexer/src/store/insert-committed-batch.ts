import { prepared, type Queryable } from '@kubecensus/shared/database';
import type { ObservationBatch } from '@kubecensus/shared/messages';

/**
 * Marks a batch as committed, together with what this transaction stores of it. False where it already is; a delivery
 * that is under way elsewhere is waited for.
 */
export async function insertCommittedBatch(client: Queryable, batch: ObservationBatch): Promise<boolean> {
  const { rowCount } = await client.query(
    prepared(
      `INSERT INTO committed_batches (scan_id, shard_number, attempt, batch_number)
     VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
      [batch.scanId, batch.shardNumber, batch.attempt, batch.batchNumber],
    ),
  );
  return rowCount === 1;
}
