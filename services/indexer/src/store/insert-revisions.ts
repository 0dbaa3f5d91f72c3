import type { Queryable } from '@kubecensus/shared/database';

/** Why a census came to say what it says. */
export type RevisionReason = 'completed' | 'reclassified' | 'opt-out' | 'late-data';

export interface Revision {
  seriesId: number;
  censusNumber: number;
  revision: number;
  reason: RevisionReason;
}

/** Of a sighting that is joined with its evidence and verdict: its number in a digest, and what it counts as. */
const SHOWN = `hashtextextended(ROW(endpoint_id, evidence_id, evidence.outcome, distribution, confidence, version, minor,
                                    minor_low, minor_high, exposure, silence, exact_san, answering,
                                    fingerprints.reason)::text, 0)::numeric AS number,
               (evidence.outcome <> 'look-alike')::integer AS present,
               (evidence.outcome <> 'look-alike' AND COALESCE(exact_san, false))::integer AS exact_san,
               (evidence.outcome <> 'look-alike' AND COALESCE(answering, false))::integer AS answering,
               (evidence.outcome = 'look-alike')::integer AS look_alike`;

const OLDEST_RULES = '(SELECT min(rules_version) FROM fingerprints)';

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
              ${SHOWN}
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
                                   present, exact_san, answering, look_alikes, not_reached, oldest_rules)
     SELECT $1, census_number, COALESCE(before.revision, 0) + 1,
            CASE WHEN before.revision IS NULL THEN 'completed' ELSE $3 END,
            GREATEST(before.rules_version, $4::integer),
            CASE WHEN before.revision IS NULL THEN completed_at ELSE now() END,
            said.digest, present, exact_san, answering, look_alikes, not_reached, ${OLDEST_RULES}
     FROM said LEFT JOIN before USING (census_number)
     WHERE forgotten_at IS NULL AND before.digest IS DISTINCT FROM said.digest
     ORDER BY census_number
     RETURNING series_id AS "seriesId", census_number AS "censusNumber", revision, reason`,
    [seriesId, of.fromCensus, of.reason, of.rulesVersion ?? null],
  );
  return rows;
}

/**
 * The first revision of the series' last census, from what the one before says and what moved between them. Nothing is
 * written, and undefined given, where that cannot be: before the second census, and where a verdict may have changed
 * since the one before was revised. The digest is the one that insertRevisions would make.
 */
export async function insertNextRevision(
  client: Queryable,
  seriesId: number,
  censusNumber: number,
  rulesVersion: number,
): Promise<Revision | undefined> {
  const { rows } = await client.query<Revision>(
    `WITH before AS (
       SELECT split_part(digest, '/', 1)::numeric AS number, present, exact_san, answering, look_alikes
       FROM (SELECT DISTINCT ON (census_number) * FROM census_revisions
             WHERE series_id = $1 AND census_number = $2 - 1
             ORDER BY census_number, revision DESC) AS last
       WHERE rules_version = $3 AND oldest_rules = $3
         AND $3 = ${OLDEST_RULES} AND $3 = (SELECT max(rules_version) FROM fingerprints)
         AND NOT EXISTS (SELECT FROM censuses WHERE series_id = $1 AND census_number >= $2 - 1 AND forgotten_at IS NOT NULL)
     ), change AS (
       SELECT endpoint_id, evidence_id, 1 AS sign FROM sightings
       WHERE series_id = $1 AND last_census IS NULL AND last_on = 'infinity' AND first_census = $2
       UNION ALL
       SELECT endpoint_id, evidence_id, -1 FROM sightings
       WHERE series_id = $1 AND last_census = $2 - 1
         AND last_on = (SELECT (as_of AT TIME ZONE 'UTC')::date FROM censuses WHERE series_id = $1 AND census_number = $2 - 1)
       UNION ALL
       SELECT endpoint_id, evidence_id, CASE absences.census_number WHEN $2 THEN -1 ELSE 1 END
       FROM absences JOIN sightings USING (series_id, endpoint_id)
       WHERE series_id = $1 AND census_number IN ($2, $2 - 1)
         AND census_number BETWEEN first_census AND COALESCE(last_census, census_number)
     ), moved AS (
       SELECT COALESCE(sum(sign * number), 0) AS number, COALESCE(sum(sign * present), 0) AS present,
              COALESCE(sum(sign * exact_san), 0) AS exact_san, COALESCE(sum(sign * answering), 0) AS answering,
              COALESCE(sum(sign * look_alike), 0) AS look_alikes
       FROM (SELECT sign, ${SHOWN}
             FROM change JOIN evidence USING (evidence_id) LEFT JOIN fingerprints USING (evidence_id)) AS shown
     ), absent AS (
       SELECT count(*) AS not_reached FROM absences JOIN sightings USING (series_id, endpoint_id)
       WHERE series_id = $1 AND census_number = $2
         AND $2 BETWEEN first_census AND COALESCE(last_census, $2)
     )
     INSERT INTO census_revisions (series_id, census_number, revision, reason, rules_version, made_at, digest,
                                   present, exact_san, answering, look_alikes, not_reached, oldest_rules)
     SELECT $1, $2, 1, 'completed', $3, completed_at,
            concat_ws('/', before.number + moved.number, not_reached), before.present + moved.present,
            before.exact_san + moved.exact_san, before.answering + moved.answering,
            before.look_alikes + moved.look_alikes, not_reached, $3
     FROM before, moved, absent, censuses
     WHERE series_id = $1 AND census_number = $2
       AND NOT EXISTS (SELECT FROM census_revisions WHERE series_id = $1 AND census_number >= $2)
       AND NOT EXISTS (SELECT FROM censuses WHERE series_id = $1 AND census_number > $2)
     RETURNING series_id AS "seriesId", census_number AS "censusNumber", revision, reason`,
    [seriesId, censusNumber, rulesVersion],
  );
  return rows[0];
}

/** All series that have a census, in their order. */
export async function selectSeriesWithCensus(client: Queryable): Promise<number[]> {
  const { rows } = await client.query<{ seriesId: number }>(
    `SELECT DISTINCT series_id AS "seriesId" FROM censuses ORDER BY series_id`,
  );
  return rows.map(({ seriesId }) => seriesId);
}
