import type { Queryable } from '@kubecensus/shared/database';

/** probed -> done for shards whose last batch was committed before the prober named their number. */
export async function finishProbedShards(client: Queryable): Promise<number> {
  const { rowCount } = await client.query(
    `UPDATE shards SET state = 'done'
     WHERE state = 'probed' AND batches_committed >= batch_count
       AND scan_id IN (SELECT scan_id FROM scans WHERE state IN ('running', 'revisiting'))`,
  );
  return rowCount ?? 0;
}
