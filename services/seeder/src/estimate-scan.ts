import type { AddressSet } from '@kubecensus/shared/addresses';
import { assertTerms, type RateOrigin } from './permission/assert-terms.ts';
import { toPermittedScope } from './permission/permitted-scope.ts';
import { toPrefixLoad } from './prefix-load.ts';
import type { ScanRequest } from './scan-request.ts';
import { toShardSize } from './shard-size.ts';

/** What a scan would come to. The exclusions are not among it: nothing is opened to ask for them. */
export interface ScanEstimate {
  readonly targets: number;
  /** Addresses that a range of the request covers and that no scan looks at as a part of one. */
  readonly leftOut: AddressSet;
  readonly shards: number;
  /** Connects per second that were asked for, or the default. */
  readonly rate: number;
  readonly rateOrigin: RateOrigin;
  /** Prefixes that a cap counts by: /24 of IPv4, /48 of IPv6. */
  readonly prefixes: number;
  /** Targets of the fullest of them. */
  readonly mostInOnePrefix: number;
  /** Connects per second that the caps of all prefixes allow together; absent where there is no cap. */
  readonly ceiling: number | undefined;
  /** Without revisits and second connections. */
  readonly seconds: number;
}

/** @throws KubecensusError of area SCAN, as the plan of this scan would */
export function estimateScan(request: ScanRequest): ScanEstimate {
  const permitted = toPermittedScope(request.targets, request.allowPrivate ?? false);
  const { rate, rateOrigin, prefixRate } = assertTerms(request, permitted);
  const targets = permitted.scope.size;
  const { prefixes, most } = toPrefixLoad(permitted.scope);
  const ceiling = prefixRate === undefined ? undefined : prefixes * prefixRate;
  const slowest = prefixRate === undefined ? 0 : most / prefixRate;
  return {
    targets,
    leftOut: permitted.leftOut,
    shards: Math.ceil(targets / toShardSize(targets, rate, request.probers ?? 1)),
    rate,
    rateOrigin,
    prefixes,
    mostInOnePrefix: most,
    ceiling,
    seconds: Math.max(targets / Math.min(rate, ceiling ?? rate), slowest),
  };
}
