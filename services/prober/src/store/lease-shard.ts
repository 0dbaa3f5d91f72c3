import type { Queryable } from '@kubecensus/shared/database';
import { SHARDS_CHANNEL, type Shard } from '@kubecensus/shared/messages';

/** A shard that this process has, until its lease runs out. */
export interface LeasedShard {
  readonly shard: Shard;
  /** 1 for the first. */
  readonly attempt: number;
  readonly token: string;
  readonly kind: 'scope' | 'revisit';
  readonly startIndex: number;
  readonly endIndex: number;
  /** Whoever asked for a check is told of each target, also where nothing was found; and so is a revisit. */
  readonly recordsAll: boolean;
}

interface LeasedRow {
  attempt: number;
  lease_token: string;
  kind: 'scope' | 'revisit';
  start_index: number;
  end_index: number;
  records_all: boolean;
}

/**
 * pending or queued -> leased, in one statement: of several who ask at once one gets it. A lease that ran out is taken
 * over. `undefined` where the shard is somebody else's, or its scan is closed. Of an earlier attempt it is kept that it
 * was made, and nothing that it counted.
 */
export async function leaseShard(
  client: Queryable,
  shard: Shard,
  leasedBy: string,
  leaseMs: number,
): Promise<LeasedShard | undefined> {
  const { rows } = await client.query<LeasedRow>(
    `WITH free AS (
       SELECT attempt, leased_by, started_at, finished_at FROM shards
       WHERE scan_id = $1 AND shard_number = $2
         AND (state IN ('pending', 'queued') OR (state = 'leased' AND lease_until < clock_timestamp()))
         AND EXISTS (SELECT FROM scans WHERE scans.scan_id = $1 AND scans.state IN ('running', 'revisiting'))
       FOR UPDATE
     ), kept AS (
       INSERT INTO shard_attempts (scan_id, shard_number, attempt, prober, started_at, ended_at)
       SELECT $1, $2, attempt, COALESCE(leased_by, ''), COALESCE(started_at, clock_timestamp()),
              COALESCE(finished_at, clock_timestamp()) FROM free WHERE attempt > 0
     ), leased AS (
       UPDATE shards
       SET state = 'leased', attempt = free.attempt + 1, lease_token = gen_random_uuid(), leased_by = $3,
           lease_until = clock_timestamp() + make_interval(secs => $4::float8 / 1000),
           started_at = clock_timestamp(), finished_at = NULL,
           batch_count = NULL, batches_committed = 0, summary = NULL
       FROM free WHERE scan_id = $1 AND shard_number = $2
       RETURNING shards.attempt, lease_token, kind, start_index, end_index
     )
     SELECT leased.*, (SELECT scans.kind = 'check' OR (scans.kind = 'ad-hoc' AND scans.target_count <= 65536)
                    FROM scans WHERE scans.scan_id = $1) AS records_all, pg_notify($5, '')
     FROM leased`,
    [shard.scanId, shard.shardNumber, leasedBy, leaseMs, SHARDS_CHANNEL],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    shard,
    attempt: row.attempt,
    token: row.lease_token,
    kind: row.kind,
    startIndex: row.start_index,
    endIndex: row.end_index,
    recordsAll: row.records_all || row.kind === 'revisit',
  };
}
