import { expect, it } from 'vitest';
import { MAX_SHARDS, toShardSize } from './shard-size.ts';

it('a shard is ten seconds of one prober', () => {
  expect(toShardSize(1_000_000, 2000, 1)).toBe(20_000);
  expect(toShardSize(1_000_000, 2000, 4)).toBe(5000);
});

it('a small scan is still shared out, four shards to a prober', () => {
  expect(toShardSize(400, 5000, 2)).toBe(50);
  expect(toShardSize(3, 5000, 2)).toBe(1);
  expect(toShardSize(1, 1, 1)).toBe(1);
});

it('a slow scan of a vast scope has fewer, longer shards', () => {
  const targets = 2 ** 33;
  expect(Math.ceil(targets / toShardSize(targets, 100, 1))).toBeLessThanOrEqual(MAX_SHARDS);
  expect(toShardSize(MAX_SHARDS * 10, 1, 1)).toBe(10);
  expect(toShardSize(MAX_SHARDS * 10 + 1, 1, 1)).toBe(11);
});
