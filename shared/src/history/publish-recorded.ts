import { open, rename } from 'node:fs/promises';
import path from 'node:path';
import { errorCodeOf } from '../errors/index.ts';
import { TABLES } from './codebook.ts';
import { toDataPackage } from './data-package.ts';
import { type DuckDb, openDuckDb } from './duckdb.ts';
import { hashFile } from './hash-file.ts';
import { FORMAT, MAX_ATTRIBUTION_LENGTH, type Manifest, type PublishedFile } from './manifest.ts';
import { MANIFEST, readManifest, syncDirectory, writeFileAtomically } from './manifest-file.ts';
import { tellCensuses } from './public/public-cubes.ts';
import { removeUnnamed } from './remove-unnamed.ts';
import { toRevisions } from './revisions.ts';
import { buildTables } from './store/build-tables.ts';
import type { RecordedCensus } from './store/copy-record.ts';
import { digestCensuses } from './store/digest-censuses.ts';
import { numberAspects } from './store/number-aspects.ts';
import { createCensusTable, writeTable } from './store/write-tables.ts';

export interface PublicationSettings {
  /** Why censuses that were published before may be another now; kept with each that is. */
  because?: string;
  /** Also where nothing changed. */
  force?: boolean;
  /** Removes the files of the publication before at once, for readers to lose what may no longer be shown. */
  erase?: boolean;
  threads?: number;
  memoryLimitMb?: number;
}

/** A series as CSV files (RECORD_FILES). */
export interface Recorded extends PublicationSettings {
  seriesId: number;
  name: string;
  censuses: readonly RecordedCensus[];
  attributions: readonly string[];
  /** With the CSV files; what is written on the way goes there, too. */
  work: string;
  /** Of the series' publications. */
  home: string;
}

export interface Publication {
  /** False where the record says what is published already; then nothing was written. */
  changed: boolean;
  manifest: Manifest;
}

const LICENCE = {
  name: 'CC-BY-4.0',
  title: 'Creative Commons Attribution 4.0',
  path: 'https://creativecommons.org/licenses/by/4.0/',
} as const;

const PRODUCER = 'kubecensus history 2';

/** From the CSV files to the manifest. @throws {KubecensusError} HISTORY_MANIFEST_UNREADABLE */
export async function publishRecorded(recorded: Recorded): Promise<Publication> {
  const { work } = recorded;
  const db = await openDuckDb({
    directories: [work],
    spillDirectory: path.join(work, 'spill'),
    threads: recorded.threads ?? 2,
    memoryLimitMb: recorded.memoryLimitMb ?? 2048,
  });
  try {
    return await publish(db, recorded);
  } finally {
    db.close();
  }
}

async function publish(db: DuckDb, { home, work, censuses, ...of }: Recorded): Promise<Publication> {
  await buildTables(db, work, censuses);
  const digests = await digestCensuses(db);
  const before = await readManifestBefore(home, of.force === true);
  const publishedAt = new Date().toISOString();
  const revisions = toRevisions({ before, censuses, digests, publishedAt, because: of.because });
  if (before !== undefined && !revisions.changed && of.force !== true) return { changed: false, manifest: before };
  await createCensusTable(db, revisions.censuses);
  await numberAspects(db);
  const files: PublishedFile[] = [];
  for (const table of TABLES) {
    const { file, rows } = await writeTable(db, table, work);
    const hash = await hashFile(file);
    const name = `${table}-${hash.sha256.slice(0, 16)}.parquet`;
    await syncFile(file);
    await rename(file, path.join(home, name));
    files.push({ table, path: name, rows, ...hash });
  }
  await syncDirectory(home);
  await tellCensuses(db, home, censuses, publishedAt);
  const manifest: Manifest = {
    format: FORMAT,
    seriesId: of.seriesId,
    series: of.name,
    revision: (before?.revision ?? 0) + 1,
    publishedAt,
    producer: PRODUCER,
    licence: LICENCE,
    attribution: of.attributions.join(' ').slice(0, MAX_ATTRIBUTION_LENGTH),
    censuses: revisions.censuses,
    superseded: revisions.superseded,
    files,
  };
  await writeFileAtomically(path.join(home, 'datapackage.json'), toDataPackage(manifest));
  await writeFileAtomically(path.join(home, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  // Those of the publication before stay for readers that have them open.
  await removeUnnamed(home, [...files, ...(of.erase === true ? [] : (before?.files ?? []))]);
  return { changed: true, manifest };
}

/** What is rebuilt may stand on a manifest of another version, or a damaged one: then its revisions begin again. */
async function readManifestBefore(home: string, isRebuilt: boolean): Promise<Manifest | undefined> {
  try {
    return await readManifest(home);
  } catch (caught) {
    if (isRebuilt && errorCodeOf(caught) === 'HISTORY_MANIFEST_UNREADABLE') return undefined;
    throw caught;
  }
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
