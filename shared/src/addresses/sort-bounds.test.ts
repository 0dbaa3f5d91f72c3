import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toIpv6Value, writeIpv6Words } from './address.ts';
import { sortBounds } from './sort-bounds.ts';

function sorted(values: readonly bigint[]): bigint[] {
  const bounds = new Uint32Array(values.length * 4 + 8).fill(7);
  for (const [index, value] of values.entries()) writeIpv6Words(value, bounds, index * 4);
  sortBounds(4, bounds, values.length);
  expect([...bounds.subarray(values.length * 4)]).toEqual(Array(8).fill(7));
  return values.map((_, index) => {
    const [w0, w1, w2, w3] = bounds.subarray(index * 4, index * 4 + 4) as unknown as [number, number, number, number];
    return toIpv6Value(w0, w1, w2, w3);
  });
}

function expected(values: readonly bigint[]): bigint[] {
  return [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

it.each([0, 1, 12, 4095, 4096, 4097])(
  '%d bounds of 128 bits are sorted, whichever bits they differ in, and nothing behind them is touched',
  (count) => {
    const length = { minLength: count, maxLength: count };
    for (const shift of [0n, 7n, 16n, 31n, 32n, 40n, 70n, 96n, 111n, 112n]) {
      const value = fc.bigInt({ min: 0n, max: 0xffffn }).map((low) => (0x2400n << 112n) ^ (low << shift));
      const [values = []] = fc.sample(fc.array(value, length), { seed: 7, numRuns: 1 });
      expect(sorted(values)).toEqual(expected(values));
    }
  },
);

it('bounds that are all equal, in order, or in reverse are sorted', () => {
  const ascending = Array.from({ length: 5000 }, (_, index) => (BigInt(index) << 90n) + BigInt(index % 3));
  expect(sorted(ascending)).toEqual(ascending);
  expect(sorted(ascending.toReversed())).toEqual(ascending);
  expect(sorted(Array(5000).fill(1n << 127n))).toEqual(Array(5000).fill(1n << 127n));
});
