import { expect, it } from 'vitest';
import { createPermutation, MAX_TARGETS } from './permutation.ts';

const key = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
const shortKey = key.subarray(0, 16);

it.each([1, 2, 3, 5, 16, 17, 255, 1000, 4096, 65_537, 999_983, 2 ** 20])(
  'a permutation of %d targets visits each exactly once, and its inverse gives the position back',
  (size) => {
    const { forward, inverse } = createPermutation(size, key);
    const seen = new Uint8Array(size);
    let wrong = 0;
    for (let position = 0; position < size; position += 1) {
      const index = forward(position);
      if (index >= size || seen[index] !== 0 || inverse(index) !== position) wrong += 1;
      seen[index] = 1;
    }
    expect(wrong).toBe(0);
    expect(seen.includes(0)).toBe(false);
  },
);

it.each([
  2 ** 32 * 2,
  2 ** 33 - 1,
  3_702_258_432 * 2,
  2 ** 51 + 1,
  94_906_265 ** 2 > MAX_TARGETS ? MAX_TARGETS - 1 : 1,
  MAX_TARGETS,
])('the inverse is exact on samples of a space of %d targets', (size) => {
  const { forward, inverse } = createPermutation(size, shortKey);
  let wrong = 0;
  const check = (position: number) => {
    const index = forward(position);
    if (index < 0 || index >= size || inverse(index) !== position || forward(inverse(position)) !== position)
      wrong += 1;
  };
  for (let sample = 0; sample < 20_000; sample += 1) check(Math.floor((sample * 0.618_033_988_749_895 * size) % size));
  for (const edge of [0, 1, size - 2, size - 1]) check(edge);
  expect(wrong).toBe(0);
});

it('the same key gives the same order, today and in every later release', () => {
  const { forward } = createPermutation(1_000_000, key);
  expect([0, 1, 2, 999_999].map(forward)).toMatchInlineSnapshot(`
    [
      714183,
      902388,
      782230,
      471823,
    ]
  `);
});

it('another key, and the same key on another size, give another order', () => {
  const orders = [
    createPermutation(10_000, key),
    createPermutation(10_000, shortKey),
    createPermutation(10_001, key),
  ].map(({ forward }) => Array.from({ length: 100 }, (_, position) => forward(position)).join());
  expect(new Set(orders).size).toBe(3);
});

it('targets are spread evenly: no stretch of the order prefers a part of the space', () => {
  const size = 2 ** 24 + 5;
  const { forward } = createPermutation(size, key);
  for (const start of [0, 123_456, size - 64_000]) {
    const buckets = new Float64Array(64);
    for (let position = start; position < start + 64_000; position += 1) {
      const bucket = Math.floor((forward(position) / size) * 64);
      buckets[bucket] = (buckets[bucket] as number) + 1;
    }
    const chiSquared = buckets.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // 63 degrees of freedom: beyond 120 once in 40,000 keys, and this key is fixed.
    expect(chiSquared).toBeLessThan(120);
    expect(chiSquared).toBeGreaterThan(25);
  }
});

it('neighbours in the space are no neighbours in the order', () => {
  const size = 1_000_003;
  const { forward } = createPermutation(size, key);
  let near = 0;
  let rising = 0;
  let sum = 0;
  const count = 50_000;
  for (let position = 0; position < count; position += 1) {
    const step = forward(position + 1) - forward(position);
    if (Math.abs(step) < 256) near += 1;
    if (step > 0) rising += 1;
    sum += (forward(position) / size - 0.5) * (forward(position + 1) / size - 0.5) * 12;
  }
  // A random order has 2 * 256 / size of its steps that short: 26 of these.
  expect(near).toBeLessThan(52);
  expect(Math.abs(rising / count - 0.5)).toBeLessThan(0.01);
  expect(Math.abs(sum / count)).toBeLessThan(0.02);
});

it('a change of one bit of the key changes the whole order', () => {
  const other = Uint8Array.from(key);
  other[31] = (other[31] as number) ^ 1;
  const a = createPermutation(2 ** 20, key);
  const b = createPermutation(2 ** 20, other);
  let same = 0;
  for (let position = 0; position < 10_000; position += 1) if (a.forward(position) === b.forward(position)) same += 1;
  expect(same).toBeLessThan(4);
});

it.each([0, -1, 1.5, MAX_TARGETS + 1, Number.NaN])('a space of %d targets is refused', (size) => {
  expect(() => createPermutation(size, key)).toThrow(expect.objectContaining({ code: 'ADDRESS_SET_TOO_LARGE' }));
});

it.each([0, 15, 17, 31, 33])('a key of %d bytes is refused', (length) => {
  expect(() => createPermutation(10, new Uint8Array(length))).toThrow(expect.objectContaining({ code: 'ADDRESS_KEY' }));
});

it.each([-1, 10, 0.5, Number.NaN])('index %d of ten targets is refused both ways', (index) => {
  const { forward, inverse } = createPermutation(10, key);
  expect(() => forward(index)).toThrow(expect.objectContaining({ code: 'ADDRESS_INDEX' }));
  expect(() => inverse(index)).toThrow(expect.objectContaining({ code: 'ADDRESS_INDEX' }));
});
