import type { AddressRange } from '../addresses/index.ts';
import type { Place } from './place.ts';
import { type PlaceLayer, PlaceNumbers } from './place-layer.ts';
import { RangeIndexBuilder } from './range-index.ts';

export interface PlacedRange {
  readonly range: AddressRange;
  readonly place: Place;
}

/**
 * Ranges in any order, one inside the other as providers publish them: of all that hold an address the smallest says
 * where it lies, of two of one size the later.
 */
export function toPlaceLayer(ranges: readonly PlacedRange[]): PlaceLayer {
  const builder = new RangeIndexBuilder();
  const numbers = new PlaceNumbers();
  for (const family of [4, 6] as const) {
    const sorted = ranges
      .map(({ range, place }, at) => ({ family: range.family, ...toBounds(range), at, value: numbers.numberOf(place) }))
      .filter((one) => one.family === family)
      .sort((a, b) => compare(a.first, b.first) || compare(b.last, a.last) || a.at - b.at);
    for (const { first, last, value } of flatten(sorted)) {
      builder.add(family === 4 ? { family, first: Number(first), last: Number(last) } : { family, first, last }, value);
    }
  }
  return { index: builder.build(), places: numbers.places };
}

interface Bounds {
  first: bigint;
  last: bigint;
}
type Valued = Bounds & { value: number };

function toBounds({ first, last }: AddressRange): Bounds {
  return { first: BigInt(first), last: BigInt(last) };
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Sorted by beginning, the largest first: what is open at an address is a stack, and its top is the smallest. */
function* flatten(sorted: readonly Valued[]): Generator<Valued> {
  const open: Valued[] = [];
  let next = 0n;
  const close = (before: bigint | undefined): Valued[] => {
    const closed: Valued[] = [];
    for (let top = open.at(-1); top !== undefined && (before === undefined || next < before); top = open.at(-1)) {
      const last = before === undefined || top.last < before ? top.last : before - 1n;
      if (last >= next) closed.push({ first: next, last, value: top.value });
      if (last >= next) next = last + 1n;
      if (top.last >= next) break;
      open.pop();
    }
    return closed;
  };
  for (const one of sorted) {
    yield* close(one.first);
    if (next < one.first) next = one.first;
    open.push(one);
  }
  yield* close(undefined);
}
