import type { Queryable } from '@kubecensus/shared/database';
import type { ObservationBatch } from '@kubecensus/shared/messages';

/** Completed scans whose first late batch has waited for at least `settleMs`, oldest first. */
export async function selectLateScans(client: Queryable, settleMs: number): Promise<string[]> {
  const { rows } = await client.query<{ scanId: string }>(
    `SELECT scan_id::text AS "scanId" FROM late_batches JOIN scans USING (scan_id)
     WHERE scans.state = 'completed'
     GROUP BY scan_id HAVING min(arrived_at) <= now() - make_interval(secs => $1::double precision / 1000)
     ORDER BY scan_id`,
    [settleMs],
  );
  return rows.map(({ scanId }) => scanId);
}

export interface LateScan {
  /** Of the census that it was; null of an ad-hoc scan or a check, and of a census that is forgotten. */
  seriesId: number | null;
  censusNumber: number | null;
  /** The last census of that series. */
  lastCensus: number | null;
}

/** Locks the scan, so that of several who take its late batches in one does; undefined where another is at it. */
export async function lockLateScan(client: Queryable, scanId: string): Promise<LateScan | undefined> {
  const { rows } = await client.query<LateScan>(
    `SELECT census.series_id AS "seriesId", census.census_number AS "censusNumber",
            (SELECT max(census_number) FROM censuses WHERE censuses.series_id = census.series_id) AS "lastCensus"
     FROM scans LEFT JOIN censuses AS census ON census.scan_id = scans.scan_id AND census.forgotten_at IS NULL
     WHERE scans.scan_id = $1 AND scans.state = 'completed'
     FOR UPDATE OF scans SKIP LOCKED`,
    [scanId],
  );
  return rows[0];
}

/** In the order of their attempts, `limit` at most: each is up to 256 KB. */
export async function selectLateBatches(client: Queryable, scanId: string, limit: number): Promise<ObservationBatch[]> {
  const { rows } = await client.query<ObservationBatch>(
    `SELECT scan_id::text AS "scanId", shard_number AS "shardNumber", attempt, batch_number AS "batchNumber", observations
     FROM late_batches WHERE scan_id = $1
     ORDER BY shard_number, attempt, batch_number LIMIT $2`,
    [scanId, limit],
  );
  return rows;
}

export async function deleteLateBatches(client: Queryable, batches: readonly ObservationBatch[]): Promise<void> {
  await client.query(
    `DELETE FROM late_batches
     USING unnest($1::bigint[], $2::integer[], $3::integer[], $4::integer[]) AS taken (scan_id, shard_number, attempt, batch_number)
     WHERE late_batches.scan_id = taken.scan_id AND late_batches.shard_number = taken.shard_number
       AND late_batches.attempt = taken.attempt AND late_batches.batch_number = taken.batch_number`,
    [
      batches.map(({ scanId }) => scanId),
      batches.map(({ shardNumber }) => shardNumber),
      batches.map(({ attempt }) => attempt),
      batches.map(({ batchNumber }) => batchNumber),
    ],
  );
}
