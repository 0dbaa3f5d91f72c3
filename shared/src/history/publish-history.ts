/*
 * A publication of one series, in the order of its writes:
 *
 *   record --COPY, one state--> CSV --> intervals --> Parquet beside the old files --> manifest renamed over the old one
 *
 * The manifest is the moment: before it readers have the old publication whole, after it the new one. A crash leaves files
 * that no manifest names, and the next publication removes them.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type pg from 'pg';
import { withClient } from '../database/index.ts';
import { KubecensusError } from '../errors/index.ts';
import { makeDirectories } from '../files/index.ts';
import { toSeriesDirectory } from './manifest-file.ts';
import { type Publication, type PublicationSettings, publishRecorded } from './publish-recorded.ts';
import { copyRecord, type RecordedCensus, selectRecordedCensuses, selectSeries } from './store/copy-record.ts';
import { lockPublication, unlockPublication } from './store/lock-publication.ts';
import { selectAttributions } from './store/select-attributions.ts';
import { withdrawHistory } from './withdraw-history.ts';

export interface PublishOptions extends PublicationSettings {
  /** With the reader's powers or more. */
  pool: pg.Pool;
  /** Of all histories; each series has a folder in it. */
  directory: string;
  /** Name or number. */
  series: string | number;
}

const ATTRIBUTION = 'Made with kubecensus. Name the series, the census and its revision where you use a number.';

/**
 * Publishes what the record has of a series: of one whose censuses are forgotten, that there is none. The same record again
 * changes nothing.
 * @throws {KubecensusError} QUERY_SERIES_UNKNOWN, QUERY_CENSUS_UNKNOWN where no census was ever completed, HISTORY_MANIFEST_UNREADABLE
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
    await makeDirectories(home);
    await lockPublication(client, series.seriesId);
    try {
      const work = await mkdtemp(path.join(home, '.work-'));
      try {
        const censuses = await readRecord(client, series.seriesId, work);
        const attributions = [ATTRIBUTION, ...(await selectAttributions(client, series.seriesId))];
        if (censuses.length === 0) {
          const withdrawn = await withdrawHistory(home, options.because);
          if (withdrawn !== undefined) return withdrawn;
          throw new KubecensusError(
            'QUERY_CENSUS_UNKNOWN',
            `there is no completed census of series ${series.name} yet`,
          );
        }
        return await publishRecorded({ ...options, ...series, home, work, censuses, attributions });
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
