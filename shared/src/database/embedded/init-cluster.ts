import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, chown, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { errorCodeOf, KubecensusError, toError } from '../../errors/index.ts';
import { makeDirectories } from '../../files/index.ts';
import type { ServerBinaries } from './binaries.ts';
import { withPasswordFile } from './passwords.ts';
import { type ServerUser, toSpawnIdentity } from './server-user.ts';

/** The user of the embedded server that owns its databases. */
export const OWNER_NAME = 'kubecensus';

const CLUSTER = 'postgresql';
const DRAFT = `${CLUSTER}.new-`;

/**
 * The server's data directory below `storeDir`, laid out if it is new. It is laid out under another name and renamed
 * when whole, so that an end in the middle leaves nothing that looks like a database.
 */
export async function prepareCluster(
  storeDir: string,
  binaries: ServerBinaries,
  user: ServerUser | undefined,
  ownerPassword: string,
): Promise<string> {
  const cluster = path.join(storeDir, CLUSTER);
  const written = await readMajor(cluster);
  if (written === binaries.major) return cluster;
  if (written !== undefined) {
    throw new KubecensusError(
      'DATABASE_VERSION_MISMATCH',
      `${cluster} was written by PostgreSQL ${written} and this kubecensus brings ${binaries.major}; ` +
        'move the data over with pg_dump and pg_restore, or go on with the kubecensus that wrote it',
    );
  }
  for (const name of await readdir(storeDir)) {
    if (name.startsWith(DRAFT)) await rm(path.join(storeDir, name), { recursive: true, force: true });
  }
  const draft = path.join(storeDir, `${DRAFT}${randomUUID()}`);
  await createServerDir(draft, user);
  await withPasswordFile(storeDir, ownerPassword, user, (file) => runInitdb(binaries.initdb, draft, file, user));
  await rename(draft, cluster);
  return cluster;
}

/** A directory that only the server's user may enter. */
export async function createServerDir(directory: string, user: ServerUser | undefined): Promise<void> {
  await makeDirectories(directory, 0o700);
  await chmod(directory, 0o700);
  if (user !== undefined) await chown(directory, user.uid, user.gid);
}

async function runInitdb(
  initdb: string,
  draft: string,
  passwordFile: string,
  user: ServerUser | undefined,
): Promise<void> {
  const args = ['-D', draft, '-U', OWNER_NAME, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8'];
  // The server's own collation: the same order on every machine, whatever its locales.
  args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions');
  try {
    await promisify(execFile)(initdb, args, {
      ...toSpawnIdentity(user),
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
      timeout: 5 * 60_000,
    });
  } catch (cause) {
    const said = typeof cause === 'object' && cause !== null && 'stderr' in cause ? String(cause.stderr).trim() : '';
    throw new KubecensusError(
      'DATABASE_INIT_FAILED',
      `PostgreSQL could not lay out ${draft} (${said.split('\n').at(-1) || toError(cause).message}); ` +
        'see that the disk has room and the directory can be written to',
      { cause },
    );
  }
}

async function readMajor(cluster: string): Promise<string | undefined> {
  try {
    return (await readFile(path.join(cluster, 'PG_VERSION'), 'utf8')).trim();
  } catch (caught) {
    if (errorCodeOf(caught) === 'ENOENT') return undefined;
    throw caught;
  }
}
