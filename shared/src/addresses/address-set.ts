import { toGroupedNumber } from '../text/index.ts';
import { type Address, toIpv6Value, writeIpv6Words } from './address.ts';
import { AddressError } from './address-error.ts';
import { type AddressRange, formatRange, rangeSize } from './address-range.ts';
import { IntervalTotals } from './interval-totals.ts';
import {
  boundDistance,
  compareBounds,
  complement,
  findInterval,
  type Intervals,
  intersect,
  intersects,
  union,
} from './intervals.ts';

function none(words: 1 | 4): Intervals {
  return { words, starts: new Uint32Array(0), ends: new Uint32Array(0), count: 0 };
}

function rangeAt(intervals: Intervals, index: number): AddressRange {
  const { starts, ends } = intervals;
  if (intervals.words === 1) return { family: 4, first: starts[index] as number, last: ends[index] as number };
  const value = (bounds: Uint32Array) => {
    const [w0, w1, w2, w3] = bounds.subarray(index * 4, index * 4 + 4) as unknown as [number, number, number, number];
    return toIpv6Value(w0, w1, w2, w3);
  };
  return { family: 6, first: value(starts), last: value(ends) };
}

/**
 * An immutable set of addresses of both families, as sorted disjoint ranges in typed arrays (8 bytes for an IPv4 range,
 * 32 for an IPv6 range). Its order, and so every index, is IPv4 before IPv6, ascending.
 */
export class AddressSet {
  static readonly EMPTY: AddressSet = new AddressSet(undefined, undefined);

  readonly ipv4: Intervals;
  readonly ipv6: Intervals;
  readonly #word = new Uint32Array(4);
  #totals: IntervalTotals | undefined;

  /** For the builder and the codec, which vouch for the order of the intervals. */
  constructor(ipv4: Intervals | undefined, ipv6: Intervals | undefined) {
    this.ipv4 = ipv4 ?? none(1);
    this.ipv6 = ipv6 ?? none(4);
  }

  get isEmpty(): boolean {
    return this.rangeCount === 0;
  }

  get rangeCount(): number {
    return this.ipv4.count + this.ipv6.count;
  }

  /** How many addresses. */
  get size(): bigint {
    const { total } = this.#countedTotals();
    if (Number.isFinite(total)) return BigInt(total);
    let size = 0n;
    for (const range of this.ranges()) size += rangeSize(range);
    return size;
  }

  contains(address: Address): boolean {
    if (address.family === 4) return this.containsIpv4(address.value);
    writeIpv6Words(address.value, this.#word, 0);
    const found = findInterval(this.ipv6, this.#word);
    return found >= 0 && compareBounds(4, this.#word, 0, this.ipv6.ends, found) <= 0;
  }

  /** `contains` without an object: several million a second. */
  containsIpv4(value: number): boolean {
    const found = this.#findIpv4(value);
    return found >= 0 && value <= (this.ipv4.ends[found] as number);
  }

  union(other: AddressSet): AddressSet {
    return new AddressSet(union(this.ipv4, other.ipv4), union(this.ipv6, other.ipv6));
  }

  intersect(other: AddressSet): AddressSet {
    return new AddressSet(intersect(this.ipv4, other.ipv4), intersect(this.ipv6, other.ipv6));
  }

  /** What is in this set and not in the other. */
  subtract(other: AddressSet): AddressSet {
    // A family that the other does not touch is shared, not copied, and often found again as the same.
    const without = (mine: Intervals, theirs: Intervals) => {
      if (mine.starts === theirs.starts && mine.ends === theirs.ends) return none(mine.words);
      return intersects(mine, theirs) ? intersect(mine, complement(theirs)) : mine;
    };
    return new AddressSet(without(this.ipv4, other.ipv4), without(this.ipv6, other.ipv6));
  }

  equals(other: AddressSet): boolean {
    const same = (a: Intervals, b: Intervals) =>
      a.count === b.count &&
      a.starts.every((word, index) => word === b.starts[index]) &&
      a.ends.every((word, index) => word === b.ends[index]);
    return same(this.ipv4, other.ipv4) && same(this.ipv6, other.ipv6);
  }

  /**
   * The address at an index from 0 to size - 1.
   * @throws AddressError ADDRESS_INDEX, ADDRESS_SET_TOO_LARGE (over 2^53 addresses)
   */
  nth(index: number): Address {
    const totals = this.#indexedTotals();
    if (!Number.isInteger(index) || index < 0 || index >= totals.total) {
      throw new AddressError('ADDRESS_INDEX', String(index), `is no index of ${this.size} addresses`, 'count from 0');
    }
    const { interval, offset } = totals.find(index);
    if (interval < this.ipv4.count) return { family: 4, value: (this.ipv4.starts[interval] as number) + offset };
    return { family: 6, value: ipv6At(this.ipv6, interval - this.ipv4.count, offset) };
  }

  /**
   * The index of an address, or -1 where the set has it not: the inverse of `nth`.
   * @throws AddressError ADDRESS_SET_TOO_LARGE (over 2^53 addresses)
   */
  indexOf(address: Address): number {
    const totals = this.#indexedTotals();
    if (!this.contains(address)) return -1;
    if (address.family === 4) {
      const found = this.#findIpv4(address.value);
      return totals.before(found) + address.value - (this.ipv4.starts[found] as number);
    }
    writeIpv6Words(address.value, this.#word, 0);
    const found = findInterval(this.ipv6, this.#word);
    return totals.before(this.ipv4.count + found) + boundDistance(4, this.ipv6.starts, found, this.#word, 0);
  }

  /** The ranges in order. */
  *ranges(): Generator<AddressRange, undefined> {
    for (let i = 0; i < this.ipv4.count; i += 1) yield rangeAt(this.ipv4, i);
    for (let i = 0; i < this.ipv6.count; i += 1) yield rangeAt(this.ipv6, i);
    return undefined;
  }

  /** The range with the most addresses, or undefined for the empty set. */
  largestRange(): AddressRange | undefined {
    let largest: AddressRange | undefined;
    for (const range of this.ranges()) {
      if (largest === undefined || rangeSize(range) > rangeSize(largest)) largest = range;
    }
    return largest;
  }

  /** One line for people, such as `256 IPv4 addresses (192.0.2.0/24)`. */
  summary(): string {
    const parts: string[] = [];
    for (const [family, intervals] of [
      ['IPv4', new AddressSet(this.ipv4, undefined)],
      ['IPv6', new AddressSet(undefined, this.ipv6)],
    ] as const) {
      if (intervals.isEmpty) continue;
      const what = intervals.size === 1n ? 'address' : 'addresses';
      const where =
        intervals.rangeCount <= 3
          ? [...intervals.ranges()].map(formatRange).join(', ')
          : `${toGroupedNumber(intervals.rangeCount)} ranges`;
      parts.push(`${toGroupedNumber(intervals.size)} ${family} ${what} (${where})`);
    }
    return parts.length === 0 ? 'no addresses' : parts.join(' and ');
  }

  #findIpv4(value: number): number {
    const { starts } = this.ipv4;
    let low = 0;
    let high = this.ipv4.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] as number) <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #countedTotals(): IntervalTotals {
    this.#totals ??= new IntervalTotals(this.ipv4, this.ipv6);
    return this.#totals;
  }

  #indexedTotals(): IntervalTotals {
    const totals = this.#countedTotals();
    if (Number.isFinite(totals.total)) return totals;
    throw new AddressError(
      'ADDRESS_SET_TOO_LARGE',
      this.summary(),
      'is more than 2^53 addresses and has no indexes',
      'give smaller prefixes or a hit list of IPv6 addresses',
    );
  }
}

/** `offset` (below 2^53) addresses after the start of an interval. */
function ipv6At(intervals: Intervals, index: number, offset: number): bigint {
  const { starts } = intervals;
  const low = (starts[index * 4 + 3] as number) + (offset % 0x1_0000_0000);
  const middle = (starts[index * 4 + 2] as number) + Math.floor(offset / 0x1_0000_0000) + (low > 0xffff_ffff ? 1 : 0);
  const above = (starts[index * 4 + 1] as number) + (middle > 0xffff_ffff ? 1 : 0);
  const top = (starts[index * 4] as number) + (above > 0xffff_ffff ? 1 : 0);
  return toIpv6Value(top, above, middle, low);
}
