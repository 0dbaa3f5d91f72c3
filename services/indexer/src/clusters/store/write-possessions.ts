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
     SELECT $1, endpoints.endpoint_id, chain[1], $2, looked.possession
     FROM observations AS looked
     JOIN endpoints USING (address, port, component)
     JOIN evidence ON evidence.evidence_id = looked.evidence_id
     WHERE looked.scan_id = $3 AND looked.possession IS NOT NULL AND looked.outcome IN ('answered', 'present')
       AND chain[1] IS NOT NULL
       AND looked.possession IS DISTINCT FROM (
         SELECT known.possession FROM possessions AS known
         WHERE known.series_id = $1 AND known.endpoint_id = endpoints.endpoint_id
           AND known.certificate_hash = chain[1] AND known.since_census <= $2
         ORDER BY since_census DESC LIMIT 1)
     ON CONFLICT DO NOTHING`,
    [seriesId, censusNumber, scanId],
  );
}
