import {
  type Address,
  type AddressRange,
  AddressSet,
  AddressSetBuilder,
  formatRange,
  IPV4_MAX,
  IPV6_MAX,
  partitionByClass,
  type Scope,
  specialPurposeOf,
  specialPurposeSets,
} from '@kubecensus/shared/addresses';
import { KubecensusError } from '@kubecensus/shared/errors';

/** What may be looked at of what was asked for. */
export interface PermittedScope {
  readonly scope: Scope;
  /** Addresses that lie in a range that was asked for and are never looked at as a part of it. */
  readonly leftOut: AddressSet;
  readonly hasPublic: boolean;
  readonly hasPrivate: boolean;
}

/**
 * Loopback is for the lab; private ranges need a permission; the other special-purpose ranges are never looked at.
 *
 * A range that holds nothing else was meant, and is refused where it may not be looked at. In a range that merely
 * covers it (0.0.0.0/0) it is left out, and told.
 * @throws KubecensusError SCAN_SPECIAL_REFUSED, SCAN_PRIVATE_REFUSED, SCAN_NOTHING_LEFT
 */
export function toPermittedScope(asked: Scope, allowPrivate: boolean): PermittedScope {
  const addresses = asked.space.addresses();
  if (addresses.isEmpty) {
    throw new KubecensusError(
      'SCAN_NOTHING_LEFT',
      'there are no targets; give an address, a range or a file of them with --targets',
    );
  }
  const meant = wholeRanges(addresses, specialPurposeSets().unreachable);
  const { special, loopback, private: meantPrivate } = partitionByClass(meant);
  refuseSpecial(special);
  if (!allowPrivate) refusePrivate(meantPrivate);

  const classes = partitionByClass(addresses);
  const kept = classes.public.union(loopback).union(allowPrivate ? classes.private : AddressSet.EMPTY);
  const leftOut = addresses.subtract(kept);
  return {
    scope: asked.without(leftOut),
    leftOut,
    hasPublic: !classes.public.isEmpty,
    hasPrivate: allowPrivate && !classes.private.isEmpty,
  };
}

/** The ranges of `addresses` that lie in `within` from their first address to their last. */
function wholeRanges(addresses: AddressSet, within: AddressSet): AddressSet {
  const whole = new AddressSetBuilder();
  for (const range of addresses.intersect(within).ranges()) {
    if (!hasNeighbour(addresses, range)) whole.add(range);
  }
  return whole.build();
}

function hasNeighbour(addresses: AddressSet, range: AddressRange): boolean {
  const has = (address: Address) => addresses.contains(address);
  if (range.family === 4) {
    const { family, first, last } = range;
    return (first > 0 && has({ family, value: first - 1 })) || (last < IPV4_MAX && has({ family, value: last + 1 }));
  }
  const { family, first, last } = range;
  return (first > 0n && has({ family, value: first - 1n })) || (last < IPV6_MAX && has({ family, value: last + 1n }));
}

function refuseSpecial(special: AddressSet): void {
  const range = special.ranges().next().value;
  if (range === undefined) return;
  const entry = specialPurposeOf({ family: range.family, value: range.first } as Address);
  const why = entry === undefined ? 'holds such an address' : `is ${entry.name} (${entry.prefix}, ${entry.rfc})`;
  throw new KubecensusError(
    'SCAN_SPECIAL_REFUSED',
    `${formatRange(range)} ${why}, and special-purpose addresses are never looked at; take it out of the targets`,
  );
}

function refusePrivate(meant: AddressSet): void {
  const range = meant.ranges().next().value;
  if (range === undefined) return;
  throw new KubecensusError(
    'SCAN_PRIVATE_REFUSED',
    `${formatRange(range)} is private; where that network is yours to look at, say --allow-private`,
  );
}
