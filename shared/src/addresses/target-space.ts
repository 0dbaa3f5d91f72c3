import { toGroupedNumber } from '../text/index.ts';
import type { Address } from './address.ts';
import { AddressError } from './address-error.ts';
import { formatRange, rangeSize } from './address-range.ts';
import { AddressSet } from './address-set.ts';
import { MAX_TARGETS } from './permutation.ts';

/** An address and a port to look at. */
export interface Target {
  readonly address: Address;
  readonly port: number;
}

/** Addresses that are all looked at on the same ports. */
export interface TargetBlock {
  readonly addresses: AddressSet;
  /** Sorted, without repeats. */
  readonly ports: readonly number[];
}

/** @throws AddressError ADDRESS_PORT */
export function assertPort(port: number, text: string = String(port)): void {
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return;
  throw new AddressError('ADDRESS_PORT', text, 'is no port', 'write a number from 1 to 65535');
}

function assertSize(size: bigint, blocks: readonly TargetBlock[]): void {
  if (size <= BigInt(MAX_TARGETS)) return;
  let largest = { text: '', size: 0n };
  for (const { addresses } of blocks) {
    const range = addresses.largestRange();
    if (range === undefined || rangeSize(range) <= largest.size) continue;
    largest = { text: formatRange(range), size: rangeSize(range) };
  }
  throw new AddressError(
    'ADDRESS_SET_TOO_LARGE',
    largest.text,
    `brings the scan to ${formatCount(size)} targets, more than the ${formatCount(BigInt(MAX_TARGETS))} that one scan can hold`,
    'give a hit list of IPv6 addresses that are in use, or smaller prefixes',
  );
}

/** `2^96`, `1,024` or `about 2^95.6`. */
function formatCount(count: bigint): string {
  const bits = count.toString(2).length - 1;
  if (bits < 40) return toGroupedNumber(count);
  return count === 1n << BigInt(bits) ? `2^${bits}` : `about 2^${Math.log2(Number(count)).toFixed(1)}`;
}

/**
 * Every target of a scan under one index from 0 to size - 1: blocks in order, in a block addresses in order, at an address
 * ports in order. Immutable; two spaces of the same blocks give every target the same index.
 */
export class TargetSpace {
  readonly blocks: readonly TargetBlock[];
  readonly size: number;
  readonly #offsets: readonly number[];

  private constructor(blocks: readonly TargetBlock[]) {
    const used = blocks.filter(({ addresses, ports }) => !addresses.isEmpty && ports.length > 0);
    const sizes = used.map(({ addresses, ports }) => addresses.size * BigInt(ports.length));
    assertSize(
      sizes.reduce((sum, size) => sum + size, 0n),
      used,
    );
    const offsets: number[] = [];
    let offset = 0;
    for (const size of sizes) {
      offsets.push(offset);
      offset += Number(size);
    }
    this.blocks = used;
    this.size = offset;
    this.#offsets = offsets;
  }

  /**
   * Blocks must not share a target: Scope sees to that.
   * @throws AddressError ADDRESS_SET_TOO_LARGE
   */
  static fromBlocks(blocks: readonly TargetBlock[]): TargetSpace {
    return new TargetSpace(blocks);
  }

  /** The space without these addresses. Its indexes are its own. */
  without(excluded: AddressSet): TargetSpace {
    return new TargetSpace(
      this.blocks.map(({ addresses, ports }) => ({ addresses: addresses.subtract(excluded), ports })),
    );
  }

  /** Every address of the space, whatever its ports. */
  addresses(): AddressSet {
    return this.blocks.reduce((all, { addresses }) => all.union(addresses), AddressSet.EMPTY);
  }

  /** @throws AddressError ADDRESS_INDEX */
  targetAt(index: number): Target {
    if (!Number.isInteger(index) || index < 0 || index >= this.size) {
      throw new AddressError('ADDRESS_INDEX', String(index), `is no index of ${this.size} targets`, 'count from 0');
    }
    let low = 0;
    let high = this.#offsets.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#offsets[middle] as number) <= index) low = middle;
      else high = middle;
    }
    const { addresses, ports } = this.blocks[low] as TargetBlock;
    const offset = index - (this.#offsets[low] as number);
    const nth = Math.floor(offset / ports.length);
    return { address: addresses.nth(nth), port: ports[offset - nth * ports.length] as number };
  }

  /** The index of a target, or -1: the inverse of `targetAt`. */
  indexOf(target: Target): number {
    for (const [block, { addresses, ports }] of this.blocks.entries()) {
      const port = ports.indexOf(target.port);
      if (port < 0) continue;
      const nth = addresses.indexOf(target.address);
      if (nth >= 0) return (this.#offsets[block] as number) + nth * ports.length + port;
    }
    return -1;
  }

  /** One line for people. */
  summary(): string {
    if (this.blocks.length === 0) return 'no targets';
    const [first] = this.blocks as [TargetBlock];
    const what = `${toGroupedNumber(this.size)} ${this.size === 1 ? 'target' : 'targets'}`;
    if (this.blocks.length > 1) return `${what}: ${this.addresses().summary()}`;
    const ports = first.ports.length > 8 ? `${first.ports.length} ports` : `port ${first.ports.join(', ')}`;
    return `${what}: ${first.addresses.summary()} on ${ports}`;
  }
}
