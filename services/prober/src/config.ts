import { type Environment, readSettings, readSharedConfig, sharedSettings } from '@kubecensus/shared/config';
import { KubecensusError } from '@kubecensus/shared/errors';
import Type from 'typebox';

export const proberSettings = {
  /** Targets under way at a time. */
  concurrency: {
    variable: 'PROBER_CONCURRENCY',
    schema: Type.Integer({ minimum: 1, maximum: 50_000 }),
    default: 1_000,
    unit: 'targets',
  },
  /** Shards whose targets are dialled at a time. */
  shardsAtOnce: {
    variable: 'PROBER_SHARDS_AT_ONCE',
    schema: Type.Integer({ minimum: 1, maximum: 16 }),
    default: 1,
    unit: 'shards',
  },
  leaseMs: {
    variable: 'PROBER_LEASE_MS',
    schema: Type.Integer({ minimum: 500, maximum: 600_000 }),
    default: 15_000,
    unit: 'ms',
  },
  drainMs: {
    variable: 'PROBER_DRAIN_MS',
    schema: Type.Integer({ minimum: 0, maximum: 600_000 }),
    default: 10_000,
    unit: 'ms',
  },
  maxWaitingBatches: {
    variable: 'PROBER_MAX_WAITING_BATCHES',
    schema: Type.Integer({ minimum: 1, maximum: 100_000 }),
    default: 200,
    unit: 'batches',
  },
} as const;

/** @throws KubecensusError CONFIG_INVALID, also without DATABASE_URL: a prober has no store of its own */
export function readProberConfig(environment?: Environment) {
  const shared = readSharedConfig(environment);
  const { databaseUrl } = shared;
  if (databaseUrl === undefined) {
    throw new KubecensusError(
      'CONFIG_INVALID',
      `environment: ${sharedSettings.databaseUrl.variable} is not set, and a prober has no store of its own; write ${sharedSettings.databaseUrl.expected}`,
    );
  }
  const limits = readSettings(proberSettings, environment);
  return { ...shared, databaseUrl, limits };
}
