import type { Segment } from './segments.ts';

/**
 * Counts of cells, census by census, as they are added up: one more in the census in which an interval begins and one
 * less behind its end, so that the work does not grow with the number of censuses.
 */
export interface TrendChanges {
  /** Censuses from 0 to one behind the last. */
  readonly width: number;
  /** Of one cell after the other. */
  readonly changes: Int32Array;
}

export function createChanges(cells: number, lastCensus: number): TrendChanges {
  const width = lastCensus + 2;
  return { width, changes: new Int32Array(cells * width) };
}

/** Each of the rows counts by itself, in the cell of its code; a negative one is left out. */
export function addRows(
  { changes, width }: TrendChanges,
  { columns, weights }: Segment,
  rows: Int32Array,
  cells: Int32Array,
  count: number,
): void {
  const { first, last } = columns;
  for (let at = 0; at < count; at += 1) {
    const cell = cells[at] as number;
    if (cell < 0) continue;
    const row = rows[at] as number;
    const weight = weights === undefined ? 1 : (weights[row] as number);
    const begin = cell * width;
    (changes[begin + (first[row] as number)] as number) += weight;
    (changes[begin + (last[row] as number) + 1] as number) -= weight;
  }
}

export function addStretches(
  { changes, width }: TrendChanges,
  cells: Int32Array,
  starts: Int32Array,
  ends: Int32Array,
  count: number,
): void {
  for (let at = 0; at < count; at += 1) {
    const begin = (cells[at] as number) * width;
    (changes[begin + (starts[at] as number)] as number) += 1;
    (changes[begin + (ends[at] as number) + 1] as number) -= 1;
  }
}

/** Counts of a cell in each of the censuses. */
export function toCounts({ changes, width }: TrendChanges, cell: number, censuses: readonly number[]): number[] {
  const running = new Int32Array(width);
  for (let census = 0, count = 0; census < width; census += 1) {
    count += changes[cell * width + census] as number;
    running[census] = count;
  }
  return censuses.map((census) => running[census] ?? 0);
}

/** All cells as one. */
export function toSum({ changes, width }: TrendChanges): TrendChanges {
  const sum = new Int32Array(width);
  for (let begin = 0; begin < changes.length; begin += width) {
    for (let census = 0; census < width; census += 1) (sum[census] as number) += changes[begin + census] as number;
  }
  return { width, changes: sum };
}

/** Of these cells, in that order. */
export function pickCells({ changes, width }: TrendChanges, cells: readonly number[]): TrendChanges {
  const picked = new Int32Array(cells.length * width);
  for (const [at, cell] of cells.entries()) picked.set(changes.subarray(cell * width, (cell + 1) * width), at * width);
  return { width, changes: picked };
}
