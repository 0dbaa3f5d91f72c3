import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** One row of `censuses` as it was published, in ISO 8601. */
export interface RecordedCensus {
  censusNumber: number;
  asOf: string;
  /** Of the record: 1, and one more each time that the census came to say something else; and why. */
  revision: number;
  revisionReason: string;
}

/** Names of the files that copyRecord writes. */
export const RECORD_FILES = [
  'censuses',
  'sightings',
  'absences',
  'endpoints',
  'evidence',
  'places',
  'endpoint_places',
  'memberships',
  'clusters',
] as const;
export type RecordFile = (typeof RECORD_FILES)[number];

/**
 * What is known of a series, as CSV files in `directory`, each in the order in which the server holds it: the server
 * reads its tables once from end to end and joins nothing that is large.
 * The caller's transaction gives all of them one state.
 */
export async function copyRecord(client: pg.ClientBase, seriesId: number, directory: string): Promise<void> {
  const statements = toStatements(seriesId);
  for (const name of RECORD_FILES) {
    const source = client.query(copyTo(`COPY (${statements[name]}) TO STDOUT WITH (FORMAT csv, HEADER true)`));
    await pipeline(source, createWriteStream(path.join(directory, `${name}.csv`)));
  }
}

function toStatements(seriesId: number): Record<RecordFile, string> {
  // COPY takes no parameters.
  if (!Number.isSafeInteger(seriesId)) throw new RangeError(`${seriesId} is no number of a series`);
  const kept = `(SELECT COALESCE(min(census_number), 1) AS since FROM censuses
                 WHERE series_id = ${seriesId} AND forgotten_at IS NULL) AS kept`;
  return {
    censuses: `SELECT census_number, as_of AT TIME ZONE 'UTC' AS as_of, started_at AT TIME ZONE 'UTC' AS started_at,
                      completed_at AT TIME ZONE 'UTC' AS completed_at, target_count, looked_at,
                      (SELECT count(*) FROM absences
                       WHERE absences.series_id = censuses.series_id
                         AND absences.census_number = censuses.census_number) AS not_reached, malformed,
                      connects, slow_connects, packets_lost, targets_lost, loss_dials, loss_dials_lost, canary_looks,
                      canary_hits, canary_recall, starved, longest_lag_ms, calls_gone,
                      (SELECT count(*) FROM absences
                       WHERE absences.series_id = censuses.series_id
                         AND absences.census_number = censuses.census_number
                         AND reason = 'low-recall') AS withheld, method
               FROM censuses WHERE series_id = ${seriesId} AND forgotten_at IS NULL ORDER BY census_number`,
    // What began in a census that is forgotten begins, as far as can still be told, with the first one that is not.
    sightings: `SELECT sighting_id, endpoint_id, evidence_id, GREATEST(first_census, kept.since) AS first_census,
                       last_census, ended
                FROM sightings, ${kept} WHERE series_id = ${seriesId} AND COALESCE(last_census, kept.since) >= kept.since`,
    absences: `SELECT endpoint_id, census_number FROM absences, ${kept}
               WHERE series_id = ${seriesId} AND census_number >= kept.since`,
    endpoints: `SELECT endpoint_id, host(address) AS address,
                       family(address) || encode(substring(inet_send(address) FROM 5), 'hex') AS address_key,
                       port, component
                FROM endpoints`,
    evidence: `SELECT evidence_id, evidence.outcome, distribution, confidence, version, minor, minor_low, minor_high,
                      exposure, silence, exact_san, answering, fingerprints.reason,
                      (not_before AT TIME ZONE 'UTC')::date AS certificate_from,
                      (not_after AT TIME ZONE 'UTC')::date AS certificate_until
               FROM evidence
               LEFT JOIN fingerprints USING (evidence_id)
               LEFT JOIN certificates ON certificate_hash = chain[1]`,
    places: 'SELECT place_id, asn, as_name, country, provider FROM places',
    endpoint_places: `SELECT endpoint_id, first_census, place_id FROM endpoint_places WHERE series_id = ${seriesId}`,
    memberships: `SELECT endpoint_id, first_census, cluster_id AS cluster,
                         CASE WHEN reason = 'template' THEN mark END AS template, mirrored
                  FROM memberships WHERE series_id = ${seriesId}`,
    clusters: `SELECT cluster_id AS cluster, (min(born_at) AT TIME ZONE 'UTC')::date AS cluster_since
               FROM memberships JOIN evidence_marks USING (evidence_id)
               WHERE series_id = ${seriesId} AND cluster_id IS NOT NULL AND born_at IS NOT NULL GROUP BY cluster_id`,
  };
}

export async function selectRecordedCensuses(client: pg.ClientBase, seriesId: number): Promise<RecordedCensus[]> {
  const { rows } = await client.query<Omit<RecordedCensus, 'asOf'> & { asOf: Date }>(
    `SELECT DISTINCT ON (census_number) census_number AS "censusNumber", as_of AS "asOf",
            COALESCE(revision, 1) AS revision, COALESCE(reason, 'completed') AS "revisionReason"
     FROM censuses LEFT JOIN census_revisions USING (series_id, census_number)
     WHERE series_id = $1 AND forgotten_at IS NULL ORDER BY census_number, revision DESC`,
    [seriesId],
  );
  return rows.map(({ asOf, ...census }) => ({ ...census, asOf: asOf.toISOString() }));
}

/** Of the series with that name or number; undefined where there is none. */
export async function selectSeries(
  client: pg.ClientBase,
  series: string | number,
): Promise<{ seriesId: number; name: string } | undefined> {
  const { rows } = await client.query<{ seriesId: number; name: string }>(
    `SELECT series_id AS "seriesId", name FROM series WHERE name = $1 OR series_id::text = $1
     ORDER BY name = $1 DESC LIMIT 1`,
    [String(series)],
  );
  return rows[0];
}
