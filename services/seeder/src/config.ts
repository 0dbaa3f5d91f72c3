import { type Environment, readSettings, readSharedConfig, sharedSettings } from '@kubecensus/shared/config';
import { KubecensusError } from '@kubecensus/shared/errors';
import Type from 'typebox';

export const seederSettings = {
  /** Shards that wait in the queue at a time. */
  window: {
    variable: 'SEEDER_WINDOW',
    schema: Type.Integer({ minimum: 1, maximum: 10_000 }),
    default: 64,
    unit: 'shards',
  },
  ringAgainMs: {
    variable: 'SEEDER_RING_AGAIN_MS',
    schema: Type.Integer({ minimum: 1_000, maximum: 3_600_000 }),
    default: 60_000,
    unit: 'ms',
  },
} as const;

/** @throws KubecensusError CONFIG_INVALID, also without DATABASE_URL: a process of its own shares no embedded server */
export function readSeederConfig(environment?: Environment) {
  const shared = readSharedConfig(environment);
  const { databaseUrl } = shared;
  if (databaseUrl === undefined) {
    throw new KubecensusError(
      'CONFIG_INVALID',
      `environment: ${sharedSettings.databaseUrl.variable} is not set, and the seeder as a process of its own needs it; write ${sharedSettings.databaseUrl.expected}`,
    );
  }
  return { ...shared, databaseUrl, limits: readSettings(seederSettings, environment) };
}
