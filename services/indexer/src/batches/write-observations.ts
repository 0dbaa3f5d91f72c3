import { classifyDatabaseError, type Queryable } from '@kubecensus/shared/database';
import type { ObservationBatch } from '@kubecensus/shared/messages';
import type { Classifier } from '../evidence/classifier.ts';
import { storeJudged } from '../evidence/store-judged.ts';
import type { LockedShard } from '../store/lock-scan.ts';
import { updateRevisits } from '../store/update-revisits.ts';
import { upsertObservations } from '../store/upsert-observations.ts';
import { bestOfEachTarget, type RankedObservation } from './ranked-observation.ts';
import { type MalformedLine, toMalformedLine } from './read-observations.ts';

/**
 * Stores observations in the transaction of `client`: evidence, its verdict, the finding, in this order. Where the
 * server refuses the data of one, the others are stored and that one comes back as malformed: halves are tried until
 * it stands alone, so one poisoned line of 500 costs 18 statements more and nothing is lost.
 */
export async function writeObservations(
  client: Queryable,
  classifier: Classifier,
  batch: ObservationBatch,
  shard: LockedShard,
  observations: readonly RankedObservation[],
): Promise<MalformedLine[]> {
  if (observations.length === 0) return [];
  await client.query('SAVEPOINT observations');
  try {
    await writeAll(client, classifier, batch, shard, observations);
    await client.query('RELEASE SAVEPOINT observations');
    return [];
  } catch (caught) {
    if (classifyDatabaseError(caught) !== 'malformed') throw caught;
    await client.query('ROLLBACK TO SAVEPOINT observations');
    const [only, ...others] = observations;
    if (only !== undefined && others.length === 0) {
      return [toMalformedLine(only.line.lineNumber, caught, only.line.bytes)];
    }
  }
  const middle = Math.ceil(observations.length / 2);
  return [
    ...(await writeObservations(client, classifier, batch, shard, observations.slice(0, middle))),
    ...(await writeObservations(client, classifier, batch, shard, observations.slice(middle))),
  ];
}

async function writeAll(
  client: Queryable,
  classifier: Classifier,
  batch: ObservationBatch,
  shard: LockedShard,
  observations: readonly RankedObservation[],
): Promise<void> {
  const best = bestOfEachTarget(observations);
  const { ids } = await storeJudged(
    client,
    classifier,
    best.flatMap(({ evidence }) => evidence ?? []),
  );
  await upsertObservations(client, batch.scanId, best, ids);
  if (shard.shardKind === 'revisit') await updateRevisits(client, batch.scanId, shard, best);
}
