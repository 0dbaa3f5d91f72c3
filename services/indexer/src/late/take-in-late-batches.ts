/*
 * What came after its scan was closed, taken in later and as a revision, so that no closed census is rewritten in silence.
 * One scan, one transaction, under the lock of closing:
 *
 *   late_batches -> committed_batches, observations   the better look of a target stays, as in time
 *   current state, then the timeline of each endpoint that this concerns, with that census' look as it is now
 *   late_batches are deleted; a revision of each census that says something else
 *
 * Late data adds what was seen. It takes nothing away: what a scan counted stays as counted, and a refusal that comes late
 * proves nothing gone. What is excluded by now is dropped unread. The same batch again is met by its committed row.
 */
import { matchesExclusion, parseAddress } from '@kubecensus/shared/addresses';
import { type Queryable, withTransaction } from '@kubecensus/shared/database';
import type { ObservationBatch } from '@kubecensus/shared/messages';
import { RECORDED_OUTCOMES } from '@kubecensus/shared/vocabulary';
import type pg from 'pg';
import { toRankedObservation } from '../batches/ranked-observation.ts';
import { readObservations } from '../batches/read-observations.ts';
import { writeObservations } from '../batches/write-observations.ts';
import { readExcludedSince } from '../census/excluded-since.ts';
import { refoldFrom } from '../clusters/refold-series.ts';
import type { Classifier } from '../evidence/classifier.ts';
import { reviseSeries, settleSeries } from '../revisions/revise-series.ts';
import { findEndpoints } from '../store/find-endpoints.ts';
import { insertCommittedBatch } from '../store/insert-committed-batch.ts';
import { insertMalformedObservations } from '../store/insert-malformed-observations.ts';
import type { Revision } from '../store/insert-revisions.ts';
import { deleteLateBatches, lockLateScan, selectLateBatches, selectLateScans } from '../store/late-batches.ts';
import { lockScanOfShard } from '../store/lock-scan.ts';
import { lockClosing } from '../store/lock-scan-to-close.ts';
import { replaceTimelines, selectFound, selectTimelines, type Target } from '../store/timelines.ts';
import { upsertEndpoints } from '../store/upsert-endpoints.ts';
import { isSameTimeline, replaySightings, type Timeline } from './replay-sightings.ts';

/** Batches of one scan taken in at once; what is over waits for the next time. */
const MAX_BATCHES = 1000;

export interface TakenIn {
  scanId: string;
  batches: number;
  /** Observations that are excluded by now, and were dropped. */
  excluded: number;
  revisions: Revision[];
}

/** @param settleMs what comes late comes in company: a scan's batches wait so long for one another */
export async function takeInLateBatches(pool: pg.Pool, classifier: Classifier, settleMs: number): Promise<TakenIn[]> {
  const taken: TakenIn[] = [];
  for (const scanId of await selectLateScans(pool, settleMs)) {
    const one = await withTransaction(pool, (client) => takeInScan(client, classifier, scanId), {
      keepConnection: false,
    });
    if (one !== undefined) taken.push(one);
  }
  return taken;
}

async function takeInScan(client: Queryable, classifier: Classifier, scanId: string): Promise<TakenIn | undefined> {
  await lockClosing(client);
  const scan = await lockLateScan(client, scanId);
  if (scan === undefined) return undefined;
  const batches = await selectLateBatches(client, scanId, MAX_BATCHES);
  const { seriesId, censusNumber, lastCensus } = scan;
  const isCensus = seriesId !== null && censusNumber !== null && lastCensus !== null;
  if (isCensus) await settleSeries(client, seriesId);

  const { targets, excluded } = await writeBatches(client, classifier, scanId, batches);
  await findEndpoints(client, scanId);
  await upsertEndpoints(client, scanId);
  const revisions: Revision[] = [];
  if (isCensus) {
    await replay(client, { scanId, seriesId, censusNumber, lastCensus }, targets);
    await refoldFrom(client, seriesId, censusNumber);
    const { rulesVersion } = classifier;
    revisions.push(...(await reviseSeries(client, seriesId, { reason: 'late-data', rulesVersion })));
  }
  await deleteLateBatches(client, batches);
  return { scanId, batches: batches.length, excluded, revisions };
}

/** Stores what the batches found; gives the targets at which they found something. */
async function writeBatches(
  client: Queryable,
  classifier: Classifier,
  scanId: string,
  batches: readonly ObservationBatch[],
): Promise<{ targets: Target[]; excluded: number }> {
  const exclusions = await readExcludedSince(client, scanId);
  const targets: Target[] = [];
  let excluded = 0;
  for (const batch of batches) {
    const shard = await lockScanOfShard(client, scanId, batch.shardNumber);
    if (shard === undefined || !(await insertCommittedBatch(client, batch))) continue;
    const { lines, malformed } = readObservations(batch.observations);
    const kept = lines.filter(({ observation }) => !matchesExclusion(exclusions, parseAddress(observation.address)));
    excluded += lines.length - kept.length;
    const ranked = kept.map((line) => toRankedObservation(line, batch));
    const refused = await writeObservations(client, classifier, batch, shard, ranked);
    await insertMalformedObservations(client, batch, [...malformed, ...refused]);
    for (const { observation } of kept) if (RECORDED_OUTCOMES.has(observation.outcome)) targets.push(observation);
  }
  return { targets, excluded };
}

interface LateCensus {
  scanId: string;
  seriesId: number;
  censusNumber: number;
  lastCensus: number;
}

async function replay(client: Queryable, census: LateCensus, targets: readonly Target[]): Promise<void> {
  const { scanId, seriesId, censusNumber, lastCensus } = census;
  const found = await selectFound(client, scanId, targets);
  const changed = new Map<number, Timeline>();
  for (const [endpointId, before] of await selectTimelines(client, seriesId, [...found.keys()])) {
    const evidenceId = found.get(endpointId);
    if (evidenceId === undefined) continue;
    const after = replaySightings(before, censusNumber, evidenceId, lastCensus);
    if (!isSameTimeline(before, after)) changed.set(endpointId, after);
  }
  await replaceTimelines(client, seriesId, changed);
}
