import type pg from 'pg';

/** Empties the demo's own store; the migrations' ledger and the version of the exclusions stay. */
export async function clearRecord(pool: pg.Pool): Promise<void> {
  await pool.query(
    'TRUNCATE scans, scan_scopes, series, certificates, client_ca_lists, first_flights, responses, evidence, endpoints, outbox RESTART IDENTITY CASCADE',
  );
}
