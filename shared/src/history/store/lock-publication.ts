import type pg from 'pg';

/** First key of the lock; the second is the series. */
const PUBLICATION = 0x6b63_6869;

/** One publication of a series at a time, on whatever machine: it waits for the one under way. */
export async function lockPublication(client: pg.ClientBase, seriesId: number): Promise<void> {
  await client.query('SELECT pg_advisory_lock($1, $2)', [PUBLICATION, seriesId]);
}

export async function unlockPublication(client: pg.ClientBase, seriesId: number): Promise<void> {
  await client.query('SELECT pg_advisory_unlock($1, $2)', [PUBLICATION, seriesId]);
}
