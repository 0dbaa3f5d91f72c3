import type { SpanColumns } from './load-spans.ts';
import { BLOCK, type Question } from './row-test.ts';
import type { Segment } from './segments.ts';

/** The rows of a block, taken anew each time: whoever wants to keep them copies them. */
const rows = new Int32Array(BLOCK);

/**
 * Hands over, block by block, the rows of a segment that meet a question, and cover a census where one is named.
 */
export function forEachBlock(
  { columns, only }: Segment,
  meets: Question,
  census: number | undefined,
  use: (rows: Int32Array, count: number) => void,
): void {
  const { length } = columns;
  for (let from = 0; from < length; from += BLOCK) {
    let count = listRows(columns, census, from, Math.min(from + BLOCK, length), rows);
    if (only !== undefined) count = keepOnly(only, rows, count);
    count = meets.keep(columns, rows, count);
    if (count > 0) use(rows, count);
  }
}

/** Writes those of the rows from one to another, the latter not included, that cover a census; all where none is named. */
export function listRows(
  { first, last }: SpanColumns,
  census: number | undefined,
  from: number,
  until: number,
  into: Int32Array,
): number {
  let count = 0;
  if (census === undefined) {
    for (let row = from; row < until; row += 1) into[count++] = row;
    return count;
  }
  for (let row = from; row < until; row += 1) {
    into[count] = row;
    count += Number((first[row] as number) <= census) & Number((last[row] as number) >= census);
  }
  return count;
}

function keepOnly(only: Uint8Array, rows: Int32Array, count: number): number {
  let kept = 0;
  for (let at = 0; at < count; at += 1) {
    const row = rows[at] as number;
    rows[kept] = row;
    kept += only[row] as number;
  }
  return kept;
}
