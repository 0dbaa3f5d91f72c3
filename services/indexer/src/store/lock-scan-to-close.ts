import type { Queryable } from '@kubecensus/shared/database';

export interface ClosableScan {
  scanId: string;
  kind: 'census' | 'ad-hoc' | 'check';
  seriesId: number | null;
  state: 'running' | 'revisiting';
  scopeHash: Buffer;
  rate: number;
  /** Revisit rounds planned so far. */
  revisitRound: number;
  /** The last planned round has no shards yet. */
  revisitWaits: boolean;
}

/** Open scans whose shards are all done and whose next step is due, oldest first. */
export async function selectScansToAdvance(client: Queryable): Promise<string[]> {
  const { rows } = await client.query<{ scanId: string }>(
    `SELECT scan_id::text AS "scanId" FROM scans
     WHERE state IN ('running', 'revisiting') AND COALESCE(revisit_at, now()) <= now()
       AND NOT EXISTS (SELECT FROM shards WHERE shards.scan_id = scans.scan_id AND shards.state <> 'done')
     ORDER BY scan_id`,
  );
  return rows.map((row) => row.scanId);
}

/**
 * Locks one of them, so that no batch of it is committed and no other indexer closes it before this transaction ends.
 * Undefined where there is nothing to do any more, or another indexer is at it. A scan counts as looked at only when
 * all the shards it was planned with are there: one whose planning is under way has none that is not done either.
 */
export async function lockScanToClose(client: Queryable, scanId: string): Promise<ClosableScan | undefined> {
  const { rows } = await client.query<ClosableScan>(
    `SELECT scan_id::text AS "scanId", kind, series_id AS "seriesId", state, scope_hash AS "scopeHash", rate,
            revisit_round AS "revisitRound", revisit_at IS NOT NULL AS "revisitWaits"
     FROM scans
     WHERE scan_id = $1 AND state IN ('running', 'revisiting') AND COALESCE(revisit_at, now()) <= now()
       AND NOT EXISTS (SELECT FROM shards WHERE shards.scan_id = scans.scan_id AND shards.state <> 'done')
       AND shard_count = (SELECT count(*) FROM shards WHERE shards.scan_id = scans.scan_id AND shards.kind = 'scope')
     FOR UPDATE SKIP LOCKED`,
    [scanId],
  );
  return rows[0];
}

/**
 * Waits until no other transaction closes a scan, whichever: they all write the current state, and two that met there
 * would each hold what the other wants.
 */
export async function lockClosing(client: Queryable): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(hashtext('kubecensus: closing a scan'))`);
}
