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
