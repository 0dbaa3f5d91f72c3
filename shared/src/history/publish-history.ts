/*
 * A publication of one series, in the order of its writes:
 *
 *   record --COPY, one state--> CSV --> intervals --> Parquet beside the old files --> manifest renamed over the old one
 *
 * The manifest is the moment: before it readers have the old publication whole, after it the new one. A crash leaves files
 * that no manifest names, and the next publication removes them.
 */
import { mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { withClient } from '../database/index.ts';
import { errorCodeOf, KubecensusError } from '../errors/index.ts';
import { TABLES } from './codebook.ts';
import { toDataPackage } from './data-package.ts';
import { type DuckDb, openDuckDb } from './duckdb.ts';
import { hashFile } from './hash-file.ts';
import { FORMAT, MAX_ATTRIBUTION_LENGTH, type Manifest, type PublishedFile } from './manifest.ts';
import { MANIFEST, readManifest, syncDirectory, toSeriesDirectory, writeFileAtomically } from './manifest-file.ts';
import { tellCensuses } from './public/public-cubes.ts';
import { toRevisions } from './revisions.ts';
import { buildTables } from './store/build-tables.ts';
import { copyRecord, type RecordedCensus, selectRecordedCensuses, selectSeries } from './store/copy-record.ts';
import { digestCensuses } from './store/digest-censuses.ts';
import { lockPublication, unlockPublication } from './store/lock-publication.ts';
import { numberAspects } from './store/number-aspects.ts';
import { selectAttributions } from './store/select-attributions.ts';
import { createCensusTable, writeTable } from './store/write-tables.ts';

export interface PublishOptions {
  /** With the reader's powers or more. */
  pool: pg.Pool;
  /** Of all histories; each series has a folder in it. */
  directory: string;
  /** Name or number. */
  series: string | number;
  /** Why censuses that were published before may be another now; kept with each that is. */
  because?: string;
  /** Also where nothing changed. */
  force?: boolean;
  /** Removes the files of the publication before at once, for readers to lose what may no longer be shown. */
  erase?: boolean;
  threads?: number;
  memoryLimitMb?: number;
}

export interface Publication {
  /** False where the record says what is published already; then nothing was written. */
  changed: boolean;
  manifest: Manifest;
}

export const LICENCE = {
  name: 'CC-BY-4.0',
  title: 'Creative Commons Attribution 4.0',
  path: 'https://creativecommons.org/licenses/by/4.0/',
} as const;

const ATTRIBUTION = 'Made with kubecensus. Name the series, the census and its revision where you use a number.';
const PRODUCER = 'kubecensus history 2';

/**
 * Publishes what the record has of a series. The same record again changes nothing.
 * @throws {KubecensusError} QUERY_SERIES_UNKNOWN, QUERY_CENSUS_UNKNOWN where no census is completed, HISTORY_MANIFEST_UNREADABLE
 */
export async function publishHistory(options: PublishOptions): Promise<Publication> {
  const { pool, directory } = options;
  return await withClient(pool, async (client) => {
    const series = await selectSeries(client, options.series);
    if (series === undefined) {
      throw new KubecensusError(
        'QUERY_SERIES_UNKNOWN',
        `there is no series ${options.series}; \`kubecensus scans\` lists what there is`,
      );
    }
    const home = toSeriesDirectory(directory, series.seriesId);
    await mkdir(home, { recursive: true });
    await lockPublication(client, series.seriesId);
    try {
      const work = await mkdtemp(path.join(home, '.work-'));
      try {
        const censuses = await readRecord(client, series.seriesId, work);
        const attributions = [ATTRIBUTION, ...(await selectAttributions(client, series.seriesId))];
        if (censuses.length === 0) {
          throw new KubecensusError(
            'QUERY_CENSUS_UNKNOWN',
            `there is no completed census of series ${series.name} yet`,
          );
        }
        const db = await openDuckDb({
          directories: [work],
          spillDirectory: path.join(work, 'spill'),
          threads: options.threads ?? 2,
          memoryLimitMb: options.memoryLimitMb ?? 2048,
        });
        try {
          return await publish({ ...options, ...series, home, work, db, censuses, attributions });
        } finally {
          db.close();
        }
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    } finally {
      await unlockPublication(client, series.seriesId);
    }
  });
}

/** In one transaction, so that all files tell of one state of the record. */
async function readRecord(client: pg.PoolClient, seriesId: number, work: string): Promise<RecordedCensus[]> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const censuses = await selectRecordedCensuses(client, seriesId);
    if (censuses.length > 0) await copyRecord(client, seriesId, work);
    return censuses;
  } finally {
    await client.query('ROLLBACK');
  }
}

interface Parts extends PublishOptions {
  attributions: readonly string[];
  seriesId: number;
  name: string;
  home: string;
  work: string;
  db: DuckDb;
  censuses: readonly RecordedCensus[];
}

async function publish({ db, home, work, censuses, ...of }: Parts): Promise<Publication> {
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

/** The files of the publication before stay for readers that have them open; older ones, and what a crash left, go. */
async function removeUnnamed(home: string, named: readonly { path: string }[]): Promise<void> {
  const kept = new Set(named.map((file) => file.path));
  for (const name of await readdir(home)) {
    if (name.endsWith('.parquet') && !kept.has(name)) await rm(path.join(home, name), { force: true });
  }
}
