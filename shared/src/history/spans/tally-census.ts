import { forEachBlock } from './each-block.ts';
import {
  addGroups,
  append,
  createGroupedRows,
  type GroupedRows,
  isGrouped,
  toOneCell,
  toOwnCells,
} from './grouped-rows.ts';
import { widen } from './numbers.ts';
import { BLOCK, type Question } from './row-test.ts';
import type { Segment, Weights } from './segments.ts';
import type { Split } from './split.ts';

export interface CensusTally {
  /** Cell -> how many. */
  counts: Int32Array;
  /** A host or cluster with intervals in several cells is in each of them, and once in the total. */
  total: number;
  /** How many are in any cell but these. */
  countWithout(shown: readonly number[]): number;
}

const codes = new Int32Array(BLOCK);

/** How many of each cell a census has. */
export function tallyCensus(segments: readonly Segment[], meets: Question, split: Split, census: number): CensusTally {
  const grouped: GroupedRows[] = [];
  let single = new Int32Array(split.size());
  for (const segment of segments) {
    const kept = isGrouped(segment) ? createGroupedRows(segment) : undefined;
    if (kept !== undefined) grouped.push(kept);
    forEachBlock(segment, meets, census, (rows, count) => {
      split.code(segment.columns, rows, count, codes);
      if (kept !== undefined) append(kept, rows, codes, count);
      else {
        single = widen(single, split.size());
        addSingle(single, segment.weights, rows, count);
      }
    });
  }
  const size = split.size();
  single = widen(single, size).subarray(0, size);
  const counts = single.slice();
  for (const rows of grouped) addGroups(rows, toOwnCells(size), counts);
  const total = sum(single);
  const together = (without: readonly number[]) => {
    const count = new Int32Array(1);
    for (const rows of grouped) addGroups(rows, toOneCell(size, without), count);
    return count[0] ?? 0;
  };
  return {
    counts,
    total: total + together([]),
    countWithout: (shown) => total - sum(shown.map((code) => single[code] ?? 0)) + together(shown),
  };
}

function addSingle(counts: Int32Array, weights: Weights | undefined, rows: Int32Array, count: number): void {
  if (weights === undefined) {
    for (let at = 0; at < count; at += 1) (counts[codes[at] as number] as number) += 1;
    return;
  }
  for (let at = 0; at < count; at += 1) {
    (counts[codes[at] as number] as number) += weights[rows[at] as number] as number;
  }
}

function sum(numbers: Int32Array | readonly number[]): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
