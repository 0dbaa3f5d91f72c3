/*
 * A census whose findings are all at hand, taken into the record without a queue and without a row for each look:
 *
 *   findings --COPY--> a table of this transaction, called observations --> the same close as any scan's
 *
 * Temporary tables come first in the search path, so every statement of the close reads these findings in the place of
 * the record's own. One transaction: a crash leaves nothing, and a census that is closed takes nothing in again.
 */
import { once } from 'node:events';
import { type Queryable, withTransaction } from '@kubecensus/shared/database';
import { errorCodeOf } from '@kubecensus/shared/errors';
import type { Observation } from '@kubecensus/shared/messages';
import type { Component, Outcome } from '@kubecensus/shared/vocabulary';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type ClosedCensus, closeScan } from '../census/close-scan.ts';
import type { ClosingRules } from '../census/closing-rules.ts';
import { toAddressedEvidence } from '../evidence/addressed-evidence.ts';
import type { Classifier } from '../evidence/classifier.ts';
import { storeJudged } from '../evidence/store-judged.ts';
import { COPY_FINDINGS, createFindings } from '../store/copy-findings.ts';
import { lockClosing, lockScanToClose } from '../store/lock-scan-to-close.ts';

export interface BulkFinding {
  address: string;
  port: number;
  component: Component;
  outcome: Outcome;
  /** Milliseconds since 1970. */
  observedAt: number;
  /** Number of the evidence in the record, as storeEvidenceOf gave it. */
  evidenceId: number;
  /** Whether it holds the key of its certificate; absent where that was not told, and then it is in no cluster. */
  possession?: 'proved' | 'failed';
}

/** Stores and judges the evidence of observations; returns its numbers in the record, in their order. */
export async function storeEvidenceOf(
  pool: pg.Pool,
  classifier: Classifier,
  observations: readonly Observation[],
): Promise<number[]> {
  const evidence = observations.map((observation) => {
    const addressed = toAddressedEvidence(observation);
    if (addressed === undefined) throw new TypeError(`${observation.address} showed nothing that could be kept`);
    return addressed;
  });
  const { ids } = await withTransaction(pool, async (client) => await storeJudged(client, classifier, evidence));
  return evidence.map(({ hash }) => ids.get(hash.toString('base64')) ?? Number.NaN);
}

/**
 * Closes a scan with these findings, at most one of a target. Its shards must be done.
 * @throws {RangeError} where the scan is closed already, or evidence is not in the record: nothing is kept then
 */
export async function loadCensus(
  pool: pg.Pool,
  scanId: string,
  findings: Iterable<BulkFinding>,
  rules: ClosingRules,
): Promise<ClosedCensus | undefined> {
  try {
    return await withTransaction(pool, async (client) => {
      await createFindings(client, scanId);
      await copyFindings(client, findings);
      const scan = await lockScanToClose(client, scanId);
      if (scan === undefined) throw new RangeError(`scan ${scanId} is not open, or its shards are not done`);
      await lockClosing(client);
      return await closeScan(client, scan, rules);
    });
  } catch (caught) {
    const problem = PROBLEMS.get(errorCodeOf(caught) ?? '');
    if (problem === undefined) throw caught;
    throw new RangeError(`the findings of scan ${scanId} ${problem}`, { cause: caught });
  }
}

/** What is wrong with findings, by the SQLSTATE that it comes to (PostgreSQL, appendix A). */
const PROBLEMS: ReadonlyMap<string, string> = new Map([
  ['23503', 'name evidence that is not in the record'],
  ['23505', 'name a target twice'],
]);

/** Characters handed over at once. */
const PIECE = 1 << 18;

async function copyFindings(client: Queryable, findings: Iterable<BulkFinding>): Promise<void> {
  const stream = client.query(copyFrom(COPY_FINDINGS));
  const finished = once(stream, 'finish');
  let piece = '';
  // Most looks of a piece are of one moment: its text is made once.
  let moment = { at: Number.NaN, text: '' };
  for (const { address, port, component, outcome, observedAt, evidenceId, possession = '\\N' } of findings) {
    if (moment.at !== observedAt) moment = { at: observedAt, text: new Date(observedAt).toISOString() };
    piece += `${address}\t${port}\t${component}\t${outcome}\t${evidenceId}\t${moment.text}\t${possession}\n`;
    if (piece.length < PIECE) continue;
    if (!stream.write(piece)) await Promise.race([once(stream, 'drain'), finished]);
    piece = '';
  }
  stream.end(piece);
  await finished;
}
