import { estimateLoss } from '../messages/index.ts';
import type { ScanSums, ShardSums } from './store/sum-shards.ts';

/** How well a census saw, beside its coverage. Null is "not measured", and is never told as 0. */
export interface CensusQuality {
  /** Connects that stood, and those of them that stood only after a SYN was sent again. */
  connects: number | null;
  slowConnects: number | null;
  /** Share of packets lost on the way, 0 to 1; a lower bound (messages/loss-estimate.ts). */
  packetsLost: number | null;
  /** Share of the answering targets that were missed for it, 0 to 1; a lower bound. */
  targetsLost: number | null;
  /** Targets that had answered and were dialled once more, and how many did not answer again. */
  lossDials: number | null;
  lossDialsLost: number | null;
  /** Looks at the operator's own endpoints, and how many recognised one; in the scan and its revisits together. */
  canaryLooks: number | null;
  canaryHits: number | null;
  /** Share of such looks that recognised one, 0 to 1: of the scan or of its revisits, whichever is lower. */
  canaryRecall: number | null;
  /** Share of its time in which the prober heard answers late, 0 to 1, and the latest that it heard one, in ms. */
  starved: number | null;
  longestLagMs: number | null;
}

/** A scan and its revisits are told apart for the canaries alone: an outage in one of them may not hide in the other. */
export function toCensusQuality(sums: ScanSums): CensusQuality {
  const both = addSums(sums.scope, sums.revisit);
  const { connects, lossSample, canaries, lag } = both;
  const loss = estimateLoss(both);
  const recalls = [sums.scope.canaries, sums.revisit.canaries].flatMap(({ looked, found }) =>
    looked === 0 ? [] : [found / looked],
  );
  return {
    connects: connects.first + connects.second + connects.later,
    slowConnects: connects.second + connects.later,
    packetsLost: loss?.perPacket ?? null,
    targetsLost: loss?.ofTargets ?? null,
    lossDials: lossSample.dialled,
    lossDialsLost: lossSample.lost,
    canaryLooks: canaries.looked,
    canaryHits: canaries.found,
    canaryRecall: recalls.length === 0 ? null : Math.min(...recalls),
    starved: lag.watchedMs === 0 ? null : Math.min(1, lag.lateMs / lag.watchedMs),
    longestLagMs: lag.watchedMs === 0 ? null : lag.longestMs,
  };
}

function addSums(a: ShardSums, b: ShardSums): ShardSums {
  return {
    connects: {
      first: a.connects.first + b.connects.first,
      second: a.connects.second + b.connects.second,
      later: a.connects.later + b.connects.later,
    },
    lossSample: {
      dialled: a.lossSample.dialled + b.lossSample.dialled,
      lost: a.lossSample.lost + b.lossSample.lost,
    },
    canaries: { looked: a.canaries.looked + b.canaries.looked, found: a.canaries.found + b.canaries.found },
    lag: {
      watchedMs: a.lag.watchedMs + b.lag.watchedMs,
      lateMs: a.lag.lateMs + b.lag.lateMs,
      longestMs: Math.max(a.lag.longestMs, b.lag.longestMs),
    },
  };
}
