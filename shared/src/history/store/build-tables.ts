import path from 'node:path';
import { type DuckDb, toSqlText } from '../duckdb.ts';
import { toSupportSpans } from '../support-spans.ts';
import { RECORD_FILES, type RecordedCensus } from './copy-record.ts';
import { FOLDED_PIECES, PLACED_PIECES } from './cut-pieces.ts';

/** Types of the CSV columns; what is not named here is text. Nothing is guessed from the first rows. */
const CSV_TYPES: Readonly<Record<string, string>> = {
  census_number: 'INTEGER',
  as_of: 'TIMESTAMP',
  started_at: 'TIMESTAMP',
  completed_at: 'TIMESTAMP',
  target_count: 'BIGINT',
  looked_at: 'BIGINT',
  not_reached: 'INTEGER',
  malformed: 'INTEGER',
  connects: 'BIGINT',
  slow_connects: 'BIGINT',
  packets_lost: 'DOUBLE',
  targets_lost: 'DOUBLE',
  loss_dials: 'BIGINT',
  loss_dials_lost: 'BIGINT',
  canary_looks: 'BIGINT',
  canary_hits: 'BIGINT',
  canary_recall: 'DOUBLE',
  starved: 'DOUBLE',
  longest_lag_ms: 'BIGINT',
  calls_gone: 'BOOLEAN',
  withheld: 'INTEGER',
  sighting_id: 'BIGINT',
  endpoint_id: 'BIGINT',
  evidence_id: 'BIGINT',
  first_census: 'INTEGER',
  last_census: 'INTEGER',
  port: 'INTEGER',
  exact_san: 'BOOLEAN',
  answering: 'BOOLEAN',
  certificate_from: 'DATE',
  certificate_until: 'DATE',
  place_id: 'INTEGER',
  mirrored: 'BOOLEAN',
  cluster_since: 'DATE',
  asn: 'BIGINT',
};

const CSV_COLUMNS: Readonly<Record<(typeof RECORD_FILES)[number], readonly string[]>> = {
  censuses: [
    'census_number',
    'as_of',
    'started_at',
    'completed_at',
    'target_count',
    'looked_at',
    'not_reached',
    'malformed',
    'connects',
    'slow_connects',
    'packets_lost',
    'targets_lost',
    'loss_dials',
    'loss_dials_lost',
    'canary_looks',
    'canary_hits',
    'canary_recall',
    'starved',
    'longest_lag_ms',
    'calls_gone',
    'withheld',
    'method',
  ],
  sightings: ['sighting_id', 'endpoint_id', 'evidence_id', 'first_census', 'last_census', 'ended'],
  absences: ['endpoint_id', 'census_number'],
  endpoints: ['endpoint_id', 'address', 'address_key', 'port', 'component'],
  evidence: [
    'evidence_id',
    'outcome',
    'distribution',
    'confidence',
    'version',
    'minor',
    'minor_low',
    'minor_high',
    'exposure',
    'silence',
    'exact_san',
    'answering',
    'reason',
    'certificate_from',
    'certificate_until',
  ],
  places: ['place_id', 'asn', 'as_name', 'country', 'provider'],
  endpoint_places: ['endpoint_id', 'first_census', 'place_id'],
  memberships: ['endpoint_id', 'first_census', 'cluster', 'template', 'mirrored'],
  clusters: ['cluster', 'cluster_since'],
};

/** Makes the codebook's tables but `censuses` of the record's CSV files, which are views named `recorded_...`. */
export async function buildTables(db: DuckDb, directory: string, censuses: readonly RecordedCensus[]): Promise<void> {
  for (const name of RECORD_FILES) await db.rows(toReadCsv(name, directory));
  const last = censuses.at(-1)?.censusNumber ?? 0;
  await db.rows(PIECES, [last]);
  await db.rows(PLACED_PIECES);
  await db.rows(FOLDED_PIECES);
  await buildSupportSpans(db, censuses);
  await db.rows(ENDPOINTS);
  await db.rows(SHARED_HOSTS);
  await db.rows(HOSTS);
  await db.rows(SHARED_CLUSTERS);
  await db.rows(CLUSTERS);
}

function toReadCsv(name: (typeof RECORD_FILES)[number], directory: string): string {
  const columns = CSV_COLUMNS[name].map((column) => `${toSqlText(column)}: '${CSV_TYPES[column] ?? 'VARCHAR'}'`);
  // A cell of another program's making may be a megabyte long; the largest of ours is a method.
  return `CREATE VIEW recorded_${name} AS FROM read_csv(${toSqlText(path.join(directory, `${name}.csv`))},
    header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false,
    max_line_size = 4194304, columns = {${columns.join(', ')}})`;
}

/**
 * Sightings without the censuses in which the endpoint was not reached: a sighting of 1 to 9 with an absence in 4 is two
 * pieces, 1 to 3 and 5 to 9. What is proved of it in the end belongs to its last piece, even where censuses that did not
 * reach it lie between the two.
 */
const PIECES = `
  CREATE TABLE pieces AS
  WITH sighting AS MATERIALIZED (
    SELECT sighting_id, endpoint_id, evidence_id, first_census, COALESCE(last_census, $1) AS last_census, ended,
           CASE lag(ended, 1, 'none') OVER (PARTITION BY endpoint_id ORDER BY first_census)
             WHEN 'none' THEN 'new' WHEN 'changed' THEN 'changed' ELSE 'reappeared' END AS began,
           CASE WHEN ended <> 'changed' THEN ended END AS fate,
           CASE WHEN ended <> 'changed' THEN last_census + 1 END AS fate_census
    FROM recorded_sightings
  ), absent AS MATERIALIZED (
    SELECT sighting_id, census_number AS absent
    FROM sighting JOIN recorded_absences USING (endpoint_id)
    WHERE census_number BETWEEN first_census AND last_census
  ), bounded AS (
    SELECT sighting_id, absent + 1 AS first_piece, lead(absent) OVER (PARTITION BY sighting_id ORDER BY absent) AS next_absent
    FROM (FROM absent
          UNION ALL
          SELECT sighting_id, first_census - 1 FROM sighting SEMI JOIN absent USING (sighting_id))
  ), cut AS (
    SELECT sighting.*, first_piece, next_absent,
           lead(first_piece) OVER (PARTITION BY sighting_id ORDER BY first_piece) IS NULL AS is_last
    FROM bounded JOIN sighting USING (sighting_id)
    WHERE first_piece <= COALESCE(next_absent - 1, last_census)
  )
  SELECT endpoint_id, evidence_id, first_piece AS first_census, COALESCE(next_absent - 1, last_census) AS last_census,
         CASE WHEN first_piece = first_census THEN began ELSE 'back' END AS began,
         CASE WHEN next_absent IS NULL THEN ended ELSE 'not-reached' END AS ended,
         CASE WHEN is_last THEN fate END AS fate, CASE WHEN is_last THEN fate_census END AS fate_census
  FROM cut
  UNION ALL
  SELECT endpoint_id, evidence_id, first_census, last_census, began, ended, fate, fate_census
  FROM sighting ANTI JOIN absent USING (sighting_id)`;

/** How long the support of each version lasted, in censuses: its table is small, and the calendar lives in code. */
async function buildSupportSpans(db: DuckDb, censuses: readonly RecordedCensus[]): Promise<void> {
  const told = await db.rows<{ distribution: string; minor: string }>(
    `SELECT DISTINCT distribution, minor FROM recorded_evidence WHERE minor IS NOT NULL`,
  );
  const spans = told.flatMap(({ distribution, minor }) => toSupportSpans(distribution, minor, censuses));
  await db.rows(
    `CREATE TABLE support_spans AS
     SELECT span.* FROM (SELECT unnest(from_json($1,
       '[{"distribution":"VARCHAR","minor":"VARCHAR","since":"INTEGER","until":"INTEGER","support":"VARCHAR","endsOn":"DATE"}]'))
       AS span)`,
    [JSON.stringify(spans)],
  );
}

/** Text that begins as a version does; anything else is none, and compares with nothing. */
const VERSION = `'^v([0-9]{1,3})[.]([0-9]{1,3})[.]([0-9]{1,4})($|[^0-9.])'`;
const MINOR = `'^([0-9]{1,3})[.]([0-9]{1,3})$'`;
const part = (text: string, pattern: string, group: number) => `regexp_extract(${text}, ${pattern}, ${group})::BIGINT`;

const ENDPOINTS = `
  CREATE TABLE endpoints AS
  WITH recorded AS MATERIALIZED (
    FROM recorded_evidence
  ), versions AS (
    SELECT version,
           CASE WHEN regexp_matches(version, ${VERSION})
                THEN (${part('version', VERSION, 1)} * 1000 + ${part('version', VERSION, 2)}) * 10000
                     + ${part('version', VERSION, 3)} END AS version_number
    FROM (SELECT DISTINCT version FROM recorded WHERE version IS NOT NULL)
  ), minors AS (
    SELECT minor,
           CASE WHEN regexp_matches(minor, ${MINOR})
                THEN (${part('minor', MINOR, 1)} * 1000 + ${part('minor', MINOR, 2)})::INTEGER END AS minor_number
    FROM (SELECT DISTINCT minor FROM recorded WHERE minor IS NOT NULL)
  ), judged AS (
    SELECT recorded.*, version_number, minor_number
    FROM recorded LEFT JOIN versions USING (version) LEFT JOIN minors USING (minor)
  ), aged AS (
    SELECT piece.* EXCLUDE (first_census, last_census, began, ended, fate, fate_census), judged.* EXCLUDE (evidence_id),
           greatest(first_census, COALESCE(since, first_census)) AS first_census,
           least(last_census, COALESCE(until, last_census)) AS last_census,
           CASE WHEN since > first_census THEN 'aged' ELSE began END AS began,
           CASE WHEN until < last_census THEN 'aged' ELSE ended END AS ended,
           CASE WHEN until < last_census THEN NULL ELSE fate END AS fate,
           CASE WHEN until < last_census THEN NULL ELSE fate_census END AS fate_census,
           support, endsOn AS support_ends_on
    FROM folded_pieces AS piece
    JOIN judged USING (evidence_id)
    LEFT JOIN support_spans AS span
      ON span.distribution = judged.distribution AND span.minor = judged.minor
     AND span.since <= last_census AND span.until >= first_census
  ), first_seen AS (
    SELECT endpoint_id, min(first_census) AS census_number FROM pieces GROUP BY endpoint_id
  ), placed AS (
    SELECT * FROM aged JOIN recorded_endpoints USING (endpoint_id)
  )
  SELECT endpoint_id, address, address_key, port, component, first_census, last_census, began, ended, fate, fate_census,
         evidence_id,
         outcome, distribution, confidence, version, version_number, minor, minor_number, minor_low, minor_high,
         exposure, silence, exact_san, answering, reason, support, support_ends_on, certificate_from, certificate_until,
         first_census_of.as_of::DATE AS first_seen_on,
         asn, as_name, country, provider, cluster, cluster_since, COALESCE(mirrored, false) AS mirrored, template,
         shared_address.address_key IS NULL AS alone,
         placed.cluster IS NOT NULL AND shared_cluster.cluster IS NULL AS sole
  FROM placed
  JOIN first_seen USING (endpoint_id)
  JOIN recorded_censuses AS first_census_of ON first_census_of.census_number = first_seen.census_number
  LEFT JOIN recorded_places USING (place_id)
  LEFT JOIN recorded_clusters USING (cluster)
  LEFT JOIN (${toSharing('recorded_endpoints SEMI JOIN pieces USING (endpoint_id)', 'address_key')}) AS shared_address USING (address_key)
  LEFT JOIN (${toSharing('folded_pieces', 'cluster')}) AS shared_cluster USING (cluster)`;

/** Keys that more than one endpoint has, at whatever time. */
function toSharing(from: string, key: string): string {
  return `SELECT ${key} FROM ${from} WHERE ${key} IS NOT NULL GROUP BY ${key} HAVING min(endpoint_id) < max(endpoint_id)`;
}

/** Between two bounds of a key none of its endpoints begins or ends: whoever is there is there all the time. */
function toShared({ table, key, id, where }: { table: string; key: string; id: string; where: string }): string {
  return `
  CREATE TABLE ${table} AS
  WITH shared AS MATERIALIZED (
    FROM endpoints WHERE ${where}
  ), bound AS (
    SELECT DISTINCT ${key}, unnest([first_census, last_census + 1]) AS census FROM shared
  ), segment AS (
    SELECT ${key}, dense_rank() OVER (ORDER BY ${key}) AS ${id}, census AS first_segment,
           lead(census) OVER (PARTITION BY ${key} ORDER BY census) - 1 AS last_segment
    FROM bound
  )
  SELECT ${id}, first_segment AS first_census, last_segment AS last_census,
         shared.* EXCLUDE (first_census, last_census, began, ended, fate, fate_census, alone, sole)
  FROM segment JOIN shared USING (${key})
  WHERE shared.first_census <= first_segment AND shared.last_census >= last_segment`;
}

const SHARED_HOSTS = toShared({ table: 'shared_hosts', key: 'address_key', id: 'host_id', where: 'NOT alone' });
const SHARED_CLUSTERS = toShared({
  table: 'shared_clusters',
  key: 'cluster',
  id: 'cluster_number',
  where: 'cluster IS NOT NULL AND NOT sole',
});

const COUNTED = `outcome <> 'look-alike' AND NOT mirrored`;

const HOSTS = `
  CREATE TABLE hosts AS
  SELECT any_value(address) AS address, address_key, first_census, last_census, count(*)::INTEGER AS endpoints,
         list_sort(list_distinct(list(distribution))) AS distributions, COALESCE(bool_or(answering), false) AS answering
  FROM shared_hosts WHERE ${COUNTED}
  GROUP BY address_key, first_census, last_census
  UNION ALL
  SELECT address, address_key, first_census, last_census, 1,
         CASE WHEN distribution IS NULL THEN [] ELSE [distribution] END, COALESCE(answering, false)
  FROM endpoints WHERE ${COUNTED} AND alone`;

const CLUSTERS = `
  CREATE TABLE clusters AS
  SELECT cluster, any_value(cluster_since) AS cluster_since, first_census, last_census, count(*)::INTEGER AS endpoints,
         count(DISTINCT address_key)::INTEGER AS hosts,
         list_sort(list_distinct(list(distribution))) AS distributions, COALESCE(bool_or(answering), false) AS answering
  FROM shared_clusters WHERE ${COUNTED}
  GROUP BY cluster, first_census, last_census
  UNION ALL
  SELECT cluster, cluster_since, first_census, last_census, 1, 1,
         CASE WHEN distribution IS NULL THEN [] ELSE [distribution] END, COALESCE(answering, false)
  FROM endpoints WHERE ${COUNTED} AND sole`;
