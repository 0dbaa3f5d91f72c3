import { toError } from '@kubecensus/shared/errors';
import type { Logger } from '@kubecensus/shared/log';
import { emptyShardSummary, type QUEUE_MESSAGES, type Shard, type ShardSummary } from '@kubecensus/shared/messages';
import type { Queues } from '@kubecensus/shared/queue';
import type pg from 'pg';
import type { OpenScans } from './open-scans.ts';
import type { Probing, RunEnd } from './probing/probing.ts';
import { chooseCanaries } from './store/choose-canaries.ts';
import { finishShard } from './store/finish-shard.ts';
import { handBackShard } from './store/hand-back-shard.ts';
import { type LeasedShard, leaseShard } from './store/lease-shard.ts';
import { readRevisits } from './store/read-revisits.ts';
import { renewLease } from './store/renew-lease.ts';

/**
 * Attempts at one shard before it is given up: one that kills every prober that takes it must not keep its scan open for
 * ever. Far above what random deaths come to.
 */
export const MAX_ATTEMPTS = 50;
/** Between two signs of life, each of which also shows how far the shard has come. */
const RENEW_MS = 1_000;
/** Signs of life in the time that a lease lasts at least, so that one that comes late costs nothing. */
const RENEWALS_PER_LEASE = 5;

export interface ShardWorkOptions {
  readonly pool: pg.Pool;
  readonly queues: Queues<typeof QUEUE_MESSAGES>;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly probing: Probing;
  readonly scans: OpenScans;
  /** Names this process in leases. */
  readonly name: string;
  readonly leaseMs: number;
}

/**
 * The work behind one bell. Order of the durable steps, and why a death between any two of them loses nothing:
 * take the lease (a death: it runs out) - add every batch to the queue (a death: the batches are indexed, count for
 * nothing, and the next attempt finds the same again) - name their number, which ends the lease. The message may be
 * answered at any time in between: what brings a shard back is its lease.
 * @param fed is called when every target was dialled: what is left is to wait for the slowest
 */
export async function workOnShard(
  options: ShardWorkOptions,
  shard: Shard,
  signal: AbortSignal,
  fed: () => void = () => undefined,
): Promise<void> {
  const lease = await leaseShard(options.pool, shard, options.name, options.leaseMs);
  // Done, or another prober was faster: the bell is spent.
  if (lease === undefined) return;
  const about = { ...shard, attempt: lease.attempt };
  if (lease.attempt > MAX_ATTEMPTS) return giveUp(options, lease);

  const held = holdLease(options, lease, signal);
  try {
    const end = await run(options, lease, held, fed);
    if (end !== undefined && !(await finishShard(options.pool, lease, end.batchCount, end.summary))) {
      options.log.warn(about, 'a shard was finished after its lease was lost; whoever has it now decides');
    }
    if (end === undefined && !held.isLost) await handBackShard(options.pool, lease);
  } catch (caught) {
    options.log.warn({ ...about, err: toError(caught) }, `a shard is handed back: ${toError(caught).message}`);
    await handBackShard(options.pool, lease);
  } finally {
    held.release();
  }
}

async function run(
  options: ShardWorkOptions,
  lease: LeasedShard,
  held: HeldLease,
  fed: () => void,
): Promise<RunEnd | undefined> {
  const { scanId, shardNumber } = lease.shard;
  const close = await options.scans.open(scanId);
  try {
    return await options.probing.run(
      {
        scanId,
        targets:
          lease.kind === 'scope'
            ? { startInclusive: lease.startIndex, endExclusive: lease.endIndex }
            : await readRevisits(options.pool, lease),
        canaries: await chooseCanaries(options.pool),
        isRepeat: lease.attempt > 1,
        recordsAll: lease.recordsAll,
      },
      {
        storeBatch: async (batchNumber, observations) => {
          await options.queues.add('index', { scanId, shardNumber, attempt: lease.attempt, batchNumber, observations });
        },
        progress: held.show,
        fed,
        signal: held.signal,
      },
    );
  } finally {
    close();
  }
}

interface HeldLease {
  /** Aborts when the work is no longer wanted, or no longer ours. */
  readonly signal: AbortSignal;
  readonly isLost: boolean;
  show(summary: ShardSummary): void;
  release(): void;
}

/** Renews the lease on a timer of the main thread, which nothing that probes can delay. */
function holdLease({ pool, leaseMs, log }: ShardWorkOptions, lease: LeasedShard, wanted: AbortSignal): HeldLease {
  const stop = new AbortController();
  let isLost = false;
  let summary: ShardSummary | undefined;
  let renewing = false;

  const renew = async () => {
    if (renewing || stop.signal.aborted) return;
    renewing = true;
    try {
      if (await renewLease(pool, lease, leaseMs, summary)) return;
      isLost = true;
      stop.abort();
    } catch (caught) {
      // It may still run; if it does not, the next renewal that gets through says so.
      log.warn({ ...lease.shard, err: toError(caught) }, 'a lease could not be renewed; trying again');
    } finally {
      renewing = false;
    }
  };

  const timer = setInterval(() => void renew(), Math.min(RENEW_MS, leaseMs / RENEWALS_PER_LEASE));
  const end = () => stop.abort();
  if (wanted.aborted) end();
  wanted.addEventListener('abort', end, { once: true });
  return {
    signal: stop.signal,
    get isLost() {
      return isLost;
    },
    show(latest) {
      summary = latest;
    },
    release() {
      clearInterval(timer);
      wanted.removeEventListener('abort', end);
      stop.abort();
    },
  };
}

async function giveUp({ pool, log }: ShardWorkOptions, lease: LeasedShard): Promise<void> {
  const targets = lease.endIndex - lease.startIndex;
  log.error(
    { ...lease.shard, attempts: MAX_ATTEMPTS, targets },
    'a shard is given up: no prober came to its end; its targets count as not looked at',
  );
  await finishShard(pool, lease, 0, { ...emptyShardSummary(), targets, outcomes: { 'internal-error': targets } });
}
