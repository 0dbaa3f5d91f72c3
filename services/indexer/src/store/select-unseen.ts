import type { Queryable } from '@kubecensus/shared/database';
import { type Outcome, RECORDED_OUTCOMES } from '@kubecensus/shared/vocabulary';

/** An endpoint with an open sighting in the series, which the scan did not find. */
export interface UnseenEndpoint {
  endpointId: number;
  address: string;
  port: number;
  component: string;
  /** What the revisits of this scan came to, in their rounds; null where there was none, or none was looked at. */
  firstRevisit: Outcome | null;
  secondRevisit: Outcome | null;
}

/** An empty table of this transaction's own for the endpoints that a scan did not see. */
async function createUnseen(client: Queryable): Promise<void> {
  await client.query(
    'DROP TABLE IF EXISTS unseen; CREATE TEMPORARY TABLE unseen (endpoint_id bigint PRIMARY KEY) ON COMMIT DROP',
  );
}

/**
 * Fills `unseen` before a scan is closed. OFFSET 0 keeps to one look by the key for each sighting: where statistics are
 * older than the scan, its findings count as one row, and a join would go through all of them for each (40,000 of both
 * took more than a minute).
 */
export async function insertUnseenBy(client: Queryable, seriesId: number, scanId: string): Promise<void> {
  await createUnseen(client);
  await client.query(
    `INSERT INTO unseen
     SELECT endpoint_id FROM sightings JOIN endpoints USING (endpoint_id)
     WHERE series_id = $1 AND last_census IS NULL AND last_on = 'infinity'
       AND NOT EXISTS (SELECT FROM observations
                       WHERE observations.scan_id = $2 AND observations.address = endpoints.address
                         AND observations.port = endpoints.port AND observations.component = endpoints.component
                         AND observations.outcome = ANY($3)
                       OFFSET 0)`,
    [seriesId, scanId, [...RECORDED_OUTCOMES]],
  );
  await client.query('ANALYZE unseen');
}

/** Fills `unseen` from `moved`, when it is closed. */
export async function insertUnseenMoved(client: Queryable): Promise<void> {
  await createUnseen(client);
  await client.query('INSERT INTO unseen SELECT endpoint_id FROM moved WHERE shown IS NULL');
  await client.query('ANALYZE unseen');
}

/** One page of `unseen`, in the order of endpoint_id after `afterEndpointId`. */
export async function selectUnseen(
  client: Queryable,
  scanId: string,
  afterEndpointId: number,
  limit: number,
): Promise<UnseenEndpoint[]> {
  const { rows } = await client.query<UnseenEndpoint>(
    `SELECT endpoint_id AS "endpointId", host(address) AS address, port, component,
            (SELECT outcome FROM revisits
             WHERE revisits.scan_id = $1 AND round = 1 AND revisits.endpoint_id = endpoints.endpoint_id) AS "firstRevisit",
            (SELECT outcome FROM revisits
             WHERE revisits.scan_id = $1 AND round = 2 AND revisits.endpoint_id = endpoints.endpoint_id) AS "secondRevisit"
     FROM unseen JOIN endpoints USING (endpoint_id)
     WHERE endpoint_id > $2
     ORDER BY endpoint_id
     LIMIT $3`,
    [scanId, afterEndpointId, limit],
  );
  return rows;
}
