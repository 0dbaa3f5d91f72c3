import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';

/** Certificates of one chain, and bytes of each: a line of the export is then a little above 16 KB. */
const CHAIN = 10;
const CERTIFICATE_BYTES = 1200;

/** Characters of one line of the export, about. */
export const LINE_BYTES = CHAIN * CERTIFICATE_BYTES * (4 / 3) + 700;

/** One completed census of `endpoints` endpoints, each with evidence of its own over one long chain; row by row and fast. */
export async function fillCensus(pool: pg.Pool, endpoints: number): Promise<void> {
  const certificates = Array.from({ length: CHAIN }, () => randomBytes(CERTIFICATE_BYTES));
  const hashes = certificates.map((der) => createHash('sha256').update(der).digest());
  await pool.query(`INSERT INTO certificates (certificate_hash, der) SELECT * FROM unnest($1::bytea[], $2::bytea[])`, [
    hashes,
    certificates,
  ]);
  await pool.query(
    `INSERT INTO series (scope_hash, method_major, name) VALUES (sha256('slow'), 1, 'slow');
     INSERT INTO scan_scopes (scope_hash, body, target_count, summary) VALUES (sha256('slow'), '', 0, 'of a benchmark');
     INSERT INTO scans (kind, series_id, scope_hash, permutation_key, target_count, shard_count, rate, as_of, purpose,
                        method, state, completed_at)
     VALUES ('census', 1, sha256('slow'), sha256('key'), 0, 0, 1, '2026-01-05', 'benchmark', '{}', 'completed', now());
     INSERT INTO censuses (series_id, census_number, scan_id, as_of, started_at, completed_at, method, vantage,
                           target_count, looked_at, outcomes)
     VALUES (1, 1, 1, '2026-01-05', '2026-01-05', '2026-01-05', '{}', '{}', 0, 0, '{}')`,
  );
  await pool.query(
    `INSERT INTO evidence (evidence_hash, component, port, outcome, chain, chain_length)
     SELECT sha256(n::text::bytea), 'kube-apiserver', 6443, 'answered', $2::bytea[], $3
     FROM generate_series(1, $1::integer) AS n`,
    [endpoints, hashes, CHAIN],
  );
  await pool.query(
    `INSERT INTO endpoints (address, port, component, outcome, evidence_id, first_seen_at, last_seen_at, last_looked_at,
                            last_scan_id)
     SELECT '198.18.0.0'::inet + evidence_id, 6443, 'kube-apiserver', 'answered', evidence_id, '2026-01-05', '2026-01-05',
            '2026-01-05', 1
     FROM evidence`,
  );
  await pool.query(
    `INSERT INTO sightings (series_id, endpoint_id, evidence_id, first_census)
     SELECT 1, endpoint_id, evidence_id, 1 FROM endpoints`,
  );
  await pool.query('ANALYZE');
}
