import type { Queryable } from '@kubecensus/shared/database';

/** The open census of a series, where there is one. A rate that was asked for anew holds from now on. */
export async function resumeCensus(
  client: Queryable,
  seriesId: number,
  rate: number | undefined,
): Promise<string | undefined> {
  const { rows } = await client.query<{ scan_id: string }>(
    `UPDATE scans SET rate = COALESCE($2, rate)
     WHERE series_id = $1 AND state IN ('running', 'revisiting')
     RETURNING scan_id::text`,
    [seriesId, rate ?? null],
  );
  return rows[0]?.scan_id;
}
