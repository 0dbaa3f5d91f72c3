import { expect, it } from 'vitest';
import { toQuotas } from './quota.ts';

const ENTRIES = [
  { name: 'many', share: 90 },
  { name: 'some', share: 9 },
  { name: 'few', share: 1 },
];

it.each([3, 4, 10, 99, 100, 1000])('quotas of %i hosts add up, with every kind among them', (total) => {
  const quotas = toQuotas(ENTRIES, total);
  expect([...quotas.values()].reduce((sum, quota) => sum + quota, 0)).toBe(total);
  expect(Math.min(...quotas.values())).toBeGreaterThanOrEqual(1);
});

it('a large lab keeps the proportions', () => {
  expect([...toQuotas(ENTRIES, 1000)]).toEqual([
    ['many', 898],
    ['some', 91],
    ['few', 11],
  ]);
});

it('with fewer hosts than kinds the commonest are there', () => {
  expect([...toQuotas(ENTRIES, 2)]).toEqual([
    ['many', 2],
    ['some', 0],
    ['few', 0],
  ]);
});
