import { parseRange } from '../addresses/index.ts';
import { toError } from '../errors/index.ts';
import { TableError } from '../kubernetes/index.ts';
import { cleanText } from '../text/index.ts';
import type { PlacedRange } from './place-ranges.ts';

/** One provider's published list: how it is told, and where its prefixes and its day stand. */
interface ProviderFormat {
  readonly provider: string;
  readonly isOf: (document: Record<string, unknown>) => boolean;
  readonly prefixes: (document: Record<string, unknown>) => unknown[];
  /** Text that begins with the day. */
  readonly day: (document: Record<string, unknown>) => unknown;
}

const FORMATS: readonly ProviderFormat[] = [
  {
    // docs.aws.amazon.com/vpc: ip-ranges.json
    provider: 'aws',
    isOf: (document) => 'createDate' in document && Array.isArray(document.prefixes),
    prefixes: ({ prefixes, ipv6_prefixes }) => [
      ...listOf(prefixes).map((one) => fieldOf(one, 'ip_prefix')),
      ...listOf(ipv6_prefixes).map((one) => fieldOf(one, 'ipv6_prefix')),
    ],
    day: ({ createDate }) => createDate,
  },
  {
    // www.gstatic.com/ipranges: cloud.json
    provider: 'google',
    isOf: (document) => 'creationTime' in document && Array.isArray(document.prefixes),
    prefixes: ({ prefixes }) => listOf(prefixes).map((one) => fieldOf(one, 'ipv4Prefix') ?? fieldOf(one, 'ipv6Prefix')),
    day: ({ creationTime }) => creationTime,
  },
  {
    // Microsoft's ServiceTags_Public_<date>.json; its day is in its name alone
    provider: 'azure',
    isOf: (document) => 'changeNumber' in document && Array.isArray(document.values),
    prefixes: ({ values }) => {
      const tags = listOf(values);
      const whole = tags.filter((tag) => fieldOf(tag, 'name') === 'AzureCloud');
      return (whole.length > 0 ? whole : tags).flatMap((tag) =>
        listOf(fieldOf(fieldOf(tag, 'properties'), 'addressPrefixes')),
      );
    },
    day: () => undefined,
  },
  {
    // docs.oracle.com/iaas: public_ip_ranges.json
    provider: 'oracle',
    isOf: (document) => 'last_updated_timestamp' in document && Array.isArray(document.regions),
    prefixes: ({ regions }) =>
      listOf(regions).flatMap((region) => listOf(fieldOf(region, 'cidrs')).map((one) => fieldOf(one, 'cidr'))),
    day: ({ last_updated_timestamp }) => last_updated_timestamp,
  },
];

/** @throws TableError; the line of a prefix is found by its text */
export function readProviderJson(table: string, text: string): { ranges: PlacedRange[]; asOf?: string } {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (caught) {
    throw new TableError(table, text.split('\n').length, `no JSON, or cut off (${toError(caught).message})`);
  }
  const known = document as Record<string, unknown>;
  const format = FORMATS.find(({ isOf }) => isOf(known));
  if (format === undefined) {
    throw new TableError(
      table,
      1,
      `JSON of none of these providers: ${FORMATS.map(({ provider }) => provider).join(', ')}`,
    );
  }
  const place = { provider: format.provider };
  const ranges = format.prefixes(known).map((prefix): PlacedRange => {
    if (typeof prefix !== 'string') throw new TableError(table, 1, 'a prefix without its text');
    try {
      return { range: parseRange(prefix), place };
    } catch (caught) {
      const line = text.slice(0, text.indexOf(JSON.stringify(prefix))).split('\n').length;
      throw new TableError(table, line, cleanText(toError(caught).message, 200));
    }
  });
  if (ranges.length === 0) throw new TableError(table, 1, 'no ranges');
  const day = /^\d{4}-\d{2}-\d{2}/.exec(String(format.day(known) ?? ''))?.[0];
  return { ranges, ...(day !== undefined && { asOf: day }) };
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
