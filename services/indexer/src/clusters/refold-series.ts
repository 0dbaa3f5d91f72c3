import { type Queryable, withTransaction } from '@kubecensus/shared/database';
import { KubecensusError } from '@kubecensus/shared/errors';
import type pg from 'pg';
import { lockClosing } from '../store/lock-scan-to-close.ts';
import { foldMarked } from './fold-census.ts';
import { markEvidence } from './mark-evidence.ts';
import { selectFoldable, selectSeriesToFold, undoFolds } from './store/undo-folds.ts';
import { insertPossessions } from './store/write-possessions.ts';

export interface Refolded {
  seriesId: number;
  series: string;
  censuses: number;
}

/**
 * Folds the censuses of a series again, from one on and in their order, in the transaction of `client`, which holds the
 * lock of closing. The same sightings give the same clusters.
 */
export async function refoldFrom(client: Queryable, seriesId: number, fromCensus: number): Promise<number> {
  const censuses = await selectFoldable(client, seriesId, fromCensus);
  const [first] = censuses;
  if (first === undefined) return 0;
  await undoFolds(client, seriesId, first.censusNumber);
  await markEvidence(client);
  for (const { censusNumber, scanId } of censuses) {
    await insertPossessions(client, { seriesId, censusNumber }, scanId);
    await foldMarked(client, { seriesId, censusNumber });
  }
  return censuses.length;
}

/**
 * Folds every census again, a series at a time: after an upgrade that reads other marks, or where clusters were never
 * folded. No scan is closed meanwhile.
 * @throws {KubecensusError} QUERY_SERIES_UNKNOWN
 */
export async function refoldSeries(pool: pg.Pool, series?: string): Promise<Refolded[]> {
  const refolded: Refolded[] = [];
  const found = await withTransaction(pool, (client) => selectSeriesToFold(client, series));
  if (series !== undefined && found.length === 0) {
    throw new KubecensusError(
      'QUERY_SERIES_UNKNOWN',
      `there is no series ${series}; \`kubecensus scans\` lists what there is`,
    );
  }
  for (const { seriesId, name } of found) {
    const censuses = await withTransaction(pool, async (client) => {
      await lockClosing(client);
      return refoldFrom(client, seriesId, 1);
    });
    refolded.push({ seriesId, series: name, censuses });
  }
  return refolded;
}
