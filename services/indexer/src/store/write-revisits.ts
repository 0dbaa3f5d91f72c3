import type { Queryable } from '@kubecensus/shared/database';
import { SHARDS_CHANNEL } from '@kubecensus/shared/messages';

/** Adds endpoints to a scan's revisits of `round`; numbers go on from the last one of the scan. */
export async function insertRevisits(
  client: Queryable,
  scanId: string,
  round: 1 | 2,
  endpointIds: readonly number[],
): Promise<void> {
  // By a hash of the endpoint: neighbours in one prefix are spread over the shards, as the permutation spreads a scope.
  await client.query(
    `INSERT INTO revisits (scan_id, revisit_number, round, endpoint_id, address, port, component)
     SELECT $1,
            (SELECT COALESCE(max(revisit_number) + 1, 0) FROM revisits WHERE scan_id = $1)
              + row_number() OVER (ORDER BY hashint8(endpoint_id), endpoint_id) - 1,
            $2, endpoint_id, address, port, component
     FROM endpoints WHERE endpoint_id = ANY($3)`,
    [scanId, round, endpointIds],
  );
}

/** Puts the targets of the first round that ended in one of `outcomes` into the second. Gives their number. */
export async function insertSecondRevisits(
  client: Queryable,
  scanId: string,
  outcomes: readonly string[],
): Promise<number> {
  const { rows } = await client.query<{ endpointId: number }>(
    `SELECT endpoint_id AS "endpointId" FROM revisits WHERE scan_id = $1 AND round = 1 AND outcome = ANY($2)`,
    [scanId, outcomes],
  );
  await insertRevisits(
    client,
    scanId,
    2,
    rows.map(({ endpointId }) => endpointId),
  );
  return rows.length;
}

/** running or revisiting -> revisiting, with a round whose shards wait until `delayMs` from now. */
export async function updateScanToRevisit(
  client: Queryable,
  scanId: string,
  round: number,
  delayMs: number,
): Promise<void> {
  await client.query(
    `UPDATE scans SET state = 'revisiting', revisit_round = $2,
                      revisit_at = now() + make_interval(secs => $3::double precision / 1000)
     WHERE scan_id = $1`,
    [scanId, round, delayMs],
  );
}

/** Cuts a round into shards; from now on the scan waits for them and for no clock. Gives the number of shards. */
export async function insertRevisitShards(
  client: Queryable,
  scanId: string,
  round: number,
  targetsPerShard: number,
): Promise<number> {
  const { rowCount } = await client.query(
    `WITH extent AS (
       SELECT min(revisit_number) AS first, max(revisit_number) AS last FROM revisits WHERE scan_id = $1 AND round = $2
     )
     INSERT INTO shards (scan_id, shard_number, kind, start_index, end_index)
     SELECT $1, (SELECT COALESCE(max(shard_number) + 1, 0) FROM shards WHERE scan_id = $1) + (start - first) / $3::bigint,
            'revisit', start, LEAST(start + $3::bigint, last + 1)
     FROM extent, generate_series(first, last, $3::bigint) AS start`,
    [scanId, round, targetsPerShard],
  );
  await client.query(`UPDATE scans SET revisit_at = NULL WHERE scan_id = $1`, [scanId]);
  await client.query('SELECT pg_notify($1, $2)', [SHARDS_CHANNEL, '']);
  return rowCount ?? 0;
}
