import type { Queryable } from '@kubecensus/shared/database';

/** Why a census came to say what it says. */
export type RevisionReason = 'completed' | 'reclassified' | 'opt-out' | 'late-data';

export interface Revision {
  seriesId: number;
  censusNumber: number;
  revision: number;
  reason: RevisionReason;
}

/**
 * A row for each census of the series, from `fromCensus` on, that does not say what its last revision said; the first of
 * a census is its completion, whatever the reason now. What did not change gets none, so the same again adds nothing.
 *
 * One pass over the sightings: each adds its number where it begins and takes it away behind its end, and each absence
 * takes it away for its census, so a running sum is the sum over the members of a census.
 */
export async function insertRevisions(
  client: Queryable,
  seriesId: number,
  of: { reason: RevisionReason; rulesVersion: number | undefined; fromCensus: number },
): Promise<Revision[]> {
  const { rows } = await client.query<Revision>(
    `WITH shown AS MATERIALIZED (
       SELECT endpoint_id, GREATEST(first_census, $2) AS first_census, last_census,
              hashtextextended(ROW(endpoint_id, evidence_id, evidence.outcome, distribution, confidence, version, minor,
                                   minor_low, minor_high, exposure, silence, exact_san, answering,
                                   fingerprints.reason)::text, 0)::numeric AS number,
              (evidence.outcome <> 'look-alike')::integer AS present,
              (evidence.outcome <> 'look-alike' AND COALESCE(exact_san, false))::integer AS exact_san,
              (evidence.outcome <> 'look-alike' AND COALESCE(answering, false))::integer AS answering,
              (evidence.outcome = 'look-alike')::integer AS look_alike
       FROM sightings JOIN evidence USING (evidence_id) LEFT JOIN fingerprints USING (evidence_id)
       WHERE series_id = $1 AND COALESCE(last_census, $2) >= $2
     ), absent AS (
       SELECT census_number, number, present, exact_san, answering, look_alike
       FROM absences JOIN shown USING (endpoint_id)
       WHERE series_id = $1 AND census_number BETWEEN first_census AND COALESCE(last_census, census_number)
     ), change (census_number, number, present, exact_san, answering, look_alike, not_reached) AS (
       SELECT first_census, number, present, exact_san, answering, look_alike, 0 FROM shown
       UNION ALL
       SELECT last_census + 1, -number, -present, -exact_san, -answering, -look_alike, 0
       FROM shown WHERE last_census IS NOT NULL
       UNION ALL
       SELECT census_number, -number, -present, -exact_san, -answering, -look_alike, 1 FROM absent
       UNION ALL
       SELECT census_number + 1, number, present, exact_san, answering, look_alike, -1 FROM absent
     ), by_census AS (
       SELECT census_number, sum(number) AS number, sum(present) AS present, sum(exact_san) AS exact_san,
              sum(answering) AS answering, sum(look_alike) AS look_alikes, sum(not_reached) AS not_reached
       FROM change GROUP BY census_number
     ), said AS (
       SELECT census_number, completed_at, forgotten_at, concat_ws('/', COALESCE(sum(number) OVER so_far, 0), COALESCE(sum(not_reached) OVER so_far, 0)) AS digest,
              COALESCE(sum(present) OVER so_far, 0) AS present, COALESCE(sum(exact_san) OVER so_far, 0) AS exact_san,
              COALESCE(sum(answering) OVER so_far, 0) AS answering,
              COALESCE(sum(look_alikes) OVER so_far, 0) AS look_alikes,
              COALESCE(sum(not_reached) OVER so_far, 0) AS not_reached
       FROM censuses LEFT JOIN by_census USING (census_number)
       WHERE series_id = $1 AND census_number >= $2
       WINDOW so_far AS (ORDER BY census_number)
     ), before AS (
       SELECT DISTINCT ON (census_number) census_number, revision, digest, rules_version
       FROM census_revisions WHERE series_id = $1 AND census_number >= $2
       ORDER BY census_number, revision DESC
     )
     INSERT INTO census_revisions (series_id, census_number, revision, reason, rules_version, made_at, digest,
                                   present, exact_san, answering, look_alikes, not_reached)
     SELECT $1, census_number, COALESCE(before.revision, 0) + 1,
            CASE WHEN before.revision IS NULL THEN 'completed' ELSE $3 END,
            GREATEST(before.rules_version, $4::integer),
            CASE WHEN before.revision IS NULL THEN completed_at ELSE now() END,
            said.digest, present, exact_san, answering, look_alikes, not_reached
     FROM said LEFT JOIN before USING (census_number)
     WHERE forgotten_at IS NULL AND before.digest IS DISTINCT FROM said.digest
     ORDER BY census_number
     RETURNING series_id AS "seriesId", census_number AS "censusNumber", revision, reason`,
    [seriesId, of.fromCensus, of.reason, of.rulesVersion ?? null],
  );
  return rows;
}

/** All series that have a census, in their order. */
export async function selectSeriesWithCensus(client: Queryable): Promise<number[]> {
  const { rows } = await client.query<{ seriesId: number }>(
    `SELECT DISTINCT series_id AS "seriesId" FROM censuses ORDER BY series_id`,
  );
  return rows.map(({ seriesId }) => seriesId);
}
