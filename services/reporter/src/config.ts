import path from 'node:path';
import { type Environment, readSettings, readSharedConfig, sharedSettings } from '@kubecensus/shared/config';
import { KubecensusError } from '@kubecensus/shared/errors';
import Type from 'typebox';

export const reporterSettings = {
  /** Where histories are published; in the data directory unless told. */
  historyDirectory: { variable: 'KUBECENSUS_HISTORY_DIR', schema: Type.String({ minLength: 1 }) },
  /** Where weekly reports are written; none are without it. */
  reportDirectory: { variable: 'REPORTER_DIR', schema: Type.String({ minLength: 1 }) },
  /** Cron's five fields, in UTC. */
  weeklyCron: {
    variable: 'REPORTER_WEEKLY_CRON',
    schema: Type.String({ pattern: '^([0-9*/,-]+ ){4}[0-9*/,-]+$' }),
    default: '0 6 * * 1',
  },
} as const;

/** @throws {KubecensusError} CONFIG_INVALID, also without DATABASE_URL: a process of its own shares no embedded server */
export function readReporterConfig(environment?: Environment) {
  const shared = readSharedConfig(environment);
  const { databaseUrl } = shared;
  if (databaseUrl === undefined) {
    throw new KubecensusError(
      'CONFIG_INVALID',
      `environment: ${sharedSettings.databaseUrl.variable} is not set, and the reporter as a process of its own needs it; write ${sharedSettings.databaseUrl.expected}`,
    );
  }
  const { historyDirectory = path.join(shared.dataDir, 'history'), ...own } = readSettings(
    reporterSettings,
    environment,
  );
  return { ...shared, databaseUrl, historyDirectory, ...own };
}
