import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ServerUser } from './server-user.ts';

const EXECUTE = 0o1;

/** The first directory on the way to `target` (itself included) that the user may not enter; undefined: all may be entered. */
export async function findClosedDirectory(target: string, user: ServerUser | undefined): Promise<string | undefined> {
  if (user === undefined) return undefined;
  const real = await realpath(target);
  const parts = real.split(path.sep).filter(Boolean);
  for (let depth = 0; depth <= parts.length; depth += 1) {
    const directory = path.sep + parts.slice(0, depth).join(path.sep);
    const { mode, uid, gid } = await stat(directory);
    const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
    if (((mode >> shift) & EXECUTE) === 0) return directory;
  }
  return undefined;
}
