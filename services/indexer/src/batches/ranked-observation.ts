import type { ObservationBatch } from '@kubecensus/shared/messages';
import { outcomeRank } from '@kubecensus/shared/vocabulary';
import { type AddressedEvidence, toAddressedEvidence } from '../evidence/addressed-evidence.ts';
import type { ReadLine } from './read-observations.ts';

/** A line of a batch, ready to be stored: its evidence addressed by content, its outcome ranked. */
export interface RankedObservation {
  line: ReadLine;
  rank: number;
  attempt: number;
  shardNumber: number;
  evidence: AddressedEvidence | undefined;
}

export function toRankedObservation(line: ReadLine, batch: ObservationBatch): RankedObservation {
  return {
    line,
    rank: outcomeRank(line.observation.outcome),
    attempt: batch.attempt,
    shardNumber: batch.shardNumber,
    evidence: toAddressedEvidence(line.observation),
  };
}

/**
 * Negative where `a` is the better knowledge of one target. The same order stands as SQL in
 * store/upsert-observations.ts; a total order, so that the order of arrival decides nothing.
 */
export function compareRanked(a: RankedObservation, b: RankedObservation): number {
  return (
    a.rank - b.rank ||
    a.line.observation.observedAt - b.line.observation.observedAt ||
    a.attempt - b.attempt ||
    a.shardNumber - b.shardNumber ||
    a.line.observation.durationMs - b.line.observation.durationMs ||
    Buffer.compare(a.evidence?.hash ?? NONE, b.evidence?.hash ?? NONE)
  );
}

const NONE = Buffer.alloc(0);

/** One observation for each target, the best; in the order of their targets, which is the order of their locks. */
export function bestOfEachTarget(observations: readonly RankedObservation[]): RankedObservation[] {
  const best = new Map<string, RankedObservation>();
  for (const candidate of observations) {
    const { address, port, component } = candidate.line.observation;
    const target = `${address} ${port} ${component}`;
    const kept = best.get(target);
    if (kept === undefined || compareRanked(candidate, kept) < 0) best.set(target, candidate);
  }
  return [...best.entries()].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, observation]) => observation);
}
