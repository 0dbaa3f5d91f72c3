import { hash } from 'node:crypto';
import { KubecensusError } from '@kubecensus/shared/errors';
import type { EndpointPlace } from '../queries/search-endpoints.ts';

/** `1%` or `0.01`. @throws {KubecensusError} EXPORT_SAMPLE_INVALID */
export function parseShare(text: string): number {
  const written = /^(\d{1,3}(?:\.\d{1,6})?)%$|^(0?\.\d{1,8}|1(?:\.0)?)$/.exec(text.trim());
  const share =
    written === null ? Number.NaN : written[1] === undefined ? Number(written[2]) : Number(written[1]) / 100;
  if (share > 0 && share <= 1) return share;
  throw new KubecensusError(
    'EXPORT_SAMPLE_INVALID',
    `${JSON.stringify(text)} is no share; give one such as 1% or 0.01`,
  );
}

/**
 * Takes each endpoint with the same chance, each by itself: the seed, the address, the port and the component decide, so
 * that the same seed takes the same endpoints from every export, and those of a census again from the next one.
 */
export function createSample(share: number, seed: number): (endpoint: EndpointPlace) => boolean {
  const limit = share * 2 ** 48;
  return ({ address, port, component }) =>
    hash('sha256', `${seed} ${address} ${port} ${component}`, 'buffer').readUIntBE(0, 6) < limit;
}

export interface Estimate {
  /** Of the sample. */
  counted: number;
  /** Of the population. */
  count: number;
  low: number;
  high: number;
}

export const ESTIMATE_METHOD =
  'Wilson score interval of the share in the sample, with finite population correction, 95 %, times the known total';

/** Two-sided, 95 %. */
const Z = 1.959_963_985;

/**
 * How many of a population have what `counted` of a simple random sample of it have (Wilson, 1927; the correction takes the
 * sample for larger as it comes near the whole: Cochran, Sampling Techniques, 2.6). What was counted is a lower bound by
 * itself, and what was not bounds it from above.
 */
export function estimate(counted: number, sampled: number, total: number): Estimate {
  if (sampled === 0) return { counted, count: 0, low: 0, high: total };
  if (sampled >= total) return { counted, count: counted, low: counted, high: counted };
  const effective = (sampled * (total - 1)) / (total - sampled);
  const share = counted / sampled;
  const middle = share + Z ** 2 / (2 * effective);
  const spread = Z * Math.sqrt((share * (1 - share)) / effective + Z ** 2 / (4 * effective ** 2));
  const scale = total / (1 + Z ** 2 / effective);
  return {
    counted,
    count: Math.round(share * total),
    low: Math.max(counted, Math.floor((middle - spread) * scale)),
    high: Math.min(total - (sampled - counted), Math.ceil((middle + spread) * scale)),
  };
}
