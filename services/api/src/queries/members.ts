import type { Population } from './resolve-subject.ts';

/**
 * A subquery of the endpoints in a population: (endpoint_id, address, port, component, evidence_id), one row each; and
 * its values. While a scan is under way what it found for the first time is no endpoint yet.
 */
export function toMembers(population: Population): { sql: string; values: unknown[] } {
  switch (population.kind) {
    case 'census': {
      const { seriesId, censusNumber, asOf } = population.census;
      return {
        sql: `SELECT endpoint_id, address, port, component, sightings.evidence_id
              FROM sightings JOIN endpoints USING (endpoint_id)
              WHERE series_id = $1 AND first_census <= $2 AND COALESCE(last_census, $2) >= $2 AND last_on >= $3::date
                AND NOT EXISTS (SELECT FROM absences
                                WHERE absences.series_id = $1 AND absences.census_number = $2
                                  AND absences.endpoint_id = sightings.endpoint_id)`,
        // The day spares the months that ended before it.
        values: [seriesId, censusNumber, asOf.toISOString().slice(0, 10)],
      };
    }
    case 'scan':
      return {
        sql: `SELECT endpoint_id, address, port, component, observations.evidence_id
              FROM observations LEFT JOIN endpoints USING (address, port, component)
              WHERE scan_id = $1 AND observations.evidence_id IS NOT NULL
                AND observations.outcome IN ('answered', 'present', 'look-alike')`,
        values: [population.scanId],
      };
    case 'live':
      return {
        sql: `SELECT endpoint_id, address, port, component, evidence_id FROM endpoints
              WHERE evidence_id IS NOT NULL AND outcome IN ('answered', 'present', 'look-alike')`,
        values: [],
      };
  }
}

/** The same of the endpoints of a census that are known already, by the numbers of endpoint and evidence. */
export function toNamedMembers(
  population: Population,
  found: readonly { endpointId: number; evidenceId: number }[],
): { sql: string; values: unknown[] } {
  const { values } = toMembers(population);
  return {
    sql: `SELECT endpoint_id, address, port, component, named.evidence_id
          FROM unnest($4::bigint[], $5::bigint[]) AS named (endpoint_id, evidence_id) JOIN endpoints USING (endpoint_id)
          WHERE ROW($1::integer, $2::integer, $3::date) IS NOT NULL`,
    values: [...values, found.map(({ endpointId }) => endpointId), found.map(({ evidenceId }) => evidenceId)],
  };
}

/**
 * Where the address of a member lies: by the tables of that census, else by those of the census that looked last.
 * Stands in FROM after `member`, under the name `place`.
 */
export function toPlaceJoin(population: Population): string {
  const at =
    population.kind === 'census'
      ? 'AND spot.series_id = $1 AND spot.first_census <= $2 ORDER BY spot.first_census DESC'
      : 'ORDER BY spot.series_id DESC, spot.first_census DESC';
  return `LEFT JOIN LATERAL (
            SELECT asn, as_name, country, provider FROM endpoint_places AS spot JOIN places USING (place_id)
            WHERE spot.endpoint_id = member.endpoint_id ${at} LIMIT 1
          ) AS place ON true`;
}

/**
 * The cluster that a member belongs to, in that census, else in the last census of whatever series; under the name
 * `folded`.
 */
export function toClusterJoin(population: Population): string {
  if (population.kind === 'census') {
    return `LEFT JOIN memberships AS folded
              ON folded.series_id = $1 AND folded.endpoint_id = member.endpoint_id
             AND folded.first_census <= $2 AND COALESCE(folded.last_census, $2) >= $2`;
  }
  return `LEFT JOIN LATERAL (
            SELECT * FROM memberships AS last
            WHERE last.endpoint_id = member.endpoint_id AND last.last_census IS NULL
            ORDER BY last.series_id DESC LIMIT 1
          ) AS folded ON true`;
}

/** The day on which the cluster of `folded` began, at the latest; null where that cannot be read. */
export const CLUSTER_SINCE = `(
  SELECT (min(born_at) AT TIME ZONE 'UTC')::date FROM memberships AS fellow JOIN evidence_marks USING (evidence_id)
  WHERE fellow.series_id = folded.series_id AND fellow.cluster_id = folded.cluster_id)`;
