/** A shard's work at full rate. Long enough to keep the store idle, short enough that a kill repeats little. */
const SHARD_SECONDS = 10;
/** So that probers of unequal speed end together, and a killed one of a small scan costs a fraction of it. */
const SHARDS_PER_PROBER = 4;
/** Rows of one scan at most. A slow scan of a vast scope has longer shards instead; it takes months as it is. */
export const MAX_SHARDS = 1_000_000;

/** Targets of each shard but the last. */
export function toShardSize(targetCount: number, rate: number, probers: number): number {
  const byTime = Math.ceil((rate / probers) * SHARD_SECONDS);
  const byShare = Math.ceil(targetCount / (probers * SHARDS_PER_PROBER));
  const least = Math.ceil(targetCount / MAX_SHARDS);
  return Math.max(1, least, Math.min(byTime, byShare));
}
