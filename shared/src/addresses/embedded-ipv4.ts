import type { Address, Ipv4Address } from './address.ts';
import type { AddressSet } from './address-set.ts';
import { AddressSetBuilder } from './address-set-builder.ts';

// First address of each prefix that carries an IPv4 address, and how far left of the last bit it stands.
const EMBEDDINGS: readonly { readonly base: bigint; readonly shift: bigint }[] = [
  { base: 0x0064_ff9b_0000_0000_0000_0000_0000_0000n, shift: 0n }, // 64:ff9b::/96, NAT64 (RFC 6052)
  { base: 0x0000_0000_0000_0000_0000_ffff_0000_0000n, shift: 0n }, // ::ffff:0:0/96, IPv4-mapped (RFC 4291)
  { base: 0x2002_0000_0000_0000_0000_0000_0000_0000n, shift: 80n }, // 2002::/16, 6to4 (RFC 3056)
];

/** The IPv4 address inside an address of NAT64, 6to4 or the mapped block; undefined for every other. */
export function embeddedIpv4(address: Address): Ipv4Address | undefined {
  if (address.family === 4) return undefined;
  for (const { base, shift } of EMBEDDINGS) {
    const bits = shift + 32n;
    if (address.value >> bits === base >> bits) {
      return { family: 4, value: Number((address.value >> shift) & 0xffff_ffffn) };
    }
  }
  return undefined;
}

/** The set, and with each of its IPv4 ranges the IPv6 ranges that carry it. */
export function withEmbeddedIpv4(set: AddressSet): AddressSet {
  const builder = new AddressSetBuilder();
  for (const range of set.ranges()) {
    if (range.family === 6) break;
    for (const { base, shift } of EMBEDDINGS) {
      const first = base + (BigInt(range.first) << shift);
      const last = base + (BigInt(range.last) << shift) + (1n << shift) - 1n;
      builder.add({ family: 6, first, last });
    }
  }
  return set.union(builder.build());
}

/** True where an exclusion holds the address itself or the IPv4 address inside it. */
export function matchesExclusion(exclusions: AddressSet, address: Address): boolean {
  if (exclusions.contains(address)) return true;
  const inside = embeddedIpv4(address);
  return inside !== undefined && exclusions.containsIpv4(inside.value);
}
