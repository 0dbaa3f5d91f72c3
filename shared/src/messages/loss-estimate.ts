import type { ShardSummary } from './shard-summary.ts';

/** Share of packets and of targets that a scan lost on the way. Lower bounds: what is lost in bursts shows too little. */
export interface LossEstimate {
  /** A SYN or its answer, as a share of the SYNs sent. */
  readonly perTry: number;
  /** One packet of one direction, if both directions lose alike. */
  readonly perPacket: number;
  /** Targets that answer and whose tries were all lost, as a share of those that answer: what the counts lack. */
  readonly ofTargets: number;
  /** Standard error of `perTry`. */
  readonly standardError: number;
  /** Connects that it rests on. */
  readonly connects: number;
}

/** Fewer connects than this say nothing: one retransmit among them would be a loss of one in a hundred. */
const MIN_CONNECTS = 100;

/**
 * The estimate comes free with the scan. If each try is lost with chance p, and by itself, then for each connect whose
 * first SYN was answered there are p whose second was, whatever the loss, the patience and the number that never answer:
 * p = second / first. A target is lost when all `triesPerTarget` are; where a second dial of targets that had answered
 * shows more than that, the loss comes in bursts, and its share is the better bound.
 * @param triesPerTarget SYNs that are sent before a connect is given up: in 3.5 s three, on Linux 6.5 and later four; the
 *   higher number gives the lower bound
 */
export function estimateLoss(
  { connects, lossSample }: Pick<ShardSummary, 'connects' | 'lossSample'>,
  triesPerTarget = 4,
): LossEstimate | undefined {
  const { first, second, later } = connects;
  if (first < MIN_CONNECTS) return undefined;
  const perTry = Math.min(1, second / first);
  const bySample = lossSample.dialled < MIN_CONNECTS ? 0 : lossSample.lost / lossSample.dialled;
  return {
    perTry,
    perPacket: 1 - Math.sqrt(1 - perTry),
    ofTargets: Math.max(perTry ** triesPerTarget, bySample),
    standardError: Math.sqrt((perTry * (1 + perTry)) / first),
    connects: first + second + later,
  };
}
