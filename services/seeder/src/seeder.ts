import { listen } from '@kubecensus/shared/database';
import { toError } from '@kubecensus/shared/errors';
import { createService, type Service } from '@kubecensus/shared/lifecycle';
import type { Logger } from '@kubecensus/shared/log';
import { type QUEUE_MESSAGES, SHARDS_CHANNEL, type Shard } from '@kubecensus/shared/messages';
import type { Queues } from '@kubecensus/shared/queue';
import type pg from 'pg';
import { layOutShards } from './store/lay-out-shards.ts';
import { type QueuedShard, queueShards } from './store/queue-shards.ts';
import { returnOverdueShards, returnQueuedShards } from './store/return-shards.ts';
import { selectDueShards } from './store/select-due-shards.ts';

const NONE_RETURNED = { unheard: 0, orphaned: 0 };

export interface SeederOptions {
  /** With the writer's powers; its owner ends it. */
  readonly pool: pg.Pool;
  /** Of the same database, for the one connection that listens. */
  readonly databaseUrl: string;
  readonly queues: Queues<typeof QUEUE_MESSAGES>;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Shards that wait in each queue at a time, of all scans; 64 unless told. Enough for every prober to find one. */
  readonly window?: number;
  /** After so long without a prober a queued shard is rung for again, in ms; a minute unless told. */
  readonly ringAgainMs?: number;
  /** The longest that a pending or overdue shard goes unseen, in ms; one second unless told. */
  readonly pollMs?: number;
}

/**
 * Rings for the shards of open scans: keeps a bounded number of them queued, and brings back those whose message was
 * lost or whose prober died. Any number of seeders may run; the `shards` table alone says what is to be done, so one
 * that starts anew goes on where the last one was killed.
 */
export function createSeeder(options: SeederOptions): Service {
  const { pool, queues, log, window = 64, ringAgainMs = 60_000, pollMs = 1_000 } = options;

  async function ring(queued: readonly QueuedShard[]): Promise<void> {
    const unheard: Shard[] = [];
    for (const { shard, attempt, queue } of queued) {
      try {
        if (unheard.length > 0) throw new Error('the queue failed just now');
        await queues.add(queue, shard, { id: `${shard.scanId}-${shard.shardNumber}-${attempt}` });
      } catch (caught) {
        if (unheard.length === 0) log.warn({ ...shard }, `no bell for a shard: ${toError(caught).message}`);
        unheard.push(shard);
      }
    }
    if (unheard.length > 0) await returnQueuedShards(pool, unheard);
  }

  async function look(): Promise<void> {
    const due = await selectDueShards(pool, window);
    const { unheard, orphaned } = due.hasOverdue ? await returnOverdueShards(pool) : NONE_RETURNED;
    if (orphaned > 0) log.warn({ shards: orphaned }, 'shards of probers that gave no sign of life are given out again');
    if (unheard > 0) log.info({ shards: unheard }, 'shards that no prober took are rung for again');
    const laidOut = due.hasUnlaid ? await layOutShards(pool) : 0;
    if (due.hasPending || laidOut + unheard + orphaned > 0) await ring(await queueShards(pool, window, ringAgainMs));
  }

  return createService('the seeder', async ({ signal, onClose }) => {
    let wake: () => void = () => undefined;
    let isWanted = true;
    const knock = () => {
      isWanted = true;
      wake();
    };

    async function lookOn(): Promise<void> {
      while (!signal.aborted) {
        isWanted = false;
        try {
          await look();
        } catch (caught) {
          log.error({ err: toError(caught) }, 'the shards could not be seen to; trying again');
        }
        if (!isWanted && !signal.aborted) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    }

    const listener = await listen({
      url: options.databaseUrl,
      channel: SHARDS_CHANNEL,
      onNotice: knock,
      onLost: (error) => log.warn({ err: error }, 'not listening for shards; looking every so often instead'),
    });
    onClose('listener', () => listener.close());
    const timer = setInterval(knock, pollMs);
    onClose('timer', () => clearInterval(timer));
    signal.addEventListener('abort', knock, { once: true });
    const looking = lookOn();
    onClose('loop', () => looking);
  });
}
