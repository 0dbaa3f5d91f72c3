import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDeferred } from './deferred.ts';

it('what waits comes out in order of its moment, whatever the order in which it came', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant(-1)), { maxLength: 200 }), (steps) => {
      const deferred = createDeferred<number>();
      const model: number[] = [];
      for (const step of steps) {
        if (step < 0) {
          model.sort((a, b) => a - b);
          expect(deferred.nextAt).toBe(model[0] ?? Number.POSITIVE_INFINITY);
          expect(deferred.take()).toBe(model.shift());
        } else {
          deferred.add(step, step);
          model.push(step);
        }
        expect(deferred.size).toBe(model.length);
      }
    }),
    { seed: 5, numRuns: 300 },
  );
});
