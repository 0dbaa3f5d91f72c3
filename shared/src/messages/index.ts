/*
 * THE CONTRACT. A service is an agent noun, a queue is its consumer's verb, a message is named for what it carries.
 *
 *   sources             components           distributions
 *      |                    |                      |
 *  [seeder] --probe--> [prober] --index--> [indexer] --> PostgreSQL --> history --> [api] --> web, CLI, exports
 *      |                    |                  |         (the record)   (Parquet)
 *  exclusions          the network             '--report--> [reporter] --> HTML, PDF, Markdown, mail, feed, webhook
 */
import Type from 'typebox';
import { censusClosedSchema } from './census-closed.ts';
import { observationBatchSchema } from './observation-batch.ts';
import { shardSchema } from './shard.ts';
import { weeklyEditionSchema } from './weekly-edition.ts';

/** Queue name -> schema of its messages, in flow order. Both ends validate against it. */
export const QUEUE_MESSAGES = {
  probe: shardSchema,
  /** The bells for checks: somebody waits, and a prober answers them beside the shard that it is at. */
  check: shardSchema,
  index: observationBatchSchema,
  report: Type.Union([censusClosedSchema, weeklyEditionSchema]),
} as const;

export * from './census-closed.ts';
export * from './identifying-headers.ts';
export * from './loss-estimate.ts';
export * from './observation.ts';
export * from './observation-batch.ts';
export * from './shard.ts';
export * from './shard-summary.ts';
export * from './weekly-edition.ts';
