import { randomBytes } from 'node:crypto';
import type { AddressSet, Scope } from '@kubecensus/shared/addresses';
import { withTransaction } from '@kubecensus/shared/database';
import { KubecensusError, toError } from '@kubecensus/shared/errors';
import { readExclusions, toExclusionSet } from '@kubecensus/shared/exclusions';
import type pg from 'pg';
import { METHOD_MAJOR } from './method-major.ts';
import { assertTerms, type RateOrigin, type ScanTerms } from './permission/assert-terms.ts';
import { toPermittedScope } from './permission/permitted-scope.ts';
import type { ScanRequest } from './scan-request.ts';
import { toShardSize } from './shard-size.ts';
import { insertScan } from './store/insert-scan.ts';
import { insertScope } from './store/insert-scope.ts';
import { lockSeries } from './store/lock-series.ts';
import { resumeCensus } from './store/resume-census.ts';

/** A scan that is under way from now on. */
export interface PlannedScan {
  readonly scanId: string;
  /** True where the series had an open census: it goes on with the scope it was planned with. */
  readonly resumed: boolean;
  /** Addresses that a range of the request covers and that no scan looks at as a part of one. */
  readonly leftOut: AddressSet;
  /** Connects per second, all probers together. */
  readonly rate: number;
  /** `kept` where it is that of the census which goes on. */
  readonly rateOrigin: RateOrigin | 'kept';
}

/**
 * Decides whether a scan may run, freezes its scope (what was asked for, minus the special-purpose registries, minus the
 * exclusions of this moment) and lays out its shards: all of it in one transaction, or nothing.
 *
 * The series follows from what was asked for, before anything is taken out, so that an opt-out begins no new one.
 * @throws KubecensusError of area SCAN, one line each; what the database throws
 */
export async function planScan(pool: pg.Pool, request: ScanRequest): Promise<PlannedScan> {
  const permitted = toPermittedScope(request.targets, request.allowPrivate ?? false);
  const terms = assertTerms(request, permitted);
  const excluded = await readExcluded(pool);
  const scope = permitted.scope.without(excluded);

  return await withTransaction(pool, async (client) => {
    let seriesId: number | undefined;
    if (request.kind === 'census') {
      const scopeHash = request.targets.hash();
      const name = request.seriesName ?? scopeHash.toString('hex').slice(0, 12);
      seriesId = await lockSeries(client, { scopeHash, methodMajor: METHOD_MAJOR, name });
      const open = await resumeCensus(client, seriesId, request.rate);
      if (open !== undefined) {
        const rateOrigin = request.rate === undefined ? 'kept' : 'asked';
        return { ...open, resumed: true, leftOut: permitted.leftOut, rateOrigin };
      }
    }
    if (scope.size === 0) {
      throw new KubecensusError(
        'SCAN_NOTHING_LEFT',
        `all of ${request.targets.space.addresses().summary()} is excluded from scans; give other targets`,
      );
    }
    const scanId = await insertScan(client, {
      ...toRow(request, terms, scope),
      seriesId,
      scopeHash: await insertScope(client, scope),
    });
    const { rate, rateOrigin } = terms;
    return { scanId, resumed: false, leftOut: permitted.leftOut, rate, rateOrigin };
  });
}

function toRow(request: ScanRequest, terms: ScanTerms, scope: Scope) {
  return {
    kind: request.kind,
    permutationKey: randomBytes(32),
    targetCount: scope.size,
    shardSize: toShardSize(scope.size, terms.rate, request.probers ?? 1),
    rate: terms.rate,
    prefixRate: terms.prefixRate,
    asOf: request.asOf,
    purpose: terms.purpose,
    operatorUrl: terms.operator.url,
    operatorMail: terms.operator.mail,
    method: { ...request.method, major: METHOD_MAJOR },
    vantage: request.vantage ?? [],
  };
}

/** Fails closed: a list of exclusions that cannot be read is no empty list. */
async function readExcluded(pool: pg.Pool): Promise<AddressSet> {
  try {
    const { exclusions, readAt } = await readExclusions(pool);
    return toExclusionSet(exclusions, readAt);
  } catch (caught) {
    throw new KubecensusError(
      'SCAN_EXCLUSIONS_UNREADABLE',
      `the exclusions cannot be read (${toError(caught).message}), so nothing is planned; see that the database is up and migrated, then start again`,
      { cause: caught },
    );
  }
}
