import { emptyShardSummary, type Observation, type ShardSummary } from '@kubecensus/shared/messages';
import type { Outcome } from '@kubecensus/shared/vocabulary';

/** A SYN that is not answered is sent again after one second, and on newer systems after each further one. */
const RETRANSMIT_MS = 1_000;
/** Timers may run this much early. */
const CLOCK_SLACK_MS = 10;

/** Later than this, and answers are heard too late to trust a time-out. */
export const MAX_LAG_MS = 250;

/** What is one of ours, or nothing at all: an answer that shows the component. */
const RECOGNISED: ReadonlySet<Outcome> = new Set<Outcome>(['answered', 'present']);

/** Counts what came of a shard's targets. */
export interface ShardTally {
  count(observation: Observation): void;
  countCanary(observation: Observation): void;
  /** A target that had answered was dialled once more. */
  countLossSample(observation: Observation): void;
  /** So long the thread was watched, and so late it was. */
  countPulse(watchedMs: number, lagMs: number): void;
  toSummary(): ShardSummary;
}

export function createShardTally(): ShardTally {
  const summary = emptyShardSummary();
  const { outcomes, secondConnections, connects, lossSample, canaries, lag } = summary;
  return {
    count({ outcome, secondConnection, connectMs }) {
      summary.targets += 1;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (secondConnection !== undefined) secondConnections[secondConnection] += 1;
      if (connectMs === undefined) return;
      if (connectMs < RETRANSMIT_MS - CLOCK_SLACK_MS) connects.first += 1;
      else if (connectMs < 2 * RETRANSMIT_MS - CLOCK_SLACK_MS) connects.second += 1;
      else connects.later += 1;
    },
    countCanary({ outcome }) {
      canaries.looked += 1;
      if (RECOGNISED.has(outcome)) canaries.found += 1;
    },
    countLossSample({ outcome }) {
      lossSample.dialled += 1;
      if (outcome === 'connection-timeout') lossSample.lost += 1;
    },
    countPulse(watchedMs, lagMs) {
      lag.watchedMs += Math.round(watchedMs);
      if (lagMs <= MAX_LAG_MS) return;
      lag.lateMs += Math.round(lagMs);
      lag.longestMs = Math.max(lag.longestMs, Math.round(lagMs));
    },
    toSummary: () => structuredClone(summary),
  };
}
