import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errorCodeOf, KubecensusError } from '../../errors/index.ts';
import { judgeProcess, type ProcessIdentity, type ProcessState, readProcessIdentity } from './process-identity.ts';

/** What an owner file says: who owns the directory, or null once that owner has let go. */
interface OwnerRecord {
  owner: ProcessIdentity | null;
  since: string;
}

const OWNER_FILE = /^owner\.(\d{1,15})\.json$/;

export interface OwnerLock {
  release(): Promise<void>;
}

/**
 * Makes this process the only owner of `directory`.
 *
 * Owner files are numbered, the highest number is the truth, and it is only ever replaced (by "let go"), never removed.
 * An owner that died or let go with number n is succeeded by whoever first links number n + 1, which the file system
 * grants to one process; so two that see the same dead owner cannot both follow it.
 *
 * @throws {KubecensusError} DATABASE_BUSY while another process that lives owns the directory
 */
export async function acquireOwnerLock(directory: string): Promise<OwnerLock> {
  const identity = await readProcessIdentity();
  const record: OwnerRecord = { owner: identity, since: new Date().toISOString() };
  for (;;) {
    const current = await readHighest(directory);
    if (current?.record.owner) {
      const state = await judgeProcess(current.record.owner);
      if (state !== 'gone') throw toBusyError(current.file, current.record.owner, current.record.since, state);
    }
    const number = (current?.number ?? 0) + 1;
    if (!(await linkNew(directory, number, record))) continue;
    if ((await readHighest(directory))?.number !== number) {
      // A number that was free again because its successor had cleaned up: somebody holds a higher one.
      await rm(ownerFile(directory, number), { force: true });
      continue;
    }
    await removeBelow(directory, number);
    let released = false;
    return {
      async release() {
        if (released) return;
        released = true;
        await replaceIfThere(ownerFile(directory, number), { owner: null, since: new Date().toISOString() });
      },
    };
  }
}

function ownerFile(directory: string, number: number): string {
  return path.join(directory, `owner.${number}.json`);
}

interface Highest {
  number: number;
  file: string;
  record: OwnerRecord;
}

async function readHighest(directory: string): Promise<Highest | undefined> {
  for (;;) {
    const numbers = (await readdir(directory)).flatMap((name) => OWNER_FILE.exec(name)?.[1] ?? []).map(Number);
    if (numbers.length === 0) return undefined;
    const number = Math.max(...numbers);
    const file = ownerFile(directory, number);
    try {
      return { number, file, record: parseRecord(await readFile(file, 'utf8'), file) };
    } catch (caught) {
      // Cleaned up between the two looks: there is a higher one by now.
      if (errorCodeOf(caught) !== 'ENOENT') throw caught;
    }
  }
}

function parseRecord(text: string, file: string): OwnerRecord {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'owner' in value) return value as OwnerRecord;
  } catch {
    // told below, with the file's name
  }
  throw new KubecensusError(
    'DATABASE_BUSY',
    `${file} does not say who owns the data directory; make sure that no kubecensus uses it, and remove that file`,
  );
}

/** Whole or not at all: the content is there when the name is. False: the number is taken. */
async function linkNew(directory: string, number: number, record: OwnerRecord): Promise<boolean> {
  const draft = path.join(directory, `.owner-${randomUUID()}`);
  await writeFile(draft, JSON.stringify(record), { mode: 0o644, flag: 'wx' });
  try {
    await link(draft, ownerFile(directory, number));
    return true;
  } catch (caught) {
    if (errorCodeOf(caught) === 'EEXIST') return false;
    throw caught;
  } finally {
    await rm(draft, { force: true });
  }
}

async function replaceIfThere(file: string, record: OwnerRecord): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  try {
    await writeFile(draft, JSON.stringify(record), { mode: 0o644 });
    await rename(draft, file);
  } catch (caught) {
    // The whole directory was removed while we owned it: there is nothing left to let go of.
    if (errorCodeOf(caught) !== 'ENOENT') throw caught;
  }
}

async function removeBelow(directory: string, number: number): Promise<void> {
  for (const name of await readdir(directory)) {
    const match = OWNER_FILE.exec(name);
    if (match && Number(match[1]) < number) await rm(path.join(directory, name), { force: true });
  }
}

function toBusyError(file: string, owner: ProcessIdentity, since: string, state: ProcessState): KubecensusError {
  return new KubecensusError(
    'DATABASE_BUSY',
    `data directory ${path.dirname(file)} is in use by process ${owner.pid} on ${owner.host} since ${since}; ` +
      (state === 'alive'
        ? 'wait for it to end, stop it, or name another directory with --data-dir'
        : `stop it there or, if that machine or container is gone for good, remove ${file}`),
  );
}
