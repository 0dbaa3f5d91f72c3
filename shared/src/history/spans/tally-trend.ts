import { forEachBlock } from './each-block.ts';
import {
  append,
  createGroupedRows,
  forEachGroupStretch,
  type GroupedRows,
  isGrouped,
  toCellsOf,
  toOneCell,
  toOwnCells,
} from './grouped-rows.ts';
import { BLOCK, type Question } from './row-test.ts';
import type { Segment } from './segments.ts';
import type { Split } from './split.ts';
import { toTopCodes } from './top-codes.ts';
import {
  addRows,
  addStretches,
  createChanges,
  pickCells,
  type TrendChanges,
  toCounts,
  toSum,
} from './trend-changes.ts';
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
  const walked = isSmall ? countAll(asked) : weighAll(asked);
  const { shown, lines } = chooseLines(split, walked.weights, asked.limit);
  const { counts, single } = walked.pick(shown);
  const whole = { ...walked.total, changes: walked.total.changes.slice() };
  const rest = { ...walked.total, changes: minus(walked.total, toSum(single)) };
  const hasRest = lines > shown.length;
  for (const rows of walked.grouped) {
    const size = split.size();
    forEachGroupStretch(rows, toOneCell(size), 1, (...stretches) => addStretches(whole, ...stretches));
    if (!hasRest) continue;
    forEachGroupStretch(rows, toOneCell(size, shown), 1, (...stretches) => addStretches(rest, ...stretches));
  }
  return {
    shown,
    lines,
    counts: shown.map((_, cell) => toCounts(counts, cell, asked.censuses)),
    total: toCounts(whole, 0, asked.censuses),
    other: hasRest ? toCounts(rest, 0, asked.censuses) : asked.censuses.map(() => 0),
  };
}

interface Walked {
  weights: TrendWeights;
  /** What hosts or clusters have with others of theirs. */
  grouped: GroupedRows[];
  /** What counts by itself, in all cells together. */
  total: TrendChanges;
  /** Of these cells, each for itself: everything, and of it what counts by itself. */
  pick(codes: readonly number[]): { counts: TrendChanges; single: TrendChanges };
}

/** Every cell census by census. */
function countAll(asked: AskedTrend): Walked {
  const size = asked.split.size();
  const single = createChanges(size, asked.lastCensus);
  const grouped = walk(asked, (segment, rows, codes, count) => addRows(single, segment, rows, codes, count));
  const all = grouped.length === 0 ? single : { ...single, changes: single.changes.slice() };
  for (const rows of grouped) {
    forEachGroupStretch(rows, toOwnCells(size), size, (...stretches) => addStretches(all, ...stretches));
  }
  return {
    grouped,
    total: toSum(single),
    weights: toWeights(all, asked.censuses),
    pick: (codes) => ({ counts: pickCells(all, codes), single: pickCells(single, codes) }),
  };
}

/** The weight of every cell, and census by census those that are chosen by it. */
function weighAll(asked: AskedTrend): Walked {
  const { split, lastCensus } = asked;
  const scale = createScale(asked.censuses);
  const total = createChanges(1, lastCensus);
  const oneCell = new Int32Array(BLOCK);
  const grouped = walk(asked, (segment, rows, codes, count) => {
    scale.widen(split.size());
    scale.addRows(segment, rows, codes, count);
    addRows(total, segment, rows, oneCell, count);
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
    pick(codes) {
      const single = createChanges(codes.length, lastCensus);
      const cells = toCellsOf(size, codes);
      const segments = asked.segments.filter((segment) => !isGrouped(segment));
      walk({ ...asked, segments }, (segment, rows, own, count) => {
        for (let at = 0; at < count; at += 1) own[at] = cells[own[at] as number] as number;
        addRows(single, segment, rows, own, count);
      });
      const counts = { ...single, changes: single.changes.slice() };
      for (const rows of grouped) {
        forEachGroupStretch(rows, cells, codes.length, (...stretches) => addStretches(counts, ...stretches));
      }
      return { counts, single };
    },
  };
}

const codesOfBlock = new Int32Array(BLOCK);

/** Hands over what counts by itself, block by block, and keeps the rest. */
function walk(
  { segments, meets, split }: AskedTrend,
  use: (segment: Segment, rows: Int32Array, codes: Int32Array, count: number) => void,
): GroupedRows[] {
  const grouped: GroupedRows[] = [];
  for (const segment of segments) {
    const kept = isGrouped(segment) ? createGroupedRows(segment) : undefined;
    if (kept !== undefined) grouped.push(kept);
    forEachBlock(segment, meets, undefined, (rows, count) => {
      split.code(segment.columns, rows, count, codesOfBlock);
      if (kept === undefined) use(segment, rows, codesOfBlock, count);
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
