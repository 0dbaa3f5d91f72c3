import type pg from 'pg';

/** The numbers of the series that have a completed census which is not forgotten. */
export async function selectSeriesWithCensus(pool: pg.Pool): Promise<number[]> {
  const { rows } = await pool.query<{ seriesId: number }>(
    `SELECT DISTINCT series_id AS "seriesId" FROM censuses WHERE forgotten_at IS NULL ORDER BY 1`,
  );
  return rows.map(({ seriesId }) => seriesId);
}
