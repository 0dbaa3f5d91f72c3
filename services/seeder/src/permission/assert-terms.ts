import { KubecensusError } from '@kubecensus/shared/errors';
import {
  DEFAULT_LOOPBACK_RATE,
  DEFAULT_PREFIX_RATE,
  DEFAULT_PRIVATE_RATE,
  MAX_RATE,
  type ScanRequest,
} from '../scan-request.ts';
import { assertOperatorContact, type OperatorContact } from './operator-contact.ts';
import type { PermittedScope } from './permitted-scope.ts';

/** Who set a rate: the request, or the default of what is looked at. */
export type RateOrigin = 'asked' | 'default-loopback' | 'default-private';

/** Under which terms a scan is run. */
export interface ScanTerms {
  readonly rate: number;
  readonly rateOrigin: RateOrigin;
  /** Connects per second into one prefix; no cap where absent. */
  readonly prefixRate: number | undefined;
  readonly purpose: string;
  readonly operator: Partial<OperatorContact>;
}

/**
 * Public addresses are looked at by somebody who can be reached, for a reason, at a rate that was chosen. Elsewhere all
 * three have a default.
 * @throws KubecensusError SCAN_CONTACT_MISSING, SCAN_CONTACT_PLACEHOLDER, SCAN_PURPOSE_MISSING, SCAN_RATE_MISSING, SCAN_RATE_INVALID
 */
export function assertTerms(request: ScanRequest, permitted: PermittedScope): ScanTerms {
  const purpose = request.purpose?.trim() ?? '';
  const { url, mail } = request.operator ?? {};
  if (request.rate !== undefined) assertRate(request.rate);
  if (request.prefixRate !== undefined) assertPrefixRate(request.prefixRate);
  if (!permitted.hasPublic) {
    return {
      ...toRate(request.rate, permitted.hasPrivate),
      prefixRate: request.prefixRate,
      purpose: purpose === '' ? (permitted.hasPrivate ? 'own network' : 'lab') : purpose,
      operator: { ...(url !== undefined && { url }), ...(mail !== undefined && { mail }) },
    };
  }
  const operator = assertOperatorContact({ url, mail });
  if (purpose === '') {
    throw new KubecensusError(
      'SCAN_PURPOSE_MISSING',
      'public ranges are scanned only for a purpose, and none is given; say it in a few words with --purpose',
    );
  }
  if (request.rate === undefined) {
    throw new KubecensusError(
      'SCAN_RATE_MISSING',
      'public ranges are scanned only at a rate that was chosen, and none is given; give connects per second with --rate',
    );
  }
  const prefixRate = request.prefixRate ?? DEFAULT_PREFIX_RATE;
  return { rate: request.rate, rateOrigin: 'asked', prefixRate, purpose, operator };
}

function toRate(asked: number | undefined, hasPrivate: boolean): Pick<ScanTerms, 'rate' | 'rateOrigin'> {
  if (asked !== undefined) return { rate: asked, rateOrigin: 'asked' };
  if (hasPrivate) return { rate: DEFAULT_PRIVATE_RATE, rateOrigin: 'default-private' };
  return { rate: DEFAULT_LOOPBACK_RATE, rateOrigin: 'default-loopback' };
}

function assertRate(rate: number): void {
  if (Number.isInteger(rate) && rate >= 1 && rate <= MAX_RATE) return;
  throw new KubecensusError(
    'SCAN_RATE_INVALID',
    `the rate ${rate} is no whole number from 1 to ${MAX_RATE.toLocaleString('en')}; give connects per second with --rate`,
  );
}

function assertPrefixRate(rate: number): void {
  if (Number.isFinite(rate) && rate > 0 && rate <= MAX_RATE) return;
  throw new KubecensusError(
    'SCAN_RATE_INVALID',
    `the rate ${rate} into one prefix is no number above 0 up to ${MAX_RATE.toLocaleString('en')}; give connects per second with --prefix-rate`,
  );
}
