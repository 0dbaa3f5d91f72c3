import { expect, it } from 'vitest';
import { createShardsUnderWay } from './shards-under-way.ts';

const warnings: string[] = [];
const log = { warn: (_fields: unknown, line?: string) => void warnings.push(line ?? '') };
const never = new AbortController().signal;

function fedAnd(fed: () => void, rest: Promise<void>): Promise<void> {
  fed();
  return rest;
}

function open<T = void>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

it('the message of a shard is answered when all its targets are dialled; its rest is waited for at the end', async () => {
  const shards = createShardsUnderWay(2, log);
  const rest = open();
  await shards.begin(never, async (_signal, fed) => {
    fed();
    await rest.promise;
  });
  let isDrained = false;
  const draining = shards.drain(60_000).then(() => {
    isDrained = true;
  });
  await new Promise(setImmediate);
  expect(isDrained).toBe(false);
  rest.resolve();
  await draining;
});

it('no more shards than the limit wait for their rest', async () => {
  const shards = createShardsUnderWay(1, log);
  const rest = open();
  await shards.begin(never, (_signal, fed) => fedAnd(fed, rest.promise));
  let hasRoom = false;
  const waiting = shards.whenRoom().then(() => {
    hasRoom = true;
  });
  await new Promise(setImmediate);
  expect(hasRoom).toBe(false);
  rest.resolve();
  await waiting;
});

it('a failure before the last dial is the message’s, and one after it is logged', async () => {
  const shards = createShardsUnderWay(5, log);
  await expect(shards.begin(never, () => Promise.reject(new Error('no lease')))).rejects.toThrow('no lease');
  const rest = open();
  await shards.begin(never, (_signal, fed) => fedAnd(fed, rest.promise));
  rest.reject(new Error('the store is gone'));
  await shards.drain(60_000);
  expect(warnings.join()).toMatch(/the store is gone/);
});

it('whoever is not done when the grace is over is told to stop, and so is one whose message is withdrawn', async () => {
  const shards = createShardsUnderWay(5, log);
  const untilStopped = (signal: AbortSignal) =>
    new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  await shards.begin(never, (signal, fed) => fedAnd(fed, untilStopped(signal)));
  await shards.drain(1);
  const withdrawn = new AbortController();
  const working = createShardsUnderWay(5, log).begin(withdrawn.signal, untilStopped);
  withdrawn.abort();
  await working;
});
