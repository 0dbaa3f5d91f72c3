import type { Queryable } from '@kubecensus/shared/database';
import type { Component } from '@kubecensus/shared/vocabulary';
import type { RevisitTarget } from '../probing/thread-messages.ts';
import type { LeasedShard } from './lease-shard.ts';

/** The targets of a revisit shard, in order of their numbers. */
export async function readRevisits(client: Queryable, lease: LeasedShard): Promise<RevisitTarget[]> {
  const { rows } = await client.query<{ address: string; port: number; component: Component }>(
    `SELECT host(address) AS address, port, component FROM revisits
     WHERE scan_id = $1 AND revisit_number >= $2 AND revisit_number < $3 ORDER BY revisit_number`,
    [lease.shard.scanId, lease.startIndex, lease.endIndex],
  );
  return rows;
}
