import type { FoundEndpoint } from '../queries/search-endpoints.ts';

/** What one column of a table of endpoints holds, for formats that know kinds. */
export type ColumnKind = 'text' | 'integer' | 'boolean' | 'instant' | 'texts';

/** Columns of CSV and Parquet, in their order; NDJSON has the same names. */
export const FLAT_COLUMNS = {
  address: 'text',
  port: 'integer',
  component: 'text',
  outcome: 'text',
  distribution: 'text',
  confidence: 'text',
  version: 'text',
  minor: 'text',
  minorLow: 'text',
  minorHigh: 'text',
  exposure: 'text',
  silence: 'text',
  support: 'text',
  exactSan: 'boolean',
  answering: 'boolean',
  subject: 'text',
  issuer: 'text',
  names: 'texts',
  notBefore: 'instant',
  notAfter: 'instant',
  firstSeenAt: 'instant',
  lastSeenAt: 'instant',
  asn: 'integer',
  asName: 'text',
  country: 'text',
  provider: 'text',
} as const satisfies Partial<Record<keyof FoundEndpoint, ColumnKind>>;

export const FLAT_NAMES = Object.keys(FLAT_COLUMNS) as (keyof typeof FLAT_COLUMNS)[];

export function toFlatValues(endpoint: FoundEndpoint): unknown[] {
  return FLAT_NAMES.map((name) => endpoint[name]);
}
