import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

interface LockedPackage {
  version?: string;
  resolved?: string;
  link?: boolean;
  optionalDependencies?: Record<string, string>;
}

async function readPackages(lockFile = '../package-lock.json'): Promise<Record<string, LockedPackage>> {
  const text = await readFile(new URL(lockFile, import.meta.url), 'utf8');
  return JSON.parse(text).packages;
}

test('the lock file names the optional packages of every platform, without which npm ci refuses it', async () => {
  const packages = await readPackages();
  const missing = Object.entries(packages).flatMap(([place, locked]) =>
    Object.keys(locked.optionalDependencies ?? {})
      .filter((name) => !(`node_modules/${name}` in packages) && !(`${place}/node_modules/${name}` in packages))
      .map((name) => `${place} wants ${name}`),
  );
  expect(missing).toEqual([]);
});

test.each(['../package-lock.json', 'servers/nodes/package-lock.json'])(
  '%s carries no download address',
  async (file) => {
    const packages = await readPackages(file);
    const addressed = Object.entries(packages).filter(([, locked]) => /^[a-z+]+:\/\//.test(locked.resolved ?? ''));
    expect(addressed.map(([place]) => place)).toEqual([]);
  },
);
