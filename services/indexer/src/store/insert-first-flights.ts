import { prepared, type Queryable, toByteaArray } from '@kubecensus/shared/database';

export async function insertFirstFlights(
  client: Queryable,
  flights: readonly { hash: Buffer; json: string }[],
): Promise<void> {
  if (flights.length === 0) return;
  await client.query(
    prepared(
      `INSERT INTO first_flights (first_flight_hash, first_flight)
     SELECT * FROM unnest($1::bytea[], $2::jsonb[]) AS new (hash, first_flight)
     ORDER BY hash
     ON CONFLICT DO NOTHING`,
      [toByteaArray(flights.map(({ hash }) => hash)), flights.map(({ json }) => json)],
    ),
  );
}
