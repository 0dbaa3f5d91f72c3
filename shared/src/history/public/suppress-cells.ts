/** A cell below this is told to nobody without a key. */
export const SMALLEST_CELL = 10;

export interface Cell<K> {
  key: K;
  count: number;
}

export interface SuppressedCells<K> {
  /** The largest first. */
  cells: Cell<K>[];
  /** Of all cells that are not told, small ones and those that keep them hidden: how many cells that is, is not told. */
  rest: number;
  total: number;
}

/**
 * Cells of one partition, each counted once, with their total. The small ones are told as one sum, and larger ones join it,
 * the next larger one first, until no arithmetic over what is told gives one of them back, for somebody who knows this very
 * rule, the threshold and every key: at least one cell in the sum is not small; the sum is two thresholds or more, so that
 * it cannot be made of small cells at their limit alone; and the smallest cell that is told is larger than the last one
 * that joined by the width of the small range, so that what is told bounds nothing that joined. Ties are broken by the
 * cells' order.
 *
 * Nothing at all is told of less than two thresholds.
 */
export function suppressCells<K>(cells: readonly Cell<K>[], smallest = SMALLEST_CELL): SuppressedCells<K> | undefined {
  const total = cells.reduce((sum, { count }) => sum + count, 0);
  if (total < 2 * smallest) return undefined;
  const ordered = cells.filter(({ count }) => count > 0).sort((a, b) => a.count - b.count);
  const small = ordered.filter(({ count }) => count < smallest).length;
  if (small === 0) return { cells: ordered.reverse(), rest: 0, total };
  let joined = small;
  let rest = ordered.slice(0, joined).reduce((sum, { count }) => sum + count, 0);
  const isHidden = () => {
    const gap = (ordered[joined]?.count ?? 0) - (ordered[joined - 1]?.count ?? 0);
    return joined > small && rest >= 2 * smallest && gap >= smallest - 1;
  };
  while (joined < ordered.length && !isHidden()) {
    rest += ordered[joined]?.count ?? 0;
    joined += 1;
  }
  return { cells: ordered.slice(joined).reverse(), rest, total };
}
