import { AddressError } from './address-error.ts';
import { type AddressRange, formatRange } from './address-range.ts';
import type { AddressSet } from './address-set.ts';
import { AddressSetBuilder } from './address-set-builder.ts';
import type { TargetLine } from './target-line.ts';
import { fromWordRange, isOneAddress, type WordRange } from './word-range.ts';

/** What a list of targets comes to. */
export interface TargetSelection {
  /** To be looked at on the scan's ports. */
  readonly addresses: AddressSet;
  /** By port: addresses to be looked at on that port alone. */
  readonly single: ReadonlyMap<number, AddressSet>;
}

/** Ranges whose place is kept, to name both sides of an overlap: a list written by hand is shorter. */
const MAX_REMEMBERED = 10_000;

/**
 * Gathers targets from any number of lists; memory grows by 8 bytes (IPv4) or 32 (IPv6) a range.
 * The same address named twice counts once. A range that shares addresses with another range, or with an address that is
 * named by itself, is refused unless merging was asked for: in a list written by hand one of the two is usually a slip
 * for another network.
 */
export class TargetCollector {
  readonly #ranges = new AddressSetBuilder();
  readonly #addresses = new AddressSetBuilder();
  readonly #single = new Map<number, AddressSetBuilder>();
  readonly #remembered: { readonly range: AddressRange; readonly where: string }[] = [];
  readonly #overlaps: 'refuse' | 'merge';

  constructor(options: { readonly overlaps: 'refuse' | 'merge' }) {
    this.#overlaps = options.overlaps;
  }

  /** `where` is the place of the target, for the message about an overlap. */
  add(target: TargetLine & { readonly where?: string }): void {
    const { range, port } = target;
    if (port !== undefined) {
      let builder = this.#single.get(port);
      if (builder === undefined) {
        builder = new AddressSetBuilder();
        this.#single.set(port, builder);
      }
      builder.add(range);
    } else if (this.#overlaps === 'merge') {
      this.#ranges.add(range);
    } else if (range.first === range.last) {
      this.#addresses.add(range);
    } else {
      this.#ranges.add(range);
      if (this.#remembered.length < MAX_REMEMBERED && target.where !== undefined) {
        this.#remembered.push({ range, where: target.where });
      }
    }
  }

  /** The same for a range in words that stands on a line of a list. */
  addWords(range: WordRange, list: string, line: number): void {
    if (this.#overlaps === 'merge') this.#ranges.addWords(range);
    else if (isOneAddress(range)) this.#addresses.addWords(range);
    else {
      this.#ranges.addWords(range);
      if (this.#remembered.length < MAX_REMEMBERED) {
        this.#remembered.push({ range: fromWordRange(range), where: `${list} line ${line}` });
      }
    }
  }

  /**
   * The collector is empty afterwards.
   * @throws AddressError ADDRESS_RANGES_OVERLAP unless they are to be merged
   */
  build(): TargetSelection {
    const ranges = this.#ranges.build();
    const { overlap } = this.#ranges;
    if (overlap !== undefined && this.#overlaps === 'refuse') throw this.#overlapError(overlap);
    const single = new Map([...this.#single].map(([port, builder]) => [port, builder.build()] as const));
    const addresses = this.#addresses.build();
    // With merging asked for, addresses are among the ranges.
    const [inside] = ranges.intersect(addresses).ranges();
    if (inside !== undefined) throw this.#insideError(inside);
    this.#single.clear();
    this.#remembered.length = 0;
    return { addresses: ranges.union(addresses), single };
  }

  /** `inside`: addresses that were named by themselves, without a gap, in a range. */
  #insideError(inside: AddressRange): AddressError {
    const range = this.#sidesOf(inside)[0];
    return new AddressError(
      'ADDRESS_RANGES_OVERLAP',
      formatRange(inside),
      `is named by itself and lies in ${range ?? 'a range that is given too'}`,
      'remove one of them, or merge what overlaps with --merge-overlaps',
    );
  }

  #overlapError(overlap: AddressRange): AddressError {
    const [first, second] = this.#sidesOf(overlap);
    const between = second === undefined ? 'two of the ranges given' : `${first} and ${second}`;
    return new AddressError(
      'ADDRESS_RANGES_OVERLAP',
      formatRange(overlap),
      `lies in ${between}`,
      'remove one of them, or merge what overlaps with --merge-overlaps',
    );
  }

  /** Remembered ranges that the begin of `overlap` lies in, each with its place. */
  #sidesOf(overlap: AddressRange): string[] {
    const sides = this.#remembered.filter(
      ({ range }) => range.family === overlap.family && range.first <= overlap.first && overlap.first <= range.last,
    );
    return sides.map(({ range, where }) => `${formatRange(range)} (${where})`);
  }
}
