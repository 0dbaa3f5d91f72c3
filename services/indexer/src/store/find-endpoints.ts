import type { Queryable } from '@kubecensus/shared/database';
import { RECORDED_OUTCOMES } from '@kubecensus/shared/vocabulary';

/**
 * Fills `found`, a table of this transaction's own: the findings of a scan by the numbers of their endpoints. Looks are
 * matched with endpoints here, once; whatever else a close does joins numbers. An endpoint that nobody knew has its
 * number already, and `is_new`. Gives how many there are. The caller holds the lock of closing: nobody else adds endpoints.
 */
export async function findEndpoints(client: Queryable, scanId: string): Promise<number> {
  await client.query(
    `DROP TABLE IF EXISTS found;
     CREATE TEMPORARY TABLE found (
       endpoint_id  bigint NOT NULL,
       evidence_id  bigint,
       observed_at  timestamptz NOT NULL,
       is_new       boolean NOT NULL,
       address      inet NOT NULL,
       port         integer NOT NULL,
       component    text NOT NULL,
       outcome      text NOT NULL,
       possession   text
     ) ON COMMIT DROP`,
  );
  const { rowCount } = await client.query(
    `INSERT INTO found
     SELECT COALESCE(known.endpoint_id, nextval(pg_get_serial_sequence('endpoints', 'endpoint_id'))), look.evidence_id,
            look.observed_at, known.endpoint_id IS NULL, address, port, component, look.outcome, look.possession
     FROM observations AS look LEFT JOIN endpoints AS known USING (address, port, component)
     WHERE look.scan_id = $1 AND look.outcome = ANY($2)`,
    [scanId, [...RECORDED_OUTCOMES]],
  );
  await client.query('ANALYZE found');
  return rowCount ?? 0;
}
