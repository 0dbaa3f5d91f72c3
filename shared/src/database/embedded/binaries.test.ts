import { execFile } from 'node:child_process';
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findPackage, prepareBinaries, type ServerPackage } from './binaries.ts';
import { readServerUser, toSpawnIdentity } from './server-user.ts';

const user = readServerUser();

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'kubecensus-binaries-'));
  await chmod(home, 0o755);
});
afterEach(() => rm(home, { recursive: true, force: true }));

const copyRoot = async () => path.join(home, 'copies');

/** What the server's program itself needs; the rest of the package would only make the copies slow. */
const NEEDED =
  /^$|^pg-symlinks\.json$|^bin(\/postgres)?$|^lib(\/[^/]+\.so[.\d]*)?$|^share(\/postgresql(\/postgres\.bki)?)?$/;

/** The package as npm leaves it where it may run no install scripts: without symbolic links. */
async function installPackage(parent: string): Promise<ServerPackage> {
  const source = await findPackage();
  const native = path.join(parent, 'native');
  await mkdir(parent, { recursive: true });
  await cp(source.native, native, {
    recursive: true,
    filter: async (file) => NEEDED.test(path.relative(source.native, file)) && !(await lstat(file)).isSymbolicLink(),
  });
  return { ...source, native };
}

async function askVersion(postgres: string): Promise<string> {
  const { stdout } = await promisify(execFile)(postgres, ['--version'], toSpawnIdentity(user));
  return stdout;
}

test('a package without its symbolic links is copied once, with them, and the package stays as it was', async () => {
  const source = await installPackage(path.join(home, 'package'));
  const binaries = await prepareBinaries(user, copyRoot, source);
  expect(binaries.postgres.startsWith(await copyRoot())).toBe(true);
  expect(await askVersion(binaries.postgres)).toContain(`PostgreSQL) ${binaries.major}.`);
  const libraries = path.join(path.dirname(binaries.postgres), '..', 'lib');
  expect((await lstat(path.join(libraries, 'libpq.so.5'))).isSymbolicLink()).toBe(true);
  await expect(lstat(path.join(source.native, 'lib', 'libpq.so.5'))).rejects.toMatchObject({ code: 'ENOENT' });

  const before = (await stat(binaries.postgres)).ino;
  await prepareBinaries(user, copyRoot, source);
  expect((await stat(binaries.postgres)).ino).toBe(before);
});

test('a copy that is not whole is made again', async () => {
  const source = await installPackage(path.join(home, 'package'));
  const { postgres } = await prepareBinaries(user, copyRoot, source);
  await truncate(postgres, 100);
  await prepareBinaries(user, copyRoot, source);
  const packaged = await readFile(path.join(source.native, 'bin', 'postgres'));
  expect(packaged.equals(await readFile(postgres))).toBe(true);
  expect(await readdir(await copyRoot())).toHaveLength(1);
});

test('processes that copy at once end with one whole copy', async () => {
  const source = await installPackage(path.join(home, 'package'));
  const all = await Promise.all([1, 2, 3].map(() => prepareBinaries(user, copyRoot, source)));
  expect(new Set(all.map((binaries) => binaries.postgres)).size).toBe(1);
  expect(await askVersion(all[0]?.postgres ?? '')).toContain('PostgreSQL');
  expect(await readdir(await copyRoot())).toHaveLength(1);
});

test('a package below a private directory runs as the user of the server', async () => {
  const source = await installPackage(path.join(home, 'private', 'package'));
  await chmod(path.join(home, 'private'), 0o700);
  const { postgres } = await prepareBinaries(user, copyRoot, source);
  expect(await askVersion(postgres)).toContain('PostgreSQL');
});

test('a package installed under a strict umask runs as the user of the server', async () => {
  const source = await installPackage(path.join(home, 'package'));
  await promisify(execFile)('chmod', ['-R', 'go=', source.native]);
  const { postgres } = await prepareBinaries(user, copyRoot, source);
  expect(await askVersion(postgres)).toContain('PostgreSQL');
});
