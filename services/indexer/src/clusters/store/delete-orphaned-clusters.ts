import type { Queryable } from '@kubecensus/shared/database';

/** Takes out what endpoints and evidence that are no longer kept leave behind: clusters without members, unshown marks. */
export async function deleteOrphanedClusters(client: Queryable, seriesIds: readonly number[]): Promise<void> {
  const unshown = (table: string) =>
    `DELETE FROM ${table} WHERE series_id = ANY($1)
       AND NOT EXISTS (SELECT FROM evidence_marks WHERE identity = mark)
       AND NOT EXISTS (SELECT FROM evidence_marks WHERE flow_schema = mark)`;
  await client.query(
    `DELETE FROM clusters WHERE series_id = ANY($1)
       AND NOT EXISTS (SELECT FROM memberships
                       WHERE memberships.series_id = clusters.series_id
                         AND memberships.cluster_id = clusters.cluster_id)`,
    [seriesIds],
  );
  await client.query(unshown('cluster_marks'), [seriesIds]);
  await client.query(unshown('templates'), [seriesIds]);
}
