import { createHash } from 'node:crypto';
import type pg from 'pg';
import { foldMarked } from '../../services/indexer/src/clusters/fold-census.ts';
import { withTransaction } from '../../shared/src/database/index.ts';
import { insertScan, insertSeries } from './record.ts';

/** What an endpoint shows in a census, by its marks alone. */
export interface ShownMarks {
  address: string;
  port?: number;
  component?: string;
  identity?: string | null;
  flowSchema?: string | null;
  /** Of the certificate; equal text, equal certificate. The endpoint's own unless told. */
  certificate?: string;
  /** `proved` unless told. */
  possession?: 'proved' | 'failed' | null;
  asn?: number;
}

export interface FoldedMember {
  cluster: string | null;
  reason: string;
  mark: string | null;
  mirrored: boolean;
}

/** A series whose censuses are given as marks, folded one after the other. */
export interface FoldedRecord {
  seriesId: number;
  /** Takes in a census in which exactly this was seen; `address:port` -> what it was folded to. */
  census(shown: readonly ShownMarks[]): Promise<Map<string, FoldedMember>>;
}

const DAY_MS = 86_400_000;

export async function createFoldedRecord(pool: pg.Pool): Promise<FoldedRecord> {
  const seriesId = await insertSeries(pool);
  let censusNumber = 0;
  return {
    seriesId,
    async census(shown) {
      censusNumber += 1;
      await insertCensus(pool, seriesId, censusNumber);
      await pool.query('CREATE TABLE IF NOT EXISTS shown_marks (row jsonb)');
      await pool.query('TRUNCATE shown_marks');
      await pool.query('INSERT INTO shown_marks SELECT jsonb_array_elements($1::jsonb)', [
        JSON.stringify(shown.map(toRow)),
      ]);
      await insertSightings(pool, seriesId, censusNumber);
      await withTransaction(pool, (client) => foldMarked(client, { seriesId, censusNumber }));
      return readFolded(pool, seriesId, censusNumber);
    },
  };
}

export async function readFolded(
  pool: pg.Pool,
  seriesId: number,
  censusNumber: number,
): Promise<Map<string, FoldedMember>> {
  const { rows } = await pool.query<FoldedMember & { key: string }>(
    `SELECT host(address) || ':' || port AS key, cluster_id AS cluster, reason, mark, mirrored
     FROM memberships JOIN endpoints USING (endpoint_id)
     WHERE series_id = $1 AND first_census <= $2 AND COALESCE(last_census, $2) >= $2 ORDER BY address, port`,
    [seriesId, censusNumber],
  );
  return new Map(rows.map(({ key, ...member }) => [key, member]));
}

function toRow(shown: ShownMarks) {
  const { address, port = 6443, component = 'kube-apiserver', identity = null, flowSchema = null } = shown;
  const certificate = shown.certificate ?? (identity === null ? null : `${address}:${port} ${identity}`);
  const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
  return {
    address,
    port,
    component,
    identity,
    flow_schema: flowSchema === null ? null : `flowschema:${flowSchema}`,
    certificate: certificate === null ? null : hashOf(certificate),
    evidence: hashOf(JSON.stringify([component, port, certificate, identity, flowSchema])),
    possession: shown.possession === undefined ? 'proved' : shown.possession,
    asn: shown.asn ?? null,
  };
}

async function insertCensus(pool: pg.Pool, seriesId: number, censusNumber: number): Promise<void> {
  const asOf = new Date(Date.UTC(2026, 0, 5) + censusNumber * 7 * DAY_MS).toISOString();
  const scanId = await insertScan(pool, { seriesId, asOf });
  await pool.query(`UPDATE scans SET state = 'completed', completed_at = now() WHERE scan_id = $1`, [scanId]);
  await pool.query(
    `INSERT INTO censuses (series_id, census_number, scan_id, as_of, started_at, completed_at, method, vantage,
                           target_count, looked_at, outcomes)
     VALUES ($1, $2, $3, $4, $4, $4, '{}', '{}', 4, 3, '{}')`,
    [seriesId, censusNumber, scanId, asOf],
  );
}

const SHOWN = `SELECT new.* FROM shown_marks, jsonb_to_record(row) AS new (
  address inet, port integer, component text, identity text, flow_schema text, certificate text, evidence text,
  possession text, asn bigint)`;

/** The sightings of a census: what shows something else ends and begins, what shows nothing is gone. */
async function insertSightings(pool: pg.Pool, seriesId: number, censusNumber: number): Promise<void> {
  await pool.query(
    `INSERT INTO evidence (evidence_hash, component, port, outcome, chain, chain_length)
     SELECT DISTINCT ON (evidence) decode(evidence, 'hex'), component, port, 'answered',
            CASE WHEN certificate IS NULL THEN '{}' ELSE ARRAY[decode(certificate, 'hex')] END, 1
     FROM (${SHOWN}) AS shown ON CONFLICT DO NOTHING`,
  );
  await pool.query(
    `INSERT INTO evidence_marks (evidence_id, marks_version, shown_hash, identity, flow_schema)
     SELECT DISTINCT ON (evidence_id) evidence_id, 1, decode(certificate, 'hex'), identity, flow_schema
     FROM (${SHOWN}) AS shown JOIN evidence ON evidence_hash = decode(evidence, 'hex') ON CONFLICT DO NOTHING`,
  );
  await pool.query(
    `INSERT INTO endpoints (address, port, component, outcome, first_seen_at, last_seen_at, last_looked_at, last_scan_id)
     SELECT address, port, component, 'answered', now(), now(), now(), 1 FROM (${SHOWN}) AS shown ON CONFLICT DO NOTHING`,
  );
  const seen = `SELECT endpoint_id, evidence.evidence_id, certificate, possession, asn
                FROM (${SHOWN}) AS shown JOIN endpoints USING (address, port, component)
                JOIN evidence ON evidence_hash = decode(evidence, 'hex')`;
  await pool.query(
    `UPDATE sightings SET last_census = $2 - 1,
            last_on = (SELECT (as_of AT TIME ZONE 'UTC')::date FROM censuses
                       WHERE censuses.series_id = $1 AND census_number = $2 - 1),
            ended = CASE WHEN seen.endpoint_id IS NULL THEN 'gone' ELSE 'changed' END
     FROM sightings AS open LEFT JOIN (${seen}) AS seen USING (endpoint_id)
     WHERE open.series_id = $1 AND open.last_census IS NULL AND sightings.sighting_id = open.sighting_id
       AND open.evidence_id IS DISTINCT FROM seen.evidence_id`,
    [seriesId, censusNumber],
  );
  await pool.query(
    `INSERT INTO sightings (series_id, endpoint_id, evidence_id, first_census)
     SELECT $1, endpoint_id, evidence_id, $2 FROM (${seen}) AS seen
     WHERE NOT EXISTS (SELECT FROM sightings WHERE sightings.series_id = $1 AND last_census IS NULL
                         AND sightings.endpoint_id = seen.endpoint_id)`,
    [seriesId, censusNumber],
  );
  await pool.query(
    `INSERT INTO possessions (series_id, endpoint_id, certificate_hash, since_census, possession)
     SELECT $1, endpoint_id, decode(certificate, 'hex'), $2, possession FROM (${seen}) AS seen
     WHERE possession IS NOT NULL AND certificate IS NOT NULL ON CONFLICT DO NOTHING`,
    [seriesId, censusNumber],
  );
  await pool.query(
    `WITH known AS (
       INSERT INTO places (asn) SELECT DISTINCT asn FROM (${seen}) AS seen WHERE asn IS NOT NULL
       ON CONFLICT (asn, as_name, country, provider) DO UPDATE SET asn = excluded.asn RETURNING place_id, asn
     )
     INSERT INTO endpoint_places (endpoint_id, series_id, first_census, place_id)
     SELECT endpoint_id, $1, $2, place_id FROM (${seen}) AS seen JOIN known USING (asn) ON CONFLICT DO NOTHING`,
    [seriesId, censusNumber],
  );
}
