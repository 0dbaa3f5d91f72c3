import { createTokenBucket } from './token-bucket.ts';

/** How soon to ask again where nothing is allowed: the next lease may come at any moment. */
const CLOSED_WAIT_MS = 20;

/** A rate that holds for as long as its lease runs, and is nothing afterwards. */
export interface LeasedRate {
  /** Takes one connect if it may begin now: 0. Otherwise nothing is taken and the milliseconds to wait are told. */
  take(): number;
  /** `perSecond` may be 0. */
  lease(perSecond: number, forMs: number): void;
}

export function createLeasedRate(now: () => number = () => performance.now()): LeasedRate {
  const bucket = createTokenBucket(1, now);
  let isOpen = false;
  let runsUntil = Number.NEGATIVE_INFINITY;
  return {
    take: () => (isOpen && now() < runsUntil ? bucket.take() : CLOSED_WAIT_MS),
    lease(perSecond, forMs) {
      runsUntil = now() + forMs;
      isOpen = perSecond > 0;
      if (isOpen) bucket.setPerSecond(perSecond);
    },
  };
}
