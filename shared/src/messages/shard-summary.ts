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
});

export type ShardSummary = Static<typeof shardSummarySchema>;
