/*
 * One batch, one transaction, in this order:
 *
 *   1. the scan is locked against being closed; a closed one takes nothing in (the batch is kept as late)
 *   2. committed_batches: a delivery that was committed before ends here
 *   3. certificates, client CAs, first flights, responses, evidence, fingerprints   by the hash of their bytes
 *   4. observations, and the outcome of a revisited target                            the better look stays
 *   5. malformed_observations                                                         what could not be read or stored
 *   6. shards: one batch more of its attempt; done with the last
 *
 * and only then the message is acknowledged. Why repeats are safe: a crash before the commit leaves nothing behind and
 * the queue delivers again; a crash after it meets row 2. Two attempts at one shard meet in step 4, whose order is
 * total, so any order of arrival ends in the same record. A batch is never lost: it is committed, kept as late,
 * or the queue keeps it as given up.
 */
import { withTransaction } from '@kubecensus/shared/database';
import type { ObservationBatch } from '@kubecensus/shared/messages';
import { FinalWorkError } from '@kubecensus/shared/queue';
import type pg from 'pg';
import type { Classifier } from '../evidence/classifier.ts';
import { countBatchOfShard } from '../store/count-batch-of-shard.ts';
import { insertCommittedBatch } from '../store/insert-committed-batch.ts';
import { insertLateBatch } from '../store/insert-late-batch.ts';
import { insertMalformedObservations } from '../store/insert-malformed-observations.ts';
import { lockScanOfShard } from '../store/lock-scan.ts';
import { toRankedObservation } from './ranked-observation.ts';
import { readObservations } from './read-observations.ts';
import { writeObservations } from './write-observations.ts';

export interface IndexedBatch {
  /** `repeated`: it was committed before; `late`: its scan is closed, it was kept aside. */
  result: 'committed' | 'repeated' | 'late';
  observations: number;
  malformed: number;
  /** It was the last batch that its shard waited for. */
  shardDone: boolean;
}

/** @throws FinalWorkError where the record knows no such shard: trying again cannot help. */
export async function indexBatch(
  pool: pg.Pool,
  classifier: Classifier,
  batch: ObservationBatch,
): Promise<IndexedBatch> {
  const read = readObservations(batch.observations);
  const ranked = read.lines.map((line) => toRankedObservation(line, batch));
  return withTransaction(pool, async (client) => {
    const shard = await lockScanOfShard(client, batch.scanId, batch.shardNumber);
    if (shard === undefined) {
      throw new FinalWorkError(
        `batch ${batch.batchNumber} is of shard ${batch.shardNumber} of scan ${batch.scanId}, which is not in the record; the queue may belong to another database`,
      );
    }
    if (shard.scanState === 'completed' || shard.scanState === 'aborted') {
      const isNew = await insertLateBatch(client, batch);
      return { result: isNew ? 'late' : 'repeated', observations: 0, malformed: 0, shardDone: false };
    }
    if (!(await insertCommittedBatch(client, batch))) {
      return { result: 'repeated', observations: 0, malformed: 0, shardDone: false };
    }
    const refused = await writeObservations(client, classifier, batch, shard, ranked);
    const malformed = [...read.malformed, ...refused];
    await insertMalformedObservations(client, batch, malformed);
    const shardDone = await countBatchOfShard(client, batch);
    return {
      result: 'committed',
      observations: ranked.length - refused.length,
      malformed: malformed.length,
      shardDone,
    };
  });
}
