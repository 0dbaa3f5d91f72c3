import type { FoundEndpoint, SearchPage } from '@kubecensus/api';
import { FIELD_NAMES, toField } from '@kubecensus/shared/history';
import { toHeadline, toQualityLine } from './count-text.ts';
import { toSafeText } from './safe-text.ts';
import { type Column, toTable } from './table.ts';

const COLUMNS: readonly Column<FoundEndpoint>[] = [
  { title: 'address', value: ({ address }) => address },
  { title: 'port', value: ({ port }) => port, align: 'right' },
  { title: 'component', value: ({ component }) => component },
  { title: 'distribution', value: ({ distribution }) => distribution ?? '-' },
  { title: 'version', value: (one) => toSafeText(one.version ?? toBracket(one)) },
  { title: 'support', value: ({ support }) => support ?? '-' },
  {
    title: 'where',
    value: (one) =>
      toSafeText(
        [one.country, one.asn === null ? null : `AS${one.asn}`].filter((part) => part !== null).join(' ') || '-',
      ),
  },
  { title: 'exposure', value: ({ exposure }) => exposure ?? '-' },
  { title: 'silence', value: ({ silence }) => silence ?? '-' },
];

/** A page as a table; the first one under a line that says of what. */
export function toSearchText({ of, rows, notMeasured }: SearchPage, isFirst: boolean): string {
  const unmeasured =
    notMeasured.length === 0 ? '' : `Not measured yet, so nothing meets it: ${notMeasured.join(', ')}\n`;
  const head = isFirst ? `${toHeadline(of)}\n${toQualityLine(of)}${unmeasured}` : '';
  return rows.length === 0
    ? `${head}${isFirst ? 'nothing meets the query\n' : ''}`
    : `${head}${toTable(rows, COLUMNS)}\n`;
}

function toBracket({ minorLow, minorHigh }: FoundEndpoint): string {
  return minorLow === null && minorHigh === null ? '-' : `${minorLow ?? ''}..${minorHigh ?? ''}`;
}

/** The catalogue of fields, as a table. */
export function toFieldsText(): string {
  const text = toTable(FIELD_NAMES, [
    { title: 'field', value: (name) => name },
    { title: 'kind', value: (name) => toField(name).type },
    { title: 'in trends', value: (name) => (toField(name).trendable ? 'yes' : 'no') },
    { title: 'example', value: (name) => toField(name).example },
    {
      title: 'meaning',
      value: (name) => `${toField(name).meaning}${toField(name).measured ? '' : ' (not measured yet)'}`,
    },
  ]);
  return `${text}\n`;
}
