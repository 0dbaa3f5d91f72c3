import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toJsonLine } from './json-line.ts';

it('text that would take over a terminal is escaped, and reads back the same', () => {
  const hostile = 'a\u001b[31m\u202Eb\u0000\u2028c\u009b\ufeff\r\n';
  const line = toJsonLine({ hostile });
  expect(line).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\ufeff]/);
  expect(line.endsWith('\n')).toBe(true);
  expect(JSON.parse(line)).toEqual({ hostile });
});

it('any string survives the way out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(JSON.parse(toJsonLine(text))).toBe(text);
    }),
    { seed: 1, numRuns: 500 },
  );
});
