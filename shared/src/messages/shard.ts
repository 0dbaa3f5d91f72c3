import Type, { type Static } from 'typebox';

/**
 * The doorbell for one shard of a scan. It carries no work: the prober takes the shard's lease in the record,
 * and where it gets none (done, or another prober was faster) the message is simply spent.
 */
export const shardSchema = Type.Object({
  /** bigint as decimal text, as PostgreSQL gives it. */
  scanId: Type.String({ pattern: '^[0-9]{1,19}$' }),
  shardNumber: Type.Integer({ minimum: 0 }),
});

export type Shard = Static<typeof shardSchema>;

/** PostgreSQL's channel on which it is said that a shard is to be rung for: planned, or handed back. */
export const SHARDS_CHANNEL = 'kubecensus_shards';
