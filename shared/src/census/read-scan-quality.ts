import type { Queryable } from '../database/index.ts';
import { type CensusQuality, toCensusQuality } from './census-quality.ts';
import { sumShards } from './store/sum-shards.ts';

/** How well each scan saw, by the shards that ended so far; in the order of the scans. */
export async function readScanQuality(client: Queryable, scanIds: readonly string[]): Promise<CensusQuality[]> {
  return (await sumShards(client, scanIds)).map(toCensusQuality);
}
