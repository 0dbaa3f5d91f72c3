import type { Population } from './resolve-subject.ts';

/** A subquery of the endpoints in a population: (address, port, component, evidence_id), one row each; and its values. */
export function toMembers(population: Population): { sql: string; values: unknown[] } {
  switch (population.kind) {
    case 'census': {
      const { seriesId, censusNumber } = population.census;
      return {
        sql: `SELECT address, port, component, sightings.evidence_id
              FROM sightings JOIN endpoints USING (endpoint_id)
              WHERE series_id = $1 AND first_census <= $2 AND COALESCE(last_census, $2) >= $2
                AND NOT EXISTS (SELECT FROM absences
                                WHERE absences.series_id = $1 AND absences.census_number = $2
                                  AND absences.endpoint_id = sightings.endpoint_id)`,
        values: [seriesId, censusNumber],
      };
    }
    case 'scan':
      return {
        sql: `SELECT address, port, component, evidence_id FROM observations
              WHERE scan_id = $1 AND evidence_id IS NOT NULL
                AND outcome IN ('answered', 'present', 'look-alike')`,
        values: [population.scanId],
      };
    case 'live':
      return {
        sql: `SELECT address, port, component, evidence_id FROM endpoints
              WHERE evidence_id IS NOT NULL AND outcome IN ('answered', 'present', 'look-alike')`,
        values: [],
      };
  }
}
