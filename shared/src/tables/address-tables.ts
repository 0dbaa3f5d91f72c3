import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { formatRange } from '../addresses/index.ts';
import { TableError } from '../kubernetes/index.ts';
import {
  formatRangeFile,
  type PlaceLayer,
  parseAsnCsv,
  parseRangeFile,
  readMmdb,
  toPlaceLayer,
} from '../place/index.ts';

/** A table of addresses that comes with the program as a data package. */
export interface AddressTable {
  readonly name: 'asn-ipv4' | 'asn-ipv6' | 'country';
  readonly title: string;
  readonly package: string;
  readonly file: string;
  readonly extension: 'csv' | 'mmdb';
  readonly source: string;
  /** What the licence asks to be said wherever the data is shown. */
  readonly attribution?: string;
}

const ASN = {
  package: '@ip-location-db/asn',
  extension: 'csv',
  source: 'ip-location-db: asn (RouteViews, DB-IP)',
  attribution:
    'Autonomous systems: RouteViews (routeviews.org) and IP Geolocation by DB-IP (https://db-ip.com), as compiled by ip-location-db, CC BY 4.0.',
} as const;

export const ADDRESS_TABLES: readonly AddressTable[] = [
  { ...ASN, name: 'asn-ipv4', title: 'autonomous systems by IPv4 address', file: 'asn-ipv4.csv' },
  { ...ASN, name: 'asn-ipv6', title: 'autonomous systems by IPv6 address', file: 'asn-ipv6.csv' },
  {
    name: 'country',
    title: 'countries by address',
    package: '@ip-location-db/geo-whois-asn-country-mmdb',
    file: 'geo-whois-asn-country.mmdb',
    extension: 'mmdb',
    source: 'ip-location-db: geo-whois-asn-country (CC0)',
  },
];

/** Tables that an operator adds: `own-<name>`, a MaxMind DB or a list of ranges. They go before all others. */
export const OWN_TABLE = /^own-[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

const require = createRequire(import.meta.url);

/** A table as it comes with the program. */
export function readBuiltIn(table: AddressTable): Buffer {
  return readFileSync(path.join(path.dirname(require.resolve(`${table.package}/package.json`)), table.file));
}

/** Data packages carry their day in their version: 2.3.2026061719. */
export function readBuiltInVersion(table: AddressTable): { asOf: string; version: string } {
  const { version } = require(`${table.package}/package.json`) as { version: string };
  const [, year, month, day] = /\.(\d{4})(\d{2})(\d{2})\d*$/.exec(version) ?? [];
  return { asOf: `${year}-${month}-${day}`, version: `${table.package}@${version}` };
}

export interface ReadAddressTable {
  readonly layer: PlaceLayer;
  readonly extension: 'csv' | 'mmdb';
  /** What is kept: the file itself, or the list in our own columns. */
  readonly bytes: Buffer;
  /** The day that the file gives itself. */
  readonly asOf?: string;
}

/**
 * Reads a file for a table of addresses, whatever its form.
 * @param provider whose ranges a list is, where it does not say
 * @throws TableError
 */
export function readAddressTable(table: string, bytes: Buffer, provider?: string): ReadAddressTable {
  if (isMmdb(bytes)) {
    const mmdb = readMmdb(table, bytes);
    return { layer: mmdb, extension: 'mmdb', bytes, asOf: mmdb.builtAt.toISOString().slice(0, 10) };
  }
  if (table === 'country')
    throw new TableError(table, bytes.length, 'is no MaxMind DB, or cut off before its metadata', 'byte');
  if (table.startsWith('asn-')) {
    const layer = parseAsnCsv(table, bytes);
    const family = table === 'asn-ipv4' ? 4 : 6;
    for (const { range } of layer.index.ranges()) {
      if (range.family !== family) throw new TableError(table, 1, `has addresses of IPv${range.family}`);
    }
    return { layer, extension: 'csv', bytes };
  }
  const { ranges, asOf } = parseRangeFile(table, bytes, provider);
  return {
    layer: toPlaceLayer(ranges),
    extension: 'csv',
    bytes: Buffer.from(formatRangeFile(ranges, formatRange)),
    ...(asOf !== undefined && { asOf }),
  };
}

/** MaxMind DB File Format Specification, "Metadata Section": the marker lies in the last 128 KiB. */
const MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');

function isMmdb(bytes: Buffer): boolean {
  return bytes.subarray(-128 * 1024).includes(MARKER);
}
