import { access, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { errorCodeOf } from '../../errors/index.ts';
import { isRunning } from './process-identity.ts';

/** In a store that lies elsewhere: the data directory that it belongs to. */
export const ASKED_FOR = 'asked-for';

/**
 * Removes the stores below `parent` whose data directory was a temporary one and is gone. Only temporary ones, because
 * elsewhere a missing directory may be a disk that is not mounted now.
 */
export async function pruneStores(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const store = path.join(parent, name);
    const askedFor = await readOptional(path.join(store, ASKED_FOR));
    if (askedFor === undefined || !isTemporary(askedFor) || (await exists(askedFor))) continue;
    const server = Number((await readOptional(path.join(store, 'postgresql', 'postmaster.pid')))?.split('\n')[0]);
    if (server > 1 && (await isRunning(server))) continue;
    await rm(store, { recursive: true, force: true });
  }
}

function isTemporary(directory: string): boolean {
  return [tmpdir(), '/tmp', '/var/tmp'].some((root) => directory.startsWith(`${root}${path.sep}`));
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (caught) {
    return errorCodeOf(caught) !== 'ENOENT';
  }
}

async function readOptional(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    return undefined; // no store of ours, or one that another process removes right now
  }
}
