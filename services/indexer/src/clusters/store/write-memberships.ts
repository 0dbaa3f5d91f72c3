import type { Queryable } from '@kubecensus/shared/database';
import { analyzeTable, type FoldedCensus } from './create-fold-tables.ts';

/** New clusters, and the marks that stand for another cluster than before, or for the first time for one. */
export async function insertClusters(client: Queryable, { seriesId, censusNumber }: FoldedCensus): Promise<void> {
  await client.query(
    `INSERT INTO clusters (series_id, cluster_id, first_census)
     SELECT $1::integer, cluster_id, $2::integer FROM groups ON CONFLICT DO NOTHING`,
    [seriesId, censusNumber],
  );
  await client.query(
    `INSERT INTO cluster_marks (series_id, mark, since_census, cluster_id, because)
     SELECT $1::integer, identity, $2::integer, cluster_id, because FROM groups
     WHERE NOT is_shared AND NOT EXISTS (
       SELECT FROM claims WHERE claims.group_key = groups.group_key AND by_identity
                            AND claims.cluster_id = groups.cluster_id)
     UNION ALL
     -- A schema that stands for a cluster already stays with it: a copy of the header changes nothing.
     SELECT $1::integer, flow_schema, $2::integer, min(cluster_id), min(CASE WHEN is_shared THEN because ELSE 'shown-with' END)
     FROM groups
     WHERE flow_schema IS NOT NULL
       AND NOT EXISTS (SELECT FROM claims WHERE claims.group_key = groups.group_key AND NOT by_identity)
     GROUP BY flow_schema
     ON CONFLICT DO NOTHING`,
    [seriesId, censusNumber],
  );
}

/** Ends the memberships that no longer hold as they are, and opens those that begin. Gives the number of each. */
export async function writeMemberships(
  client: Queryable,
  { seriesId, censusNumber }: FoldedCensus,
): Promise<{ ended: number; opened: number }> {
  const wanted = `
    SELECT folding.endpoint_id, evidence_id, possession, cluster_id,
           CASE reason WHEN 'mark' THEN CASE WHEN is_shared THEN groups.flow_schema ELSE folding.identity END
                       WHEN 'template' THEN folding.identity END AS mark,
           reason, mirrored
    FROM folding LEFT JOIN groups USING (group_key)`;
  const same = `(known.evidence_id, known.possession, known.cluster_id, known.mark, known.reason, known.mirrored)
                IS NOT DISTINCT FROM
                (wanted.evidence_id, wanted.possession, wanted.cluster_id, wanted.mark, wanted.reason, wanted.mirrored)`;
  const ended = await client.query(
    `WITH wanted AS MATERIALIZED (${wanted})
     UPDATE memberships AS known SET last_census = $2 - 1
     FROM (SELECT endpoint_id FROM touched UNION SELECT endpoint_id FROM folding) AS looked_at
     LEFT JOIN wanted USING (endpoint_id)
     WHERE known.series_id = $1 AND known.last_census IS NULL AND known.endpoint_id = looked_at.endpoint_id
       AND (wanted.endpoint_id IS NULL OR NOT (${same}))`,
    [seriesId, censusNumber],
  );
  await client.query(
    `INSERT INTO standing
     SELECT endpoint_id FROM memberships
     WHERE series_id = $1 AND last_census IS NULL AND endpoint_id IN (SELECT endpoint_id FROM folding)`,
    [seriesId],
  );
  await analyzeTable(client, 'standing');
  const opened = await client.query(
    `INSERT INTO memberships (series_id, endpoint_id, first_census, evidence_id, possession, cluster_id, mark, reason, mirrored)
     SELECT $1::integer, endpoint_id, $2::integer, evidence_id, possession, cluster_id, mark, reason, mirrored
     FROM (${wanted}) AS wanted
     WHERE NOT EXISTS (SELECT FROM standing WHERE standing.endpoint_id = wanted.endpoint_id)
     ORDER BY endpoint_id`,
    [seriesId, censusNumber],
  );
  return { ended: ended.rowCount ?? 0, opened: opened.rowCount ?? 0 };
}
