import { type Address, writeIpv6Words } from './address.ts';
import type { AddressRange } from './address-range.ts';
import { AddressSet } from './address-set.ts';
import { type Intervals, toIntervals } from './intervals.ts';
import { sortBounds } from './sort-bounds.ts';
import type { WordRange } from './word-range.ts';

class BoundsBuffer {
  readonly words: 1 | 4;
  starts = new Uint32Array(0);
  ends = new Uint32Array(0);
  count = 0;

  constructor(words: 1 | 4) {
    this.words = words;
  }

  /** Makes room for one more interval and gives its word offset. */
  reserve(): number {
    const offset = this.count * this.words;
    if (offset === this.starts.length) {
      // By sixteen: memory that is never written costs nothing, arrays left behind do.
      const length = Math.max(16 * this.words, offset * 16);
      const grow = (bounds: Uint32Array) => {
        const grown = new Uint32Array(length);
        grown.set(bounds);
        return grown;
      };
      this.starts = grow(this.starts);
      this.ends = grow(this.ends);
    }
    this.count += 1;
    return offset;
  }

  take(): { intervals: Intervals; overlap: Intervals | undefined } {
    const { words, starts, ends, count } = this;
    this.starts = new Uint32Array(0);
    this.ends = new Uint32Array(0);
    this.count = 0;
    sortBounds(words, starts, ends, count);
    return toIntervals(words, starts, ends, count);
  }
}

/** Collects ranges in any order, 8 or 32 bytes each, and sorts once: 10^6 prefixes in a fraction of a second. */
export class AddressSetBuilder {
  readonly #ipv4 = new BoundsBuffer(1);
  readonly #ipv6 = new BoundsBuffer(4);
  #overlap: AddressRange | undefined;

  /** Ranges added since the last build. */
  get count(): number {
    return this.#ipv4.count + this.#ipv6.count;
  }

  /** After `build`: the first stretch that lay in two of the ranges given, or undefined. */
  get overlap(): AddressRange | undefined {
    return this.#overlap;
  }

  add(range: AddressRange): this {
    if (range.family === 4) return this.addIpv4(range.first, range.last);
    const offset = this.#ipv6.reserve();
    writeIpv6Words(range.first, this.#ipv6.starts, offset);
    writeIpv6Words(range.last, this.#ipv6.ends, offset);
    return this;
  }

  addIpv4(first: number, last: number): this {
    const offset = this.#ipv4.reserve();
    this.#ipv4.starts[offset] = first;
    this.#ipv4.ends[offset] = last;
    return this;
  }

  addWords({ family, first, last }: WordRange): this {
    if (family === 4) return this.addIpv4(first[0] as number, last[0] as number);
    const offset = this.#ipv6.reserve();
    const { starts, ends } = this.#ipv6;
    for (let word = 0; word < 4; word += 1) {
      starts[offset + word] = first[word] as number;
      ends[offset + word] = last[word] as number;
    }
    return this;
  }

  addAddress(address: Address): this {
    if (address.family === 4) return this.addIpv4(address.value, address.value);
    return this.add({ family: 6, first: address.value, last: address.value });
  }

  /** The set of everything added; the builder is empty afterwards. */
  build(): AddressSet {
    const ipv4 = this.#ipv4.take();
    const ipv6 = this.#ipv6.take();
    const set = new AddressSet(ipv4.intervals, ipv6.intervals);
    const overlaps = new AddressSet(ipv4.overlap, ipv6.overlap);
    this.#overlap = overlaps.ranges().next().value;
    return set;
  }
}
