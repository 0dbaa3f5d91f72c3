import path from 'node:path';
import { parseRange } from '@kubecensus/shared/addresses';
import { type Environment, readSettings, readSharedConfig, type SharedConfig } from '@kubecensus/shared/config';
import { KubecensusError, toError } from '@kubecensus/shared/errors';
import Type from 'typebox';

export const apiSettings = {
  /** Beyond loopback only with keys. */
  host: { variable: 'API_HOST', schema: Type.String({ minLength: 1, maxLength: 255 }), default: '127.0.0.1' },
  port: { variable: 'API_PORT', schema: Type.Integer({ minimum: 0, maximum: 65_535 }), default: 8480 },
  requestsPerMinute: {
    variable: 'API_REQUESTS_PER_MINUTE',
    schema: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    default: 300,
    unit: 'requests',
  },
  /** Whose X-Forwarded-For is believed. */
  trustedProxies: {
    variable: 'API_TRUSTED_PROXIES',
    schema: Type.String({ pattern: '^[0-9a-fA-F.:/, ]{2,1000}$' }),
    expected: 'addresses and prefixes with commas between them, such as 10.0.0.7,fd00::/64',
  },
  /** Where histories are published; in the data directory unless told. */
  historyDirectory: { variable: 'KUBECENSUS_HISTORY_DIR', schema: Type.String({ minLength: 1 }) },
} as const;

export interface ApiConfig extends SharedConfig {
  readonly host: string;
  readonly port: number;
  readonly requestsPerMinute: number;
  readonly trustedProxies?: string;
  readonly historyDirectory: string;
}

/** @throws {KubecensusError} CONFIG_INVALID */
export function readApiConfig(environment?: Environment): ApiConfig {
  const shared = readSharedConfig(environment);
  const settings = readSettings(apiSettings, environment);
  const { historyDirectory = path.join(shared.dataDir, 'history'), trustedProxies, ...own } = settings;
  for (const proxy of trustedProxies?.split(',') ?? []) assertProxy(proxy.trim());
  return Object.freeze({
    ...shared,
    ...own,
    historyDirectory,
    ...(trustedProxies !== undefined && { trustedProxies }),
  });
}

/** Whoever is trusted names the addresses that others are limited by: a prefix of everybody is none of proxies. */
function assertProxy(text: string): void {
  try {
    parseRange(text);
    if (!/\/0+$/.test(text)) return;
  } catch (caught) {
    throw toUnusableProxy(text, toError(caught).message, caught);
  }
  throw toUnusableProxy(text, 'it holds every address', undefined);
}

function toUnusableProxy(text: string, problem: string, cause: unknown): KubecensusError {
  return new KubecensusError(
    'CONFIG_INVALID',
    `environment: API_TRUSTED_PROXIES names ${JSON.stringify(text)}, which is no proxy: ${problem}`,
    { cause },
  );
}
