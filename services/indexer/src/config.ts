import { type Environment, readSettings, readSharedConfig, sharedSettings } from '@kubecensus/shared/config';
import { KubecensusError } from '@kubecensus/shared/errors';
import Type from 'typebox';
import { CLOSING_RULES, type ClosingRules } from './census/closing-rules.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;

const rules = {
  /** Share of looks at canaries that must recognise one for the census to call anything gone; 0: whatever the recall. */
  minCanaryRecall: {
    variable: 'INDEXER_MIN_CANARY_RECALL',
    schema: Type.Number({ minimum: 0, maximum: 1 }),
    default: CLOSING_RULES.minCanaryRecall,
  },
} as const;

export const indexerSettings = {
  /**
   * Batches stored at the same time; each takes one connection of the pool. A batch is some 12 round trips: where the
   * machine is busy they wait more than they work, and four at a time came to 1,800 observations/s with 12 % of a core.
   */
  concurrency: {
    variable: 'INDEXER_CONCURRENCY',
    schema: Type.Integer({ minimum: 1, maximum: 64 }),
    default: 8,
  },
  revisitDelayMs: {
    variable: 'INDEXER_REVISIT_DELAY_MS',
    schema: Type.Integer({ minimum: 0, maximum: 48 * HOUR }),
    default: 2 * HOUR,
    unit: 'ms',
  },
  ...rules,
} as const;

/** What also an indexer goes by that is no process of its own. @throws {KubecensusError} CONFIG_INVALID */
export function readClosingRules(environment?: Environment): Pick<ClosingRules, 'minCanaryRecall'> {
  return readSettings(rules, environment);
}

/** @throws {KubecensusError} CONFIG_INVALID, also without DATABASE_URL: a process of its own shares no embedded server */
export function readIndexerConfig(environment?: Environment) {
  const shared = readSharedConfig(environment);
  const { databaseUrl } = shared;
  if (databaseUrl === undefined) {
    throw new KubecensusError(
      'CONFIG_INVALID',
      `environment: ${sharedSettings.databaseUrl.variable} is not set, and the indexer as a process of its own needs it; write ${sharedSettings.databaseUrl.expected}`,
    );
  }
  return { ...shared, databaseUrl, ...readSettings(indexerSettings, environment) };
}
