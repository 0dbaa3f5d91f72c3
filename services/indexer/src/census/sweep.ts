import type { CensusClosed, QUEUE_MESSAGES } from '@kubecensus/shared/messages';
import type { QueueLog, Queues } from '@kubecensus/shared/queue';
import type pg from 'pg';
import type { Classifier } from '../evidence/classifier.ts';
import { takeInLateBatches } from '../late/take-in-late-batches.ts';
import { finishProbedShards } from '../store/finish-probed-shards.ts';
import { selectScansToAdvance } from '../store/lock-scan-to-close.ts';
import { selectDueWork } from '../store/select-due-work.ts';
import { advanceScan } from './advance-scan.ts';
import type { ClosingRules } from './closing-rules.ts';
import type { RevisitOptions } from './plan-revisit.ts';
import { relayOutbox } from './relay-outbox.ts';

export interface SweepParts {
  pool: pg.Pool;
  queues: Queues<typeof QUEUE_MESSAGES>;
  log: Pick<QueueLog, 'info' | 'warn'>;
  revisit: RevisitOptions | undefined;
  rules: ClosingRules;
  classifier: Classifier;
  /** How long late batches of one scan wait for one another. */
  lateSettleMs: number;
}

/** One look at all that the record says is due: shards to finish, scans to advance, late batches, messages to relay. */
export async function sweep({
  pool,
  queues,
  log,
  revisit,
  rules,
  classifier,
  lateSettleMs,
}: SweepParts): Promise<void> {
  const due = await selectDueWork(pool);
  if (due.hasProbed) await finishProbedShards(pool);
  const advancing = due.hasProbed || due.hasScans ? await selectScansToAdvance(pool) : [];
  for (const scanId of advancing) {
    const step = await advanceScan(pool, scanId, revisit, rules);
    if (step.step === 'completed') log.info({ scanId, ...step.census }, 'a scan is completed');
    if (step.step === 'completed' && step.census?.callsGone === false)
      log.warn({ scanId }, 'too few canaries were recognised: this census calls nothing gone');
    if (step.step === 'revisit-planned')
      log.info({ scanId }, 'endpoints that the census did not see will be looked at again');
  }
  if (due.hasMessages || advancing.length > 0) {
    await relayOutbox(pool, async ({ dedupeKey, message }) => {
      await queues.add('report', message as CensusClosed, { id: dedupeKey });
    });
  }
  if (!due.hasLateBatches) return;
  // Last: what waited for its company may wait on, and nothing else waits for it.
  for (const { scanId, revisions, ...taken } of await takeInLateBatches(pool, classifier, lateSettleMs)) {
    const censuses = revisions.map(({ censusNumber, revision }) => `${censusNumber}.${revision}`);
    log.info({ scanId, ...taken, censuses }, 'batches that came late are taken in, as revisions of their censuses');
  }
}
