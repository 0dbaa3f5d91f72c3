/**
 * Sorted, disjoint, non-adjacent intervals of 32-bit (`words` 1) or 128-bit (`words` 4, highest word first) numbers.
 * Interval i is from `starts` to `ends`, both included, at word offset `i * words`: 8 or 32 bytes each.
 */
export interface Intervals {
  readonly words: 1 | 4;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly count: number;
}

/** Order of bound i of `a` and bound j of `b`: negative, zero or positive. */
export function compareBounds(words: 1 | 4, a: Uint32Array, i: number, b: Uint32Array, j: number): number {
  for (let word = 0; word < words; word += 1) {
    const difference = (a[i * words + word] as number) - (b[j * words + word] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

function copyBound(words: 1 | 4, from: Uint32Array, i: number, to: Uint32Array, j: number): void {
  for (let word = 0; word < words; word += 1) to[j * words + word] = from[i * words + word] as number;
}

/** Writes bound i of `from`, plus or minus one, as bound j of `to`; false where that leaves the number space. */
function shiftBound(words: 1 | 4, by: 1 | -1, from: Uint32Array, i: number, to: Uint32Array, j: number): boolean {
  let carry: number = by;
  for (let word = words - 1; word >= 0; word -= 1) {
    const sum = (from[i * words + word] as number) + carry;
    to[j * words + word] = sum;
    carry = sum > 0xffff_ffff ? 1 : sum < 0 ? -1 : 0;
  }
  return carry === 0;
}

function isSuccessor(words: 1 | 4, end: Uint32Array, i: number, start: Uint32Array, j: number): boolean {
  let carry = 1;
  for (let word = words - 1; word >= 0; word -= 1) {
    const sum = (end[i * words + word] as number) + carry;
    if ((start[j * words + word] as number) !== sum >>> 0) return false;
    carry = sum > 0xffff_ffff ? 1 : 0;
  }
  return carry === 0;
}

const SMALL_WORDS = 16 * 1024;

function trimmed(words: 1 | 4, starts: Uint32Array, ends: Uint32Array, count: number): Intervals {
  const length = count * words;
  // The unwritten rest of a large array takes no memory; of many small ones it would.
  const trim = (bounds: Uint32Array) =>
    length < SMALL_WORDS && bounds.length > length ? bounds.slice(0, length) : bounds.subarray(0, length);
  return { words, starts: trim(starts), ends: trim(ends), count };
}

/**
 * Turns sorted starts and sorted ends (each sorted by itself, pairing lost) into intervals, in place.
 * Sound because after the i-th smallest end exactly i + 1 intervals have ended: if no other start lies before it,
 * nothing is open there. `overlap` is the first stretch that lies in two of the given intervals.
 */
export function toIntervals(
  words: 1 | 4,
  starts: Uint32Array,
  ends: Uint32Array,
  count: number,
): { intervals: Intervals; overlap: Intervals | undefined } {
  let written = 0;
  let overlap: Intervals | undefined;
  for (let i = 0; i < count; i += 1) {
    if (i + 1 < count) {
      const order = compareBounds(words, starts, i + 1, ends, i);
      if (order <= 0 && overlap === undefined) {
        overlap = {
          words,
          starts: starts.slice((i + 1) * words, (i + 2) * words),
          ends: ends.slice(i * words, (i + 1) * words),
          count: 1,
        };
      }
      if (order <= 0 || isSuccessor(words, ends, i, starts, i + 1)) continue;
    }
    copyBound(words, ends, i, ends, written);
    written += 1;
    if (i + 1 < count) copyBound(words, starts, i + 1, starts, written);
  }
  return { intervals: trimmed(words, starts, ends, written), overlap };
}

/** Every number that is in none of the intervals. */
export function complement(set: Intervals): Intervals {
  const { words } = set;
  const starts = new Uint32Array((set.count + 1) * words);
  const ends = new Uint32Array((set.count + 1) * words);
  let count = 0;
  let open = true; // bound 0 of `starts` is zero already
  for (let i = 0; i < set.count; i += 1) {
    const endsBefore = shiftBound(words, -1, set.starts, i, ends, count);
    if (open && endsBefore) count += 1;
    open = shiftBound(words, 1, set.ends, i, starts, count);
  }
  if (open) {
    ends.fill(0xffff_ffff, count * words, (count + 1) * words);
    count += 1;
  }
  return trimmed(words, starts, ends, count);
}

/** One pass over both; writes to `starts` and `ends`, or with no arrays only counts. */
function intersection(a: Intervals, b: Intervals, starts?: Uint32Array, ends?: Uint32Array): number {
  const { words } = a;
  let count = 0;
  for (let i = 0, j = 0; i < a.count && j < b.count; ) {
    const startsInA = compareBounds(words, a.starts, i, b.starts, j) >= 0;
    const order = compareBounds(words, a.ends, i, b.ends, j);
    const start = startsInA ? a.starts : b.starts;
    const end = order <= 0 ? a.ends : b.ends;
    const startAt = startsInA ? i : j;
    const endAt = order <= 0 ? i : j;
    if (compareBounds(words, start, startAt, end, endAt) <= 0) {
      if (starts !== undefined && ends !== undefined) {
        copyBound(words, start, startAt, starts, count);
        copyBound(words, end, endAt, ends, count);
      }
      count += 1;
    }
    if (order <= 0) i += 1;
    if (order >= 0) j += 1;
  }
  return count;
}

/** True where at least one number is in both. */
export function intersects(a: Intervals, b: Intervals): boolean {
  return intersection(a, b) > 0;
}

/** Every number that is in both. Counted first, so that the result takes no more memory than it needs. */
export function intersect(a: Intervals, b: Intervals): Intervals {
  const { words } = a;
  const count = intersection(a, b);
  const starts = new Uint32Array(count * words);
  const ends = new Uint32Array(count * words);
  intersection(a, b, starts, ends);
  return { words, starts, ends, count };
}

function merged(words: 1 | 4, a: Uint32Array, aCount: number, b: Uint32Array, bCount: number): Uint32Array {
  const bounds = new Uint32Array((aCount + bCount) * words);
  let i = 0;
  let j = 0;
  while (i < aCount || j < bCount) {
    const fromA = j === bCount || (i < aCount && compareBounds(words, a, i, b, j) <= 0);
    if (fromA) copyBound(words, a, i, bounds, i + j);
    else copyBound(words, b, j, bounds, i + j);
    if (fromA) i += 1;
    else j += 1;
  }
  return bounds;
}

/** Every number that is in either. One pass over each. */
export function union(a: Intervals, b: Intervals): Intervals {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const { words } = a;
  const starts = merged(words, a.starts, a.count, b.starts, b.count);
  const ends = merged(words, a.ends, a.count, b.ends, b.count);
  return toIntervals(words, starts, ends, a.count + b.count).intervals;
}

/** The last interval that starts at or before the number in `bound[0]`, or -1. */
export function findInterval(set: Intervals, bound: Uint32Array): number {
  const { words, starts } = set;
  const first = bound[0] as number;
  let low = 0;
  let high = set.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    // The first word decides nearly always.
    const difference = (starts[middle * words] as number) - first;
    if (difference < 0 || (difference === 0 && compareBounds(words, starts, middle, bound, 0) <= 0)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** How far bound j of `b` lies above bound i of `a`, exact below 2^53 (every partial sum then is). */
export function boundDistance(words: 1 | 4, a: Uint32Array, i: number, b: Uint32Array, j: number): number {
  let distance = 0;
  for (let word = 0; word < words; word += 1) {
    distance = distance * 0x1_0000_0000 + ((b[j * words + word] as number) - (a[i * words + word] as number));
  }
  return distance;
}
