import { formatRange, parseRange } from '../addresses/index.ts';
import { toError } from '../errors/index.ts';
import { TableError } from '../kubernetes/index.ts';
import { cleanText } from '../text/index.ts';
import { MAX_ASN, MAX_NAME_LENGTH, type Place, toCountry } from './place.ts';
import type { PlacedRange } from './place-ranges.ts';
import { readProviderJson } from './provider-json.ts';

/** Far above any provider's list; one of a million prefixes is a table of routes. */
export const MAX_RANGE_FILE_BYTES = 64 * 1024 * 1024;
export const MAX_RANGES = 1_000_000;

export interface RangeFile {
  readonly ranges: readonly PlacedRange[];
  /** The day that the file gives itself, YYYY-MM-DD. */
  readonly asOf?: string;
}

const COLUMNS = ['prefix', 'asn', 'as_name', 'country', 'provider'] as const;
type Column = (typeof COLUMNS)[number];

/**
 * Reads a provider's own list (the JSON of AWS, Google Cloud, Azure or Oracle; a geofeed of RFC 8805; bare prefixes), or
 * an operator's: lines under a header of `prefix` and any of asn, as_name, country, provider.
 * @param provider whose ranges these are, for lists that do not say so
 * @throws TableError naming the line and the reason
 */
export function parseRangeFile(table: string, bytes: Buffer, provider?: string): RangeFile {
  if (bytes.length > MAX_RANGE_FILE_BYTES) throw new TableError(table, 1, `longer than ${MAX_RANGE_FILE_BYTES} bytes`);
  const text = bytes.toString('utf8');
  if (/^\s*\{/.test(text)) return readProviderJson(table, text);
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const header = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('#'));
  const names = (lines[header] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const columns = names.includes('prefix') ? toColumns(table, header + 1, names) : undefined;
  const ranges: PlacedRange[] = [];
  const saidBefore = new Map<string, { readonly line: number; readonly place: Place }>();
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('#') || (columns !== undefined && at <= header)) continue;
    if (ranges.length === MAX_RANGES) throw new TableError(table, at + 1, `more than ${MAX_RANGES} ranges`);
    const fields = splitCsv(line);
    if (columns !== undefined && fields.length !== columns.length) {
      throw new TableError(table, at + 1, `${fields.length} fields under ${columns.length} columns`);
    }
    const said = toRange(table, at + 1, fields, columns ?? ['prefix', 'country'], provider);
    const prefix = formatRange(said.range);
    const before = saidBefore.get(prefix);
    if (before !== undefined && contradicts(before.place, said.place)) {
      throw new TableError(table, at + 1, `${prefix} lies elsewhere by line ${before.line}; which holds?`);
    }
    saidBefore.set(prefix, { line: at + 1, place: said.place });
    ranges.push(said);
  }
  if (ranges.length === 0) throw new TableError(table, lines.length, 'no ranges');
  return { ranges };
}

function toColumns(table: string, line: number, names: readonly string[]): Column[] {
  return names.map((name, at) => {
    const column = COLUMNS.find((one) => one === name);
    if (column === undefined || names.indexOf(name) !== at) {
      throw new TableError(
        table,
        line,
        `column "${cleanText(name, 40)}" is none, or twice; there is ${COLUMNS.join(', ')}`,
      );
    }
    return column;
  });
}

function toRange(
  table: string,
  line: number,
  fields: readonly string[],
  columns: readonly Column[],
  provider: string | undefined,
): PlacedRange {
  const field = (column: Column) => (fields[columns.indexOf(column)] ?? '').trim();
  const asn = field('asn') === '' ? undefined : Number(/^(?:AS)?(\d{1,10})$/i.exec(field('asn'))?.[1]);
  if (asn !== undefined && !(asn <= MAX_ASN)) throw new TableError(table, line, `asn "${field('asn')}" is no number`);
  const country = toCountry(field('country'));
  if (field('country') !== '' && !/^[a-z]{2}$/i.test(field('country'))) {
    throw new TableError(table, line, `country "${cleanText(field('country'), 20)}" is not two letters`);
  }
  const place = toPlace(asn, field('as_name'), country, field('provider') || provider);
  if (Object.keys(place).length === 0) {
    throw new TableError(table, line, 'says nothing of its range; name the provider whose ranges these are');
  }
  try {
    return { range: parseRange(field('prefix')), place };
  } catch (caught) {
    throw new TableError(table, line, toError(caught).message);
  }
}

function contradicts(a: Place, b: Place): boolean {
  const fields = ['asn', 'asName', 'country', 'provider'] as const;
  return fields.some((field) => a[field] !== undefined && b[field] !== undefined && a[field] !== b[field]);
}

function toPlace(asn: number | undefined, asName: string, country: string | undefined, provider?: string): Place {
  return {
    ...(asn !== undefined && { asn }),
    ...(asn !== undefined && asName !== '' && { asName: cleanText(asName, MAX_NAME_LENGTH) }),
    ...(country !== undefined && { country }),
    ...(provider !== undefined && { provider: cleanText(provider, MAX_NAME_LENGTH) }),
  };
}

/** RFC 4180 within one line: quotes around a field, doubled within it. */
export function splitCsv(line: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  const pattern = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g;
  for (const [, quoted, bare] of line.matchAll(pattern)) fields.push(quoted?.replaceAll('""', '"') ?? bare ?? '');
  return fields;
}

/** The file that says the same in our own columns: what is kept of a list that was added. */
export function formatRangeFile(
  ranges: readonly PlacedRange[],
  format: (range: PlacedRange['range']) => string,
): string {
  const quote = (text: string) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = ranges.map(({ range, place }) =>
    [format(range), place.asn ?? '', quote(place.asName ?? ''), place.country ?? '', quote(place.provider ?? '')].join(
      ',',
    ),
  );
  return `${COLUMNS.join(',')}\n${lines.join('\n')}\n`;
}
