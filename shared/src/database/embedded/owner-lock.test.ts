import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireOwnerLock } from './owner-lock.ts';
import { type ProcessIdentity, readProcessIdentity } from './process-identity.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'kubecensus-lock-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function writeOwner(number: number, owner: ProcessIdentity | null): Promise<void> {
  const record = JSON.stringify({ owner, since: '2026-01-01T00:00:00.000Z' });
  await writeFile(path.join(directory, `owner.${number}.json`), record);
}

/** A process that has ended: its number was a real one. */
async function readEndedIdentity(): Promise<ProcessIdentity> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  const identity = await readProcessIdentity(child.pid);
  child.kill('SIGKILL');
  await once(child, 'exit');
  return identity;
}

test('a directory has one owner until that one lets go', async () => {
  const lock = await acquireOwnerLock(directory);
  await expect(acquireOwnerLock(directory)).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
  await lock.release();
  await lock.release();
  const next = await acquireOwnerLock(directory);
  await next.release();
});

test('a refused owner leaves the directory as it was', async () => {
  const lock = await acquireOwnerLock(directory);
  const before = await readdir(directory);
  await expect(acquireOwnerLock(directory)).rejects.toThrow();
  expect(await readdir(directory)).toEqual(before);
  await lock.release();
});

test('of many that want a free directory at once exactly one gets it', async () => {
  const ends = await Promise.allSettled(Array.from({ length: 20 }, () => acquireOwnerLock(directory)));
  expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(1);
  expect((await readdir(directory)).length).toBe(1);
});

test('of many that follow a dead owner at once exactly one gets the directory', async () => {
  await writeOwner(7, await readEndedIdentity());
  const ends = await Promise.allSettled(Array.from({ length: 20 }, () => acquireOwnerLock(directory)));
  expect(ends.filter((end) => end.status === 'fulfilled')).toHaveLength(1);
  expect(await readdir(directory)).toEqual(['owner.8.json']);
});

test('a process that was given the number of a dead owner is not taken for it', async () => {
  const here = await readProcessIdentity();
  await writeOwner(1, { ...here, startTicks: '1' });
  const lock = await acquireOwnerLock(directory);
  await lock.release();
});

test('an owner from before the last boot of this machine is dead', async () => {
  const here = await readProcessIdentity();
  await writeOwner(1, { ...here, bootId: 'another boot' });
  const lock = await acquireOwnerLock(directory);
  await lock.release();
});

test.each([
  ['on another machine', { bootId: 'another boot', host: 'another.example' }],
  ['in another container', { pidNamespace: 'pid:[1]' }],
])(
  'an owner %s cannot be seen from here, so it keeps the directory and the file to remove is named',
  async (_, there) => {
    const here = await readProcessIdentity();
    await writeOwner(3, { ...here, ...there });
    await expect(acquireOwnerLock(directory)).rejects.toMatchObject({
      code: 'DATABASE_BUSY',
      message: expect.stringContaining(`remove ${path.join(directory, 'owner.3.json')}`),
    });
  },
);

test.each(['', '{}', 'half a rec'])('an owner file that says %j is not taken for a free directory', async (text) => {
  await writeFile(path.join(directory, 'owner.1.json'), text);
  await expect(acquireOwnerLock(directory)).rejects.toMatchObject({ code: 'DATABASE_BUSY' });
  expect(await readFile(path.join(directory, 'owner.1.json'), 'utf8')).toBe(text);
});

test('letting go of a directory that was removed is no failure', async () => {
  const lock = await acquireOwnerLock(directory);
  await rm(directory, { recursive: true });
  await lock.release();
});
