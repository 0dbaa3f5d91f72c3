import type { Queryable } from '@kubecensus/shared/database';
import type { FoldedCensus } from './create-fold-tables.ts';

/** Keeps what the looks of a census told of the keys, where the series did not know it. */
export async function insertPossessions(
  client: Queryable,
  { seriesId, censusNumber }: FoldedCensus,
  scanId: string,
): Promise<void> {
  await client.query(
    `INSERT INTO possessions (series_id, endpoint_id, certificate_hash, since_census, possession)
     SELECT $1, endpoint_id, certificate_hash, $2, looked.possession
     FROM (
       SELECT endpoints.endpoint_id, chain[1] AS certificate_hash, observations.possession
       FROM observations
       JOIN endpoints USING (address, port, component)
       JOIN evidence ON evidence.evidence_id = observations.evidence_id
       WHERE scan_id = $3 AND possession IS NOT NULL AND observations.outcome IN ('answered', 'present')
         AND chain[1] IS NOT NULL
     ) AS looked
     -- Joined, and not looked up row by row: the rows that this adds would be passed over again for each.
     LEFT JOIN (
       SELECT DISTINCT ON (endpoint_id, certificate_hash) endpoint_id, certificate_hash, possession
       FROM possessions WHERE series_id = $1 AND since_census <= $2
       ORDER BY endpoint_id, certificate_hash, since_census DESC
     ) AS known USING (endpoint_id, certificate_hash)
     WHERE known.possession IS DISTINCT FROM looked.possession
     ON CONFLICT DO NOTHING`,
    [seriesId, censusNumber, scanId],
  );
}

/**
 * The same of the findings in `found`. What an endpoint's open membership has of the same evidence is known; only what it
 * lacks is looked up, so a census like the one before reads each membership once.
 */
export async function insertFoundPossessions(
  client: Queryable,
  { seriesId, censusNumber }: FoldedCensus,
): Promise<void> {
  await client.query(
    `DROP TABLE IF EXISTS learned;
     CREATE TEMPORARY TABLE learned (
       endpoint_id bigint NOT NULL, evidence_id bigint NOT NULL, possession text NOT NULL
     ) ON COMMIT DROP`,
  );
  await client.query(
    `INSERT INTO learned
     SELECT endpoint_id, found.evidence_id, found.possession
     FROM found
     LEFT JOIN (SELECT endpoint_id, evidence_id, possession FROM memberships
                WHERE series_id = $1 AND last_census IS NULL) AS known USING (endpoint_id)
     WHERE found.possession IS NOT NULL AND found.outcome IN ('answered', 'present')
       AND (known.evidence_id, known.possession) IS DISTINCT FROM (found.evidence_id, found.possession)`,
    [seriesId],
  );
  await client.query('ANALYZE learned');
  await client.query(
    `INSERT INTO possessions (series_id, endpoint_id, certificate_hash, since_census, possession)
     SELECT $1, learned.endpoint_id, chain[1], $2, learned.possession
     FROM learned JOIN evidence USING (evidence_id)
     LEFT JOIN (
       SELECT DISTINCT ON (endpoint_id, certificate_hash) endpoint_id, certificate_hash, possession
       FROM possessions
       WHERE series_id = $1 AND since_census <= $2 AND endpoint_id IN (SELECT endpoint_id FROM learned)
       ORDER BY endpoint_id, certificate_hash, since_census DESC
     ) AS known ON known.endpoint_id = learned.endpoint_id AND known.certificate_hash = chain[1]
     WHERE chain[1] IS NOT NULL AND known.possession IS DISTINCT FROM learned.possession
     ON CONFLICT DO NOTHING`,
    [seriesId, censusNumber],
  );
}
