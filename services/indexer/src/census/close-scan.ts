import { readScanQuality } from '@kubecensus/shared/census';
import type { Queryable } from '@kubecensus/shared/database';
import { foldCensus } from '../clusters/fold-census.ts';
import { markMoved } from '../clusters/mark-evidence.ts';
import { reviseClosed } from '../revisions/revise-series.ts';
import { findEndpoints } from '../store/find-endpoints.ts';
import { insertCensus, updateScanToCompleted } from '../store/insert-census.ts';
import type { ClosableScan } from '../store/lock-scan-to-close.ts';
import { insertOutboxMessage } from '../store/outbox.ts';
import { analyzeRecord, giveMemory } from '../store/prepare-close.ts';
import { insertUnseenMoved } from '../store/select-unseen.ts';
import { upsertEndpoints } from '../store/upsert-endpoints.ts';
import {
  type EndedSighting,
  endChangedSightings,
  endSightings,
  findMoves,
  insertAbsences,
  openSightings,
  type UnseenEndpoint,
} from '../store/write-sightings.ts';
import type { ClosingRules } from './closing-rules.ts';
import { placeEndpoints } from './place-endpoints.ts';
import { judgedUnseen } from './unseen-pages.ts';

/** Share of a census' findings that are new, from which on the server's statistics are of another record. */
const MUCH_NEW = 0.1;
/** So many rows are read within milliseconds by any plan. */
const FEW = 1000;

export interface ClosedCensus {
  seriesId: number;
  censusNumber: number;
  changed: number;
  opened: number;
  /** By what ended them: gone, excluded, out-of-scope; and not-reached, which ends nothing. */
  unseen: Record<string, number>;
  /** False where too few canaries were recognised: then nothing is gone. */
  callsGone: boolean;
  /** Endpoints that lie elsewhere than in the census before, or were looked up for the first time. */
  placed: number;
}

/**
 * Closes a scan whose shards are all done, in the transaction of `client`, which holds its lock. Any scan brings the
 * current state up to date; only a census opens and ends sightings of its series.
 */
export async function closeScan(
  client: Queryable,
  scan: ClosableScan,
  rules: ClosingRules,
): Promise<ClosedCensus | undefined> {
  await giveMemory(client);
  const found = await findEndpoints(client, scan.scanId);
  await upsertEndpoints(client, scan.scanId);
  const census =
    scan.seriesId === null ? undefined : await writeCensus(client, scan.seriesId, { ...scan, found }, rules);
  await updateScanToCompleted(client, scan.scanId);
  return census;
}

async function writeCensus(
  client: Queryable,
  seriesId: number,
  scan: ClosableScan & { found: number },
  { minCanaryRecall, rulesVersion, places }: ClosingRules,
): Promise<ClosedCensus> {
  const [quality] = await readScanQuality(client, [scan.scanId]);
  if (quality === undefined) throw new RangeError(`scan ${scan.scanId} has no quality`);
  const callsGone = quality.canaryRecall === null || quality.canaryRecall >= minCanaryRecall;
  const censusNumber = await insertCensus(client, scan.scanId, { ...quality, callsGone });
  await findMoves(client, seriesId);
  // Changed ones end before the new ones open: an endpoint has one open sighting in a series.
  const changed = await endChangedSightings(client, seriesId, censusNumber);
  const opened = await openSightings(client, seriesId, censusNumber);
  const unseen: Record<string, number> = {};
  await insertUnseenMoved(client);
  for await (const page of judgedUnseen(client, scan, callsGone)) {
    const ended: EndedSighting[] = [];
    const notReached: UnseenEndpoint[] = [];
    for (const { endpointId, absence } of page) {
      unseen[absence] = (unseen[absence] ?? 0) + 1;
      if (absence === 'not-reached' || absence === 'low-recall') notReached.push({ endpointId, reason: absence });
      else ended.push({ endpointId, ended: absence });
    }
    await endSightings(client, seriesId, censusNumber, ended);
    await insertAbsences(client, seriesId, censusNumber, notReached);
  }
  const placed =
    places === undefined ? 0 : await placeEndpoints(client, seriesId, censusNumber, await places.current());
  await markMoved(client);
  if (opened > Math.max(FEW, scan.found * MUCH_NEW)) await analyzeRecord(client);
  // A mark in many networks is no cluster's, so where endpoints lie comes first.
  await foldCensus(client, { seriesId, censusNumber });
  await reviseClosed(client, seriesId, { censusNumber, rulesVersion });
  const message = { seriesId, censusNumber };
  await insertOutboxMessage(client, `census-${seriesId}-${censusNumber}`, 'report', message);
  return { ...message, changed, opened, unseen, callsGone, placed };
}
