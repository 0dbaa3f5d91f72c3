import { expect, it } from 'vitest';
import { createShardTally, MAX_LAG_MS } from './shard-tally.ts';

it('a thread that is watched and late by no more than it may be has not starved', () => {
  const tally = createShardTally();
  tally.countPulse(100, 0);
  tally.countPulse(100 + MAX_LAG_MS, MAX_LAG_MS);
  expect(tally.toSummary().lag).toEqual({ watchedMs: 200 + MAX_LAG_MS, lateMs: 0, longestMs: 0 });
});

it('starvation is counted by its length, and the longest is kept', () => {
  const tally = createShardTally();
  tally.countPulse(1100, 1000);
  tally.countPulse(100 + MAX_LAG_MS + 1, MAX_LAG_MS + 1);
  expect(tally.toSummary().lag).toEqual({ watchedMs: 1451, lateMs: 1251, longestMs: 1000 });
});
