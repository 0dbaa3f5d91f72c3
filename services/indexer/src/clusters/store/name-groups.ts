import type { Queryable } from '@kubecensus/shared/database';
import type { Claim, Group, Settled } from '../settle-claims.ts';
import { analyzeTable, type FoldedCensus, joinWholeTables } from './create-fold-tables.ts';

const FOUNDING_MARK = 'CASE WHEN is_shared THEN flow_schema ELSE identity END';

/** Fills `claims`. An identity that several clusters show claims nothing. */
export async function insertClaims(client: Queryable, { seriesId, censusNumber }: FoldedCensus): Promise<void> {
  await client.query(
    `WITH claiming AS (
       SELECT group_key, true AS by_identity, identity AS mark FROM groups WHERE NOT is_shared
       UNION ALL
       SELECT group_key, false, flow_schema FROM groups WHERE flow_schema IS NOT NULL
     ), known AS MATERIALIZED (
       SELECT DISTINCT ON (mark) mark, cluster_id, since_census
       FROM (SELECT DISTINCT mark FROM claiming) AS wanted JOIN cluster_marks USING (mark)
       WHERE series_id = $1 AND since_census <= $2
       ORDER BY mark, since_census DESC
     )
     INSERT INTO claims (group_key, by_identity, cluster_id, first_census, since)
     SELECT group_key, by_identity, cluster_id, first_census, since_census
     FROM claiming JOIN known USING (mark) JOIN clusters USING (cluster_id)
     WHERE clusters.series_id = $1`,
    [seriesId, censusNumber],
  );
  await analyzeTable(client, 'claims');
}

/** Names what nobody contests: a group with one cluster that no other claims, and a group with none and a new mark. */
export async function nameUncontested(client: Queryable, { seriesId }: FoldedCensus): Promise<void> {
  await joinWholeTables(client, true);
  await client.query(
    `UPDATE groups SET cluster_id = single.cluster_id, because = 'shown-with'
     FROM (
       SELECT group_key, min(cluster_id) AS cluster_id FROM claims
       GROUP BY group_key HAVING count(DISTINCT cluster_id) = 1
     ) AS single
     JOIN (
       SELECT cluster_id FROM claims GROUP BY cluster_id HAVING count(DISTINCT group_key) = 1
     ) AS uncontested USING (cluster_id)
     WHERE single.group_key = groups.group_key`,
  );
  await client.query(
    `UPDATE groups SET cluster_id = ${FOUNDING_MARK}, because = 'founded'
     FROM (
       SELECT min(group_key) AS group_key, ${FOUNDING_MARK} AS mark FROM groups GROUP BY mark HAVING count(*) = 1
     ) AS fresh
     WHERE fresh.group_key = groups.group_key
       AND NOT EXISTS (SELECT FROM claims WHERE claims.group_key = groups.group_key)
       AND NOT EXISTS (SELECT FROM clusters WHERE series_id = $1 AND clusters.cluster_id = fresh.mark)`,
    [seriesId],
  );
  await joinWholeTables(client, false);
}

/** Groups that have no name yet, with what they claim; and of their founding marks those that are clusters already. */
export async function selectContested(
  client: Queryable,
  { seriesId }: FoldedCensus,
): Promise<{ groups: Group[]; taken: ReadonlySet<string> }> {
  const claim = (byIdentity: boolean) =>
    `(SELECT json_build_object('clusterId', claims.cluster_id, 'firstCensus', first_census, 'since', since)
      FROM claims WHERE claims.group_key = groups.group_key AND by_identity = ${byIdentity})`;
  const { rows } = await client.query<{
    key: string;
    foundingMark: string;
    byIdentity: Claim | null;
    byFlowSchema: Claim | null;
    isTaken: boolean;
  }>(
    `SELECT group_key AS key, ${FOUNDING_MARK} AS "foundingMark",
            ${claim(true)} AS "byIdentity", ${claim(false)} AS "byFlowSchema",
            EXISTS (SELECT FROM clusters WHERE series_id = $1 AND clusters.cluster_id = ${FOUNDING_MARK})
              OR EXISTS (SELECT FROM groups AS named WHERE named.cluster_id = ${FOUNDING_MARK.replaceAll(/(is_shared|flow_schema|identity)/g, 'groups.$1')})
              AS "isTaken"
     FROM groups WHERE cluster_id IS NULL`,
    [seriesId],
  );
  return {
    groups: rows.map(({ isTaken: _isTaken, ...group }) => group),
    taken: new Set(rows.filter(({ isTaken }) => isTaken).map(({ foundingMark }) => foundingMark)),
  };
}

export async function updateGroups(client: Queryable, settled: readonly Settled[]): Promise<void> {
  if (settled.length === 0) return;
  await client.query(
    `UPDATE groups SET cluster_id = new.cluster_id, because = new.because
     FROM unnest($1::text[], $2::text[], $3::text[]) AS new (group_key, cluster_id, because)
     WHERE new.group_key = groups.group_key`,
    [settled.map(({ key }) => key), settled.map(({ clusterId }) => clusterId), settled.map(({ because }) => because)],
  );
}
