import { widen } from './numbers.ts';
import { BLOCK } from './row-test.ts';
import type { Segment } from './segments.ts';

/** Rows of a segment of hosts or clusters that meet a question, each with the code of its cell; walked more than once. */
export interface GroupedRows {
  readonly segment: Segment & { group: Int32Array };
  rows: Int32Array<ArrayBuffer>;
  codes: Int32Array<ArrayBuffer>;
  length: number;
}

export function createGroupedRows(segment: Segment & { group: Int32Array }): GroupedRows {
  return { segment, rows: new Int32Array(BLOCK), codes: new Int32Array(BLOCK), length: 0 };
}

export function append(grouped: GroupedRows, rows: Int32Array, codes: Int32Array, count: number): void {
  const length = grouped.length + count;
  grouped.rows = widen(grouped.rows, length);
  grouped.codes = widen(grouped.codes, length);
  grouped.rows.set(rows.subarray(0, count), grouped.length);
  grouped.codes.set(codes.subarray(0, count), grouped.length);
  grouped.length = length;
}

export function isGrouped(segment: Segment): segment is GroupedRows['segment'] {
  return segment.group !== undefined;
}

/**
 * Which cell each code counts in; a negative one is left out. The cells of a split are its codes, the total is one cell
 * of all of them, and what is not shown is one cell of the others.
 */
export type CellOfCode = Int32Array;

export function toOwnCells(size: number): CellOfCode {
  const cells = new Int32Array(size);
  for (let code = 0; code < size; code += 1) cells[code] = code;
  return cells;
}

export function toOneCell(size: number, without: readonly number[] = []): CellOfCode {
  const cells = new Int32Array(size);
  for (const code of without) cells[code] = -1;
  return cells;
}

/** Those that are given are cells of their own, in that order; all others are left out. */
export function toCellsOf(size: number, codes: readonly number[]): CellOfCode {
  const cells = new Int32Array(size).fill(-1);
  for (const [cell, code] of codes.entries()) cells[code] = cell;
  return cells;
}

/** Adds the hosts or clusters of each cell, of rows of one census. */
export function addGroups({ segment, rows, codes, length }: GroupedRows, cells: CellOfCode, counts: Int32Array): void {
  const { group } = segment;
  const owner = new Int32Array(counts.length).fill(-1);
  for (let at = 0; at < length; at += 1) {
    const cell = cells[codes[at] as number] as number;
    const one = group[rows[at] as number] as number;
    if (cell < 0 || owner[cell] === one) continue;
    owner[cell] = one;
    (counts[cell] as number) += 1;
  }
}

/** Stretches of censuses, each of one cell; the arrays hold `count` of them until the next block. */
export type UseStretches = (cells: Int32Array, starts: Int32Array, ends: Int32Array, count: number) => void;

const cellsOfBlock = new Int32Array(BLOCK);
const startsOfBlock = new Int32Array(BLOCK);
const endsOfBlock = new Int32Array(BLOCK);

/**
 * What the rows of a host or cluster add to its cells. They come in the order of their begin: of each only what lies
 * behind the end of those before it is added.
 * @param size of the cells
 */
export function forEachGroupStretch(
  { segment, rows, codes, length }: GroupedRows,
  cells: CellOfCode,
  size: number,
  use: UseStretches,
): void {
  const { group, columns } = segment;
  const { first, last } = columns;
  const owner = new Int32Array(size).fill(-1);
  const covered = new Int32Array(size);
  let count = 0;
  for (let at = 0; at < length; at += 1) {
    const cell = cells[codes[at] as number] as number;
    if (cell < 0) continue;
    const row = rows[at] as number;
    let start = first[row] as number;
    const end = last[row] as number;
    if (owner[cell] === group[row]) {
      const until = covered[cell] as number;
      if (end <= until) continue;
      if (start <= until) start = until + 1;
    } else owner[cell] = group[row] as number;
    covered[cell] = end;
    cellsOfBlock[count] = cell;
    startsOfBlock[count] = start;
    endsOfBlock[count] = end;
    count += 1;
    if (count < BLOCK) continue;
    use(cellsOfBlock, startsOfBlock, endsOfBlock, count);
    count = 0;
  }
  use(cellsOfBlock, startsOfBlock, endsOfBlock, count);
}
