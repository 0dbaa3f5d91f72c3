import type { CensusQuality } from '@kubecensus/shared/census';
import type { Queryable } from '@kubecensus/shared/database';

/** Outcomes that say that nothing was sent, or that we failed: such targets were not looked at. */
const NOT_LOOKED_AT = ['excluded', 'internal-error'];

/**
 * The census of a scan whose shards are done, under the next number of its series.
 * The caller has locked the scan, and at most one scan of a series is open, so numbers have no gaps.
 */
export async function insertCensus(
  client: Queryable,
  scanId: string,
  quality: CensusQuality & { callsGone: boolean },
): Promise<number> {
  const { rows } = await client.query<{ censusNumber: number }>(
    `WITH counted AS (
       SELECT kind, key AS outcome, sum(value::bigint) AS count
       FROM shards, jsonb_each_text(summary -> 'outcomes')
       WHERE scan_id = $1 GROUP BY kind, key
     )
     INSERT INTO censuses (series_id, census_number, scan_id, as_of, started_at, completed_at, method, vantage,
                           target_count, looked_at, outcomes, revisited, malformed, connects, slow_connects,
                           packets_lost, targets_lost, loss_dials, loss_dials_lost, canary_looks, canary_hits,
                           canary_recall, starved, longest_lag_ms, calls_gone)
     SELECT series_id,
            (SELECT COALESCE(max(census_number), 0) + 1 FROM censuses WHERE censuses.series_id = scans.series_id),
            scan_id, as_of, started_at, now(), method, vantage, target_count,
            (SELECT COALESCE(sum(count), 0) FROM counted WHERE kind = 'scope' AND outcome <> ALL($2)),
            (SELECT COALESCE(jsonb_object_agg(outcome, count), '{}') FROM counted WHERE kind = 'scope'),
            (SELECT COALESCE(jsonb_object_agg(outcome, count), '{}') FROM counted WHERE kind = 'revisit'),
            (SELECT count(*) FROM malformed_observations WHERE scan_id = $1),
            $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
     FROM scans WHERE scan_id = $1
     RETURNING census_number AS "censusNumber"`,
    [
      scanId,
      NOT_LOOKED_AT,
      quality.connects,
      quality.slowConnects,
      quality.packetsLost,
      quality.targetsLost,
      quality.lossDials,
      quality.lossDialsLost,
      quality.canaryLooks,
      quality.canaryHits,
      quality.canaryRecall,
      quality.starved,
      quality.longestLagMs,
      quality.callsGone,
    ],
  );
  const [row] = rows;
  if (row === undefined) throw new RangeError(`scan ${scanId} is not in the record`);
  return row.censusNumber;
}

export async function updateScanToCompleted(client: Queryable, scanId: string): Promise<void> {
  await client.query(
    `UPDATE scans SET state = 'completed', completed_at = now(), revisit_at = NULL WHERE scan_id = $1`,
    [scanId],
  );
}
