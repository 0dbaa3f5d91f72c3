import type { Queryable } from '@kubecensus/shared/database';

/** One pass of one prober over a shard. */
export interface ShardAttempt {
  readonly attempt: number;
  readonly startedAt: Date;
  /** Absent while it is under way. */
  readonly endedAt: Date | undefined;
  /** It came to the end of the shard, so that every target of it was looked at. */
  readonly isWhole: boolean;
}

interface AttemptRow {
  attempt: number;
  started_at: Date;
  ended_at: Date | null;
  is_whole: boolean;
}

/** The attempts at a shard, oldest first. */
export async function listAttempts(client: Queryable, scanId: string, shardNumber: number): Promise<ShardAttempt[]> {
  const { rows } = await client.query<AttemptRow>(
    `SELECT attempt, started_at, ended_at, false AS is_whole FROM shard_attempts
     WHERE scan_id = $1 AND shard_number = $2
     UNION ALL
     SELECT attempt, started_at, finished_at, state IN ('probed', 'done') FROM shards
     WHERE scan_id = $1 AND shard_number = $2 AND attempt > 0
     ORDER BY attempt`,
    [scanId, shardNumber],
  );
  return rows.map((row) => ({
    attempt: row.attempt,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    isWhole: row.is_whole,
  }));
}

export interface RevisitOfAddress {
  readonly scanId: string;
  readonly shardNumber: number;
  readonly port: number;
  readonly component: string;
}

/** Where an address was to be looked at again at the end of a census. */
export async function listRevisits(client: Queryable, address: string): Promise<RevisitOfAddress[]> {
  const { rows } = await client.query<{ scan_id: string; shard_number: number; port: number; component: string }>(
    `SELECT revisits.scan_id::text, shard_number, port, component
     FROM revisits JOIN shards ON shards.scan_id = revisits.scan_id AND shards.kind = 'revisit'
       AND revisit_number >= start_index AND revisit_number < end_index
     WHERE address = $1::inet ORDER BY revisits.scan_id, revisit_number`,
    [address],
  );
  return rows.map((row) => ({
    scanId: row.scan_id,
    shardNumber: row.shard_number,
    port: row.port,
    component: row.component,
  }));
}

/** When an address was excluded, by itself or by the IPv4 address inside it. */
export async function listExcludedTimes(
  client: Queryable,
  addresses: readonly string[],
): Promise<{ from: Date; until: Date | undefined }[]> {
  const { rows } = await client.query<{ valid_from: Date; valid_until: Date | null }>(
    `SELECT valid_from, valid_until FROM exclusions, unnest($1::inet[]) AS address
     WHERE first_address <= address AND address <= last_address AND family(first_address) = family(address)`,
    [addresses],
  );
  return rows.map((row) => ({ from: row.valid_from, until: row.valid_until ?? undefined }));
}
