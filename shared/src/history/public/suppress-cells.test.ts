import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Cell, SMALLEST_CELL, suppressCells } from './suppress-cells.ts';

const toCells = (counts: readonly number[]) => counts.map((count, key): Cell<number> => ({ key, count }));

/** Every population of `keys` cells with 0 to `top` each, by what the public is told of it. */
function* tellAll(
  keys: number,
  top: number,
  smallest: number,
): Generator<[told: string, counts: number[], hidden: number[]]> {
  const counts = Array.from({ length: keys }, () => 0);
  for (let number = 0; number < (top + 1) ** keys; number += 1) {
    for (let key = 0, left = number; key < keys; key += 1, left = Math.floor(left / (top + 1))) {
      counts[key] = left % (top + 1);
    }
    const told = suppressCells(toCells(counts), smallest);
    if (told === undefined) continue;
    const shown = new Set(told.cells.map(({ key }) => key));
    const hidden = counts.flatMap((_, key) => (shown.has(key) ? [] : [key]));
    yield [JSON.stringify([[...told.cells].sort((a, b) => a.key - b.key), told.rest, told.total]), [...counts], hidden];
  }
}

it.each([
  [3, 12, 3],
  [4, 9, 3],
  [5, 6, 3],
  [3, 14, 4],
  [3, 14, 5],
])(
  'whoever knows the rule and tries every population of %i cells up to %i finds two values or more for each hidden cell, threshold %i',
  (keys, top, smallest) => {
    const values = new Map<string, Set<number>>();
    for (const [told, counts, hidden] of tellAll(keys, top, smallest)) {
      for (const key of hidden) {
        const place = `${told} ${key}`;
        const known = values.get(place) ?? new Set();
        known.add(counts[key] ?? 0);
        values.set(place, known);
      }
    }
    expect(values.size).toBeGreaterThan(100);
    // That nothing is in a cell may be told; how much is in one that is hidden may not.
    const found = [...values].filter(([, known]) => known.size === 1 && !known.has(0));
    expect(found).toEqual([]);
  },
);

it('no small cell is told, what is told adds up, and what is hidden is hidden among more', () => {
  const counts = fc.array(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 500 })), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(counts, (given) => {
      const total = given.reduce((sum, count) => sum + count, 0);
      const told = suppressCells(toCells(given));
      if (told === undefined) {
        expect(total).toBeLessThan(2 * SMALLEST_CELL);
        return;
      }
      const { cells, rest } = told;
      expect(cells.reduce((sum, { count }) => sum + count, 0) + rest).toBe(total);
      for (const { key, count } of cells) {
        expect(count).toBeGreaterThanOrEqual(SMALLEST_CELL);
        expect(count).toBe(given[key]);
      }
      if (rest > 0) expect(rest).toBeGreaterThanOrEqual(2 * SMALLEST_CELL);
    }),
    { seed: 11, numRuns: 2000 },
  );
});
