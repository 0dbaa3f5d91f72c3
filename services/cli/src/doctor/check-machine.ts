import { stat, statfs } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { DESCRIPTORS_TO_LOAD, DESCRIPTORS_WANTED } from '../runtime/descriptor-limit.ts';
import { bad, type Finding, ok, warn } from './finding.ts';

/** package.json, engines. */
const OLDEST_NODE = [20, 20] as const;
/** A census of a million targets at 1 % hits writes some 100 MB, and PostgreSQL's log of changes up to 1 GB. */
const ROOM_WANTED_BYTES = 5 * 2 ** 30;
const ROOM_NEEDED_BYTES = 512 * 2 ** 20;
const GIB = 2 ** 30;

export function checkNode(version: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return ok('node', version);
  return bad('node', version, `install Node ${OLDEST_NODE.join('.')} or later`);
}

/** @param limit files that a process may hold open; undefined where the system does not tell */
export function checkDescriptors(limit: number | undefined): Finding {
  if (limit === undefined) return warn('descriptors', 'this system does not tell its limit', 'see ulimit -n');
  if (limit < DESCRIPTORS_TO_LOAD) {
    const says = `${limit} open files, too few to load most commands; the other checks were left out`;
    return bad('descriptors', says, `raise it (ulimit -n ${DESCRIPTORS_WANTED})`);
  }
  const says = `${limit} open files in each of ${availableParallelism()} prober processes`;
  if (limit >= DESCRIPTORS_WANTED) return ok('descriptors', says);
  return warn('descriptors', says, `raise it (ulimit -n ${DESCRIPTORS_WANTED}), or lower PROBER_CONCURRENCY`);
}

/** No clock that is right shows an earlier day. */
const FIRST_RELEASE_DAY = '2026-01-01';

/** Certificates, leases and intervals of exclusions are judged by this clock. */
export function checkClock(now: Date): Finding {
  if (now.toISOString().slice(0, 10) >= FIRST_RELEASE_DAY) return ok('clock', now.toISOString());
  return bad('clock', `${now.toISOString()}, and no kubecensus is as old as that`, 'set it, best by NTP');
}

/** Of the directory, or of the first one above it that is there. */
export async function checkRoom(directory: string): Promise<Finding> {
  const there = await findExisting(directory);
  const { bavail, bsize } = await statfs(there);
  return judgeRoom(there, bavail * bsize);
}

export function judgeRoom(directory: string, freeBytes: number): Finding {
  const says = `${(freeBytes / GIB).toFixed(1)} GiB free at ${directory}`;
  if (freeBytes < ROOM_NEEDED_BYTES) return bad('disk', says, 'make room, or name another disk with --data-dir');
  if (freeBytes < ROOM_WANTED_BYTES) return warn('disk', says, 'a census of millions of targets needs 5 GiB');
  return ok('disk', says);
}

export async function findExisting(directory: string): Promise<string> {
  const isThere = await stat(directory).then(
    () => true,
    () => false, // the reason is the parent's to show
  );
  const parent = path.dirname(directory);
  return isThere || parent === directory ? directory : await findExisting(parent);
}
