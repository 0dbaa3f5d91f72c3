import type { Queryable } from '@kubecensus/shared/database';
import type { PlaceSource } from '@kubecensus/shared/place';

/** The tables that a census was placed by; none where it was not, or there is no such census. */
export async function selectPlaceTables(
  client: Queryable,
  seriesId: number,
  censusNumber: number,
): Promise<PlaceSource[]> {
  const { rows } = await client.query<{ tables: PlaceSource[] }>(
    'SELECT place_tables AS tables FROM censuses WHERE series_id = $1 AND census_number = $2',
    [seriesId, censusNumber],
  );
  return rows[0]?.tables ?? [];
}

export async function updatePlaceTables(
  client: Queryable,
  seriesId: number,
  censusNumber: number,
  sources: readonly PlaceSource[],
): Promise<void> {
  await client.query('UPDATE censuses SET place_tables = $3 WHERE series_id = $1 AND census_number = $2', [
    seriesId,
    censusNumber,
    JSON.stringify(sources),
  ]);
}

export interface EndpointToPlace {
  endpointId: number;
  address: string;
  /** Where it lies by the last look-up of this series; null before the first. */
  placeId: number | null;
}

/**
 * Fills `unplaced`, a table of this transaction's own, with what is to be looked up: all endpoints that the series has
 * now, or where the tables are unchanged those that this census opened and those that were never looked up.
 */
export async function insertUnplaced(
  client: Queryable,
  { seriesId, censusNumber, isUnchanged }: { seriesId: number; censusNumber: number; isUnchanged: boolean },
): Promise<void> {
  await client.query(
    `DROP TABLE IF EXISTS unplaced;
     CREATE TEMPORARY TABLE unplaced (endpoint_id bigint PRIMARY KEY) ON COMMIT DROP`,
  );
  await client.query(
    `INSERT INTO unplaced
     SELECT DISTINCT endpoint_id
     FROM sightings
     LEFT JOIN (SELECT endpoint_id, place_id FROM endpoint_places WHERE series_id = $1 AND first_census <= $2) AS known
       USING (endpoint_id)
     WHERE series_id = $1 AND last_census IS NULL AND last_on = 'infinity'
       AND (NOT $3 OR first_census = $2 OR place_id IS NULL)
     ORDER BY endpoint_id`,
    [seriesId, censusNumber, isUnchanged],
  );
  await client.query('ANALYZE unplaced');
}

/** A page of `unplaced`, in the order of endpoint_id. */
export async function selectEndpointsToPlace(
  client: Queryable,
  page: { seriesId: number; censusNumber: number; after: number; limit: number },
): Promise<EndpointToPlace[]> {
  const { rows } = await client.query<EndpointToPlace>(
    `SELECT endpoint_id AS "endpointId", host(address) AS address, place_id AS "placeId"
     FROM unplaced JOIN endpoints USING (endpoint_id)
     LEFT JOIN LATERAL (
       SELECT place_id FROM endpoint_places AS spot
       WHERE spot.endpoint_id = unplaced.endpoint_id AND spot.series_id = $1 AND spot.first_census <= $2
       ORDER BY spot.first_census DESC LIMIT 1
     ) AS known ON true
     WHERE endpoint_id > $3
     ORDER BY endpoint_id LIMIT $4`,
    [page.seriesId, page.censusNumber, page.after, page.limit],
  );
  return rows;
}

/** In the order of its properties: they are compared as text. */
export interface PlaceRow {
  asn: number | null;
  asName: string | null;
  country: string | null;
  provider: string | null;
}

/** Stores each place once, and gives the number of each. */
export async function insertPlaces(
  client: Queryable,
  places: readonly PlaceRow[],
): Promise<(PlaceRow & { placeId: number })[]> {
  if (places.length === 0) return [];
  const values = [
    places.map(({ asn }) => asn),
    places.map(({ asName }) => asName),
    places.map(({ country }) => country),
    places.map(({ provider }) => provider),
  ];
  const given = 'unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS given (asn, as_name, country, provider)';
  await client.query(
    `INSERT INTO places (asn, as_name, country, provider)
     SELECT asn, as_name, country, provider FROM ${given}
     ON CONFLICT (asn, as_name, country, provider) DO NOTHING`,
    values,
  );
  const { rows } = await client.query<PlaceRow & { placeId: number }>(
    `SELECT places.asn, places.as_name AS "asName", places.country, places.provider, place_id AS "placeId"
     FROM ${given}
     -- Equal texts are joined by hash, IS NOT DISTINCT FROM row by row.
     JOIN places ON COALESCE(places.asn, -1) = COALESCE(given.asn, -1)
                AND COALESCE(places.as_name, '') = COALESCE(given.as_name, '')
     WHERE (places.asn, places.as_name, places.country, places.provider)
       IS NOT DISTINCT FROM (given.asn, given.as_name, given.country, given.provider)`,
    values,
  );
  return rows;
}

export async function insertEndpointPlaces(
  client: Queryable,
  seriesId: number,
  firstCensus: number,
  placed: readonly { endpointId: number; placeId: number }[],
): Promise<void> {
  if (placed.length === 0) return;
  await client.query(
    `INSERT INTO endpoint_places (endpoint_id, series_id, first_census, place_id)
     SELECT endpoint_id, $1, $2, place_id FROM unnest($3::bigint[], $4::integer[]) AS new (endpoint_id, place_id)`,
    [seriesId, firstCensus, placed.map(({ endpointId }) => endpointId), placed.map(({ placeId }) => placeId)],
  );
}
