import { expect, it } from 'vitest';
import { createRandom } from '../../../../test/support/recorded-history.ts';
import { createPairNumbers } from './pair-numbers.ts';

/** Sizes of the two sides: found by multiplication, by chains, and by the side that is very large. */
it.each([
  [40, 300],
  [3000, 4000],
  [60, 400_000],
])('pairs of %i and %i codes have a number each, and lead back to their codes', (leftSize, rightSize) => {
  const random = createRandom(leftSize);
  const pairs = createPairNumbers(leftSize, rightSize);
  const numbers = new Map<string, number>();
  for (let block = 0; block < 6; block += 1) {
    const count = 4000;
    // Of 2,000 right codes most are in several pairs.
    const left = Int32Array.from({ length: count }, () => Math.floor(random() ** 2 * leftSize));
    const right = Int32Array.from(
      { length: count },
      () => rightSize - 1 - Math.floor(random() * Math.min(rightSize, 2000)),
    );
    const codes = left.slice();
    pairs.number(codes, right, count);
    for (let at = 0; at < count; at += 1) {
      const [number, pair] = [codes[at] ?? -1, `${left[at]} ${right[at]}`];
      expect(numbers.get(pair) ?? number).toBe(number);
      numbers.set(pair, number);
      expect(number).toBeLessThan(pairs.size());
      expect(`${pairs.left(number)} ${pairs.right(number)}`).toBe(pair);
    }
  }
  expect(new Set(numbers.values()).size).toBe(numbers.size);
});
