import { randomBytes, randomUUID } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errorCodeOf } from '../../errors/index.ts';
import { DATABASE_ROLES, type DatabaseRole } from '../roles.ts';
import type { ServerUser } from './server-user.ts';

export type RolePasswords = Readonly<Record<DatabaseRole, string>>;

const FILE = 'passwords.json';

/** Those of a store that has them. */
export async function readPasswords(storeDir: string): Promise<RolePasswords> {
  return JSON.parse(await readFile(path.join(storeDir, FILE), 'utf8')) as RolePasswords;
}

/** The passwords of the embedded server's roles, made at first use, in a file that only this user may read. */
export async function readOrCreatePasswords(storeDir: string): Promise<RolePasswords> {
  const file = path.join(storeDir, FILE);
  try {
    return await readPasswords(storeDir);
  } catch (caught) {
    if (errorCodeOf(caught) !== 'ENOENT') throw caught;
  }
  const made = Object.fromEntries(DATABASE_ROLES.map((role) => [role, randomBytes(24).toString('base64url')]));
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(made), { mode: 0o600, flag: 'wx' });
  await rename(draft, file);
  return made as RolePasswords;
}

/** Lends a file with the password to a program that runs as `user`; it is gone afterwards. */
export async function withPasswordFile<T>(
  storeDir: string,
  password: string,
  user: ServerUser | undefined,
  use: (file: string) => Promise<T>,
): Promise<T> {
  const directory = path.join(storeDir, `password-${randomUUID()}`);
  const file = path.join(directory, 'password');
  await mkdir(directory, { mode: 0o700 });
  try {
    await writeFile(file, `${password}\n`, { mode: 0o600, flag: 'wx' });
    if (user !== undefined) {
      await chown(file, user.uid, user.gid);
      await chown(directory, user.uid, user.gid);
    }
    return await use(file);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
