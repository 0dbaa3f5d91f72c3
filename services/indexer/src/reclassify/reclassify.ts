import { withClient, withTransaction } from '@kubecensus/shared/database';
import type pg from 'pg';
import { CLASSIFIER, type Classifier } from '../evidence/classifier.ts';
import type { Verdict } from '../evidence/verdict.ts';
import { reviseSeries } from '../revisions/revise-series.ts';
import { type Revision, selectSeriesWithCensus } from '../store/insert-revisions.ts';
import { lockClosing } from '../store/lock-scan-to-close.ts';
import { countOutdatedEvidence, selectOutdatedEvidence } from '../store/select-outdated-evidence.ts';
import { upsertFingerprints } from '../store/upsert-fingerprints.ts';

export interface ReclassifyOptions {
  /** Evidence read and judged at once; 1,000 unless told. */
  batchSize?: number;
  classifier?: Classifier;
  /** Ends after the batch under way; what is done stays done. */
  signal?: AbortSignal;
  onProgress?: (progress: Reclassified) => void;
}

export interface Reclassified {
  /** Evidence that had no verdict of these rules when it began. */
  outdated: number;
  judged: number;
  /** Of those: the rules failed, and it stays as it was. */
  failed: number;
}

export interface Reclassification extends Reclassified {
  /** Censuses that say something else now; also where it was ended before its time. */
  revisions: Revision[];
}

/**
 * Judges stored evidence again where its verdict is of older rules, or missing. Each batch is kept by itself and the
 * rules' version beside every verdict says what is done, so it can be stopped, killed and started again at any point,
 * and run beside an indexer. In the end each census that changed gets its next revision; after a kill the next run,
 * whatever it finds to judge, makes up for that.
 */
export async function reclassify(pool: pg.Pool, options: ReclassifyOptions = {}): Promise<Reclassification> {
  const { batchSize = 1000, classifier = CLASSIFIER, signal, onProgress } = options;
  const progress = await withClient(pool, async (client) => {
    const progress = { outdated: await countOutdatedEvidence(client, classifier.rulesVersion), judged: 0, failed: 0 };
    // What the censuses said until now gets its revision before a verdict changes.
    if (progress.outdated > 0) await reviseAll(pool);
    const select = (after: number) => selectOutdatedEvidence(pool, classifier.rulesVersion, after, batchSize);
    for (let coming = select(0); ; ) {
      const page = await coming;
      const last = page.at(-1);
      if (signal?.aborted === true || last === undefined) break;
      // The server reads the next page while this one is judged and written.
      coming = page.length < batchSize ? Promise.resolve([]) : select(last.evidenceId);
      // Told when it is awaited; what an end by the signal leaves behind is nobody's.
      coming.catch(() => undefined);
      const fingerprints: { evidenceId: number; verdict: Verdict }[] = [];
      for (const { evidenceId, parts, ...head } of page) {
        const verdict = classifier.classify(head, parts);
        if (verdict !== undefined) fingerprints.push({ evidenceId, verdict });
      }
      await upsertFingerprints(client, classifier.rulesVersion, fingerprints);
      progress.judged += page.length;
      progress.failed += page.length - fingerprints.length;
      onProgress?.({ ...progress });
    }
    return progress;
  });
  return { ...progress, revisions: await reviseAll(pool, classifier.rulesVersion) };
}

async function reviseAll(pool: pg.Pool, rulesVersion?: number): Promise<Revision[]> {
  const revisions: Revision[] = [];
  for (const seriesId of await selectSeriesWithCensus(pool)) {
    const made = await withTransaction(pool, async (client) => {
      await lockClosing(client);
      return await reviseSeries(client, seriesId, {
        reason: 'reclassified',
        ...(rulesVersion !== undefined && { rulesVersion }),
      });
    });
    revisions.push(...made.filter(({ revision }) => revision > 1));
  }
  return revisions;
}
