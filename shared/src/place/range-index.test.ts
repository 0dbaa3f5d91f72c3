import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Address, type AddressRange, formatRange, parseRange } from '../addresses/index.ts';
import { type PlacedRange, toPlaceLayer } from './place-ranges.ts';
import { NOT_FOUND, RangeIndexBuilder } from './range-index.ts';

const OPTIONS = { seed: 20261122, numRuns: 60 };

/** Both families in a space so small that ranges meet. */
const family = fc.constantFrom(4 as const, 6 as const);
const BASE = 0x2001_0db8n << 96n;

function toRange(of: 4 | 6, first: number, size: number): AddressRange {
  return of === 4
    ? { family: 4, first: 0xffff_ff00 + first, last: Math.min(0xffff_ff00 + first + size, 0xffff_ffff) }
    : { family: 6, first: BASE - 100n + BigInt(first), last: BASE - 100n + BigInt(first + size) };
}

function addressesOf(of: 4 | 6): Address[] {
  return Array.from({ length: 256 }, (_, at) =>
    of === 4 ? { family: 4, value: 0xffff_ff00 + at } : { family: 6, value: BASE - 110n + BigInt(at) },
  );
}

const holds = (range: AddressRange, address: Address) =>
  range.family === address.family &&
  BigInt(range.first) <= BigInt(address.value) &&
  BigInt(address.value) <= BigInt(range.last);

it('of ranges in order the one that begins last says what holds', () => {
  const ranges = fc.uniqueArray(fc.tuple(fc.nat(200), fc.nat(40), fc.nat(3)), { selector: ([first]) => first });
  fc.assert(
    fc.property(family, ranges, (of, given) => {
      const sorted = [...given].sort(([a], [b]) => a - b);
      const builder = new RangeIndexBuilder();
      for (const [first, size, value] of sorted) expect(builder.add(toRange(of, first, size), value)).toBe(true);
      const index = builder.build();
      for (const address of addressesOf(of)) {
        const begun = sorted.findLast(([first]) => BigInt(toRange(of, first, 0).first) <= BigInt(address.value));
        const expected = begun !== undefined && holds(toRange(of, begun[0], begun[1]), address) ? begun[2] : NOT_FOUND;
        expect(index.find(address)).toBe(expected);
      }
    }),
    OPTIONS,
  );
});

it('a range that does not begin behind the one before it is refused, and nothing is added', () => {
  const builder = new RangeIndexBuilder();
  expect(builder.add(parseRange('192.0.2.0/24'), 1)).toBe(true);
  expect(builder.add(parseRange('192.0.2.0/25'), 2)).toBe(false);
  expect(builder.add(parseRange('192.0.1.0/24'), 2)).toBe(false);
  expect(builder.build().count).toBe(1);
});

it('neighbours of one value are one range, up to the last address of all', () => {
  const builder = new RangeIndexBuilder();
  for (const text of ['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/2', '::/1', '8000::/1']) builder.add(parseRange(text), 7);
  const ranges = [...builder.build().ranges()].map(({ range }) => formatRange(range));
  expect(ranges).toEqual(['0.0.0.0/0', '::/0']);
});

it('of nested ranges in any order the smallest holds, of two of one size the later', () => {
  const range = fc.tuple(family, fc.nat(200), fc.constantFrom(0, 1, 3, 7, 15, 31), fc.nat(5));
  fc.assert(
    fc.property(fc.array(range, { maxLength: 12 }), (given) => {
      const ranges = given.map(
        ([of, first, size, asn]): PlacedRange => ({
          range: toRange(of, first - (first % (size + 1)), size),
          place: { asn },
        }),
      );
      const { index, places } = toPlaceLayer(ranges);
      for (const address of [...addressesOf(4), ...addressesOf(6)]) {
        const holding = ranges.filter(({ range: one }) => holds(one, address));
        const size = ({ range: { first, last } }: PlacedRange) => BigInt(last) - BigInt(first);
        const smallest = holding.reduce<PlacedRange | undefined>(
          (best, one) => (best === undefined || size(one) <= size(best) ? one : best),
          undefined,
        );
        const found = index.find(address);
        expect(found === NOT_FOUND ? undefined : places[found]).toEqual(smallest?.place);
      }
    }),
    OPTIONS,
  );
});
