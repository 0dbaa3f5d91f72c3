import type { Spans } from './load-spans.ts';
import { widen } from './numbers.ts';
import { BLOCK } from './row-test.ts';

/** Rows of one endpoint in two censuses, side by side; -1 where it has none in one of them. */
export interface RowPairs {
  earlier: Int32Array;
  later: Int32Array;
  count: number;
}

/**
 * Hands over the endpoints that are in at least one of two censuses, by address; all of an address at once, so that it may
 * be more than a block. The arrays are taken anew each time.
 */
export function forEachPair(
  { first, last, host, endpointId, length }: Spans,
  earlier: number,
  later: number,
  use: (pairs: RowPairs) => void,
): void {
  let [ones, others] = [new Int32Array(BLOCK), new Int32Array(BLOCK)];
  let count = 0;
  /** The first pair of the address. */
  let begin = 0;
  let open = -1;
  for (let row = 0; row < length; row += 1) {
    const isEarlier = (first[row] as number) <= earlier && (last[row] as number) >= earlier;
    const isLater = (first[row] as number) <= later && (last[row] as number) >= later;
    if (!isEarlier && !isLater) continue;
    if (host[row] !== open) {
      if (count >= BLOCK / 2) {
        use({ earlier: ones, later: others, count });
        count = 0;
      }
      begin = count;
      open = host[row] as number;
    }
    let at = begin;
    while (at < count) {
      const known = (ones[at] as number) === -1 ? (others[at] as number) : (ones[at] as number);
      if (endpointId[known] === endpointId[row]) break;
      at += 1;
    }
    if (at === count) {
      if (count === ones.length) [ones, others] = [widen(ones, count + 1), widen(others, count + 1)];
      ones[at] = -1;
      others[at] = -1;
      count += 1;
    }
    if (isEarlier) ones[at] = row;
    if (isLater) others[at] = row;
  }
  if (count > 0) use({ earlier: ones, later: others, count });
}
