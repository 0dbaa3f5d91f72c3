/** Small, seeded, and the same on every machine (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of the values, by weights of which the first one's is the largest. */
export function pickSkewed<T>(random: () => number, values: readonly T[], skew = 2): T {
  const value = values[Math.floor(random() ** skew * values.length)];
  if (value === undefined) throw new RangeError('there is nothing to pick from');
  return value;
}
