import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toGroupedNumber } from './grouped-number.ts';

it('whole numbers are grouped as the English locale does', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(1n << 129n), max: 1n << 129n })), (value) => {
      expect(toGroupedNumber(value)).toBe(value.toLocaleString('en'));
    }),
    { seed: 3 },
  );
});
