import { type CensusQuality, readScanQuality } from '@kubecensus/shared/census';
import type pg from 'pg';

export interface ScanRow {
  scanId: string;
  kind: 'census' | 'ad-hoc' | 'check' | 'import';
  state: 'running' | 'revisiting' | 'completed' | 'aborted';
  series: string | null;
  /** For people: what is looked at. */
  scope: string;
  asOf: Date;
  startedAt: Date;
  completedAt: Date | null;
  rate: number;
  purpose: string;
  targetCount: number;
  /** Of the scope, laid out or not yet. */
  shards: number;
  shardsDone: number;
  /** Endpoints to look at again, and how many were. */
  revisits: number;
  revisitsDone: number;
  /** Targets of shards whose probers have finished; the sum over `outcomes`. */
  lookedAt: number;
  outcomes: Record<string, number>;
  /** Findings in the record so far. */
  findings: number;
  /** Of the looks made so far. */
  quality: CensusQuality;
}

/** Newest first. */
export async function listScans(
  pool: pg.Pool,
  options: { scanId?: string; open?: boolean; limit?: number } = {},
): Promise<ScanRow[]> {
  const { rows } = await pool.query<Omit<ScanRow, 'quality'>>(
    `SELECT scan_id::text AS "scanId", kind, state, series.name AS series, scan_scopes.summary AS scope,
            as_of AS "asOf", started_at AS "startedAt", completed_at AS "completedAt", rate, purpose,
            scans.target_count AS "targetCount", progress.*, summed.*,
            (SELECT count(*) FROM revisits WHERE revisits.scan_id = scans.scan_id) AS revisits,
            (SELECT count(outcome) FROM revisits WHERE revisits.scan_id = scans.scan_id) AS "revisitsDone",
            (SELECT count(*) FROM observations
             WHERE observations.scan_id = scans.scan_id
               AND outcome IN ('answered', 'present', 'look-alike')) AS findings
     FROM scans
     JOIN scan_scopes USING (scope_hash)
     LEFT JOIN series USING (series_id)
     CROSS JOIN LATERAL (
       SELECT shard_count AS shards, count(*) AS "shardsDone"
       FROM shards WHERE shards.scan_id = scans.scan_id AND shards.kind = 'scope' AND shards.state = 'done'
     ) AS progress
     CROSS JOIN LATERAL (
       SELECT COALESCE(sum(count), 0)::bigint AS "lookedAt", COALESCE(jsonb_object_agg(outcome, count), '{}') AS outcomes
       FROM (SELECT key AS outcome, sum(value::bigint) AS count
             FROM shards, jsonb_each_text(shards.summary -> 'outcomes')
             WHERE shards.scan_id = scans.scan_id AND shards.kind = 'scope'
             GROUP BY key) AS by_outcome
     ) AS summed
     WHERE ($1::text IS NULL OR scan_id::text = $1)
       AND (NOT $2::boolean OR state IN ('running', 'revisiting'))
     ORDER BY scan_id DESC
     LIMIT $3`,
    [options.scanId ?? null, options.open ?? false, options.limit ?? 100],
  );
  const qualities = await readScanQuality(
    pool,
    rows.map(({ scanId }) => scanId),
  );
  return rows.flatMap((row, at) => {
    const quality = qualities[at];
    return quality === undefined ? [] : [{ ...row, quality }];
  });
}
