import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toIpv6Value, writeIpv6Words } from './address.ts';
import { sortBounds } from './sort-bounds.ts';

function toBounds(values: readonly bigint[]): Uint32Array {
  const bounds = new Uint32Array(values.length * 4 + 8).fill(7);
  for (const [index, value] of values.entries()) writeIpv6Words(value, bounds, index * 4);
  return bounds;
}

function toValues(bounds: Uint32Array, count: number): bigint[] {
  expect([...bounds.subarray(count * 4)]).toEqual(Array(8).fill(7));
  return Array.from({ length: count }, (_, index) => {
    const [w0, w1, w2, w3] = bounds.subarray(index * 4, index * 4 + 4) as unknown as [number, number, number, number];
    return toIpv6Value(w0, w1, w2, w3);
  });
}

function sorted(starts: readonly bigint[], ends: readonly bigint[] = starts): { starts: bigint[]; ends: bigint[] } {
  const bounds = { starts: toBounds(starts), ends: toBounds(ends) };
  sortBounds(4, bounds.starts, bounds.ends, starts.length);
  return { starts: toValues(bounds.starts, starts.length), ends: toValues(bounds.ends, starts.length) };
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
      const ends = values.map((start) => start + 0xffn);
      expect(sorted(values, ends)).toEqual({ starts: expected(values), ends: expected(ends) });
    }
  },
);

it('ends that are in another order than their starts are sorted by themselves', () => {
  const starts = Array.from({ length: 5000 }, (_, index) => BigInt(index));
  const ends = starts.map((start) => start + (((start * 7919n) % 5003n) << 60n));
  expect(sorted(starts, ends)).toEqual({ starts, ends: expected(ends) });
});

it('bounds that are all equal, in order, or in reverse are sorted', () => {
  const ascending = Array.from({ length: 5000 }, (_, index) => (BigInt(index) << 90n) + BigInt(index % 3));
  for (const values of [ascending, ascending.toReversed()]) expect(sorted(values).starts).toEqual(ascending);
  expect(sorted(Array(5000).fill(1n << 127n)).ends).toEqual(Array(5000).fill(1n << 127n));
});

it('bounds of 32 bits are sorted, and nothing behind them is touched', () => {
  const starts = Uint32Array.of(3, 1, 0xffff_ffff, 2, 7, 7);
  const ends = Uint32Array.of(9, 4, 0xffff_ffff, 8, 7, 7);
  sortBounds(1, starts, ends, 4);
  expect([...starts]).toEqual([1, 2, 3, 0xffff_ffff, 7, 7]);
  expect([...ends]).toEqual([4, 8, 9, 0xffff_ffff, 7, 7]);
});
