import { setTimeout as pause } from 'node:timers/promises';
import { type CensusHeader, listCensuses } from '@kubecensus/api';
import type { Database } from '@kubecensus/shared/database';
import type { History } from '@kubecensus/shared/history';
import { withHistory } from './with-history.ts';

const LOOK_EVERY_MS = 100;
/** A publication takes a minute at 1.5 million endpoints; what takes longer is waited for by nobody at a terminal. */
const PATIENCE_MS = 120_000;

export interface Publishing {
  census: CensusHeader;
  /** False where it did not come in time, or was given up: it comes later by itself, or by `kubecensus history rebuild`. */
  isPublished: boolean;
}

/** Waits until whoever reports on this data directory has published what a scan found; undefined where that is no census. */
export async function awaitPublication(
  { database, dataDir, signal }: { database: Database; dataDir: string; signal: AbortSignal },
  scanId: string,
): Promise<Publishing | undefined> {
  const census = (await listCensuses(database.pool('reader'))).find((one) => one.scanId === scanId);
  if (census === undefined) return undefined;
  return await withHistory(dataDir, async (history) => {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      if (await holds(history, census)) return { census, isPublished: true };
      if (signal.aborted || Date.now() > until) return { census, isPublished: false };
      await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  });
}

async function holds(history: History, { seriesId, censusNumber }: CensusHeader): Promise<boolean> {
  const manifest = (await history.list()).find((one) => one.seriesId === seriesId);
  return manifest?.censuses.some((one) => one.censusNumber === censusNumber) === true;
}
