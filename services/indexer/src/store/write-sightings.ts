import type { Queryable } from '@kubecensus/shared/database';
import { RECORDED_OUTCOMES } from '@kubecensus/shared/vocabulary';

/** The day of a census of the series $1; sightings and absences lie by month. `number` is SQL of ours. */
function toCensusDay(number: string): string {
  return `(SELECT (as_of AT TIME ZONE 'UTC')::date FROM censuses WHERE censuses.series_id = $1 AND census_number = ${number})`;
}

/** Ends the open sightings whose endpoint shows other evidence in this census. */
export async function endChangedSightings(
  client: Queryable,
  seriesId: number,
  censusNumber: number,
  scanId: string,
): Promise<number> {
  const { rowCount } = await client.query(
    `UPDATE sightings SET last_census = $2 - 1, ended = 'changed', last_on = ${toCensusDay('$2 - 1')}
     FROM endpoints JOIN observations USING (address, port, component)
     WHERE observations.scan_id = $3 AND observations.outcome = ANY($4)
       AND sightings.series_id = $1 AND sightings.last_census IS NULL
       AND sightings.endpoint_id = endpoints.endpoint_id
       AND sightings.evidence_id <> observations.evidence_id`,
    [seriesId, censusNumber, scanId, [...RECORDED_OUTCOMES]],
  );
  return rowCount ?? 0;
}

/** Opens a sighting for each finding whose endpoint has none: new, changed or reappeared. Equal evidence costs nothing. */
export async function openSightings(
  client: Queryable,
  seriesId: number,
  censusNumber: number,
  scanId: string,
): Promise<number> {
  const { rowCount } = await client.query(
    `INSERT INTO sightings (series_id, endpoint_id, evidence_id, first_census)
     SELECT $1, endpoints.endpoint_id, observations.evidence_id, $2
     FROM observations JOIN endpoints USING (address, port, component)
     WHERE observations.scan_id = $3 AND observations.outcome = ANY($4)
       AND NOT EXISTS (SELECT FROM sightings
                       WHERE series_id = $1 AND sightings.endpoint_id = endpoints.endpoint_id AND last_census IS NULL)
     ORDER BY endpoints.endpoint_id`,
    [seriesId, censusNumber, scanId, [...RECORDED_OUTCOMES]],
  );
  return rowCount ?? 0;
}

export interface EndedSighting {
  endpointId: number;
  ended: 'gone' | 'excluded' | 'out-of-scope';
}

export async function endSightings(
  client: Queryable,
  seriesId: number,
  censusNumber: number,
  ended: readonly EndedSighting[],
): Promise<void> {
  await client.query(
    `UPDATE sightings SET last_census = $2 - 1, ended = new.ended, last_on = ${toCensusDay('$2 - 1')}
     FROM unnest($3::bigint[], $4::text[]) AS new (endpoint_id, ended)
     WHERE series_id = $1 AND last_census IS NULL AND sightings.endpoint_id = new.endpoint_id`,
    [seriesId, censusNumber, ended.map(({ endpointId }) => endpointId), ended.map((one) => one.ended)],
  );
}

export interface UnseenEndpoint {
  endpointId: number;
  /** `low-recall`: by its revisits it would be gone. */
  reason: 'not-reached' | 'low-recall';
}

export async function insertAbsences(
  client: Queryable,
  seriesId: number,
  censusNumber: number,
  absences: readonly UnseenEndpoint[],
): Promise<void> {
  await client.query(
    `INSERT INTO absences (series_id, census_number, endpoint_id, reason, absent_on)
     SELECT $1, $2, endpoint_id, reason, ${toCensusDay('$2')}
     FROM unnest($3::bigint[], $4::text[]) AS new (endpoint_id, reason)`,
    [seriesId, censusNumber, absences.map(({ endpointId }) => endpointId), absences.map(({ reason }) => reason)],
  );
}
