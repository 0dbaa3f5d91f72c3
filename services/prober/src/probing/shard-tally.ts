import type { Observation, ShardSummary } from '@kubecensus/shared/messages';

/** Counts what came of a shard's targets. */
export interface ShardTally {
  count(observation: Observation): void;
  toSummary(): ShardSummary;
}

export function createShardTally(): ShardTally {
  const outcomes: ShardSummary['outcomes'] = {};
  const secondConnections = { fallback: 0, 'loss-sample': 0, 'worker-death': 0 };
  let targets = 0;
  return {
    count({ outcome, secondConnection }) {
      targets += 1;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (secondConnection !== undefined) secondConnections[secondConnection] += 1;
    },
    toSummary: () => ({ targets, outcomes: { ...outcomes }, secondConnections: { ...secondConnections } }),
  };
}
