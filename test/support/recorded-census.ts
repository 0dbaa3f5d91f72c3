import { createHash } from 'node:crypto';
import type pg from 'pg';
import { insertScan } from './record.ts';

/** An endpoint as the record has it after a census: the verdict is given, not judged. */
export interface RecordedEndpoint {
  address: string;
  port: number;
  distribution: string;
  outcome?: 'answered' | 'present' | 'look-alike';
  version?: string;
  minor?: string;
  silence?: string;
  exactSan?: boolean;
  answering?: boolean;
}

export interface RecordedCensus {
  seriesId: number;
  censusNumber: number;
  asOf: string;
  endpoints: readonly RecordedEndpoint[];
}

/** A completed census, row by row and without an indexer: what questions are asked of. Known endpoints stay open. */
export async function insertRecordedScan(pool: pg.Pool, census: RecordedCensus): Promise<void> {
  const { seriesId, censusNumber, asOf, endpoints } = census;
  const scanId = await insertScan(pool, { seriesId, asOf, ranges: ['127.0.0.0/30'] });
  const outcomes = { answered: 3, excluded: 1 };
  await pool.query(`UPDATE shards SET state = 'done', summary = $2 WHERE scan_id = $1`, [scanId, { outcomes }]);
  await pool.query(`UPDATE scans SET state = 'completed', completed_at = now() WHERE scan_id = $1`, [scanId]);
  await pool.query(
    `INSERT INTO censuses (series_id, census_number, scan_id, as_of, started_at, completed_at, method, vantage,
                           target_count, looked_at, outcomes)
     VALUES ($1, $2, $3, $4, $4, $4, '{}', '{}', 4, 3, $5)`,
    [seriesId, censusNumber, scanId, asOf, outcomes],
  );
  for (const endpoint of endpoints) await insertEndpoint(pool, census, scanId, endpoint);
}

async function insertEndpoint(
  pool: pg.Pool,
  { seriesId, censusNumber, asOf }: RecordedCensus,
  scanId: string,
  of: RecordedEndpoint,
) {
  const outcome = of.outcome ?? 'answered';
  const hash = createHash('sha256')
    .update(JSON.stringify({ ...of, address: '' }))
    .digest();
  const { rows } = await pool.query<{ endpoint_id: number }>(
    `WITH shown AS (
       INSERT INTO evidence (evidence_hash, component, port, outcome, chain, chain_length)
       VALUES ($1, 'kube-apiserver', $2, $3, '{}', 0)
       ON CONFLICT (evidence_hash) DO UPDATE SET port = $2 RETURNING evidence_id
     ), judged AS (
       INSERT INTO fingerprints (evidence_id, rules_version, distribution, confidence, version, minor, exposure, silence,
                                 exact_san, answering, reason, rules, could_be)
       SELECT evidence_id, 1, $4, 'high', $5, $6, $7, $8, $9, $10, 'marks', '{}', '{}' FROM shown
       ON CONFLICT DO NOTHING
     )
     INSERT INTO endpoints (address, port, component, outcome, evidence_id,
                            first_seen_at, last_seen_at, last_looked_at, last_scan_id)
     SELECT $11::inet, $2, 'kube-apiserver', $3, evidence_id, $12, $12, $12, $13 FROM shown
     ON CONFLICT (address, port, component) DO UPDATE SET evidence_id = excluded.evidence_id
     RETURNING endpoint_id`,
    [
      hash,
      of.port,
      outcome,
      of.distribution,
      of.version ?? null,
      of.minor ?? null,
      of.silence === undefined ? 'says-version' : 'silent',
      of.silence ?? null,
      of.exactSan ?? true,
      of.answering ?? false,
      of.address,
      asOf,
      scanId,
    ],
  );
  await pool.query(
    `INSERT INTO sightings (series_id, endpoint_id, evidence_id, first_census)
     SELECT $1, endpoint_id, evidence_id, $2 FROM endpoints WHERE endpoint_id = $3
     ON CONFLICT DO NOTHING`,
    [seriesId, censusNumber, rows[0]?.endpoint_id],
  );
}
