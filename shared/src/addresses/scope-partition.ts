import type { AddressSet } from './address-set.ts';
import { AddressSetBuilder } from './address-set-builder.ts';

/** Addresses that are looked at on the same ports. */
export interface ScopeGroup {
  readonly ports: readonly number[];
  readonly addresses: AddressSet;
}

/** Groups with different ports at most; what an event's number below leaves room for. */
const MAX_GROUPS = 2 ** 19;

/** Somewhere an address range of a group begins or (one after its last) has ended. */
interface Bound {
  at: number | bigint;
  group: number;
  opens: boolean;
}

/**
 * Cuts overlapping groups into disjoint ones: each address with all the ports that any group gives it, then one group
 * for each list of ports, in the order of the lists. Linear in the ranges but for one sort.
 * @throws RangeError for a port that is none, or over 2^19 different lists of ports
 */
export function partitionByPorts(groups: Iterable<ScopeGroup>): ScopeGroup[] {
  const given = [...mergeEqualPorts(groups).values()].filter(
    ({ addresses, ports }) => !addresses.isEmpty && ports.length > 0,
  );
  if (given.length > MAX_GROUPS)
    throw new RangeError(`${given.length} different lists of ports; at most ${MAX_GROUPS}`);
  const disjoint = given.length < 2 ? given : sweep(given);
  return disjoint.sort((a, b) => comparePorts(a.ports, b.ports));
}

function mergeEqualPorts(groups: Iterable<ScopeGroup>): Map<string, ScopeGroup> {
  const merged = new Map<string, ScopeGroup>();
  for (const group of groups) {
    const ports = [...new Set(group.ports)].sort((a, b) => a - b);
    for (const port of ports) {
      if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new RangeError(`${port} is no port`);
    }
    const key = ports.join();
    const before = merged.get(key);
    merged.set(key, { ports, addresses: before ? before.addresses.union(group.addresses) : group.addresses });
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

function sweep(groups: readonly ScopeGroup[]): ScopeGroup[] {
  const builders = new Map<string, { ports: number[]; builder: AddressSetBuilder }>();
  const builderOf = (open: readonly number[]) => {
    const ports = [...new Set(open.flatMap((group) => groups[group]?.ports ?? []))].sort((a, b) => a - b);
    const key = ports.join();
    const known = builders.get(key) ?? { ports, builder: new AddressSetBuilder() };
    builders.set(key, known);
    return known.builder;
  };
  // Stretches of a hit list are covered by the same few groups again and again.
  const byOpen = new Map<string, AddressSetBuilder>();

  for (const family of [4, 6] as const) {
    const open: number[] = [];
    let from: number | bigint = 0;
    for (const { at, group, opens } of family === 4 ? ipv4Bounds(groups) : ipv6Bounds(groups)) {
      if (open.length > 0 && at > from) {
        const key = open.join();
        const builder = byOpen.get(key) ?? builderOf(open);
        byOpen.set(key, builder);
        if (family === 4) builder.addIpv4(Number(from), Number(at) - 1);
        else builder.add({ family, first: BigInt(from), last: BigInt(at) - 1n });
      }
      from = at;
      const place = open.findIndex((other) => other >= group);
      if (opens) open.splice(place < 0 ? open.length : place, 0, group);
      else open.splice(place, 1);
    }
  }
  return [...builders.values()].map(({ ports, builder }) => ({ ports, addresses: builder.build() }));
}

/** Sorted bounds, each as one number: address (up to 2^32), group, opens. The same object every time. */
function* ipv4Bounds(groups: readonly ScopeGroup[]): Generator<Bound> {
  const count = groups.reduce((sum, { addresses }) => sum + addresses.ipv4.count, 0);
  const codes = new Float64Array(count * 2);
  let written = 0;
  for (const [group, { addresses }] of groups.entries()) {
    const { starts, ends } = addresses.ipv4;
    for (let i = 0; i < addresses.ipv4.count; i += 1) {
      codes[written] = (starts[i] as number) * 2 * MAX_GROUPS + group * 2 + 1;
      codes[written + 1] = ((ends[i] as number) + 1) * 2 * MAX_GROUPS + group * 2;
      written += 2;
    }
  }
  const bound: Bound = { at: 0, group: 0, opens: false };
  for (const code of codes.sort()) {
    const rest = code % (2 * MAX_GROUPS);
    bound.at = (code - rest) / (2 * MAX_GROUPS);
    bound.group = Math.floor(rest / 2);
    bound.opens = rest % 2 === 1;
    yield bound;
  }
}

function* ipv6Bounds(groups: readonly ScopeGroup[]): Generator<Bound> {
  const bounds: (Bound & { at: bigint })[] = [];
  for (const [group, { addresses }] of groups.entries()) {
    for (const range of addresses.ranges()) {
      if (range.family !== 6) continue;
      bounds.push({ at: range.first, group, opens: true }, { at: range.last + 1n, group, opens: false });
    }
  }
  yield* bounds.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
