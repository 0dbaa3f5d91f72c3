import type { Queryable } from '@kubecensus/shared/database';
import { MAX_CLUSTER_ADDRESSES, MAX_CLUSTER_NETWORKS, MAX_EQUAL_ADDRESSES, MAX_EQUAL_PORTS } from '../limits.ts';
import { analyzeTable, type FoldedCensus } from './create-fold-tables.ts';

/** One server that shows itself in many places: the same certificate, or a whole prefix of API servers. */
export async function updateMirrored(client: Queryable): Promise<void> {
  const mark = async (place: string, counted: string, limit: number) => {
    await client.query(
      `UPDATE folding SET mirrored = true
       FROM (SELECT ${place}, shown_hash FROM folding WHERE identity IS NOT NULL
             GROUP BY ${place}, shown_hash HAVING count(DISTINCT ${counted}) > $1) AS equal
       WHERE folding.${place} = equal.${place} AND folding.shown_hash = equal.shown_hash AND identity IS NOT NULL`,
      [limit],
    );
  };
  await mark('prefix', 'address', MAX_EQUAL_ADDRESSES);
  await mark('address', 'port', MAX_EQUAL_PORTS);
  await client.query('UPDATE folding SET mirrored = true FROM whole WHERE folding.prefix = whole.prefix AND is_api');
}

/** API servers that hold the key of what they show: a stranger with copies makes no template of his victim. */
const COUNTS = `is_api AND possession = 'proved' AND NOT mirrored`;

/**
 * Keeps marks that more than one cluster shows: those on too many addresses or in too many networks, and identities
 * under which two control planes answer at once.
 */
export async function insertTemplates(client: Queryable, { seriesId, censusNumber }: FoldedCensus): Promise<void> {
  await client.query(
    `WITH shown AS MATERIALIZED (
       SELECT mark, count(DISTINCT address) AS addresses
       FROM folding, unnest(ARRAY[identity, flow_schema]) AS mark
       WHERE mark IS NOT NULL AND ${COUNTS}
       GROUP BY mark HAVING count(DISTINCT address) > $4
     ), spread AS (
       SELECT mark, count(DISTINCT asn) AS networks
       FROM shown JOIN folding ON mark IN (identity, flow_schema)
       CROSS JOIN LATERAL (
         SELECT place_id FROM endpoint_places
         WHERE endpoint_places.endpoint_id = folding.endpoint_id AND endpoint_places.series_id = $1
           AND first_census <= $2
         ORDER BY first_census DESC LIMIT 1) AS spot
       JOIN places USING (place_id)
       WHERE ${COUNTS}
       GROUP BY mark HAVING count(DISTINCT asn) > $4
     )
     INSERT INTO templates (series_id, mark, since_census, because, seen_on)
     SELECT $1::integer, mark, $2::integer, 'addresses', addresses FROM shown WHERE addresses > $3
     UNION ALL
     SELECT $1::integer, mark, $2::integer, 'networks', networks FROM spread JOIN shown USING (mark) WHERE addresses <= $3
     ON CONFLICT DO NOTHING`,
    [seriesId, censusNumber, MAX_CLUSTER_ADDRESSES, MAX_CLUSTER_NETWORKS],
  );
  await client.query(
    `INSERT INTO templates (series_id, mark, since_census, because, seen_on)
     SELECT $1::integer, identity, $2::integer, 'flow-schemas', count(DISTINCT flow_schema)
     FROM folding
     WHERE ${COUNTS} AND NOT is_absent
       AND NOT EXISTS (SELECT FROM templates WHERE templates.series_id = $1 AND templates.mark = flow_schema)
     GROUP BY identity HAVING count(DISTINCT flow_schema) > 1
     ON CONFLICT DO NOTHING`,
    [seriesId, censusNumber],
  );
}

/** Says of each member what it is counted by, or why by nothing; and fills `groups` with what an API server is in. */
export async function insertGroups(client: Queryable, { seriesId }: FoldedCensus): Promise<void> {
  await client.query(
    `UPDATE folding SET
       reason = CASE
         WHEN identity IS NULL THEN 'no-mark'
         WHEN possession = 'failed' THEN 'replayed'
         WHEN possession IS NULL THEN 'not-proved'
         WHEN NOT shared OR own_schema IS NOT NULL THEN 'mark'
         ELSE 'template' END,
       group_key = CASE
         WHEN identity IS NULL OR possession IS DISTINCT FROM 'proved' THEN NULL
         WHEN NOT shared THEN identity
         ELSE identity || '|' || own_schema END,
       flow_schema = own_schema
     FROM (
       SELECT endpoint_id,
              EXISTS (SELECT FROM templates WHERE series_id = $1 AND mark = identity) AS shared,
              CASE WHEN NOT EXISTS (SELECT FROM templates WHERE series_id = $1 AND mark = flow_schema)
                   THEN flow_schema END AS own_schema
       FROM folding
     ) AS judged
     WHERE judged.endpoint_id = folding.endpoint_id`,
    [seriesId],
  );
  // Of an absent member the schema may be an old one: it counts where no other is seen.
  await client.query(
    `INSERT INTO groups (group_key, is_shared, identity, flow_schema)
     SELECT group_key, group_key <> identity, identity,
            COALESCE(min(flow_schema) FILTER (WHERE NOT is_absent), min(flow_schema))
     FROM folding WHERE group_key IS NOT NULL AND is_api
     GROUP BY group_key, identity`,
  );
  await client.query(
    `UPDATE folding SET reason = 'no-api-server', group_key = NULL
     WHERE group_key IS NOT NULL AND NOT is_api
       AND NOT EXISTS (SELECT FROM groups WHERE groups.group_key = folding.group_key)`,
  );
  await analyzeTable(client, 'groups');
}
