import type { Queryable } from '@kubecensus/shared/database';

/** Exclusions that were in force at any time since the scan began, ended ones included. */
export async function selectExclusionsSince(
  client: Queryable,
  scanId: string,
): Promise<{ first: string; last: string }[]> {
  const { rows } = await client.query<{ first: string; last: string }>(
    `SELECT host(first_address) AS first, host(last_address) AS last
     FROM exclusions, scans
     WHERE scan_id = $1 AND valid_from <= now() AND (valid_until IS NULL OR valid_until > started_at)`,
    [scanId],
  );
  return rows;
}
