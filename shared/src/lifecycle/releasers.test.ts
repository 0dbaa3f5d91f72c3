import { expect, test } from 'vitest';
import { createReleasers } from './releasers.ts';

test('what was acquired last is given back first', async () => {
  const order: string[] = [];
  const releasers = createReleasers();
  releasers.add('pool', () => void order.push('pool'));
  releasers.add('worker', () => void order.push('worker'));
  await releasers.close();
  expect(order).toEqual(['worker', 'pool']);
});

test('every releaser runs, and every failure is told with the name of its part', async () => {
  const order: string[] = [];
  const releasers = createReleasers();
  releasers.add('pool', () => {
    throw new Error('pool is gone');
  });
  releasers.add('queue', () => void order.push('queue'));
  releasers.add('worker', () => Promise.reject(new Error('worker is gone')));
  const failure = await releasers.close().catch((caught: unknown) => caught);
  expect(order).toEqual(['queue']);
  expect(failure).toBeInstanceOf(AggregateError);
  expect((failure as AggregateError).message).toBe(
    'closing worker failed: worker is gone; closing pool failed: pool is gone',
  );
});

test('a second close gives nothing back twice and waits for the first', async () => {
  let released = 0;
  const releasers = createReleasers();
  releasers.add('pool', async () => {
    await Promise.resolve();
    released += 1;
  });
  await Promise.all([releasers.close(), releasers.close()]);
  await releasers.close();
  expect(released).toBe(1);
});
