import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeDirectories } from './make-directories.ts';

const home = mkdtempSync(path.join(tmpdir(), 'make-directories-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

test('every level that is missing is made, and the topmost one is told', async () => {
  const deep = path.join(home, 'a/b/c');
  expect(await makeDirectories(deep, 0o700)).toBe(path.join(home, 'a'));
  for (const level of ['a', 'a/b', 'a/b/c']) expect(statSync(path.join(home, level)).mode & 0o777).toBe(0o700);
});

test('what is there stays as it is, and nothing is told to have been made', async () => {
  mkdirSync(path.join(home, 'there'), { mode: 0o711 });
  expect(await makeDirectories(path.join(home, 'there'), 0o700)).toBeUndefined();
  expect(statSync(path.join(home, 'there')).mode & 0o777).toBe(0o711);
  expect(await makeDirectories('/')).toBeUndefined();
});

test('several that make the same directory at once all come to an end', async () => {
  const shared = path.join(home, 'x/y/z');
  await Promise.all(Array.from({ length: 8 }, () => makeDirectories(shared)));
  expect(statSync(shared).isDirectory()).toBe(true);
});

test('where no directory can be made the system says why, once, and nobody tries for ever', async () => {
  const file = path.join(home, 'file');
  writeFileSync(file, '');
  symlinkSync('loop', path.join(home, 'loop'));
  symlinkSync('nowhere', path.join(home, 'dangling'));
  await expect(makeDirectories(file)).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeDirectories(path.join(file, 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  await expect(makeDirectories(path.join(home, 'loop/below'))).rejects.toMatchObject({ code: 'ELOOP' });
  await expect(makeDirectories(path.join(home, 'dangling'))).rejects.toMatchObject({ code: 'EEXIST' });
  // A parent that is there, and no room in it for a directory: ENOENT without anything missing.
  await expect(makeDirectories('/proc/census/data')).rejects.toMatchObject({ code: 'ENOENT' });
});
