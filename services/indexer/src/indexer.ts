import { setTimeout as pause } from 'node:timers/promises';
import { classifyDatabaseError } from '@kubecensus/shared/database';
import { toError } from '@kubecensus/shared/errors';
import { createService, type Service } from '@kubecensus/shared/lifecycle';
import type { ObservationBatch, QUEUE_MESSAGES } from '@kubecensus/shared/messages';
import { FinalWorkError, type QueueLog, type Queues } from '@kubecensus/shared/queue';
import type pg from 'pg';
import { indexBatch } from './batches/index-batch.ts';
import { CLOSING_RULES, type ClosingRules } from './census/closing-rules.ts';
import type { RevisitOptions } from './census/plan-revisit.ts';
import { sweep } from './census/sweep.ts';
import { CLASSIFIER, type Classifier, guardClassifier } from './evidence/classifier.ts';
import { returnShard } from './store/return-shard.ts';

export interface IndexerOptions {
  /** With the writer's powers. It holds `concurrency` + 1 connections at most; its owner ends it. */
  pool: pg.Pool;
  /** Its owner closes them, after the indexer. */
  queues: Queues<typeof QUEUE_MESSAGES>;
  log: QueueLog;
  /** Batches stored at the same time; 8 unless told. */
  concurrency?: number;
  /** Between two looks at what scans are due; 500 ms unless told. */
  sweepMs?: number;
  /** The looks that prove an endpoint gone. `false`: none are made, and nothing unseen is ever called gone. */
  revisit?: Partial<RevisitOptions> | false;
  /** What a census goes by when it closes; CLOSING_RULES unless told. */
  rules?: Partial<ClosingRules>;
  /** What comes after a scan was closed waits so long for its company, and is one revision then; a minute unless told. */
  lateSettleMs?: number;
  classifier?: Classifier;
}

/** Failures of our own at one batch before it is given up. An unreachable database is waited for without end. */
const MAX_FAILURES = 10;
const HOUR_MS = 3_600_000;
const LATE_SETTLE_MS = 60_000;

/**
 * Takes batches from the queue `index` into the record, and closes the scans whose shards are all done.
 * Several may run side by side on one database.
 */
export function createIndexer(options: IndexerOptions): Service {
  const { pool, queues, log } = options;
  const classifier = guardClassifier(options.classifier ?? CLASSIFIER, (error, { component, port }) => {
    log.error({ err: error, component, port }, `evidence is stored without a verdict, a rule failed: ${error.message}`);
  });
  const rules = { ...CLOSING_RULES, rulesVersion: classifier.rulesVersion, ...options.rules };
  const revisit = options.revisit === false ? undefined : { delayMs: 2 * HOUR_MS, shardMs: 10_000, ...options.revisit };

  return createService('the indexer', async ({ signal, onClose }) => {
    const bell = createBell();

    const closing = (async () => {
      while (!signal.aborted) {
        try {
          const rang = bell.rang();
          await sweep({
            pool,
            queues,
            log,
            revisit,
            rules,
            classifier,
            lateSettleMs: options.lateSettleMs ?? LATE_SETTLE_MS,
          });
          await Promise.race([rang, pause(options.sweepMs ?? 500, undefined, { signal })]);
        } catch (caught) {
          if (signal.aborted) return;
          log.error({ err: caught }, `closing scans failed and is tried again: ${toError(caught).message}`);
          await pause(options.sweepMs ?? 500);
        }
      }
    })();
    onClose('sweep', () => closing);

    const processor = queues.process(
      'index',
      async (batch, { delivery }) => {
        const indexed = await indexOrGiveUp(batch, delivery);
        const about = { scanId: batch.scanId, shardNumber: batch.shardNumber, batchNumber: batch.batchNumber };
        if (indexed.malformed > 0) {
          log.warn(
            { ...about, malformed: indexed.malformed },
            'lines of a batch could not be read and are kept as malformed',
          );
        }
        if (indexed.result === 'late') log.warn(about, 'a batch came after its scan was closed and is kept as late');
        if (indexed.shardDone) bell.ring();
      },
      {
        concurrency: options.concurrency ?? 8,
        attempts: Number.MAX_SAFE_INTEGER,
        onPoison: (_raw, error) => log.error({ err: error }, `a message of index is no batch: ${error.message}`),
        onFailed: async (batch, error) => {
          const returned = await returnShard(pool, batch);
          log.error(
            { err: error, scanId: batch.scanId, shardNumber: batch.shardNumber, attempt: batch.attempt },
            returned
              ? 'a batch is given up; its shard is probed again'
              : 'a batch is given up; its shard stays as it is',
          );
        },
      },
    );
    onClose('processor', () => processor.close());
  });

  async function indexOrGiveUp(batch: ObservationBatch, delivery: number) {
    try {
      return await indexBatch(pool, classifier, batch);
    } catch (caught) {
      const isOurs = classifyDatabaseError(caught) !== 'reconnect' && !(caught instanceof FinalWorkError);
      if (isOurs && delivery >= MAX_FAILURES) {
        throw new FinalWorkError(
          `batch ${batch.batchNumber} of shard ${batch.shardNumber} of scan ${batch.scanId} failed ${delivery} times; see the cause`,
          { cause: caught },
        );
      }
      throw caught;
    }
  }
}

/** Rung when a shard became done, so that a scan does not wait for the next sweep by the clock. */
function createBell(): { ring(): void; rang(): Promise<void> } {
  let ring = () => {};
  return {
    ring: () => ring(),
    rang: () =>
      new Promise((resolve) => {
        ring = resolve;
      }),
  };
}
