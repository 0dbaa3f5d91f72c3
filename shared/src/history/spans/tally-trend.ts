import { forEachBlock } from './each-block.ts';
import {
  append,
  createGroupedRows,
  forEachGroupStretch,
  type GroupedRows,
  isGrouped,
  toOneCell,
  toOwnCells,
} from './grouped-rows.ts';
import type { SpanColumns } from './load-spans.ts';
import { BLOCK, type Question } from './row-test.ts';
import type { Segment } from './segments.ts';
import type { Split } from './split.ts';
import { toTopCodes } from './top-codes.ts';
import { addRows, addStretches, createChanges, type TrendChanges, toCounts, toSum } from './trend-changes.ts';
import { createScale, type TrendWeights, toWeights } from './trend-weights.ts';

export interface AskedTrend {
  segments: readonly Segment[];
  meets: Question;
  split: Split;
  /** Numbers of those asked, in their order. */
  censuses: readonly number[];
  /** In which any interval ends. */
  lastCensus: number;
  /** Lines that are told apart. */
  limit: number;
}

export interface TrendTally {
  /** Codes of the cells with most in the last census asked, then in all of them, then by their values. */
  shown: number[];
  /** Of each that is shown, one for each census. */
  counts: number[][];
  /** Cells that occur in a census asked. */
  lines: number;
  total: number[];
  /** What is in a cell that is not shown. */
  other: number[];
}

/** Counts of cells and censuses that are held at once: 8 MB of numbers. */
const MAX_COUNTS = 2_097_152;

/** How the cells of a split developed. */
export function tallyTrend(asked: AskedTrend): TrendTally {
  const { split, lastCensus } = asked;
  const isSmall = split.fixedSize !== undefined && split.fixedSize * (lastCensus + 2) <= MAX_COUNTS;
  const { single, grouped, total, weights } = isSmall ? countAll(asked) : weighAll(asked);
  const { shown, lines } = chooseLines(split, weights, asked.limit);
  const size = split.size();
  const ofShown = single(shown);
  const counts = createChanges(shown.length, lastCensus);
  counts.changes.set(ofShown.changes);
  const slots = new Int32Array(size).fill(-1);
  for (const [slot, code] of shown.entries()) slots[code] = slot;
  const rest = createChanges(1, lastCensus);
  rest.changes.set(minus(total, toSum(ofShown)));
  const whole = createChanges(1, lastCensus);
  whole.changes.set(total.changes);
  for (const rows of grouped) {
    forEachGroupStretch(rows, slots, shown.length, (...stretches) => addStretches(counts, ...stretches));
    forEachGroupStretch(rows, toOneCell(size), 1, (...stretches) => addStretches(whole, ...stretches));
    if (lines === shown.length) continue;
    forEachGroupStretch(rows, toOneCell(size, shown), 1, (...stretches) => addStretches(rest, ...stretches));
  }
  return {
    shown,
    lines,
    counts: shown.map((_, slot) => toCounts(counts, slot, asked.censuses)),
    total: toCounts(whole, 0, asked.censuses),
    other: lines === shown.length ? asked.censuses.map(() => 0) : toCounts(rest, 0, asked.censuses),
  };
}

interface Walked {
  /** Of what counts by itself, in each of these cells. */
  single(codes: readonly number[]): TrendChanges;
  /** And in all of them. */
  total: TrendChanges;
  /** What hosts or clusters have with others of theirs. */
  grouped: GroupedRows[];
  weights: TrendWeights;
}

/** Every cell census by census. */
function countAll(asked: AskedTrend): Walked {
  const size = asked.split.size();
  const single = createChanges(size, asked.lastCensus);
  const grouped = walk(asked, (columns, rows, codes, count) => addRows(single, columns, rows, codes, count));
  const all = { ...single, changes: grouped.length === 0 ? single.changes : single.changes.slice() };
  for (const rows of grouped) {
    forEachGroupStretch(rows, toOwnCells(size), size, (...stretches) => addStretches(all, ...stretches));
  }
  return {
    grouped,
    total: toSum(single),
    weights: toWeights(all, asked.censuses),
    single(codes) {
      const { width } = single;
      const picked = createChanges(codes.length, asked.lastCensus);
      for (const [slot, code] of codes.entries()) {
        picked.changes.set(single.changes.subarray(code * width, (code + 1) * width), slot * width);
      }
      return picked;
    },
  };
}

/** The weight of every cell, and census by census those that are chosen by it. */
function weighAll(asked: AskedTrend): Walked {
  const { split, lastCensus } = asked;
  const scale = createScale(asked.censuses);
  const total = createChanges(1, lastCensus);
  const one = new Int32Array(BLOCK);
  const grouped = walk(asked, (columns, rows, codes, count) => {
    scale.widen(split.size());
    scale.addRows(columns, rows, codes, count);
    addRows(total, columns, rows, one, count);
  });
  const size = split.size();
  scale.widen(size);
  for (const rows of grouped) {
    forEachGroupStretch(rows, toOwnCells(size), size, (...stretches) => scale.addStretches(...stretches));
  }
  return {
    grouped,
    total,
    weights: scale.weights(size),
    single(codes) {
      const picked = createChanges(codes.length, lastCensus);
      const slots = new Int32Array(size).fill(-1);
      for (const [slot, code] of codes.entries()) slots[code] = slot;
      const segments = asked.segments.filter((segment) => !isGrouped(segment));
      walk({ ...asked, segments }, (columns, rows, cells, count) => {
        for (let at = 0; at < count; at += 1) cells[at] = slots[cells[at] as number] as number;
        addRows(picked, columns, rows, cells, count);
      });
      return picked;
    },
  };
}

const codesOfBlock = new Int32Array(BLOCK);

/** Hands over what counts by itself, block by block, and keeps the rest. */
function walk(
  { segments, meets, split }: AskedTrend,
  use: (columns: SpanColumns, rows: Int32Array, codes: Int32Array, count: number) => void,
): GroupedRows[] {
  const grouped: GroupedRows[] = [];
  for (const segment of segments) {
    const kept = isGrouped(segment) ? createGroupedRows(segment) : undefined;
    if (kept !== undefined) grouped.push(kept);
    forEachBlock(segment, meets, undefined, (rows, count) => {
      split.code(segment.columns, rows, count, codesOfBlock);
      if (kept === undefined) use(segment.columns, rows, codesOfBlock, count);
      else append(kept, rows, codesOfBlock, count);
    });
  }
  return grouped;
}

function chooseLines(split: Split, { last, sum }: TrendWeights, limit: number): { shown: number[]; lines: number } {
  const { top, count } = toTopCodes(sum, limit, (a, b) => {
    return (last[b] as number) - (last[a] as number) || (sum[b] as number) - (sum[a] as number) || split.compare(a, b);
  });
  return { shown: top, lines: count };
}

function minus(one: TrendChanges, other: TrendChanges): Int32Array {
  return one.changes.map((change, at) => change - (other.changes[at] as number));
}
