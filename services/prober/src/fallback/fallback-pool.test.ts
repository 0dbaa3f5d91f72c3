import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { LocalTroubleError } from '../wire/wire-error.ts';
import type { FallbackOrder } from './fallback-child.ts';
import { createFallbackPool, type FallbackPool } from './fallback-pool.ts';

// A child of its own kind: the target's port says what becomes of it, so that no socket is needed.
const CHILD = `
process.on('message', ({ kind, id, target }) => {
  if (kind !== 'connect') return;
  if (target.port === 666) process.abort();
  if (target.port === 777) return;
  if (target.port === 888) process.send({ kind: 'troubled', id, systemCode: 'EMFILE' });
  else setImmediate(() => process.send({ kind: 'ended', id, end: 'left', alert: process.pid }));
});
process.on('disconnect', () => process.exit(0));
process.send({ kind: 'ready', id: 0 });
`;

let folder = '';
const pools: FallbackPool[] = [];
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kubecensus-child-'));
  writeFileSync(path.join(folder, 'child.mjs'), CHILD);
  writeFileSync(path.join(folder, 'broken.mjs'), 'throw new Error("unfit");\n');
});
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

function startPool(child = 'child.mjs'): FallbackPool {
  const pool = createFallbackPool(path.join(folder, child));
  pools.push(pool);
  return pool;
}

function order(port: number, mayConnect = () => true): FallbackOrder {
  return {
    target: { address: '127.0.0.1', port },
    timeouts: {
      connectTimeoutMs: 20_000,
      firstFlightTimeoutMs: 20_000,
      answerTimeoutMs: 20_000,
      targetTimeoutMs: 60_000,
    },
    request: { method: 'GET', bytes: Buffer.from('') },
    mayConnect,
    judge: () => true,
  };
}

it('a target that kills the child twice is recorded so, and its companions are looked at all the same', async () => {
  const pool = startPool();
  const ports = [1, 2, 666, 3, 4, 5, 666, 6, 7, 8, 9];
  const ends = await Promise.all(ports.map((port) => pool.run(order(port))));
  expect(ends.map(({ end }) => end)).toEqual(ports.map((port) => (port === 666 ? 'crashed' : 'left')));
});

it('companions of a killer are handed to a child at most twice', async () => {
  const pool = startPool();
  const handed = new Map<number, number>();
  const counted = (port: number) => order(port, () => Boolean(handed.set(port, (handed.get(port) ?? 0) + 1)));
  await Promise.all([1, 2, 666, 3, 4].map((port) => pool.run(counted(port))));
  expect(Math.max(...handed.values())).toBe(2);
  expect(handed.get(666)).toBe(2);
});

it('a killer among more targets than all children hold leaves every other one looked at', async () => {
  const pool = startPool();
  const ports = Array.from({ length: 150 }, (_, index) => (index % 40 === 39 ? 666 : 1));
  const ends = await Promise.all(ports.map((port) => pool.run(order(port))));
  expect(ends.map(({ end }) => end)).toEqual(ports.map((port) => (port === 666 ? 'crashed' : 'left')));
});

it('a child is replaced when it has had its number of targets', async () => {
  const pool = startPool();
  const pids = new Set<number>();
  for (let index = 0; index < 1001; index++) {
    const end = await pool.run(order(1));
    if ('alert' in end && end.alert !== undefined) pids.add(end.alert);
  }
  expect(pids.size).toBe(2);
});

it('the last gate is asked again before a retry', async () => {
  const pool = startPool();
  let asked = 0;
  const end = await pool.run(order(666, () => ++asked === 1));
  expect(end).toEqual({ end: 'excluded' });
});

it('an exclusion that comes while a target is in flight ends it as excluded', async () => {
  const pool = startPool();
  let isAllowed = true;
  const looking = pool.run(order(5, () => isAllowed));
  isAllowed = false;
  pool.recheck();
  expect(await looking).toEqual({ end: 'excluded' });
});

it('a child that is out of descriptors is local trouble, not a finding', async () => {
  await expect(startPool().run(order(888))).rejects.toThrow(LocalTroubleError);
});

it('where no child can be started the target is taken back, and nobody is dialled again', async () => {
  expect(await startPool('broken.mjs').run(order(1))).toEqual({ end: 'withdrawn' });
  expect(await startPool('missing.mjs').run(order(1))).toEqual({ end: 'withdrawn' });
});

it('a pool that closes takes back what is under way and what waits', async () => {
  const pool = startPool();
  const looking = Promise.all(Array.from({ length: 12 }, () => pool.run(order(777))));
  await pool.close();
  expect((await looking).every(({ end }) => end === 'withdrawn')).toBe(true);
  expect(await pool.run(order(1))).toEqual({ end: 'withdrawn' });
});
