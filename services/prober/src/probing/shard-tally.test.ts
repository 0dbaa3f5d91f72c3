import type { Observation } from '@kubecensus/shared/messages';
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

function connected(observedAt: number, connectMs: number): Observation {
  return {
    address: '127.0.0.1',
    port: 1,
    component: 'kube-apiserver',
    outcome: 'not-tls',
    observedAt,
    durationMs: connectMs,
    connectMs,
    evidence: { chain: [], chainLength: 0 },
  };
}

it('a connect that this machine heard late is no loss, and the same connect heard in time is one', () => {
  let now = 10_000;
  const tally = createShardTally(() => now);
  tally.count(connected(8_500, 1_200));
  expect(tally.toSummary().connects).toEqual({ first: 0, second: 1, later: 0 });
  // Asleep from 10,000 to 11,200; what had come by then is heard at once.
  now = 11_200;
  tally.countPulse(1_200, 1_100);
  tally.count(connected(9_900, 1_301));
  tally.count(connected(10_000, 1_000));
  expect(tally.toSummary().connects).toEqual({ first: 0, second: 1, later: 0 });
  tally.count(connected(10_000, 1_600));
  tally.count(connected(9_000, 20));
  expect(tally.toSummary().connects).toEqual({ first: 1, second: 2, later: 0 });
});

it('connects that are heard late tell nothing of the first try either: a starved scan does not call its path lossless', () => {
  const tally = createShardTally(() => 11_000);
  tally.countPulse(1_000, 900);
  for (let at = 10_050; at < 11_000; at += 50) tally.count(connected(at, 40));
  expect(tally.toSummary()).toMatchObject({ targets: 19, connects: { first: 0, second: 0, later: 0 } });
});

it('a short delay, as every machine has, leaves its connects in', () => {
  const tally = createShardTally(() => 11_000);
  tally.countPulse(100 + MAX_LAG_MS, MAX_LAG_MS);
  tally.count(connected(10_900, 90));
  expect(tally.toSummary().connects.first).toBe(1);
});
