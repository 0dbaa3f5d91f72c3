import { type Queryable, toByteaArray } from '@kubecensus/shared/database';
import type { ObservationBatch } from '@kubecensus/shared/messages';
import type { MalformedLine } from '../batches/read-observations.ts';

export async function insertMalformedObservations(
  client: Queryable,
  batch: ObservationBatch,
  lines: readonly MalformedLine[],
): Promise<void> {
  if (lines.length === 0) return;
  await client.query(
    `INSERT INTO malformed_observations (scan_id, shard_number, attempt, batch_number, line_number, error, bytes)
     SELECT $1, $2, $3, $4, * FROM unnest($5::integer[], $6::text[], $7::bytea[])
     ON CONFLICT DO NOTHING`,
    [
      batch.scanId,
      batch.shardNumber,
      batch.attempt,
      batch.batchNumber,
      lines.map((line) => line.lineNumber),
      lines.map((line) => line.error),
      toByteaArray(lines.map((line) => line.bytes)),
    ],
  );
}
