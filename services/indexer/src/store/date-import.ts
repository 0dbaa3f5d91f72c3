import type { Queryable } from '@kubecensus/shared/database';

/** Gives an import the day that it answers for, now that all of it was read, and counts its endpoints. */
export async function dateImport(client: Queryable, scanId: string, asOf: Date): Promise<number> {
  const { rows } = await client.query<{ endpoints: number }>(
    `WITH dated AS (UPDATE scans SET as_of = $2 WHERE scan_id = $1)
     SELECT count(*) AS endpoints FROM observations WHERE scan_id = $1`,
    [scanId, asOf],
  );
  return rows[0]?.endpoints ?? 0;
}
