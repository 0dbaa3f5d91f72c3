import type { CensusQuality } from '@kubecensus/shared/census';
import type { Queryable } from '@kubecensus/shared/database';

/** What every answer says of the census that it was counted in. */
export interface CensusHeader {
  seriesId: number;
  series: string;
  censusNumber: number;
  scanId: string;
  /** 1, and one more each time that the census came to say something else. */
  revision: number;
  /** `completed`, or why it is not the first one any more. */
  revisionReason: 'completed' | 'reclassified' | 'opt-out' | 'late-data';
  revisedAt: Date;
  asOf: Date;
  startedAt: Date;
  completedAt: Date;
  targetCount: number;
  /** Targets that were looked at, whatever came of it; coverage = lookedAt / targetCount, from 0 to 1. */
  lookedAt: number;
  coverage: number;
  /** Outcome -> targets, of the scope. */
  outcomes: Record<string, number>;
  /** Outcome -> endpoints, of the revisits at the end. */
  revisited: Record<string, number>;
  malformed: number;
  /** Endpoints of the series that were not seen, and nothing proves that they are gone. */
  notReached: number;
  quality: CensusQuality;
  /** False where too few canaries were recognised to call anything gone. */
  callsGone: boolean;
  /** Of those not reached: gone by their revisits, and not called so for that. */
  withheld: number;
  method: Record<string, unknown>;
  vantage: string[];
}

/** `where` and `order` are ours, never a caller's text. Newest first unless told. */
export async function selectCensuses(
  client: Queryable,
  where: string,
  values: readonly unknown[],
  tail = 'ORDER BY as_of DESC, census_id DESC',
): Promise<CensusHeader[]> {
  const { rows } = await client.query<CensusHeader>(
    `SELECT series_id AS "seriesId", series.name AS series, census_number AS "censusNumber", scan_id::text AS "scanId",
            COALESCE(said.revision, 1) AS revision, COALESCE(said.reason, 'completed') AS "revisionReason",
            COALESCE(said.made_at, completed_at) AS "revisedAt", as_of AS "asOf", started_at AS "startedAt", completed_at AS "completedAt", target_count AS "targetCount",
            looked_at AS "lookedAt",
            CASE WHEN target_count = 0 THEN 1 ELSE looked_at::double precision / target_count END AS coverage,
            outcomes, revisited, malformed, method, vantage,
            (SELECT count(*) FROM absences
             WHERE absences.series_id = censuses.series_id
               AND absences.census_number = censuses.census_number) AS "notReached",
            (SELECT count(*) FROM absences
             WHERE absences.series_id = censuses.series_id AND absences.census_number = censuses.census_number
               AND absences.reason = 'low-recall') AS withheld,
            calls_gone AS "callsGone",
            json_build_object('connects', connects, 'slowConnects', slow_connects, 'packetsLost', packets_lost,
              'targetsLost', targets_lost, 'lossDials', loss_dials, 'lossDialsLost', loss_dials_lost,
              'canaryLooks', canary_looks, 'canaryHits', canary_hits, 'canaryRecall', canary_recall,
              'starved', starved, 'longestLagMs', longest_lag_ms) AS quality
     FROM censuses JOIN series USING (series_id)
     LEFT JOIN LATERAL (
       SELECT revision, reason, made_at FROM census_revisions
       WHERE census_revisions.series_id = censuses.series_id AND census_revisions.census_number = censuses.census_number
       ORDER BY revision DESC LIMIT 1
     ) AS said ON true
     ${where} ${tail}`,
    [...values],
  );
  return rows;
}
