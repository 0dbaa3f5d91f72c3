import type { Queryable } from '@kubecensus/shared/database';
import type { ClosableScan } from '../store/lock-scan-to-close.ts';
import { insertUnseenBy } from '../store/select-unseen.ts';
import {
  insertRevisitShards,
  insertRevisits,
  insertSecondRevisits,
  updateScanToRevisit,
} from '../store/write-revisits.ts';
import { SILENT_OUTCOMES } from './judge-unseen.ts';
import { judgedUnseen } from './unseen-pages.ts';

export interface RevisitOptions {
  /** Between the end of a look and the next one at the same endpoints. Hours, so that an outage has time to pass. */
  delayMs: number;
  /** Length of a revisit's shards at the scan's rate. */
  shardMs: number;
}

/** A shard of a revisit has at most this many targets, whatever the rate. */
const MAX_SHARD_TARGETS = 4096;

/**
 * Takes the scan's next step of revisiting, if there is one: looks once more at what this census did not see, and a
 * second time at what timed out then. False when nothing is left to look at and the scan may close.
 */
export async function planRevisit(client: Queryable, scan: ClosableScan, options: RevisitOptions): Promise<boolean> {
  if (scan.seriesId === null) return false;
  if (scan.revisitWaits) {
    await cutIntoShards(client, scan, scan.revisitRound, options);
    return true;
  }
  if (scan.revisitRound >= 2) return false;
  const round = scan.revisitRound === 0 ? 1 : 2;
  const planned =
    round === 1
      ? await insertFirstRevisits(client, scan.seriesId, scan)
      : await insertSecondRevisits(client, scan.scanId, SILENT_OUTCOMES);
  if (planned === 0) return false;
  await updateScanToRevisit(client, scan.scanId, round, options.delayMs);
  if (options.delayMs === 0) await cutIntoShards(client, scan, round, options);
  return true;
}

async function insertFirstRevisits(client: Queryable, seriesId: number, scan: ClosableScan): Promise<number> {
  let planned = 0;
  await insertUnseenBy(client, seriesId, scan.scanId);
  for await (const page of judgedUnseen(client, scan, true)) {
    const reachable = page.filter(({ absence }) => absence === 'not-reached').map(({ endpointId }) => endpointId);
    await insertRevisits(client, scan.scanId, 1, reachable);
    planned += reachable.length;
  }
  return planned;
}

async function cutIntoShards(client: Queryable, scan: ClosableScan, round: number, { shardMs }: RevisitOptions) {
  const targets = Math.round((scan.rate * shardMs) / 1000);
  await insertRevisitShards(client, scan.scanId, round, Math.min(Math.max(targets, 1), MAX_SHARD_TARGETS));
}
