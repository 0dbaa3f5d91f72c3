import type { SpanColumns } from './load-spans.ts';
import { BLOCK, type Question } from './row-test.ts';
import type { Segment } from './segments.ts';

/** The rows of a block, taken anew each time: whoever wants to keep them copies them. */
const rows = new Int32Array(BLOCK);

/**
 * Hands over, block by block, the rows of a segment that meet a question, and cover a census where one is named.
 */
export function forEachBlock(
  { columns }: Segment,
  meets: Question,
  census: number | undefined,
  use: (rows: Int32Array, count: number) => void,
): void {
  const { length } = columns;
  for (let from = 0; from < length; from += BLOCK) {
    const listed = listRows(columns, census, from, Math.min(from + BLOCK, length), rows);
    const count = meets.keep(columns, rows, listed);
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
