import type { AddressRange, Scope } from '@kubecensus/shared/addresses';

/** How the targets of a scope lie in the prefixes that a per-prefix cap counts by: /24 (IPv4) and /48 (IPv6). */
export interface PrefixLoad {
  readonly prefixes: number;
  /** Targets of the prefix that holds the most of them. */
  readonly most: number;
}

const IPV4_BITS = 8n;
const IPV6_BITS = 80n;

/** From the ranges alone, never from the addresses: as fast for a /8 as for a /24. */
export function toPrefixLoad(scope: Scope): PrefixLoad {
  // An upper bound of no more than one prefix for each block: an address on two lists of ports counts in both.
  let prefixes = 0;
  let most = 0n;
  const shared = new Map<string, bigint>();
  for (const { addresses, ports } of scope.space.blocks) {
    const weight = BigInt(ports.length);
    for (const range of addresses.ranges()) {
      for (const { key, whole, targets } of toParts(range)) {
        if (whole > 0n) {
          prefixes += Number(whole);
          if (targets * weight > most) most = targets * weight;
          continue;
        }
        const sum = (shared.get(key) ?? 0n) + targets * weight;
        shared.set(key, sum);
        if (sum > most) most = sum;
      }
    }
  }
  return { prefixes: prefixes + shared.size, most: Number(most) };
}

/** A range as the prefixes it fills, counted, and at most two that it does not. */
function* toParts(range: AddressRange): Generator<{ key: string; whole: bigint; targets: bigint }> {
  const bits = range.family === 4 ? IPV4_BITS : IPV6_BITS;
  const size = 1n << bits;
  const first = BigInt(range.first);
  const last = BigInt(range.last);
  const keyOf = (prefix: bigint) => `${range.family} ${prefix}`;
  const firstPrefix = first >> bits;
  const lastPrefix = last >> bits;
  if (firstPrefix === lastPrefix && last - first + 1n < size) {
    yield { key: keyOf(firstPrefix), whole: 0n, targets: last - first + 1n };
    return;
  }
  const startsWhole = first % size === 0n;
  const endsWhole = (last + 1n) % size === 0n;
  if (!startsWhole) yield { key: keyOf(firstPrefix), whole: 0n, targets: size - (first % size) };
  if (!endsWhole) yield { key: keyOf(lastPrefix), whole: 0n, targets: (last % size) + 1n };
  const whole = lastPrefix - firstPrefix + 1n - (startsWhole ? 0n : 1n) - (endsWhole ? 0n : 1n);
  if (whole > 0n) yield { key: '', whole, targets: size };
}
