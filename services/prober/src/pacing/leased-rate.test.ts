import { expect, it } from 'vitest';
import { createLeasedRate } from './leased-rate.ts';

it('allows nothing before its first lease, nothing after it ran out, and nothing under a lease of nothing', () => {
  let at = 0;
  const rate = createLeasedRate(() => at);
  expect(rate.take()).toBeGreaterThan(0);
  rate.lease(1000, 3000);
  expect(rate.take()).toBe(0);
  at += 2999;
  expect(rate.take()).toBe(0);
  at += 1;
  expect(rate.take()).toBeGreaterThan(0);
  rate.lease(0, 3000);
  expect(rate.take()).toBeGreaterThan(0);
  rate.lease(10, 3000);
  expect(rate.take()).toBe(0);
});

it('over ten seconds of leases that change, no more begins than they add up to', () => {
  let at = 0;
  const rate = createLeasedRate(() => at);
  let taken = 0;
  for (let second = 0; second < 10; second += 1) {
    rate.lease(second % 2 === 0 ? 100 : 300, 3000);
    for (let ms = 0; ms < 1000; ms += 1, at += 1) while (rate.take() === 0) taken += 1;
  }
  expect(taken).toBeGreaterThan(1950);
  expect(taken).toBeLessThanOrEqual(2000);
});
