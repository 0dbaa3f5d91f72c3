import type { Queryable } from '@kubecensus/shared/database';

/** The open census of a series, where there is one. A rate that was asked for anew holds from now on. */
export async function resumeCensus(
  client: Queryable,
  seriesId: number,
  rate: number | undefined,
): Promise<{ scanId: string; rate: number } | undefined> {
  const { rows } = await client.query<{ scanId: string; rate: number }>(
    `UPDATE scans SET rate = COALESCE($2, rate)
     WHERE series_id = $1 AND state IN ('running', 'revisiting')
     RETURNING scan_id::text AS "scanId", rate`,
    [seriesId, rate ?? null],
  );
  return rows[0];
}
