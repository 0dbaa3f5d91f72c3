import type { Queryable } from '@kubecensus/shared/database';
import type { Outcome } from '@kubecensus/shared/vocabulary';

export interface ProgressRow {
  kind: 'census' | 'ad-hoc' | 'check' | 'import';
  state: 'running' | 'revisiting' | 'completed' | 'aborted';
  target_count: number;
  shard_count: number;
  rate: number;
  started_at: Date;
  completed_at: Date | null;
  shards: Partial<Record<'pending' | 'queued' | 'leased' | 'probed' | 'done', number>> | null;
  /** Shards of the scope that have a row; the others are made as these are given out. */
  laid_out: number;
  looked_at: number;
  outcomes: Partial<Record<Outcome, number>> | null;
}

/** A scan and the sums over its shards; undefined where there is no such scan. */
export async function readProgress(client: Queryable, scanId: string): Promise<ProgressRow | undefined> {
  const { rows } = await client.query<ProgressRow>(
    `SELECT kind, state, target_count, shard_count, rate, started_at, completed_at,
            (SELECT jsonb_object_agg(state, count)
               FROM (SELECT shards.state, count(*) FROM shards WHERE scan_id = $1 GROUP BY shards.state) AS by_state) AS shards,
            (SELECT count(*) FROM shards WHERE scan_id = $1 AND shards.kind = 'scope') AS laid_out,
            (SELECT COALESCE(sum((summary ->> 'targets')::bigint), 0)::bigint
               FROM shards WHERE scan_id = $1 AND shards.kind = 'scope') AS looked_at,
            (SELECT jsonb_object_agg(outcome, count)
               FROM (SELECT key AS outcome, sum(value::bigint) AS count
                       FROM shards, jsonb_each_text(summary -> 'outcomes')
                      WHERE scan_id = $1 AND shards.kind = 'scope' GROUP BY key) AS by_outcome) AS outcomes
       FROM scans WHERE scan_id = $1`,
    [scanId],
  );
  return rows[0];
}
