/** The middle value; of an even number, the mean of the two in the middle. @throws RangeError of no values */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value below which `share` (0 to 1) of the values lie, interpolated between neighbours. @throws RangeError of no values */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) throw new RangeError('there is no middle of no values');
  return below + (above - below) * (at - Math.floor(at));
}
