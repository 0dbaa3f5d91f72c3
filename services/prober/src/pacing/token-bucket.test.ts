import { expect, it } from 'vitest';
import { createTokenBucket } from './token-bucket.ts';

function clock() {
  let at = 1000;
  return { now: () => at, advance: (ms: number) => (at += ms) };
}

it('no window of time sees more targets than the rate allows, plus the burst', () => {
  const { now, advance } = clock();
  const bucket = createTokenBucket(1000, now);
  let taken = 0;
  for (let ms = 0; ms < 2000; ms += 1) {
    while (bucket.take() === 0) taken += 1;
    advance(1);
  }
  expect(taken).toBe(2000);
});

it('a pause earns no more than the burst', () => {
  const { now, advance } = clock();
  const bucket = createTokenBucket(1000, now);
  advance(60_000);
  let taken = 0;
  while (bucket.take() === 0) taken += 1;
  expect(taken).toBe(50);
});

it('it tells how long to wait, and after that wait there is a token', () => {
  const { now, advance } = clock();
  const bucket = createTokenBucket(4, now);
  expect(bucket.take()).toBe(0);
  const waitMs = bucket.take();
  expect(waitMs).toBe(250);
  advance(waitMs);
  expect(bucket.take()).toBe(0);
});

it('a new rate holds at once, and savings are cut to it', () => {
  const { now, advance } = clock();
  const bucket = createTokenBucket(10_000, now);
  advance(1000);
  bucket.setPerSecond(20);
  expect(bucket.take()).toBe(0);
  expect(bucket.take()).toBe(50);
});

it('a rate that is no rate is refused', () => {
  for (const rate of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => createTokenBucket(rate)).toThrow(RangeError);
  }
});
