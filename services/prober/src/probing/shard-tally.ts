import { emptyShardSummary, type Observation, type ShardSummary } from '@kubecensus/shared/messages';
import type { Outcome } from '@kubecensus/shared/vocabulary';

/** A SYN that is not answered is sent again after one second, and on newer systems after each further one. */
const RETRANSMIT_MS = 1_000;
/** Timers may run this much early. */
const CLOCK_SLACK_MS = 10;

/** Later than this, and answers are heard too late to trust a time-out. */
export const MAX_LAG_MS = 250;

/** What came while the thread was late is heard within this time after it lives again. */
const HEARD_AFTER_MS = 100;
/** No target is under way for so long that its connect stood longer ago than this. */
const LATE_KEPT_MS = 60_000;

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

export function createShardTally(now: () => number = Date.now): ShardTally {
  const summary = emptyShardSummary();
  const { outcomes, secondConnections, connects, lossSample, canaries, lag } = summary;
  /** When the thread was too late, from its last sign of life to the next; the oldest first. */
  const late: { readonly from: number; readonly to: number }[] = [];
  const isHeardLate = (at: number) => late.some(({ from, to }) => from <= at && at <= to);

  return {
    count({ outcome, secondConnection, connectMs, observedAt }) {
      summary.targets += 1;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      if (secondConnection !== undefined) secondConnections[secondConnection] += 1;
      // One that was heard late may have stood at its first try or at a later one: it is no sign of loss, and of none.
      if (connectMs === undefined || isHeardLate(observedAt + connectMs)) return;
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
      const to = now();
      while (late[0] !== undefined && late[0].to < to - LATE_KEPT_MS) late.shift();
      // What waited meanwhile is heard after this pulse, in the same turn.
      late.push({ from: to - watchedMs, to: to + HEARD_AFTER_MS });
    },
    toSummary: () => structuredClone(summary),
  };
}
