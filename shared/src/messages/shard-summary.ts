import Type, { type Static } from 'typebox';
import { OUTCOMES } from '../vocabulary/outcome.ts';

const count = Type.Integer({ minimum: 0 });

/** What the prober counted over one whole shard: `shards.summary`. No row is kept of a target without a finding. */
export const shardSummarySchema = Type.Object({
  /** Targets of the shard; the sum over `outcomes`. */
  targets: count,
  /** Only outcomes that occurred; a target counts once, with its one outcome. */
  outcomes: Type.Partial(Type.Record(Type.Enum([...OUTCOMES]), count)),
  /** Targets that were dialled twice, by the reason of the second connection. */
  secondConnections: Type.Object({ fallback: count, 'loss-sample': count, 'worker-death': count }),
  /**
   * Connects that were made, by how many times their SYN was sent before it was answered: once, twice, oftener. A SYN
   * is sent again after one second (RFC 6298 section 2). Those that were heard while the thread was late (`lag`) are left
   * out: how long they took, nobody knows.
   */
  connects: Type.Object({ first: count, second: count, later: count }),
  /** Targets that had answered and were dialled once more, and how many of them did not answer again. */
  lossSample: Type.Object({ dialled: count, lost: count }),
  /** Endpoints of the operator's own, looked at beside the targets, and how many of them were recognised. */
  canaries: Type.Object({ looked: count, found: count }),
  /**
   * How long the probing thread was watched, how much of that it was so late that it heard answers late, and the longest
   * such stretch. Shards that run side by side share a thread, and each counts what it saw of it.
   */
  lag: Type.Object({ watchedMs: count, lateMs: count, longestMs: count }),
});

export type ShardSummary = Static<typeof shardSummarySchema>;

/** Of a shard of which nothing is known yet. */
export function emptyShardSummary(): ShardSummary {
  return {
    targets: 0,
    outcomes: {},
    secondConnections: { fallback: 0, 'loss-sample': 0, 'worker-death': 0 },
    connects: { first: 0, second: 0, later: 0 },
    lossSample: { dialled: 0, lost: 0 },
    canaries: { looked: 0, found: 0 },
    lag: { watchedMs: 0, lateMs: 0, longestMs: 0 },
  };
}
