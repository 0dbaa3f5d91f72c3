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
import type { Observation } from '@kubecensus/shared/messages';
import { type Component, type Outcome, outcomeRank } from '@kubecensus/shared/vocabulary';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type ClosedCensus, closeScan } from '../census/close-scan.ts';
import type { ClosingRules } from '../census/closing-rules.ts';
import { toAddressedEvidence } from '../evidence/addressed-evidence.ts';
import type { Classifier } from '../evidence/classifier.ts';
import { storeJudged } from '../evidence/store-judged.ts';
import { COPY_ARRIVALS, createArrivals, nameArrivals } from '../store/copy-arrivals.ts';
import { lockClosing, lockScanToClose } from '../store/lock-scan-to-close.ts';

export interface BulkFinding {
  address: string;
  port: number;
  component: Component;
  outcome: Outcome;
  /** Milliseconds since 1970. */
  observedAt: number;
  /** SHA-256 of the evidence, in hex, as storeEvidenceOf gave it. */
  evidenceHash: string;
  /** Whether it holds the key of its certificate; absent where that was not told, and then it is in no cluster. */
  possession?: 'proved' | 'failed';
}

/** Stores and judges the evidence of observations; returns its hashes in hex, in their order. */
export async function storeEvidenceOf(
  pool: pg.Pool,
  classifier: Classifier,
  observations: readonly Observation[],
): Promise<string[]> {
  const evidence = observations.map((observation) => {
    const addressed = toAddressedEvidence(observation);
    if (addressed === undefined) throw new TypeError(`${observation.address} showed nothing that could be kept`);
    return addressed;
  });
  await withTransaction(pool, async (client) => await storeJudged(client, classifier, evidence));
  return evidence.map(({ hash }) => hash.toString('hex'));
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
  return await withTransaction(pool, async (client) => {
    await createArrivals(client);
    const sent = await copyFindings(client, findings);
    const named = await nameArrivals(client, scanId);
    if (named !== sent) throw new RangeError(`evidence of ${sent - named} findings of ${sent} is not in the record`);
    const scan = await lockScanToClose(client, scanId);
    if (scan === undefined) throw new RangeError(`scan ${scanId} is not open, or its shards are not done`);
    await lockClosing(client);
    return await closeScan(client, scan, rules);
  });
}

/** Characters handed over at once. */
const PIECE = 1 << 18;

async function copyFindings(client: Queryable, findings: Iterable<BulkFinding>): Promise<number> {
  const stream = client.query(copyFrom(COPY_ARRIVALS));
  const finished = once(stream, 'finish');
  let rows = 0;
  let piece = '';
  for (const { address, port, component, outcome, observedAt, evidenceHash, possession = '\\N' } of findings) {
    rows += 1;
    piece += `${address}\t${port}\t${component}\t${outcome}\t${outcomeRank(outcome)}\t\\\\x${evidenceHash}\t${new Date(observedAt).toISOString()}\t${possession}\n`;
    if (piece.length < PIECE) continue;
    if (!stream.write(piece)) await Promise.race([once(stream, 'drain'), finished]);
    piece = '';
  }
  stream.end(piece);
  await finished;
  return rows;
}
