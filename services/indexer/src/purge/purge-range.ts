import { type AddressRange, formatBounds } from '@kubecensus/shared/addresses';
import { withTransaction } from '@kubecensus/shared/database';
import type pg from 'pg';
import { deleteOrphanedClusters } from '../clusters/store/delete-orphaned-clusters.ts';
import { reviseSeries, settleSeries } from '../revisions/revise-series.ts';
import {
  countUnread,
  type DeletedRows,
  deleteOrphanedEvidence,
  deleteRange,
  lockBatches,
  selectEvidenceOfRange,
  selectOpenScans,
  selectSeriesOfRange,
} from '../store/delete-range.ts';
import type { Revision } from '../store/insert-revisions.ts';
import { lockClosing } from '../store/lock-scan-to-close.ts';

/** What an opt-out took out of the record. */
export interface Purged extends DeletedRows {
  /** Evidence that only this range showed; certificates, answers and client CAs went with it. */
  evidence: number;
  /** Series whose censuses are now others than they were: what was published of them is to be published anew. */
  seriesIds: number[];
  /** Of those censuses: each has a new one, and says why. */
  revisions: Revision[];
  /** Scans under way: what they saw before the exclusion may still arrive. */
  openScans: string[];
  /** Lines and batches that were kept aside unread; they are not searched. */
  unread: { malformed: number; lateBatches: number };
}

/**
 * Takes every stored row of a range out of the record, in one transaction: findings, current state, sightings and what
 * hangs on them, and evidence that nobody else showed. Totals of scans and censuses stay as they were counted.
 */
export async function purgeRange(pool: pg.Pool, range: AddressRange): Promise<Purged> {
  const bounds = formatBounds(range);
  return await withTransaction(pool, async (client) => {
    // No scan is closed and no batch committed meanwhile: both may hold evidence by its number.
    await lockClosing(client);
    await lockBatches(client);
    const evidenceIds = await selectEvidenceOfRange(client, bounds);
    const seriesIds = await selectSeriesOfRange(client, bounds);
    for (const seriesId of seriesIds) await settleSeries(client, seriesId);
    const deleted = await deleteRange(client, bounds);
    const evidence = await deleteOrphanedEvidence(client, evidenceIds);
    await deleteOrphanedClusters(client, seriesIds);
    const revisions: Revision[] = [];
    for (const seriesId of seriesIds) revisions.push(...(await reviseSeries(client, seriesId, { reason: 'opt-out' })));
    const openScans = await selectOpenScans(client);
    return { ...deleted, evidence, seriesIds, revisions, openScans, unread: await countUnread(client) };
  });
}
