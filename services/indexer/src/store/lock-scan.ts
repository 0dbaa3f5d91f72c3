import { prepared, type Queryable } from '@kubecensus/shared/database';

export interface LockedShard {
  scanState: 'running' | 'revisiting' | 'completed' | 'aborted';
  shardKind: 'scope' | 'revisit';
  startIndex: number;
  endIndex: number;
}

/**
 * The shard that a batch belongs to, with its scan locked against being closed before this transaction ends. The lock is
 * the weakest that keeps the close out: under a steady stream of batches others can still change the scan's row.
 * Undefined where the record knows no such shard.
 */
export async function lockScanOfShard(
  client: Queryable,
  scanId: string,
  shardNumber: number,
): Promise<LockedShard | undefined> {
  const { rows } = await client.query<LockedShard>(
    prepared(
      `SELECT scans.state AS "scanState", shards.kind AS "shardKind",
            shards.start_index AS "startIndex", shards.end_index AS "endIndex"
     FROM scans JOIN shards USING (scan_id)
     WHERE scan_id = $1 AND shard_number = $2
     FOR KEY SHARE OF scans`,
      [scanId, shardNumber],
    ),
  );
  return rows[0];
}
