import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';

/** Removes the tables of a series' home that are not among `named`, what a crash left among them. */
export async function removeUnnamed(home: string, named: readonly { path: string }[]): Promise<void> {
  const kept = new Set(named.map((file) => file.path));
  for (const name of await readdir(home)) {
    if (name.endsWith('.parquet') && !kept.has(name)) await rm(path.join(home, name), { force: true });
  }
}
