import { createHash } from 'node:crypto';
import { toStoredParts } from '@kubecensus/indexer';
import type { Database } from '@kubecensus/shared/database';
import type { Observation } from '@kubecensus/shared/messages';
import { toTemplate } from '../live/simulate-endpoint.ts';

/** Evidence written by one statement. */
const SLICE = 50_000;
/** Endpoints of a cluster that show one answer: its control plane's. */
const ANSWER_SHARED_BY = 2;

const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest();

/**
 * A record of one census with as many endpoints, each with evidence of its own: a template's certificate under another
 * serial number, its authorities, client CAs and first flight, and an answer that two endpoints share. Their verdicts are
 * of rules before all others.
 */
export async function fillRecord(
  database: Database,
  observations: readonly Observation[],
  count: number,
): Promise<void> {
  const pool = database.pool();
  await pool.query(
    `CREATE TABLE template (template integer PRIMARY KEY, leaf bytea NOT NULL, serial_at integer, issuers bytea[] NOT NULL,
                            component text, port integer, outcome text, reason text, client_ca_hash bytea,
                            first_flight_hash bytea, status integer, headers text, body bytea)`,
  );
  for (const [number, observation] of observations.entries()) {
    const { chain, clientCas, firstFlightJson, response } = toStoredParts(observation.evidence);
    const [leaf = Buffer.alloc(0), ...issuers] = chain;
    const clientCaHash = clientCas === null ? null : sha256(Buffer.concat(clientCas));
    const flightHash = firstFlightJson === null ? null : sha256(firstFlightJson);
    for (const der of issuers) {
      await pool.query('INSERT INTO certificates (certificate_hash, der) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
        sha256(der),
        der,
      ]);
    }
    if (clientCas !== null) {
      await pool.query(
        `INSERT INTO client_ca_lists (client_ca_hash, names, texts) VALUES ($1, $2, '{}') ON CONFLICT DO NOTHING`,
        [clientCaHash, clientCas],
      );
    }
    if (flightHash !== null) {
      await pool.query(
        'INSERT INTO first_flights (first_flight_hash, first_flight) VALUES ($1, $2) ON CONFLICT DO NOTHING',
        [flightHash, firstFlightJson],
      );
    }
    const { component, port, outcome, reason } = observation;
    await pool.query('INSERT INTO template VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)', [
      number,
      leaf,
      toTemplate(observation).serialAt ?? null,
      issuers.map(sha256),
      component,
      port,
      outcome,
      reason ?? null,
      clientCaHash,
      flightHash,
      response?.status ?? null,
      response?.headersJson ?? null,
      response?.body ?? null,
    ]);
  }
  await insertCensus(database, count);
  for (let from = 0; from < count; from += SLICE) {
    await insertSlice(database, from, Math.min(count, from + SLICE), observations.length);
  }
  await pool.query('ANALYZE');
}

async function insertCensus(database: Database, count: number): Promise<void> {
  await database.pool().query(
    `WITH scope AS (
       INSERT INTO scan_scopes (scope_hash, body, target_count, summary)
       VALUES (sha256('scope'), '', $1, 'of a benchmark') RETURNING scope_hash
     ), series AS (
       INSERT INTO series (scope_hash, method_major, name) SELECT scope_hash, 1, 'bench' FROM scope RETURNING series_id
     ), scan AS (
       INSERT INTO scans (kind, series_id, scope_hash, permutation_key, target_count, shard_count, rate, as_of, purpose,
                          method, state, completed_at)
       SELECT 'census', series_id, scope_hash, sha256('key'), $1, 1, 1000, now(), 'benchmark', '{}', 'completed', now()
       FROM scope, series RETURNING scan_id, series_id
     )
     INSERT INTO censuses (series_id, census_number, scan_id, as_of, started_at, completed_at, method, vantage,
                           target_count, looked_at, outcomes)
     SELECT series_id, 1, scan_id, now(), now(), now(), '{}', '{}', $1, $1, '{}' FROM scan`,
    [count],
  );
}

async function insertSlice(database: Database, from: number, to: number, templates: number): Promise<void> {
  await database.pool().query(
    `WITH made AS MATERIALIZED (
       SELECT number, template.*, sha256(der) AS certificate_hash, der,
              CASE WHEN status IS NOT NULL
                   THEN sha256(('answer ' || number / (${ANSWER_SHARED_BY} * $3::integer) || ' ' || template.template)::bytea) END AS response_hash
       FROM generate_series($1::integer, $2::integer - 1) AS number
       JOIN template ON template.template = number % $3::integer
       CROSS JOIN LATERAL (
         SELECT CASE WHEN serial_at IS NULL THEN leaf
                     ELSE overlay(leaf PLACING int4send(number) FROM serial_at + 1) END AS der) AS own
     ), certified AS (
       INSERT INTO certificates (certificate_hash, der) SELECT DISTINCT ON (certificate_hash) certificate_hash, der FROM made
       ON CONFLICT DO NOTHING
     ), answered AS (
       INSERT INTO responses (response_hash, status, headers, body)
       SELECT DISTINCT ON (response_hash) response_hash, status, headers::jsonb, body FROM made WHERE response_hash IS NOT NULL
       ON CONFLICT DO NOTHING
     ), shown AS (
       INSERT INTO evidence (evidence_hash, component, port, outcome, reason, chain, chain_length, client_ca_hash,
                             first_flight_hash, response_hash)
       SELECT sha256(('evidence ' || number)::bytea), component, port, outcome, reason,
              ARRAY[certificate_hash] || issuers, 1 + cardinality(issuers), client_ca_hash, first_flight_hash, response_hash
       FROM made ORDER BY number RETURNING evidence_id, component, port, outcome
     ), judged AS (
       INSERT INTO fingerprints (evidence_id, rules_version, distribution, confidence, exposure, exact_san, answering,
                                 reason, rules, could_be)
       SELECT evidence_id, 0, 'unknown', 'low', 'present', false, false, 'no-mark', '{}', '{}' FROM shown
     ), known AS (
       INSERT INTO endpoints (address, port, component, outcome, evidence_id, first_seen_at, last_seen_at, last_looked_at,
                              last_scan_id)
       SELECT '127.32.0.0'::inet + evidence_id, port, component, outcome, evidence_id, now(), now(), now(), 1 FROM shown
       RETURNING endpoint_id, evidence_id
     )
     INSERT INTO sightings (series_id, endpoint_id, evidence_id, first_census)
     SELECT series_id, endpoint_id, evidence_id, 1 FROM known, series`,
    [from, to, templates],
  );
}
