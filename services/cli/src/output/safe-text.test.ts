import { expect, it } from 'vitest';
import { toSafeLines } from './safe-text.ts';

it('a message that quotes a stranger steers no terminal, and keeps its lines, quotes and letters', () => {
  expect(toSafeLines('leave out %\u001b[31mX\n  "a\\b" é\u202e\u0007')).toBe(
    'leave out %\\u001b[31mX\n  "a\\b" é\\u202e\\u0007',
  );
});
