import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCodeOf } from '../errors/index.ts';

/**
 * Makes a directory with those above it, level by level. Node's own recursive mkdir never comes back from where a
 * directory cannot be made though its parent is there, as under /proc: it takes ENOENT for a missing parent, for ever.
 * @param mode of every directory that is made, before the umask
 * @returns the topmost directory that was made; undefined where all were there
 * @throws the system's error of the level that could not be made
 */
export async function makeDirectories(directory: string, mode = 0o777): Promise<string | undefined> {
  const wanted = path.resolve(directory);
  const failure = await tryToMake(wanted, mode);
  if (failure === 'was-there') return undefined;
  if (failure === undefined) return wanted;
  if (errorCodeOf(failure) !== 'ENOENT' || wanted === path.dirname(wanted)) throw failure;
  const topmost = await makeDirectories(path.dirname(wanted), mode);
  // Once more, and no more.
  const again = await tryToMake(wanted, mode);
  if (again === undefined) return topmost ?? wanted;
  if (again === 'was-there') return topmost;
  throw again;
}

/** Undefined where it was made; whatever else the system says of a directory that is there, it is there. */
async function tryToMake(directory: string, mode: number): Promise<undefined | 'was-there' | Error> {
  try {
    await mkdir(directory, { mode });
    return undefined;
  } catch (caught) {
    if (await isDirectory(directory)) return 'was-there';
    return caught as Error;
  }
}

async function isDirectory(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isDirectory();
  } catch {
    return false; // what is wrong with it, the failed mkdir has said
  }
}
