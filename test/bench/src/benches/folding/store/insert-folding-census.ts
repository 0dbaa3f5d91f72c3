import type pg from 'pg';

/** A census of a population made by number: each endpoint holds a certificate of its cluster's authority. */
export interface FoldingCensus {
  endpoints: number;
  censusNumber: number;
  /** Of 100 endpoints show another certificate than in the census before. */
  changedPercent: number;
}

/** Of 100 clusters one has three addresses, and one in a thousand authorities is in an image of a hundred clones. */
const CLUSTER_OF = `CASE WHEN i % 1000 < 100 AND i / 1000 % 10 = 0 THEN -(i / 1000) - 1
                         WHEN i % 100 < 3 THEN i / 100 * 100 ELSE i END`;

/** Writes what the indexer would have written of the census before it folds it. Returns its scan. */
export async function insertFoldingCensus(pool: pg.Pool, census: FoldingCensus): Promise<string> {
  const { endpoints, censusNumber, changedPercent } = census;
  const { rows } = await pool.query<{ scan_id: string }>(
    `WITH scope AS (
       INSERT INTO scan_scopes (scope_hash, body, target_count, summary)
       VALUES (sha256('folding'), '', 1, 'of a benchmark') ON CONFLICT DO NOTHING
     )
     INSERT INTO scans (kind, scope_hash, permutation_key, target_count, shard_count, rate, as_of, purpose, method, series_id, state)
     SELECT 'census', sha256('folding'), sha256(''), 1, 0, 1, timestamptz '2026-01-05 00:00Z' + $1 * interval '7 days',
            'benchmark', '{}', series_id, 'completed'
     FROM (SELECT series_id FROM series WHERE name = 'folding') AS known
     RETURNING scan_id::text`,
    [censusNumber],
  );
  const scanId = rows[0]?.scan_id ?? '';
  await pool.query(
    `INSERT INTO censuses (series_id, census_number, scan_id, as_of, started_at, completed_at, method, vantage,
                           target_count, looked_at, outcomes)
     SELECT series_id, $2, scan_id, as_of, as_of, as_of, '{}', '{}', 1, 1, '{}' FROM scans WHERE scan_id = $1`,
    [scanId, censusNumber],
  );
  await pool.query(
    'CREATE TABLE IF NOT EXISTS population (i integer PRIMARY KEY, cluster integer, issue integer, address inet)',
  );
  await pool.query(
    censusNumber === 1
      ? `INSERT INTO population SELECT i, ${CLUSTER_OF}, 1, '16.0.0.0'::inet + i * 11::bigint
         FROM generate_series(0, $1 - 1) AS i WHERE $2::integer IS NOT NULL`
      : `UPDATE population SET issue = issue + 1 WHERE (i * 7919::bigint + $2 * 101) % 100 < $1`,
    censusNumber === 1 ? [endpoints, censusNumber] : [changedPercent, censusNumber],
  );
  for (const statement of STATEMENTS) await pool.query(statement.sql, statement.scan ? [scanId] : []);
  return scanId;
}

const CERTIFICATE = `sha256(convert_to('certificate ' || i || ' ' || issue, 'UTF8'))`;
const RESPONSE = `sha256(convert_to('response ' || cluster, 'UTF8'))`;
const EVIDENCE = `sha256(convert_to('evidence ' || i || ' ' || issue, 'UTF8'))`;

const STATEMENTS: readonly { sql: string; scan?: true }[] = [
  {
    sql: `INSERT INTO certificates (certificate_hash, der, subject, issuer, dns_names, not_before, authority_key_id)
          SELECT ${CERTIFICATE}, '', 'CN=kube-apiserver', 'CN=kubernetes',
                 '{kubernetes,kubernetes.default,kubernetes.default.svc,kubernetes.default.svc.cluster.local}',
                 timestamptz '2025-01-01 00:00Z', md5(cluster::text)
          FROM population ON CONFLICT DO NOTHING`,
  },
  {
    sql: `INSERT INTO responses (response_hash, status, headers, body)
          SELECT DISTINCT ON (cluster) ${RESPONSE}, 200,
                 json_build_array(json_build_array('content-type', 'application/json'),
                                  json_build_array('x-kubernetes-pf-flowschema-uid', md5(cluster::text)::uuid)), ''
          FROM population WHERE i % 10 < 6 ON CONFLICT DO NOTHING`,
  },
  {
    sql: `INSERT INTO evidence (evidence_hash, component, port, outcome, chain, chain_length, response_hash)
          SELECT ${EVIDENCE}, 'kube-apiserver', 443, 'answered', ARRAY[${CERTIFICATE}], 1,
                 (SELECT response_hash FROM responses WHERE response_hash = ${RESPONSE})
          FROM population ON CONFLICT DO NOTHING`,
  },
  {
    sql: `INSERT INTO endpoints (address, port, component, outcome, first_seen_at, last_seen_at, last_looked_at, last_scan_id)
          SELECT address, 443, 'kube-apiserver', 'answered', now(), now(), now(), $1 FROM population ON CONFLICT DO NOTHING`,
    scan: true,
  },
  {
    sql: `INSERT INTO observations (scan_id, address, port, component, outcome, outcome_rank, evidence_id, observed_at,
                                    duration_ms, shard_number, attempt, possession)
          SELECT $1, address, 443, 'kube-apiserver', 'answered', 0, evidence_id, now(), 1, 0, 1, 'proved'
          FROM population JOIN evidence ON evidence_hash = ${EVIDENCE}`,
    scan: true,
  },
  {
    sql: `UPDATE sightings SET last_census = census_number - 1, ended = 'changed', last_on = (as_of - interval '7 days')::date
          FROM observations JOIN endpoints USING (address, port, component) JOIN censuses USING (scan_id)
          WHERE observations.scan_id = $1 AND sightings.endpoint_id = endpoints.endpoint_id
            AND last_census IS NULL AND sightings.evidence_id <> observations.evidence_id`,
    scan: true,
  },
  {
    sql: `INSERT INTO sightings (series_id, endpoint_id, evidence_id, first_census)
          SELECT series_id, endpoints.endpoint_id, observations.evidence_id, census_number
          FROM observations JOIN endpoints USING (address, port, component) JOIN censuses USING (scan_id)
          WHERE observations.scan_id = $1 AND NOT EXISTS (
            SELECT FROM sightings WHERE sightings.endpoint_id = endpoints.endpoint_id AND last_census IS NULL)`,
    scan: true,
  },
  { sql: 'ANALYZE' },
];

export async function insertFoldingSeries(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ series_id: number }>(
    `INSERT INTO series (scope_hash, method_major, name) VALUES (sha256('folding'), 1, 'folding') RETURNING series_id`,
  );
  return rows[0]?.series_id ?? 0;
}

export async function countFolded(pool: pg.Pool): Promise<{ members: number; clusters: number; templates: number }> {
  const { rows } = await pool.query<{ members: number; clusters: number; templates: number }>(
    `SELECT count(*)::integer AS members, count(DISTINCT cluster_id)::integer AS clusters,
            count(*) FILTER (WHERE reason = 'template')::integer AS templates
     FROM memberships WHERE last_census IS NULL`,
  );
  return rows[0] ?? { members: 0, clusters: 0, templates: 0 };
}
