import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Cell, SMALLEST_CELL, suppressSmall } from './suppress-small.ts';

const cells = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 500 })), { maxLength: 12 })
  .map((counts) => counts.map((count, at): Cell => ({ key: `k${at}`, count })));

it('no small cell is told, and neither is a sum that one could be read off', () => {
  fc.assert(
    fc.property(cells, (all) => {
      const cube = suppressSmall(all);
      const total = all.reduce((sum, { count }) => sum + count, 0);
      if (cube === undefined) {
        expect(total).toBeLessThan(SMALLEST_CELL);
        return;
      }
      expect(cube.total).toBe(total);
      expect(cube.cells.every(({ count }) => count >= SMALLEST_CELL)).toBe(true);
      expect(cube.cells.reduce((sum, { count }) => sum + count, cube.together.count)).toBe(total);
      const present = all.filter(({ count }) => count > 0).length;
      if (cube.together.cells === 0) {
        expect(all.every(({ count }) => count === 0 || count >= SMALLEST_CELL)).toBe(true);
        return;
      }
      expect(cube.together.count).toBeGreaterThanOrEqual(SMALLEST_CELL);
      // One cell that is alone is the whole, and the whole is large.
      if (present > 1) expect(cube.together.cells).toBeGreaterThanOrEqual(2);
    }),
    { seed: 5, numRuns: 2000 },
  );
});

it('every sum and difference of what is told leaves a suppressed cell unknown', () => {
  fc.assert(
    fc.property(cells, (all) => {
      const cube = suppressSmall(all);
      if (cube === undefined || cube.together.cells === 0) return;
      const told = new Set(cube.cells.map(({ key }) => key));
      const hidden = all.filter(({ key, count }) => count > 0 && !told.has(key));
      if (hidden.length < 2) return;
      // Another population with other hidden cells gives the same answer, so no arithmetic can tell them apart.
      const [first, second] = hidden;
      const movable = hidden.find((one) => one !== first && one.count >= 1) ?? second;
      const other = all.map((one) => {
        if (one === first) return { ...one, count: one.count + 1 };
        return one === movable ? { ...one, count: one.count - 1 } : one;
      });
      const sum = (of: readonly Cell[]) =>
        of.filter(({ key }) => !told.has(key)).reduce((total, { count }) => total + count, 0);
      expect(sum(other)).toBe(cube.together.count);
      expect(other.filter(({ key }) => told.has(key))).toEqual(all.filter(({ key }) => told.has(key)));
      expect(other).not.toEqual(all);
    }),
    { seed: 6, numRuns: 2000 },
  );
});
