import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { isRunning } from '../shared/src/database/embedded/process-identity.ts';
import { type Database, openDatabase } from '../shared/src/database/index.ts';
import { createPassableHome, layOutData } from './support/laid-out-data.ts';
import { runModule } from './support/run-module.ts';

const OWNER = fileURLToPath(new URL('support/database-owner.ts', import.meta.url));

let home: string;
let dataDir: string;
let owner: ChildProcess;
let successor: Database | undefined;
let data: Awaited<ReturnType<typeof layOutData>>;
beforeAll(async () => {
  data = await layOutData();
});
afterAll(() => data.remove());
beforeEach(async () => {
  home = await createPassableHome();
  dataDir = path.join(home, 'data');
  await data.copyTo(dataDir);
  owner = runModule(OWNER, [dataDir]);
  await once(owner, 'message');
});
afterEach(async () => {
  await successor?.close();
  successor = undefined;
  if (owner.exitCode === null && owner.signalCode === null) {
    owner.kill('SIGKILL');
    await once(owner, 'exit');
  }
  await rm(home, { recursive: true, force: true });
});

async function readServerPid(): Promise<number> {
  const text = await readFile(path.join(dataDir, 'postgresql', 'postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}

async function killOwner(): Promise<void> {
  owner.kill('SIGKILL');
  await once(owner, 'exit');
}

/** The shell that stops the server when its owner is gone. */
async function findGuard(serverPid: number): Promise<number | undefined> {
  for (const name of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (command.startsWith('/bin/sh') && command.includes(`kill -INT ${serverPid}`)) return Number(name);
  }
  return undefined;
}

async function readNotes(): Promise<unknown[]> {
  successor = await openDatabase({ dataDir });
  return (await successor.pool().query('SELECT note FROM notes')).rows;
}

const KEPT = [{ note: 'committed before the end' }];

test('a second process is refused by name while the owner lives, and follows at once when it was killed', async () => {
  await expect(openDatabase({ dataDir })).rejects.toMatchObject({
    code: 'DATABASE_BUSY',
    message: expect.stringContaining(`in use by process ${owner.pid} `),
  });
  await killOwner();
  expect(await readNotes()).toEqual(KEPT);
});

test('the server of a killed owner does not stay behind', async () => {
  const serverPid = await readServerPid();
  await killOwner();
  // The end of a process can only be looked for; the bound is the test's own time limit.
  while (await isRunning(serverPid)) await delay(20);
  expect(await readNotes()).toEqual(KEPT);
});

test('a server that outlived its owner is stopped and started anew', async () => {
  const serverPid = await readServerPid();
  const guard = await findGuard(serverPid);
  expect(guard).toBeDefined();
  if (guard !== undefined) process.kill(guard, 'SIGKILL');
  await killOwner();
  expect(await isRunning(serverPid)).toBe(true);
  expect(await readNotes()).toEqual(KEPT);
  expect(await isRunning(serverPid)).toBe(false);
  expect(await readServerPid()).not.toBe(serverPid);
});

test('an owner and a server that were killed together lose nothing that was committed', async () => {
  const serverPid = await readServerPid();
  process.kill(serverPid, 'SIGKILL');
  await killOwner();
  expect(await readNotes()).toEqual(KEPT);
});
