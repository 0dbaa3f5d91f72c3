import Type, { type Static } from 'typebox';

/** Limit of one batch's `observations`: job data beyond this slows every store's claim and wake-up. */
export const MAX_BATCH_BYTES = 256 * 1024;

/**
 * Observations of one shard's attempt, one JSON object a line, gzipped, then base64: job data is `jsonb` in one of
 * the queue's stores, and a NUL or a lone surrogate in it would fail the job after its work is done.
 */
export const observationBatchSchema = Type.Object({
  scanId: Type.String({ pattern: '^[0-9]{1,19}$' }),
  shardNumber: Type.Integer({ minimum: 0 }),
  attempt: Type.Integer({ minimum: 1 }),
  batchNumber: Type.Integer({ minimum: 0 }),
  observations: Type.String({ maxLength: MAX_BATCH_BYTES }),
});

export type ObservationBatch = Static<typeof observationBatchSchema>;
