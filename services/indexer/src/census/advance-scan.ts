/*
 * A scan whose shards are all done takes its next step here:
 *
 *   running --(a census, and endpoints of the series were not seen)--> revisiting, round 1, then round 2
 *   running or revisiting --(nothing left to look at)--> completed: current state, sightings, census, outbox
 *
 * One step is one transaction (but for a new month's tables, see store/keep-month.ts) under the scan's row lock: with several indexers one takes it and the others pass by, and
 * a crash leaves the scan as it was, to be taken up by whoever looks next. Nothing here is triggered by a message alone:
 * the record says which scans are due, so no lost message can leave one open.
 */
import { withTransaction } from '@kubecensus/shared/database';
import type pg from 'pg';
import { keepMonthOfScan } from '../store/keep-month.ts';
import { lockClosing, lockScanToClose } from '../store/lock-scan-to-close.ts';
import { type ClosedCensus, closeScan } from './close-scan.ts';
import { CLOSING_RULES, type ClosingRules } from './closing-rules.ts';
import { planRevisit, type RevisitOptions } from './plan-revisit.ts';

export type ScanStep =
  /** Another indexer has it, or it is not due any more. */
  { step: 'none' } | { step: 'revisit-planned' } | { step: 'completed'; census: ClosedCensus | undefined };

export async function advanceScan(
  pool: pg.Pool,
  scanId: string,
  revisit: RevisitOptions | undefined,
  rules: ClosingRules = CLOSING_RULES,
): Promise<ScanStep> {
  await keepMonthOfScan(pool, scanId);
  return withTransaction(
    pool,
    async (client) => {
      const scan = await lockScanToClose(client, scanId);
      if (scan === undefined) return { step: 'none' };
      await lockClosing(client);
      if (revisit !== undefined && (await planRevisit(client, scan, revisit))) return { step: 'revisit-planned' };
      return { step: 'completed', census: await closeScan(client, scan, rules) };
    },
    // Folding and sorting a large census takes much of the server's memory, and any connection of the pool may do it.
    { keepConnection: false },
  );
}
