import { expect, it } from 'vitest';
import { OUTCOMES, outcomeRank, RECORDED_OUTCOMES } from './outcome.ts';

it('an answer outranks every other outcome', () => {
  expect(OUTCOMES.map(outcomeRank)).toEqual(OUTCOMES.map((_, index) => index));
  expect(outcomeRank('answered')).toBe(0);
});

it('an outcome that is no finding is counted, not recorded', () => {
  expect(RECORDED_OUTCOMES.has('connection-refused')).toBe(false);
  expect(RECORDED_OUTCOMES.has('answered')).toBe(true);
});
