import { chmod, mkdtemp, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { errorCodeOf, KubecensusError, toError } from '../../errors/index.ts';
import { makeDirectories } from '../../files/index.ts';
import { ASKED_FOR, pruneStores } from './prune-stores.ts';
import { findClosedDirectory } from './reach.ts';
import type { ServerUser } from './server-user.ts';

/** Holds one line: where the server's files of this data directory lie instead. */
const POINTER = 'database.location';

/** Where a server that runs as another user keeps what may not lie under a private directory. */
const SHARED_ROOT = '/var/lib/kubecensus';

/** Makes the directory that was asked for, and says its real path. Directories that were there keep their mode. */
export async function createDataDir(asked: string, user: ServerUser | undefined): Promise<string> {
  try {
    const made = await makeDirectories(asked, 0o755);
    // Passable for the server's user, readable for nobody; whatever the umask.
    if (made !== undefined) await chmod(asked, user === undefined ? 0o700 : 0o711);
    return await realpath(asked);
  } catch (cause) {
    throw new KubecensusError(
      'DATABASE_DATA_DIR_INVALID',
      `${asked} cannot be used as data directory (${toError(cause).message}); name another one with --data-dir`,
      { cause },
    );
  }
}

/**
 * The directory for the server's own files: the data directory, or, where the server's user cannot get there, a new
 * one under /var/lib, to which a pointer file in the data directory leads from then on.
 */
export async function resolveStoreDir(dataDir: string, user: ServerUser | undefined): Promise<string> {
  const pointer = path.join(dataDir, POINTER);
  const pointed = await readPointer(pointer);
  if (pointed !== undefined) {
    if (await isDirectory(pointed)) return pointed;
    throw new KubecensusError(
      'DATABASE_DATA_MISSING',
      `${pointer} says that the database lies in ${pointed}, which is not there; put it back, or remove ${pointer} to start with an empty one`,
    );
  }
  if ((await findClosedDirectory(dataDir, user)) === undefined) return dataDir;
  const parent = path.join(await createSharedRoot(), 'data');
  await makeDirectories(parent);
  await chmod(parent, 0o711);
  await pruneStores(parent);
  const store = await mkdtemp(path.join(parent, 'database-'));
  await chmod(store, 0o711);
  await writeFile(path.join(store, ASKED_FOR), `${dataDir}\n`, { mode: 0o600 });
  await writeFile(pointer, `${store}\n`, { mode: 0o600 });
  return store;
}

/** Where the server's own files of a data directory lie, which is changed by nothing here. */
export async function readStoreDir(dataDir: string): Promise<string> {
  return (await readPointer(path.join(dataDir, POINTER))) ?? dataDir;
}

/** A directory that every user may enter and only this one may change; made when it is first needed. */
export async function createSharedRoot(): Promise<string> {
  const fallback = path.join(tmpdir() === '/tmp' ? '/var/tmp' : tmpdir(), `kubecensus-${process.getuid?.() ?? 0}`);
  for (const root of [SHARED_ROOT, fallback]) {
    try {
      await makeDirectories(root, 0o755);
    } catch (caught) {
      if (root === fallback) throw caught;
      continue; // a read-only /var/lib
    }
    const found = await stat(root);
    // /var/tmp is everybody's: somebody else may have made that name first.
    if (found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0) {
      throw new KubecensusError(
        'DATABASE_DATA_DIR_INVALID',
        `${root} belongs to another user or may be changed by others; remove it, or set DATABASE_URL`,
      );
    }
    await chmod(root, 0o755);
    return root;
  }
  return fallback;
}

async function readPointer(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (caught) {
    if (errorCodeOf(caught) === 'ENOENT') return undefined;
    throw caught;
  }
}

async function isDirectory(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isDirectory();
  } catch {
    return false;
  }
}
