import type { Queryable } from '@kubecensus/shared/database';
import { insertNextRevision, insertRevisions, type Revision, type RevisionReason } from '../store/insert-revisions.ts';
import { insertOutboxMessage } from '../store/outbox.ts';

export interface RevisionTerms {
  reason: RevisionReason;
  /** Of the rules that judged; where nothing was judged, the revision is of the rules that the one before was of. */
  rulesVersion?: number;
  /** Censuses before this one cannot have changed; 1 unless told. */
  fromCensus?: number;
}

/**
 * Gives every census of a series that says something else than before its next revision, in the transaction of `client`,
 * which holds the lock of closing; whoever publishes hears of it from the same transaction. Nothing changed: nothing
 * is written.
 */
export async function reviseSeries(client: Queryable, seriesId: number, terms: RevisionTerms): Promise<Revision[]> {
  const { reason, rulesVersion, fromCensus = 1 } = terms;
  const made = await insertRevisions(client, seriesId, { reason, rulesVersion, fromCensus });
  const last = made.findLast(({ revision }) => revision > 1);
  if (last !== undefined) {
    const { censusNumber, revision } = last;
    const key = `census-${seriesId}-${censusNumber}-revision-${revision}`;
    await insertOutboxMessage(client, key, 'report', { seriesId, censusNumber });
  }
  return made;
}

/**
 * Gives a census that was just closed its first revision: from the one before and what moved between them, where no verdict
 * can have changed meanwhile, or from all that it has.
 */
export async function reviseClosed(
  client: Queryable,
  seriesId: number,
  closed: { censusNumber: number; rulesVersion: number },
): Promise<void> {
  const { censusNumber, rulesVersion } = closed;
  const carried = await insertNextRevision(client, seriesId, censusNumber, rulesVersion);
  if (carried !== undefined) return;
  await reviseSeries(client, seriesId, { reason: 'completed', rulesVersion, fromCensus: censusNumber });
}

/**
 * Before a change with another cause: what verdicts changed since the last revision (a reclassification that was killed)
 * gets its own, so that no revision carries two causes under one name.
 */
export async function settleSeries(client: Queryable, seriesId: number): Promise<void> {
  await reviseSeries(client, seriesId, { reason: 'reclassified' });
}
