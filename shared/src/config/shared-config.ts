import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import Type from 'typebox';
import { LOG_LEVELS } from '../log/index.ts';
import { type Environment, readSettings, toLoggedSettings } from './read-settings.ts';
import type { SettingValues } from './setting.ts';

/** The variables that more than one part reads. A service adds its own in its config.ts. */
export const sharedSettings = {
  /** PostgreSQL 15 or later; without it the embedded server is used. */
  databaseUrl: {
    variable: 'DATABASE_URL',
    schema: Type.String({ pattern: '^postgres(ql)?://.' }),
    expected: 'postgres://USER:PASSWORD@HOST:5432/DATABASE',
    secret: 'credentials',
  },
  /** Redis or Valkey for the queue; without it the queue lives in PostgreSQL. */
  redisUrl: {
    variable: 'REDIS_URL',
    schema: Type.String({ pattern: '^rediss?://.' }),
    expected: 'redis://HOST:6379 or rediss://HOST:6379',
    secret: 'credentials',
  },
  /** Data directory of the embedded server; `--data-dir` goes before it. */
  dataDir: { variable: 'KUBECENSUS_DATA_DIR', schema: Type.String() },
  /** Where refreshed tables are kept; `tables` in the data directory unless told. Several machines share one. */
  tablesDir: { variable: 'KUBECENSUS_TABLES_DIR', schema: Type.String() },
  /** Where the scanned can read who asks and why. */
  operatorUrl: {
    variable: 'KUBECENSUS_OPERATOR_URL',
    schema: Type.String({ pattern: '^https?://[^\\s]+$', maxLength: 200 }),
    expected: 'an http:// or https:// address of at most 200 characters',
  },
  /** Where the scanned can write to. */
  operatorMail: {
    variable: 'KUBECENSUS_OPERATOR_MAIL',
    schema: Type.String({ pattern: '^[^\\s@]+@[^\\s@]+$', maxLength: 254 }),
    expected: 'a mail address',
  },
  logLevel: { variable: 'LOG_LEVEL', schema: Type.Enum([...LOG_LEVELS]), default: 'info' },
  /** Any value that is not empty switches colours off (no-color.org). */
  noColor: { variable: 'NO_COLOR', schema: Type.String() },
  home: { variable: 'HOME', schema: Type.String() },
  xdgDataHome: { variable: 'XDG_DATA_HOME', schema: Type.String() },
} as const;

export interface SharedConfig
  extends Omit<SettingValues<typeof sharedSettings>, 'noColor' | 'dataDir' | 'home' | 'xdgDataHome'> {
  readonly dataDir: string;
  readonly colorAllowed: boolean;
  /** For the log: by variable, without credentials. */
  readonly logged: Readonly<Record<string, string | number | boolean>>;
}

/** @throws {KubecensusError} CONFIG_INVALID */
export function readSharedConfig(environment?: Environment): SharedConfig {
  const values = readSettings(sharedSettings, environment);
  const { noColor, home, xdgDataHome, ...rest } = values;
  const dataDir = path.resolve(values.dataDir ?? path.join(toDataHome(xdgDataHome, home), 'kubecensus'));
  const logged = { ...toLoggedSettings(sharedSettings, values), KUBECENSUS_DATA_DIR: dataDir };
  return Object.freeze({ ...rest, dataDir, colorAllowed: noColor === undefined, logged: Object.freeze(logged) });
}

/** XDG Base Directory Specification: a relative XDG_DATA_HOME is to be ignored. */
function toDataHome(xdgDataHome: string | undefined, home: string | undefined): string {
  if (xdgDataHome !== undefined && path.isAbsolute(xdgDataHome)) return xdgDataHome;
  return path.join(home || homedir() || userInfo().homedir, '.local', 'share');
}
