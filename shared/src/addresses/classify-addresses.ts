import type { Address } from './address.ts';
import { compareAddresses } from './address.ts';
import { type AddressRange, parseCidr } from './address-range.ts';
import type { AddressSet } from './address-set.ts';
import { type AddressClass, SPECIAL_PURPOSE, type SpecialPurposeEntry, specialPurposeSets } from './special-purpose.ts';

export function classify(address: Address): AddressClass {
  const sets = specialPurposeSets();
  if (!sets.unreachable.contains(address)) return 'public';
  if (sets.loopback.contains(address)) return 'loopback';
  return sets.private.contains(address) ? 'private' : 'special';
}

/** The same, for a whole set at once: four disjoint parts that make up the set. */
export function partitionByClass(set: AddressSet): Record<AddressClass, AddressSet> {
  const sets = specialPurposeSets();
  return {
    loopback: set.intersect(sets.loopback),
    private: set.intersect(sets.private),
    special: set.intersect(sets.special),
    public: set.subtract(sets.unreachable),
  };
}

function covers(range: AddressRange, address: Address): boolean {
  const { family } = range;
  return (
    compareAddresses({ family, value: range.first } as Address, address) <= 0 &&
    compareAddresses(address, { family, value: range.last } as Address) <= 0
  );
}

/** The most specific registry row that holds the address, to say why it is left out; undefined for ordinary addresses. */
export function specialPurposeOf(address: Address): SpecialPurposeEntry | undefined {
  let found: { entry: SpecialPurposeEntry; size: number | bigint } | undefined;
  for (const entry of SPECIAL_PURPOSE) {
    const range = parseCidr(entry.prefix);
    if (range.family !== address.family || !covers(range, address)) continue;
    const size = range.family === 4 ? range.last - range.first : range.last - range.first;
    if (found === undefined || size < found.size) found = { entry, size };
  }
  return found?.entry;
}
