import type pg from 'pg';
import { expect } from 'vitest';
import { indexBatch } from '../../services/indexer/src/batches/index-batch.ts';
import { advanceScan } from '../../services/indexer/src/census/advance-scan.ts';
import { CLASSIFIER } from '../../services/indexer/src/evidence/classifier.ts';
import type { Database } from '../../shared/src/database/index.ts';
import type { Observation, ShardSummary } from '../../shared/src/messages/index.ts';
import type { Outcome } from '../../shared/src/vocabulary/index.ts';
import { createTestDatabase } from './database.ts';
import {
  apiServerSaying,
  finishShard,
  insertScan,
  insertSeries,
  leaseShard,
  lookWithout,
  type PlannedScan,
  toBatch,
} from './record.ts';

export const REVISIT = { delayMs: 0, shardMs: 10_000 };

/** What the prober counted beside the outcomes. */
export type Counted = Partial<Omit<ShardSummary, 'outcomes' | 'targets'>>;

export interface TakenWeek extends PlannedScan {
  found: readonly Observation[];
  /** What a revisit of an address comes to, in its rounds; refused where it is not said. */
  revisits?: Record<string, readonly Outcome[]>;
  revisitAllowed?: boolean;
  counted?: Counted;
  countedInRevisits?: Counted;
}

/** Takes censuses of one series after another, as probers, queue and indexer do it, but for the network. */
export interface CensusTaker {
  /** Gives the number of a new series; the next census is its first. */
  startSeries(): Promise<number>;
  /** One scan from its plan to its end. Gives how many endpoints were revisited. */
  census(week: TakenWeek): Promise<number>;
  /** Every look of one shard, as a prober and the queue bring it into the record. */
  look(scanId: string, shardNumber: number, found: readonly Observation[], counted?: Counted): Promise<void>;
  passDays(days: number): void;
  /** Of the census taken last. */
  readonly scanId: string;
}

/** A database of the test's own, and the first series in it. */
export interface TakenSeries {
  readonly database: Database;
  readonly writer: pg.Pool;
  readonly taker: CensusTaker;
  readonly series: number;
}

export async function openTakenSeries(): Promise<TakenSeries> {
  const database = await createTestDatabase();
  const writer = database.pool('writer');
  const taker = createCensusTaker(writer);
  return { database, writer, taker, series: await taker.startSeries() };
}

/** An API server at 127.0.0.`last`, with a certificate of its own. */
export function answering(last: number, version = 'v1.29.4'): Observation {
  return apiServerSaying(version, `127.0.0.${last}`, last);
}

export function createCensusTaker(writer: pg.Pool): CensusTaker {
  let series = 0;
  let week = 0;
  // Endpoints are common to all series: each scan looks later than those before.
  let days = 0;
  let lastScanId = '';

  async function look(scanId: string, shardNumber: number, found: readonly Observation[], counted: Counted = {}) {
    const attempt = await leaseShard(writer, scanId, shardNumber);
    const outcomes: Partial<Record<Outcome, number>> = {};
    for (const { outcome } of found) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    await finishShard(writer, scanId, shardNumber, 1, outcomes, counted);
    const lines = found.map((one) => ({ ...one, observedAt: one.observedAt + days * 86_400_000 + shardNumber * 1000 }));
    await indexBatch(writer, CLASSIFIER, toBatch({ scanId, shardNumber, attempt }, lines));
  }

  async function census({ found, revisits = {}, revisitAllowed = true, counted, countedInRevisits, ...of }: TakenWeek) {
    week += 1;
    days += 1;
    const asOf = `2026-03-${String(week * 7).padStart(2, '0')}T00:00:00Z`;
    const scanId = await insertScan(writer, { seriesId: series, asOf, ...of });
    lastScanId = scanId;
    await look(scanId, 0, found, counted);
    let revisited = 0;
    for (let round = 0; round < 3; round += 1) {
      const { step } = await advanceScan(writer, scanId, revisitAllowed ? REVISIT : undefined);
      if (step === 'completed') return revisited;
      expect(step).toBe('revisit-planned');
      const { rows } = await writer.query<{ shard: number; address: string }>(
        `SELECT shard_number AS shard, host(address) AS address FROM shards
         JOIN revisits ON revisits.scan_id = shards.scan_id
           AND revisit_number >= start_index AND revisit_number < end_index
         WHERE shards.scan_id = $1 AND shards.kind = 'revisit' AND state = 'pending'`,
        [scanId],
      );
      for (const shard of new Set(rows.map((row) => row.shard))) {
        const addresses = rows.filter((row) => row.shard === shard).map(({ address }) => address);
        revisited += addresses.length;
        const looks = addresses.map((address) => {
          const outcome = revisits[address]?.[round] ?? 'connection-refused';
          if (outcome !== 'answered') return lookWithout(outcome, address);
          return apiServerSaying('v1.29.4', address, Number(address.split('.')[3]));
        });
        await look(scanId, shard, looks, countedInRevisits);
      }
    }
    throw new Error('the census did not end after two rounds of revisits');
  }

  return {
    async startSeries() {
      series = await insertSeries(writer);
      week = 0;
      return series;
    },
    census,
    look,
    passDays(more) {
      days += more;
    },
    get scanId() {
      return lastScanId;
    },
  };
}
