import type { Parameter } from '../duckdb.ts';
import { type FieldName, toField } from '../language/index.ts';
import { type AspectName, toAspectOfSql } from '../spans/aspects.ts';
import type { Columns, Dialect } from './compile-query.ts';

/** How the published files spell the fields; those that move with time count from the day of the census asked. */
const COLUMNS = {
  ip: {
    kind: 'network',
    sql: 'address_key',
    cast: '',
    first: (value) => value.firstKey,
    last: (value) => value.lastKey,
  },
  port: { kind: 'number', sql: 'port' },
  component: { kind: 'text', sql: 'component' },
  distribution: { kind: 'text', sql: 'distribution' },
  confidence: { kind: 'text', sql: 'confidence' },
  version: { kind: 'version', text: 'version', release: 'version_number', minor: 'minor_number' },
  minor: { kind: 'version', text: 'minor', release: 'version_number', minor: 'minor_number' },
  exposure: { kind: 'text', sql: 'exposure' },
  silence: { kind: 'text', sql: 'silence' },
  answering: { kind: 'boolean', sql: 'answering' },
  outcome: { kind: 'text', sql: 'outcome' },
  reason: { kind: 'text', sql: 'reason' },
  'san.exact': { kind: 'boolean', sql: 'exact_san' },
  support: { kind: 'text', sql: 'support' },
  eol: { kind: 'boolean', sql: `(support = 'end-of-life')` },
  'support.left': { kind: 'duration', sql: `date_diff('day', AS_OF, support_ends_on)` },
  'certificate.from': { kind: 'date', sql: 'certificate_from' },
  'certificate.until': { kind: 'date', sql: 'certificate_until' },
  'certificate.age': { kind: 'duration', sql: `date_diff('day', certificate_from, AS_OF)` },
  'certificate.left': { kind: 'duration', sql: `date_diff('day', AS_OF, certificate_until)` },
  first_seen: { kind: 'date', sql: 'first_seen_on' },
  seen: { kind: 'date', sql: 'AS_OF' },
  asn: { kind: 'number', sql: 'asn' },
  as_name: { kind: 'text', sql: 'as_name' },
  country: { kind: 'text', sql: 'country' },
  provider: { kind: 'text', sql: 'provider' },
  cluster: { kind: 'text', sql: 'cluster' },
  'cluster.age': { kind: 'duration', sql: `date_diff('day', cluster_since, AS_OF)` },
  mirrored: { kind: 'boolean', sql: 'mirrored' },
  template: { kind: 'text', sql: 'template' },
} as const satisfies Partial<Record<FieldName, Columns>>;

const DIMENSIONS: Partial<Record<FieldName, string>> = { version: 'version', minor: 'minor' };

/**
 * @param asOf day of the census, YYYY-MM-DD; without it a field that moves with time is an error of the caller
 * @param parameters of the statement, where several conditions stand in one
 */
export function createHistoryDialect(
  asOf?: string,
  parameters: Parameter[] = [],
): Dialect & { parameters: Parameter[] } {
  const parameter = (value: Parameter) => {
    parameters.push(value);
    return `$${parameters.length}`;
  };
  return {
    parameters,
    parameter,
    columns(field) {
      const columns: Columns | undefined = field in COLUMNS ? COLUMNS[field as keyof typeof COLUMNS] : undefined;
      if (columns === undefined) throw new TypeError(`${field} is in no published file`);
      if (!('sql' in columns) || !columns.sql.includes('AS_OF')) return columns;
      if (asOf === undefined) throw new TypeError(`${field} moves with time, and no day was given`);
      return { ...columns, sql: columns.sql.replaceAll('AS_OF', `${parameter(asOf)}::date`) };
    },
  };
}

/** The expression that counts are split by. */
export function toDimensionSql(field: FieldName): string {
  if (!toField(field).dimension) throw new TypeError(`counts cannot be split by ${field}`);
  const columns = COLUMNS[field as keyof typeof COLUMNS];
  return DIMENSIONS[field] ?? ('sql' in columns ? columns.sql : field);
}

/** The group of columns that a field is read from. */
export function toAspectOfField(field: FieldName): AspectName {
  const columns: Columns | undefined = COLUMNS[field as keyof typeof COLUMNS];
  if (columns === undefined) throw new TypeError(`${field} is in no published file`);
  return toAspectOfSql('sql' in columns ? columns.sql : 'text' in columns ? columns.text : '');
}
