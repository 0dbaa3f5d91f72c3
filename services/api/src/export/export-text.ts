import { toZgrabLine } from '@kubecensus/shared/zgrab';
import type { ExportedEndpoint } from '../queries/export-endpoints.ts';
import { toCsvRow } from './csv-row.ts';
import { FLAT_NAMES, toFlatValues } from './flat-columns.ts';
import { SHADOWSERVER_COLUMNS, toShadowserverValues } from './shadowserver-columns.ts';

export interface TextFormat {
  mediaType: string;
  head: string;
  toText(endpoint: ExportedEndpoint): string;
}

/** The formats that are written line by line. */
export const TEXT_FORMATS = {
  /** What was seen, as the importer reads it back, and the verdict on it: the same of every record that has seen it. */
  ndjson: { mediaType: 'application/x-ndjson', head: '', toText: toOwnLine },
  csv: {
    mediaType: 'text/csv; charset=utf-8',
    head: toCsvRow(FLAT_NAMES),
    toText: ({ found }) => toCsvRow(toFlatValues(found)),
  },
  zgrab2: {
    mediaType: 'application/x-ndjson',
    head: '',
    toText: ({ observation }) => `${toZgrabLine(observation)}\n`,
  },
  shadowserver: {
    mediaType: 'text/csv; charset=utf-8',
    head: toCsvRow(SHADOWSERVER_COLUMNS),
    toText: (endpoint) => toCsvRow(toShadowserverValues(endpoint)),
  },
} as const satisfies Readonly<Record<string, TextFormat>>;

/** Without what depends on a day, on tables of places, or on the other looks of this record. */
function toOwnLine({ found, observation }: ExportedEndpoint): string {
  const { evidenceId, support, firstSeenAt, lastSeenAt, asn, asName, country, provider, ...verdict } = found;
  return `${JSON.stringify({ ...verdict, observation })}\n`;
}

export type TextFormatName = keyof typeof TEXT_FORMATS;
