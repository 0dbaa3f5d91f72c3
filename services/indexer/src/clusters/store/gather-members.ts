import type { Queryable } from '@kubecensus/shared/database';
import { WHOLE_PREFIX_ADDRESSES, WHOLE_PREFIX_PORTS } from '../limits.ts';
import { analyzeTable, type FoldedCensus, joinWholeTables } from './create-fold-tables.ts';

const PREFIX = 'network(set_masklen(address, CASE family(address) WHEN 4 THEN 24 ELSE 48 END))';

/** Narrows sightings down to the months in which those end that were open in a census; `number` is SQL of ours. */
function toMonthsFrom(number: string): string {
  return `sightings.last_on >= COALESCE((SELECT min((as_of AT TIME ZONE 'UTC')::date) FROM censuses
                                         WHERE censuses.series_id = $1 AND censuses.census_number >= ${number}), '-infinity')`;
}

/** Sightings of the census. Absent endpoints are in it as they were: nothing proves them gone. */
const AS_OF = `sightings.series_id = $1 AND sightings.first_census <= $2 AND COALESCE(sightings.last_census, $2) >= $2
               AND ${toMonthsFrom('$2')}`;

/** Fills `touched`. Where nothing of the series was folded before, everything is new, whenever it was seen first. */
export async function insertTouched(client: Queryable, { seriesId, censusNumber }: FoldedCensus): Promise<void> {
  const folded = await client.query('SELECT FROM memberships WHERE series_id = $1 LIMIT 1', [seriesId]);
  await client.query(
    folded.rowCount === 0
      ? `INSERT INTO touched SELECT DISTINCT endpoint_id FROM sightings WHERE ${AS_OF}`
      : `INSERT INTO touched
         SELECT endpoint_id FROM sightings
         WHERE series_id = $1 AND (first_census = $2 OR last_census = $2 - 1) AND ${toMonthsFrom('$2 - 1')}
         UNION
         SELECT endpoint_id FROM possessions WHERE series_id = $1 AND since_census = $2`,
    [seriesId, censusNumber],
  );
  await analyzeTable(client, 'touched');
  if (folded.rowCount === 0) await joinWholeTables(client, true);
}

/** Fills `whole`, and touches what lies in such a prefix, or is a mirror's and does so no longer. */
export async function insertWholePrefixes(client: Queryable, { seriesId, censusNumber }: FoldedCensus): Promise<void> {
  await client.query(
    `WITH shown AS MATERIALIZED (
       SELECT endpoint_id, address, port, ${PREFIX} AS prefix
       FROM sightings JOIN endpoints USING (endpoint_id) WHERE ${AS_OF} AND component = 'kube-apiserver'
     ), full_enough AS (
       SELECT prefix FROM shown GROUP BY prefix HAVING count(*) >= $3::integer * $4::integer
     ), busy AS (
       SELECT prefix, address FROM shown JOIN full_enough USING (prefix)
       GROUP BY prefix, address HAVING count(DISTINCT port) >= $4
     ), found AS (
       INSERT INTO whole SELECT prefix FROM busy GROUP BY prefix HAVING count(*) >= $3 RETURNING prefix
     )
     INSERT INTO touched
     SELECT endpoint_id FROM shown JOIN found USING (prefix)
     UNION
     SELECT endpoint_id FROM memberships WHERE series_id = $1 AND last_census IS NULL AND mirrored
     ON CONFLICT DO NOTHING`,
    [seriesId, censusNumber, WHOLE_PREFIX_ADDRESSES, WHOLE_PREFIX_PORTS],
  );
}

/**
 * Fills `marks` with the identities that touched endpoints show or showed, and with those of every cluster that one of
 * these stands for, or that the touched flow schemas do: what a cluster is called depends on all that claim its name.
 */
export async function insertMarks(client: Queryable, { seriesId, censusNumber }: FoldedCensus): Promise<void> {
  await client.query(
    `WITH shown AS MATERIALIZED (
       SELECT DISTINCT identity, flow_schema
       FROM (
         SELECT evidence_id FROM touched JOIN sightings USING (endpoint_id) WHERE ${AS_OF}
         UNION ALL
         SELECT evidence_id FROM touched JOIN memberships USING (endpoint_id)
         WHERE memberships.series_id = $1 AND memberships.last_census IS NULL
       ) AS seen
       JOIN evidence_marks USING (evidence_id)
     ), direct AS (
       SELECT identity AS mark FROM shown WHERE identity IS NOT NULL
       UNION SELECT flow_schema FROM shown WHERE flow_schema IS NOT NULL
     ), called AS (
       SELECT DISTINCT series_id, cluster_id FROM direct JOIN cluster_marks USING (mark) WHERE series_id = $1
     )
     INSERT INTO marks
     SELECT mark FROM direct UNION SELECT mark FROM called JOIN cluster_marks USING (series_id, cluster_id)`,
    [seriesId, censusNumber],
  );
  await analyzeTable(client, 'marks');
}

/** Fills `folding` with all that shows one of the marks' identities, and with the touched that show none. */
export async function insertFolding(client: Queryable, { seriesId, censusNumber }: FoldedCensus): Promise<void> {
  await client.query(
    `WITH shown AS (
       SELECT evidence_id FROM marks JOIN evidence_marks ON identity = mark
     ), member AS (
       SELECT sightings.endpoint_id, sightings.evidence_id FROM shown JOIN sightings USING (evidence_id) WHERE ${AS_OF}
       UNION
       SELECT sightings.endpoint_id, sightings.evidence_id FROM touched JOIN sightings USING (endpoint_id) WHERE ${AS_OF}
     )
     INSERT INTO folding (endpoint_id, address, prefix, port, is_api, is_absent, evidence_id, shown_hash, identity,
                          flow_schema, possession)
     SELECT member.endpoint_id, address, ${PREFIX}, endpoints.port, endpoints.component = 'kube-apiserver',
            EXISTS (SELECT FROM absences WHERE absences.series_id = $1 AND absences.census_number = $2
                    AND absences.endpoint_id = member.endpoint_id),
            member.evidence_id, shown_hash, identity, flow_schema,
            (SELECT possession FROM possessions
             WHERE possessions.series_id = $1 AND possessions.endpoint_id = member.endpoint_id
               AND possessions.certificate_hash = chain[1] AND since_census <= $2
             ORDER BY since_census DESC LIMIT 1)
     FROM member
     JOIN endpoints USING (endpoint_id)
     JOIN evidence ON evidence.evidence_id = member.evidence_id
     LEFT JOIN evidence_marks ON evidence_marks.evidence_id = member.evidence_id
     WHERE evidence.outcome <> 'look-alike'`,
    [seriesId, censusNumber],
  );
  await analyzeTable(client, 'folding');
}
