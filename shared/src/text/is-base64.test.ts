import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isBase64 } from './is-base64.ts';

it('base64 is what its alphabet and two pads at the end make, as the pattern says', () => {
  const character = fc.constantFrom('A', 'z', '9', '+', '/', '=', '-', '_', ' ', '\n', '\u0000', 'é', '\ud83d\ude00');
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: character }), fc.base64String(), fc.string()), (text) => {
      expect(isBase64(text)).toBe(/^[A-Za-z0-9+/]*={0,2}$/.test(text));
    }),
    { seed: 5, numRuns: 2000 },
  );
  for (const text of ['', '=', '==', '===', 'a=', 'a==', 'a===', '=a', 'a\n']) {
    expect(isBase64(text)).toBe(/^[A-Za-z0-9+/]*={0,2}$/.test(text));
  }
});
