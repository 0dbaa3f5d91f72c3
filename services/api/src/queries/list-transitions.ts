import { withTransaction } from '@kubecensus/shared/database';
import type pg from 'pg';
import type { CensusHeader } from './census-header.ts';
import { resolveSubject, type Subject } from './resolve-subject.ts';

/**
 * What became of an endpoint between a census and the one before:
 * `new` (never in the series before), `reappeared` (gone, excluded or out of scope before), `back` (not reached in the
 * census before, seen now with the same evidence), `changed` (other evidence), `gone` (proved), `not-reached`
 * (not seen, nothing proved), `excluded`, `out-of-scope`.
 */
export type TransitionState =
  | 'new'
  | 'reappeared'
  | 'back'
  | 'changed'
  | 'gone'
  | 'not-reached'
  | 'excluded'
  | 'out-of-scope';

export interface TransitionRow {
  address: string;
  port: number;
  component: string;
  state: TransitionState;
  /**
   * What it is counted as, never mixed: by the census where it is in it, else by what it was before. `mirrored`: identical
   * evidence on many addresses of a prefix.
   */
  countedAs: 'present' | 'look-alike' | 'mirrored';
  /** Of what is not reached: `low-recall` where by its revisits it would be gone; null for all else. */
  reason: 'not-reached' | 'low-recall' | null;
}

/** All endpoints that are not as they were in the census before, by address; those that stayed are left out. */
export async function listTransitions(
  pool: pg.Pool,
  subject: Pick<Subject, 'series' | 'census' | 'asOf'> = {},
): Promise<{ census: CensusHeader; rows: TransitionRow[] }> {
  return withTransaction(
    pool,
    async (client) => {
      const of = await resolveSubject(client, subject);
      if (of.kind !== 'census') throw new TypeError(`transitions are between censuses, not of ${of.kind}`);
      const { rows } = await client.query<TransitionRow>(
        `WITH begun AS (
           SELECT endpoint_id, evidence_id,
                  (SELECT before.ended FROM sightings AS before
                   WHERE before.series_id = $1 AND before.endpoint_id = sightings.endpoint_id
                     AND before.first_census < $2
                   ORDER BY before.first_census DESC LIMIT 1) AS before
           FROM sightings WHERE series_id = $1 AND first_census = $2
         ), state AS (
           SELECT endpoint_id, evidence_id, $2 AS seen_in, NULL AS reason,
                  CASE WHEN before IS NULL THEN 'new' WHEN before = 'changed' THEN 'changed' ELSE 'reappeared' END AS state
           FROM begun
           UNION ALL
           SELECT endpoint_id, evidence_id, $2 - 1, NULL, ended FROM sightings
           WHERE series_id = $1 AND last_census = $2 - 1 AND ended <> 'changed'
           UNION ALL
           SELECT endpoint_id, evidence_id, $2 - 1, reason, 'not-reached' FROM absences
           JOIN sightings USING (series_id, endpoint_id)
           WHERE series_id = $1 AND census_number = $2 AND first_census <= $2 AND COALESCE(last_census, $2) >= $2
           UNION ALL
           SELECT endpoint_id, evidence_id, $2, NULL, 'back' FROM absences
           JOIN sightings USING (series_id, endpoint_id)
           WHERE series_id = $1 AND census_number = $2 - 1
             AND first_census < $2 AND COALESCE(last_census, $2) >= $2
             AND NOT EXISTS (SELECT FROM absences AS still
                             WHERE still.series_id = $1 AND still.census_number = $2
                               AND still.endpoint_id = sightings.endpoint_id)
         )
         SELECT host(address) AS address, endpoints.port, endpoints.component, state, state.reason,
                CASE WHEN evidence.outcome = 'look-alike' THEN 'look-alike'
                     WHEN membership.mirrored THEN 'mirrored' ELSE 'present' END AS "countedAs"
         FROM state
         JOIN endpoints USING (endpoint_id)
         JOIN evidence ON evidence.evidence_id = state.evidence_id
         LEFT JOIN LATERAL (
           SELECT mirrored FROM memberships
           WHERE memberships.series_id = $1 AND memberships.endpoint_id = state.endpoint_id AND first_census <= seen_in
           ORDER BY first_census DESC LIMIT 1
         ) AS membership ON true
         ORDER BY endpoints.address, endpoints.port, endpoints.component`,
        [of.census.seriesId, of.census.censusNumber],
      );
      return { census: of.census, rows };
    },
    { isolation: 'repeatable read' },
  );
}
