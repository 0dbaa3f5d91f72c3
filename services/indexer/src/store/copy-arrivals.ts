import type { Queryable } from '@kubecensus/shared/database';

export const COPY_ARRIVALS =
  'COPY arrivals (address, port, component, outcome, outcome_rank, evidence_hash, observed_at, possession) FROM STDIN';

/** A table of this transaction for findings as they come. */
export async function createArrivals(client: Queryable): Promise<void> {
  await client.query(
    `CREATE TEMPORARY TABLE arrivals (
       address inet NOT NULL, port integer NOT NULL, component text NOT NULL, outcome text NOT NULL,
       outcome_rank smallint NOT NULL, evidence_hash bytea NOT NULL, observed_at timestamptz NOT NULL,
       possession text
     ) ON COMMIT DROP`,
  );
}

/**
 * Makes of them the findings of a scan, in a table that stands before the record's `observations` until this transaction
 * ends; gives their number.
 */
export async function nameArrivals(client: Queryable, scanId: string): Promise<number> {
  await client.query(
    'CREATE TEMPORARY TABLE observations (LIKE public.observations INCLUDING DEFAULTS) ON COMMIT DROP',
  );
  const { rowCount } = await client.query(
    `INSERT INTO pg_temp.observations (scan_id, address, port, component, outcome, outcome_rank, evidence_id, observed_at,
                                       duration_ms, shard_number, attempt, possession)
     SELECT $1, address, arrivals.port, arrivals.component, arrivals.outcome, outcome_rank, evidence_id, observed_at, 0, 0, 1,
            possession
     FROM arrivals JOIN evidence USING (evidence_hash)`,
    [scanId],
  );
  await client.query('ALTER TABLE pg_temp.observations ADD PRIMARY KEY (scan_id, address, port, component)');
  await client.query('ANALYZE pg_temp.observations');
  return rowCount ?? 0;
}
