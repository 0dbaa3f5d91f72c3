/** Unused permission kept, as a time: enough to ride out a timer's late wake-up, too little for a burst to be felt. */
const BURST_MS = 50;

export interface TokenBucket {
  /** Takes one token if there is one. Otherwise nothing is taken and the milliseconds until the next are told. */
  take(): number;
  /** From now on. What was saved under the old rate is cut to the new burst. */
  setPerSecond(perSecond: number): void;
}

/**
 * A rate over time, with a burst of 50 ms' worth and at least one. Starts empty but for one token: a worker that
 * restarts often does not collect bursts. `now` is a monotonic clock in milliseconds.
 * @throws RangeError unless the rate is a positive number
 */
export function createTokenBucket(perSecond: number, now: () => number = () => performance.now()): TokenBucket {
  let perMs = 0;
  let capacity = 0;
  let tokens = 1;
  let filledAt = now();

  const setPerSecond = (rate: number) => {
    if (!(rate > 0 && Number.isFinite(rate))) throw new RangeError(`a rate must be a positive number, not ${rate}`);
    refill();
    perMs = rate / 1000;
    capacity = Math.max(1, perMs * BURST_MS);
    tokens = Math.min(tokens, capacity);
  };
  const refill = () => {
    const at = now();
    tokens = Math.min(capacity, tokens + (at - filledAt) * perMs);
    filledAt = at;
  };

  capacity = 1;
  setPerSecond(perSecond);
  return {
    take() {
      refill();
      if (tokens < 1) return (1 - tokens) / perMs;
      tokens -= 1;
      return 0;
    },
    setPerSecond,
  };
}
