import { prepared, type Queryable } from '@kubecensus/shared/database';

/** What of a sweep there may be to do. Each part looks again for itself. */
export interface DueWork {
  /** Shards whose last batch was committed before the prober named their number. */
  hasProbed: boolean;
  /** Open scans without a shard that is not done, whose next step is due. */
  hasScans: boolean;
  hasMessages: boolean;
  hasLateBatches: boolean;
}

/** One statement for all of them: nearly every sweep finds nothing, and there are two a second. */
export async function selectDueWork(client: Queryable): Promise<DueWork> {
  const { rows } = await client.query<DueWork>(
    prepared(
      `SELECT EXISTS (SELECT FROM shards WHERE state = 'probed' AND batches_committed >= batch_count) AS "hasProbed",
              EXISTS (SELECT FROM scans
                      WHERE state IN ('running', 'revisiting') AND COALESCE(revisit_at, now()) <= now()
                        AND NOT EXISTS (SELECT FROM shards WHERE shards.scan_id = scans.scan_id AND shards.state <> 'done')
                     ) AS "hasScans",
              EXISTS (SELECT FROM outbox WHERE relayed_at IS NULL) AS "hasMessages",
              EXISTS (SELECT FROM late_batches) AS "hasLateBatches"`,
      [],
    ),
  );
  const [due] = rows;
  if (due === undefined) throw new RangeError('a SELECT without FROM gave no row');
  return due;
}
