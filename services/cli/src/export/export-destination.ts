import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCodeOf, KubecensusError, toError } from '@kubecensus/shared/errors';

/** What a name for an export stands for, links followed. */
export interface ExportDestination {
  file: string;
  /** False of a pipe, a device or a socket: written to as it is, never put another file in its place. */
  isReplaceable: boolean;
  /** Who may read the file that is there: one put in its place lets in nobody else. */
  mode?: number;
}

/** Links to nothing that are followed one after another; those in a ring the system refuses. */
const MAX_LINKS = 40;

/** @throws {KubecensusError} EXPORT_UNWRITABLE where no file can be written under that name */
export async function resolveExportDestination(name: string): Promise<ExportDestination> {
  try {
    return await resolveName(name, MAX_LINKS);
  } catch (caught) {
    throw toUnwritable(name, caught);
  }
}

export function toUnwritable(name: string, caught: unknown): KubecensusError {
  if (caught instanceof KubecensusError) return caught;
  return new KubecensusError('EXPORT_UNWRITABLE', `${name} cannot be written: ${toError(caught).message}`, {
    cause: caught,
  });
}

async function resolveName(name: string, linksLeft: number): Promise<ExportDestination> {
  const found = await orNothing(stat(name));
  if (found === undefined) return await resolveMissing(name, linksLeft);
  if (found.isDirectory()) {
    throw new KubecensusError('EXPORT_UNWRITABLE', `${name} is a directory; name a file in it`);
  }
  if (!found.isFile()) return { file: name, isReplaceable: false };
  return { file: await realpath(name), isReplaceable: true, mode: found.mode & 0o777 };
}

/** A link to what is not there yet makes the file that it names, as a shell's redirection does. */
async function resolveMissing(name: string, linksLeft: number): Promise<ExportDestination> {
  const link = await orNothing(lstat(name));
  if (link?.isSymbolicLink() !== true || linksLeft === 0) return { file: name, isReplaceable: true };
  const home = await realpath(path.dirname(name));
  return await resolveName(path.resolve(home, await readlink(name)), linksLeft - 1);
}

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (caught) {
    if (errorCodeOf(caught) === 'ENOENT') return undefined;
    throw caught;
  }
}
