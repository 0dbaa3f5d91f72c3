import type { Segment } from './segments.ts';
import type { TrendChanges } from './trend-changes.ts';

/** What orders the lines of a trend: how much of each cell is in the last census asked, and in all of those together. */
export interface TrendWeights {
  last: Float64Array;
  sum: Float64Array;
}

/** Weights of cells that are too many to count each census of each. */
export interface TrendScale {
  /** Room for so many cells. */
  widen(size: number): void;
  addRows(segment: Segment, rows: Int32Array, cells: Int32Array, count: number): void;
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

  function toAsked(start: number, end: number): number {
    if (start > lastAsked) return 0;
    const before = start === 0 ? 0 : (upTo[start - 1] as number);
    return (upTo[Math.min(end, lastAsked)] as number) - before;
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
    addRows({ columns, weights }, rows, cells, count) {
      const { first, last: ends } = columns;
      // Intervals of one endpoint lie together and are mostly of one cell: a cell is written when the next one begins.
      let cell = -1;
      let [asked, present] = [0, 0];
      for (let at = 0; at <= count; at += 1) {
        const next = at === count ? -1 : (cells[at] as number);
        if (next !== cell) {
          if (cell >= 0) {
            (sum[cell] as number) += asked;
            (last[cell] as number) += present;
          }
          cell = next;
          asked = 0;
          present = 0;
        }
        if (next < 0) continue;
        const row = rows[at] as number;
        const weight = weights === undefined ? 1 : (weights[row] as number);
        const [start, end] = [first[row] as number, ends[row] as number];
        asked += weight * toAsked(start, end);
        if (start <= lastAsked && end >= lastAsked) present += weight;
      }
    },
    addStretches(cells, starts, ends, count) {
      for (let at = 0; at < count; at += 1) {
        const [cell, start, end] = [cells[at] as number, starts[at] as number, ends[at] as number];
        (sum[cell] as number) += toAsked(start, end);
        if (start <= lastAsked && end >= lastAsked) (last[cell] as number) += 1;
      }
    },
    weights: (size) => ({ last: last.subarray(0, size), sum: sum.subarray(0, size) }),
  };
}

/** Of cells that were counted census by census. */
export function toWeights({ changes, width }: TrendChanges, censuses: readonly number[]): TrendWeights {
  const size = changes.length / width;
  const weights = { last: new Float64Array(size), sum: new Float64Array(size) };
  const isAsked = new Uint8Array(width);
  for (const census of censuses) isAsked[census] = 1;
  const lastAsked = censuses.at(-1) ?? 0;
  for (let cell = 0; cell < size; cell += 1) {
    let [count, sum] = [0, 0];
    for (let census = 0; census <= lastAsked; census += 1) {
      count += changes[cell * width + census] as number;
      sum += (isAsked[census] as number) * count;
    }
    weights.sum[cell] = sum;
    weights.last[cell] = censuses.length === 0 ? 0 : count;
  }
  return weights;
}
