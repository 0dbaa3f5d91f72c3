import type { Queryable } from '@kubecensus/shared/database';
import type { Component } from '@kubecensus/shared/vocabulary';
import type { RevisitTarget } from '../probing/thread-messages.ts';

/** Canaries in one shard: some hundred looks in a scan of some dozen shards, a trifle beside its targets. */
const PER_SHARD = 3;

/** Some of the operator's own endpoints, others each time. */
export async function chooseCanaries(client: Queryable): Promise<RevisitTarget[]> {
  const { rows } = await client.query<{ address: string; port: number; component: Component }>(
    `SELECT host(address) AS address, port, component FROM canaries WHERE removed_at IS NULL ORDER BY random() LIMIT $1`,
    [PER_SHARD],
  );
  return rows;
}
