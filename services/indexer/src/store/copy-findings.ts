import type { Queryable } from '@kubecensus/shared/database';

export const COPY_FINDINGS =
  'COPY pg_temp.observations (address, port, component, outcome, evidence_id, observed_at, possession) FROM STDIN';

/**
 * A table for the findings of a scan that stands before the record's `observations` until this transaction ends, with
 * as much of it as a close reads.
 */
export async function createFindings(client: Queryable, scanId: string): Promise<void> {
  await client.query(
    `CREATE TEMPORARY TABLE observations (
       scan_id bigint NOT NULL DEFAULT ${BigInt(scanId)}, address inet NOT NULL, port integer NOT NULL,
       component text NOT NULL, outcome text NOT NULL, evidence_id bigint NOT NULL, observed_at timestamptz NOT NULL,
       possession text
     ) ON COMMIT DROP`,
  );
}
