import path from 'node:path';
import { toDataPackage } from './data-package.ts';
import type { Manifest } from './manifest.ts';
import { MANIFEST, readManifest, writeFileAtomically } from './manifest-file.ts';
import type { Publication } from './publish-recorded.ts';
import { removeUnnamed } from './remove-unnamed.ts';
import { toRevisions } from './revisions.ts';

/**
 * Publishes that a series has no census any more: a manifest that names those it had as superseded and no file, and then
 * the files go. What was told to everybody stays beside it, unread, for it must never be told in other numbers.
 * Undefined where nothing was published of the series; the same again changes nothing.
 * @param home of the series' publications, locked
 * @throws {KubecensusError} HISTORY_MANIFEST_UNREADABLE
 */
export async function withdrawHistory(home: string, because: string | undefined): Promise<Publication | undefined> {
  const before = await readManifest(home);
  if (before === undefined) return undefined;
  const isWithdrawn = before.censuses.length === 0;
  const manifest = isWithdrawn ? before : toTombstone(before, because);
  if (!isWithdrawn) {
    await writeFileAtomically(path.join(home, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  }
  // Again after a crash between the two.
  await writeFileAtomically(path.join(home, 'datapackage.json'), toDataPackage(manifest));
  await removeUnnamed(home, []);
  return { changed: !isWithdrawn, manifest };
}

function toTombstone(before: Manifest, because: string | undefined): Manifest {
  const publishedAt = new Date().toISOString();
  const { superseded } = toRevisions({ before, censuses: [], digests: [], publishedAt, because });
  return { ...before, revision: before.revision + 1, publishedAt, censuses: [], superseded, files: [] };
}
