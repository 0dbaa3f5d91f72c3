import { purgeRange } from '@kubecensus/indexer';
import { type AddressRange, formatRange } from '@kubecensus/shared/addresses';
import { openHistory, publishHistory } from '@kubecensus/shared/history';
import type pg from 'pg';
import type { StoredRows } from './exclusion-receipt.ts';

/** What the receipt says where nothing was asked to be removed. */
export const ROWS_STAY: StoredRows = {
  removed: false,
  endpoints: 0,
  sightings: 0,
  observations: 0,
  evidence: 0,
  revisedSeries: [],
  openScans: [],
  note: 'rows that were stored before stay in the record; exclude add --purge removes them',
};

/**
 * Takes a range out of the record, and out of every history that was published of it: as a new revision, whose manifest
 * keeps that the one before is superseded; its files are removed at once.
 */
export async function removeStoredRows(
  pools: { writer: pg.Pool; reader: pg.Pool },
  directory: string,
  range: AddressRange,
): Promise<StoredRows> {
  const purged = await purgeRange(pools.writer, range);
  const history = await openHistory({ directory });
  const published = await history.list();
  await history.close();
  const revisedSeries: string[] = [];
  for (const { seriesId, series } of published.filter((manifest) => purged.seriesIds.includes(manifest.seriesId))) {
    await publishHistory({
      pool: pools.reader,
      directory,
      series: seriesId,
      because: 'opt-out',
      erase: true,
      force: true,
    });
    revisedSeries.push(series);
  }
  const { endpoints, sightings, observations, evidence, openScans, unread } = purged;
  const notes = [
    `totals of earlier scans and censuses stay as they were counted`,
    ...(openScans.length > 0
      ? [`scans under way may still bring what they saw of ${formatRange(range)} before; purge again after their end`]
      : []),
    ...(unread.malformed + unread.lateBatches > 0
      ? [
          `${unread.malformed} unreadable lines and ${unread.lateBatches} late batches of all scans are not searched; what of the range is in a late batch is dropped when it is taken in`,
        ]
      : []),
  ];
  return {
    removed: true,
    endpoints,
    sightings,
    observations,
    evidence,
    revisedSeries,
    openScans,
    note: notes.join('; '),
  };
}
