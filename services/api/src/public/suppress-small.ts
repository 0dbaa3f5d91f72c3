/** A cell below this is shown to nobody without a key. */
export const SMALLEST_CELL = 10;

export interface Cell {
  key: string | number | boolean | null;
  count: number;
}

export interface SuppressedCube {
  cells: Cell[];
  /** Cells that are told together, for one of them or their difference from the whole would tell a small one. */
  together: { cells: number; count: number };
  total: number;
}

/**
 * One dimension with its total. Small cells are told as one sum; where that sum is itself small, or is one cell's, the
 * next larger cells join it, so that no subtraction from the total gives a small cell back. Where even all of them
 * together are small, nothing is told.
 */
export function suppressSmall(cells: readonly Cell[], smallest = SMALLEST_CELL): SuppressedCube | undefined {
  const total = cells.reduce((sum, { count }) => sum + count, 0);
  if (total < smallest) return undefined;
  const ordered = [...cells].filter(({ count }) => count > 0).sort((a, b) => a.count - b.count);
  let joined = ordered.filter(({ count }) => count < smallest).length;
  let count = ordered.slice(0, joined).reduce((sum, cell) => sum + cell.count, 0);
  while (joined > 0 && joined < ordered.length && (joined < 2 || count < smallest)) {
    count += ordered[joined]?.count ?? 0;
    joined += 1;
  }
  return { cells: ordered.slice(joined).reverse(), together: { cells: joined, count }, total };
}
