import { AddressSetBuilder } from './address-set-builder.ts';
import { assertPort, type TargetBlock } from './target-space.ts';

/** Blocks with different ports at most; what an event's number below leaves room for. */
const MAX_BLOCKS = 2 ** 19;

/** Somewhere an address range of a block begins or (one after its last) has ended. */
interface Bound {
  at: number | bigint;
  block: number;
  opens: boolean;
}

/**
 * Cuts overlapping blocks into disjoint ones: each address with all the ports that any block gives it, then one block
 * for each list of ports, in the order of the lists. Linear in the ranges but for one sort.
 * @throws AddressError ADDRESS_PORT; RangeError over 2^19 different lists of ports
 */
export function partitionByPorts(blocks: Iterable<TargetBlock>): TargetBlock[] {
  const given = [...mergeEqualPorts(blocks).values()].filter(
    ({ addresses, ports }) => !addresses.isEmpty && ports.length > 0,
  );
  if (given.length > MAX_BLOCKS)
    throw new RangeError(`${given.length} different lists of ports; at most ${MAX_BLOCKS}`);
  const disjoint = given.length < 2 ? given : sweep(given);
  return disjoint.sort((a, b) => comparePorts(a.ports, b.ports));
}

function mergeEqualPorts(blocks: Iterable<TargetBlock>): Map<string, TargetBlock> {
  const merged = new Map<string, TargetBlock>();
  for (const block of blocks) {
    const ports = [...new Set(block.ports)].sort((a, b) => a - b);
    for (const port of ports) assertPort(port);
    const key = ports.join();
    const before = merged.get(key);
    merged.set(key, { ports, addresses: before ? before.addresses.union(block.addresses) : block.addresses });
  }
  return merged;
}

function comparePorts(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < a.length && index < b.length; index += 1) {
    const difference = (a[index] as number) - (b[index] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function sweep(blocks: readonly TargetBlock[]): TargetBlock[] {
  const builders = new Map<string, { ports: number[]; builder: AddressSetBuilder }>();
  const builderOf = (open: readonly number[]) => {
    const ports = [...new Set(open.flatMap((block) => blocks[block]?.ports ?? []))].sort((a, b) => a - b);
    const key = ports.join();
    const known = builders.get(key) ?? { ports, builder: new AddressSetBuilder() };
    builders.set(key, known);
    return known.builder;
  };
  // Stretches of a hit list are covered by the same few blocks again and again.
  const byOpen = new Map<string, AddressSetBuilder>();

  for (const family of [4, 6] as const) {
    const open: number[] = [];
    let from: number | bigint = 0;
    for (const { at, block, opens } of family === 4 ? ipv4Bounds(blocks) : ipv6Bounds(blocks)) {
      if (open.length > 0 && at > from) {
        const key = open.join();
        const builder = byOpen.get(key) ?? builderOf(open);
        byOpen.set(key, builder);
        if (family === 4) builder.addIpv4(Number(from), Number(at) - 1);
        else builder.add({ family, first: BigInt(from), last: BigInt(at) - 1n });
      }
      from = at;
      const place = open.findIndex((other) => other >= block);
      if (opens) open.splice(place < 0 ? open.length : place, 0, block);
      else open.splice(place, 1);
    }
  }
  return [...builders.values()].map(({ ports, builder }) => ({ ports, addresses: builder.build() }));
}

/** Sorted bounds, each as one number: address (up to 2^32), block, opens. The same object every time. */
function* ipv4Bounds(blocks: readonly TargetBlock[]): Generator<Bound> {
  const count = blocks.reduce((sum, { addresses }) => sum + addresses.ipv4.count, 0);
  const codes = new Float64Array(count * 2);
  let written = 0;
  for (const [block, { addresses }] of blocks.entries()) {
    const { starts, ends } = addresses.ipv4;
    for (let i = 0; i < addresses.ipv4.count; i += 1) {
      codes[written] = (starts[i] as number) * 2 * MAX_BLOCKS + block * 2 + 1;
      codes[written + 1] = ((ends[i] as number) + 1) * 2 * MAX_BLOCKS + block * 2;
      written += 2;
    }
  }
  const bound: Bound = { at: 0, block: 0, opens: false };
  for (const code of codes.sort()) {
    const rest = code % (2 * MAX_BLOCKS);
    bound.at = (code - rest) / (2 * MAX_BLOCKS);
    bound.block = Math.floor(rest / 2);
    bound.opens = rest % 2 === 1;
    yield bound;
  }
}

function* ipv6Bounds(blocks: readonly TargetBlock[]): Generator<Bound> {
  const bounds: (Bound & { at: bigint })[] = [];
  for (const [block, { addresses }] of blocks.entries()) {
    for (const range of addresses.ranges()) {
      if (range.family !== 6) continue;
      bounds.push({ at: range.first, block, opens: true }, { at: range.last + 1n, block, opens: false });
    }
  }
  yield* bounds.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
