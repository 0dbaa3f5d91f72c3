import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ASKED_FOR, pruneStores } from './prune-stores.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'kubecensus-stores-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

async function createStore(name: string, askedFor: string, serverPid?: number): Promise<void> {
  await mkdir(path.join(parent, name, 'postgresql'), { recursive: true });
  await writeFile(path.join(parent, name, ASKED_FOR), `${askedFor}\n`);
  if (serverPid !== undefined)
    await writeFile(path.join(parent, name, 'postgresql', 'postmaster.pid'), `${serverPid}\n`);
}

test('only the store of a temporary directory that is gone goes', async () => {
  await createStore('gone', path.join(tmpdir(), 'kubecensus-no-such-directory'));
  await createStore('present', parent);
  await createStore('unmounted', '/srv/kubecensus-no-such-directory');
  await createStore('served', path.join(tmpdir(), 'kubecensus-no-such-directory'), process.pid);
  await mkdir(path.join(parent, 'foreign'));
  await pruneStores(parent);
  expect((await readdir(parent)).sort()).toEqual(['foreign', 'present', 'served', 'unmounted']);
});
