import type { SpanColumns } from './load-spans.ts';

/** What is counted: every interval by itself, or its group (a host, a cluster) once however many of its intervals meet. */
export type Counted = 'span' | 'group';

export interface Tallied {
  columns: SpanColumns;
  counted: Counted;
  /** Cell of each interval; one whose cell is negative is left out. */
  codes: Int32Array;
  /** Cells that there may be. */
  size: number;
}

/** How many there are in each cell, of intervals that are all of one census. */
export function tallyCensus({ columns, counted, codes, size }: Tallied): Float64Array {
  const { group, length } = columns;
  const counts = new Float64Array(size);
  if (counted === 'span') {
    for (let at = 0; at < length; at += 1) {
      const code = codes[at] as number;
      if (code >= 0) (counts[code] as number) += 1;
    }
    return counts;
  }
  const owner = new Int32Array(size).fill(-1);
  for (let at = 0; at < length; at += 1) {
    const code = codes[at] as number;
    if (code < 0 || owner[code] === group[at]) continue;
    owner[code] = group[at] as number;
    (counts[code] as number) += 1;
  }
  return counts;
}

/**
 * Counts of every census from 0 to the last one, cell by cell, `lastCensus + 2` numbers each: an interval is one more
 * where it begins and one less behind its end, so the work does not grow with the number of censuses.
 */
export function tallyTrend(tallied: Tallied): Int32Array {
  const width = tallied.columns.lastCensus + 2;
  const changes = new Int32Array(tallied.size * width);
  forEachStretch(tallied, (code, from, until) => {
    (changes[code * width + from] as number) += 1;
    (changes[code * width + until + 1] as number) -= 1;
  });
  for (let at = 0, count = 0; at < changes.length; at += 1) {
    count = at % width === 0 ? (changes[at] as number) : count + (changes[at] as number);
    changes[at] = count;
  }
  return changes;
}

/** What orders the lines of a trend: how much of each is in the last census asked, and in all censuses asked together. */
export interface Weights {
  last: Float64Array;
  sum: Float64Array;
}

/** As a trend would have it, without its censuses: for splits whose cells are too many to count each census of each. */
export function weighTrend(tallied: Tallied, censuses: readonly number[]): Weights {
  const lastAsked = censuses.at(-1) ?? 0;
  const upTo = countUpTo(censuses);
  const end = upTo.length - 1;
  const weights = { last: new Float64Array(tallied.size), sum: new Float64Array(tallied.size) };
  forEachStretch(tallied, (code, from, until) => {
    const asked = (upTo[Math.min(until, end)] as number) - (upTo[Math.min(from - 1, end)] as number);
    (weights.sum[code] as number) += asked;
    if (from <= lastAsked && until >= lastAsked) (weights.last[code] as number) += 1;
  });
  return weights;
}

/**
 * What each interval adds to its cell. Intervals of a group come in the order of their begin: of each only what lies
 * behind the end of those before it is added.
 */
function forEachStretch(
  { columns, counted, codes, size }: Tallied,
  add: (code: number, from: number, until: number) => void,
): void {
  const { first, last, group, length } = columns;
  if (counted === 'span') {
    for (let at = 0; at < length; at += 1) {
      const code = codes[at] as number;
      if (code >= 0) add(code, first[at] as number, last[at] as number);
    }
    return;
  }
  const owner = new Int32Array(size).fill(-1);
  const covered = new Int32Array(size);
  for (let at = 0; at < length; at += 1) {
    const code = codes[at] as number;
    if (code < 0) continue;
    let from = first[at] as number;
    const until = last[at] as number;
    if (owner[code] === group[at]) {
      const end = covered[code] as number;
      if (until <= end) continue;
      if (from <= end) from = end + 1;
    } else owner[code] = group[at] as number;
    covered[code] = until;
    add(code, from, until);
  }
}

/** Number of a census -> how many of the asked ones are not behind it. */
function countUpTo(censuses: readonly number[]): Int32Array {
  const counts = new Int32Array((censuses.at(-1) ?? 0) + 1);
  for (const census of censuses) counts[census] = 1;
  for (let at = 1; at < counts.length; at += 1) (counts[at] as number) += counts[at - 1] as number;
  return counts;
}

/** The codes of other cells: what `toOther` gives for each old one. */
export function recode(codes: Int32Array, toOther: Int32Array): Int32Array {
  const others = new Int32Array(codes.length);
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] as number;
    others[at] = code < 0 ? -1 : (toOther[code] as number);
  }
  return others;
}
