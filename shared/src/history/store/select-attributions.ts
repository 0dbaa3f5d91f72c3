import type pg from 'pg';

/** What the tables of places ask to be said, of every census of a series; each once. */
export async function selectAttributions(client: pg.ClientBase, seriesId: number): Promise<string[]> {
  const { rows } = await client.query<{ attribution: string }>(
    `SELECT DISTINCT place_table ->> 'attribution' AS attribution
     FROM censuses CROSS JOIN LATERAL jsonb_array_elements(place_tables) AS place_table
     WHERE series_id = $1 AND place_table ->> 'attribution' IS NOT NULL ORDER BY 1`,
    [seriesId],
  );
  return rows.map(({ attribution }) => attribution);
}
