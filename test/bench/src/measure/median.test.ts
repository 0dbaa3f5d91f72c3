import { expect, it } from 'vitest';
import { median, percentile } from './median.ts';

it('the median of an even number of runs lies between the two in the middle', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([9, 1, 5])).toBe(5);
});

it('a percentile lies between its neighbours, and the ends are the ends', () => {
  expect(percentile([10, 20, 30], 0.95)).toBeCloseTo(29);
  expect(percentile([10, 20, 30], 0)).toBe(10);
  expect(percentile([10, 20, 30], 1)).toBe(30);
});

it('no runs have no median', () => {
  expect(() => median([])).toThrow(RangeError);
});
