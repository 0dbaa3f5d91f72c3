import type { SpanColumns } from './load-spans.ts';
import { type TrendChanges, toCounts } from './trend-changes.ts';

/** What orders the lines of a trend: how much of each cell is in the last census asked, and in all of those together. */
export interface TrendWeights {
  last: Float64Array;
  sum: Float64Array;
}

/** Weights of cells that are too many to count each census of each. */
export interface TrendScale {
  /** Room for so many cells. */
  widen(size: number): void;
  addRows(columns: SpanColumns, rows: Int32Array, cells: Int32Array, count: number): void;
  addStretches(cells: Int32Array, starts: Int32Array, ends: Int32Array, count: number): void;
  weights(size: number): TrendWeights;
}

export function createScale(censuses: readonly number[]): TrendScale {
  const lastAsked = censuses.at(-1) ?? 0;
  /** Number of a census -> how many of the asked ones are not behind it. */
  const upTo = new Int32Array(lastAsked + 1);
  for (const census of censuses) upTo[census] = 1;
  for (let at = 1; at < upTo.length; at += 1) (upTo[at] as number) += upTo[at - 1] as number;
  let last = new Float64Array(1024);
  let sum = new Float64Array(1024);

  function add(cell: number, start: number, end: number): void {
    if (start > lastAsked) return;
    const before = start === 0 ? 0 : (upTo[start - 1] as number);
    (sum[cell] as number) += (upTo[Math.min(end, lastAsked)] as number) - before;
    if (end >= lastAsked) (last[cell] as number) += 1;
  }

  return {
    widen(size) {
      if (last.length >= size) return;
      [last, sum] = [last, sum].map((old) => {
        const wider = new Float64Array(Math.max(size, old.length * 2));
        wider.set(old);
        return wider;
      }) as [Float64Array<ArrayBuffer>, Float64Array<ArrayBuffer>];
    },
    addRows({ first, last: ends }, rows, cells, count) {
      for (let at = 0; at < count; at += 1) {
        const row = rows[at] as number;
        add(cells[at] as number, first[row] as number, ends[row] as number);
      }
    },
    addStretches(cells, starts, ends, count) {
      for (let at = 0; at < count; at += 1) add(cells[at] as number, starts[at] as number, ends[at] as number);
    },
    weights: (size) => ({ last: last.subarray(0, size), sum: sum.subarray(0, size) }),
  };
}

/** Of cells that were counted census by census. */
export function toWeights(counted: TrendChanges, censuses: readonly number[]): TrendWeights {
  const size = counted.changes.length / counted.width;
  const weights = { last: new Float64Array(size), sum: new Float64Array(size) };
  for (let cell = 0; cell < size; cell += 1) {
    const counts = toCounts(counted, cell, censuses);
    weights.last[cell] = counts.at(-1) ?? 0;
    weights.sum[cell] = counts.reduce((sum, count) => sum + count, 0);
  }
  return weights;
}
