import type { Queryable } from '@kubecensus/shared/database';

/** The day of a census of the series $1; sightings and absences lie by month. `number` is SQL of ours. */
function toCensusDay(number: string): string {
  return `(SELECT (as_of AT TIME ZONE 'UTC')::date FROM censuses WHERE censuses.series_id = $1 AND census_number = ${number})`;
}

/** Narrows sightings down to the partition of those that are open. */
const IS_OPEN = `sightings.last_census IS NULL AND sightings.last_on = 'infinity'`;

/**
 * Fills `moved`, a table of this transaction's own, with what is not as it was: by endpoint the evidence that `found` has
 * of it, NULL where it was not seen, and the evidence of its open sighting, NULL where it has none. What is as it was
 * is read here and nowhere after.
 */
export async function findMoves(client: Queryable, seriesId: number): Promise<void> {
  await client.query(
    `DROP TABLE IF EXISTS moved;
     CREATE TEMPORARY TABLE moved (endpoint_id bigint PRIMARY KEY, shown bigint, shown_before bigint) ON COMMIT DROP`,
  );
  await client.query(
    `INSERT INTO moved
     SELECT endpoint_id, found.evidence_id, open.evidence_id
     FROM found
     FULL JOIN (SELECT endpoint_id, evidence_id FROM sightings WHERE series_id = $1 AND ${IS_OPEN}) AS open
       USING (endpoint_id)
     WHERE found.evidence_id IS DISTINCT FROM open.evidence_id`,
    [seriesId],
  );
  await client.query('ANALYZE moved');
}

/** Ends the open sightings whose endpoint shows other evidence in this census. */
export async function endChangedSightings(client: Queryable, seriesId: number, censusNumber: number): Promise<number> {
  const { rowCount } = await client.query(
    `UPDATE sightings SET last_census = $2 - 1, ended = 'changed', last_on = ${toCensusDay('$2 - 1')}
     FROM moved
     WHERE series_id = $1 AND ${IS_OPEN} AND sightings.endpoint_id = moved.endpoint_id
       AND shown IS NOT NULL AND shown_before IS NOT NULL`,
    [seriesId, censusNumber],
  );
  return rowCount ?? 0;
}

/** Opens a sighting for each finding whose endpoint has none: new, changed or reappeared. Equal evidence costs nothing. */
export async function openSightings(client: Queryable, seriesId: number, censusNumber: number): Promise<number> {
  const { rowCount } = await client.query(
    `INSERT INTO sightings (series_id, endpoint_id, evidence_id, first_census)
     SELECT $1, endpoint_id, shown, $2 FROM moved WHERE shown IS NOT NULL ORDER BY endpoint_id`,
    [seriesId, censusNumber],
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
     WHERE series_id = $1 AND ${IS_OPEN} AND sightings.endpoint_id = new.endpoint_id`,
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
