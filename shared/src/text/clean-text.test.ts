import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cleanText, isCleanText } from './clean-text.ts';

it.each([
  ['a NUL', 'a\0b'],
  ['an escape sequence', 'a\u001b[31mb'],
  ['a line break', 'a\r\nb'],
  ['a C1 control', 'a\u009bb'],
  ['a right-to-left override', 'a\u202eb'],
  ['an isolate', 'a\u2066b'],
  ['a zero-width joiner', 'a\u200db'],
  ['a byte order mark', '\ufeffab'],
  ['a lone high surrogate', 'a\ud800b'],
  ['a lone low surrogate', 'a\udc00b'],
])('%s is replaced', (_, text) => {
  expect(isCleanText(text)).toBe(false);
  expect(isCleanText(cleanText(text))).toBe(true);
  expect(cleanText(text)).toContain('\ufffd');
  expect(cleanText(text)).toHaveLength(text.length);
});

it.each(['kubernetes.default.svc', 'Zürich', '東京', '😀', '<script>', '=cmd()'])('%s stays as it is', (text) => {
  expect(cleanText(text)).toBe(text);
});

it('a text at its cap is whole, one over it is cut and says so', () => {
  expect(cleanText('abcd', 4)).toBe('abcd');
  expect(cleanText('abcde', 4)).toBe('abc…');
});

it('a cut through a surrogate pair leaves no half behind', () => {
  expect(isCleanText(cleanText('ab😀cd', 4))).toBe(true);
});

it('any text becomes clean, keeps within its cap, and cleaning it again changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 50 }), fc.integer({ min: 1, max: 60 }), (text, cap) => {
      const clean = cleanText(text, cap);
      expect(isCleanText(clean)).toBe(true);
      expect(clean.length).toBeLessThanOrEqual(cap);
      expect(cleanText(clean, cap)).toBe(clean);
    }),
    { seed: 20_261_121, numRuns: 500 },
  );
});
