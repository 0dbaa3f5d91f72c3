import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { createService, type Service } from '@kubecensus/shared/lifecycle';
import type { Logger } from '@kubecensus/shared/log';
import type { QUEUE_MESSAGES } from '@kubecensus/shared/messages';
import type { Queues } from '@kubecensus/shared/queue';
import type pg from 'pg';
import { watchExclusions } from './exclusion-watch.ts';
import { hearBells } from './hear-bells.ts';
import { createOpenScans } from './open-scans.ts';
import { startProbing } from './probing/probing.ts';

/** Checks that are dialled at a time, beside the shards of scans. */
const CHECKS_AT_ONCE = 1;
/** Between two looks at how much waits to be indexed. */
const ROOM_POLL_MS = 250;

export interface ProberOptions {
  /** With the prober's powers. Five connections are enough; its owner ends it. */
  readonly pool: pg.Pool;
  /** Of the same database, for the one connection that listens. */
  readonly databaseUrl: string;
  /** Its owner closes them, after the prober. */
  readonly queues: Queues<typeof QUEUE_MESSAGES>;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Targets under way at a time, of all shards together; 1,000 unless told. Each holds a descriptor. */
  readonly concurrency?: number;
  /** Shards of scans whose targets are dialled at a time; 1 unless told. Those that wait for their last answers do not count. */
  readonly shardsAtOnce?: number;
  /** How long a shard stays ours without a sign of life, in ms; 15 s unless told. */
  readonly leaseMs?: number;
  /** What shards under way get to come to their end when the prober closes, in ms; then they are handed back. */
  readonly drainMs?: number;
  /** While more batches than this wait to be indexed, no new shard is taken; 200 unless told (50 MB at the most). */
  readonly maxWaitingBatches?: number;
}

export interface Prober extends Service {
  /** Resolves where the probing thread ended by itself: this prober looks at nothing any more, and is to be closed. */
  readonly died: Promise<void>;
  /** @param options.drainMs in place of the prober's own */
  close(options?: { drainMs?: number }): Promise<void>;
}

/**
 * Takes shards from the queue, looks at their targets in a thread of its own, and sends what it found to the indexer.
 * This thread does nothing that can block: it keeps leases, locks and the state of the gate.
 */
export function createProber(options: ProberOptions): Prober {
  const { pool, queues, log, leaseMs = 15_000, maxWaitingBatches = 200 } = options;
  let drainMs = options.drainMs ?? 10_000;
  let tellDeath: () => void = () => undefined;
  const died = new Promise<void>((resolve) => {
    tellDeath = resolve;
  });
  const name = `${hostname()} ${process.pid} ${randomUUID().slice(0, 8)}`;

  /** The least memory of the whole chain is the queue's: it must never be filled faster than it is emptied. */
  async function whenRoom(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await queues.waiting('index')) > maxWaitingBatches) {
      await wait(ROOM_POLL_MS);
    }
  }

  const service = createService('the prober', async ({ onClose }) => {
    const probing = startProbing({
      concurrency: options.concurrency ?? 1_000,
      onWarning: (line) => log.warn({}, line),
      onDeath: (error) => {
        log.error({ err: error }, error.message);
        tellDeath();
      },
    });
    onClose('probing thread', () => probing.close());
    const watch = await watchExclusions({ pool, databaseUrl: options.databaseUrl, log, tell: probing.confirmGate });
    onClose('watch of the exclusions', () => watch.close());
    const scans = createOpenScans(pool, probing, log, name);
    onClose('open scans', () => scans.close());

    const parts = { pool, queues, log, probing, scans, name, leaseMs, whenRoom };
    // A check waits for no shard of a census, which is dialled for up to 20 s: each has its own queue and its own room.
    const checks = hearBells(parts, 'check', CHECKS_AT_ONCE);
    const shards = hearBells(parts, 'probe', options.shardsAtOnce ?? 1);
    onClose('shards under way', async () => {
      await Promise.all([checks.close(drainMs), shards.close(drainMs)]);
    });
  });
  return {
    ...service,
    died,
    close(given = {}) {
      drainMs = given.drainMs ?? drainMs;
      return service.close();
    },
  };
}
