import { createHash } from 'node:crypto';
import { chown, lstat, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { errorCodeOf, KubecensusError } from '../../errors/index.ts';
import { createServerDir } from './init-cluster.ts';
import type { ServerUser } from './server-user.ts';

/** sockaddr_un holds 108 bytes on Linux and 104 elsewhere, with the closing zero. */
const MAX_SOCKET_PATH_BYTES = 103;
const SOCKET_NAME = '.s.PGSQL.5432.lock';

/** The directory of the server's socket: beside its data, or, where that path is too long for a socket, a short one. */
export function toSocketDir(storeDir: string): string {
  const beside = path.join(storeDir, 'run');
  if (Buffer.byteLength(path.join(beside, SOCKET_NAME)) <= MAX_SOCKET_PATH_BYTES) return beside;
  return path.join(tmpdir(), `kubecensus-${createHash('sha256').update(storeDir).digest('hex').slice(0, 16)}`);
}

/** Makes that directory where it is not there. */
export async function createSocketDir(storeDir: string, user: ServerUser | undefined): Promise<string> {
  const directory = toSocketDir(storeDir);
  if (path.dirname(directory) === storeDir) await createServerDir(directory, user);
  else await createInSharedDirectory(directory, user);
  return directory;
}

/** Everybody may make names in the system's temporary directory: what stands there already is looked at, not changed. */
async function createInSharedDirectory(directory: string, user: ServerUser | undefined): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 });
    if (user !== undefined) await chown(directory, user.uid, user.gid);
  } catch (caught) {
    if (errorCodeOf(caught) !== 'EEXIST') throw caught;
    const found = await lstat(directory);
    if (found.isDirectory() && found.uid === (user?.uid ?? process.getuid?.()) && (found.mode & 0o077) === 0) return;
    throw new KubecensusError(
      'DATABASE_DATA_DIR_INVALID',
      `${directory}, where the server's socket belongs, is not ours; remove it, or name a shorter --data-dir`,
    );
  }
}
