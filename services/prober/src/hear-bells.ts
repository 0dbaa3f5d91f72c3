import { BELL_LOCK } from './bell-lock.ts';
import { type ShardWorkOptions, workOnShard } from './shard-work.ts';
import { createShardsUnderWay } from './shards-under-way.ts';

/** Shards that may wait for their last answers at a time: a small one is dialled in a moment and waited for long. */
const MAX_DRAINING = 32;

export interface BellHearerOptions extends ShardWorkOptions {
  /** Resolves when more may be added to what waits to be indexed. */
  whenRoom(signal: AbortSignal): Promise<void>;
}

export interface BellHearer {
  /** Takes no further bell, waits `drainMs` for what is under way, then hands it back. */
  close(drainMs: number): Promise<void>;
}

/** Works on the shards that one queue rings for, `shardsAtOnce` being dialled at a time. */
export function hearBells(options: BellHearerOptions, queue: 'probe' | 'check', shardsAtOnce: number): BellHearer {
  const { queues, log } = options;
  const underWay = createShardsUnderWay(MAX_DRAINING, log);
  const processor = queues.process(
    queue,
    async (shard, { signal }) => {
      await underWay.whenRoom();
      await options.whenRoom(signal);
      if (signal.aborted) return;
      await underWay.begin(signal, (stop, fed) => workOnShard(options, shard, stop, fed));
    },
    {
      concurrency: shardsAtOnce,
      // A bell that cannot be answered now is rung again by the seeder; until then it is tried here.
      attempts: 10,
      ...BELL_LOCK,
      onPoison: (_raw, error) => log.error({ err: error }, `a message of ${queue} is no shard: ${error.message}`),
    },
  );
  return {
    async close(drainMs) {
      await processor.close({ graceMs: drainMs });
      await underWay.drain(drainMs);
    },
  };
}
