import type { Columns, Dialect, FieldName } from '@kubecensus/shared/history';
import { CLUSTER_SINCE } from './members.ts';

const VERSION = `'^v([0-9]{1,3})[.]([0-9]{1,3})[.]([0-9]{1,4})($|[^0-9.])'`;
const MINOR = `'^([0-9]{1,3})[.]([0-9]{1,3})$'`;

const part = (text: string, pattern: string, group: number) => `(regexp_match(${text}, ${pattern}))[${group}]::bigint`;
const RELEASE_NUMBER = `((${part('verdict.version', VERSION, 1)} * 1000 + ${part('verdict.version', VERSION, 2)}) * 10000
                         + ${part('verdict.version', VERSION, 3)})`;
const MINOR_NUMBER = `(${part('verdict.minor', MINOR, 1)} * 1000 + ${part('verdict.minor', MINOR, 2)})`;
const FROM_DAY = `(leaf.not_before AT TIME ZONE 'UTC')::date`;
const UNTIL_DAY = `(leaf.not_after AT TIME ZONE 'UTC')::date`;

/** How the record spells the fields, over `member`, `endpoint`, `evidence`, `verdict`, `leaf`, `calendar`, `folded` and `place` (search-endpoints.ts). */
const COLUMNS: Readonly<Record<FieldName, Columns>> = {
  ip: {
    kind: 'network',
    sql: 'member.address',
    cast: '::inet',
    first: (value) => value.first,
    last: (value) => value.last,
  },
  port: { kind: 'number', sql: 'member.port' },
  component: { kind: 'text', sql: 'member.component' },
  distribution: { kind: 'text', sql: 'verdict.distribution' },
  confidence: { kind: 'text', sql: 'verdict.confidence' },
  version: { kind: 'version', text: 'verdict.version', release: RELEASE_NUMBER, minor: MINOR_NUMBER },
  minor: { kind: 'version', text: 'verdict.minor', release: RELEASE_NUMBER, minor: MINOR_NUMBER },
  exposure: { kind: 'text', sql: 'verdict.exposure' },
  silence: { kind: 'text', sql: 'verdict.silence' },
  answering: { kind: 'boolean', sql: 'verdict.answering' },
  outcome: { kind: 'text', sql: 'evidence.outcome' },
  reason: { kind: 'text', sql: 'verdict.reason' },
  'san.exact': { kind: 'boolean', sql: 'verdict.exact_san' },
  support: { kind: 'text', sql: 'calendar.support' },
  eol: { kind: 'boolean', sql: `(calendar.support = 'end-of-life')` },
  'support.left': { kind: 'duration', sql: '(calendar.ends_on - AS_OF)' },
  'certificate.from': { kind: 'date', sql: FROM_DAY },
  'certificate.until': { kind: 'date', sql: UNTIL_DAY },
  'certificate.age': { kind: 'duration', sql: `(AS_OF - ${FROM_DAY})` },
  'certificate.left': { kind: 'duration', sql: `(${UNTIL_DAY} - AS_OF)` },
  first_seen: { kind: 'date', sql: `(endpoint.first_seen_at AT TIME ZONE 'UTC')::date` },
  seen: { kind: 'date', sql: 'SEEN_ON' },
  asn: { kind: 'number', sql: 'place.asn' },
  as_name: { kind: 'text', sql: 'place.as_name' },
  country: { kind: 'text', sql: 'place.country' },
  provider: { kind: 'text', sql: 'place.provider' },
  cluster: { kind: 'text', sql: 'folded.cluster_id' },
  'cluster.age': { kind: 'duration', sql: `(AS_OF - ${CLUSTER_SINCE})` },
  mirrored: { kind: 'boolean', sql: 'COALESCE(folded.mirrored, false)' },
  template: { kind: 'text', sql: `(CASE WHEN folded.reason = 'template' THEN folded.mark END)` },
  san: {
    kind: 'texts',
    exists: (condition) => `EXISTS (SELECT FROM unnest(leaf.dns_names) AS item WHERE ${condition})`,
    known: 'cardinality(leaf.dns_names) > 0',
  },
  subject: { kind: 'text', sql: 'leaf.subject' },
  issuer: { kind: 'text', sql: 'leaf.issuer' },
};

export interface RecordDialect extends Dialect {
  readonly values: unknown[];
}

/**
 * @param asOf day that the answer is for, YYYY-MM-DD
 * @param isLive each endpoint was last seen on a day of its own, and not in one census
 */
export function createRecordDialect(values: unknown[], asOf: string, isLive: boolean): RecordDialect {
  // Each placeholder says its type: the server would else guess from what stands beside it.
  const parameter = (value: unknown) => {
    values.push(value);
    return `$${values.length}${toCast(value)}`;
  };
  return {
    values,
    parameter,
    columns(field) {
      const columns = COLUMNS[field];
      if (!('sql' in columns)) return columns;
      const seenOn = isLive ? `(endpoint.last_seen_at AT TIME ZONE 'UTC')::date` : 'AS_OF';
      const sql = columns.sql.replaceAll('SEEN_ON', seenOn);
      return { ...columns, sql: sql.includes('AS_OF') ? sql.replaceAll('AS_OF', `${parameter(asOf)}::date`) : sql };
    },
  };
}

function toCast(value: unknown): string {
  switch (typeof value) {
    case 'number':
      return '::bigint';
    case 'boolean':
      return '::boolean';
    default:
      return '::text';
  }
}

const OF_CALENDAR: readonly FieldName[] = ['support', 'eol', 'support.left'];

const OF_PLACE: readonly FieldName[] = ['asn', 'as_name', 'country', 'provider'];

/** Whether a condition over these fields reads where the address lies. */
export function needsPlace(fields: readonly FieldName[]): boolean {
  return fields.some((field) => OF_PLACE.includes(field));
}

/** Whether a condition over these fields reads the support calendar. */
export function needsCalendar(fields: readonly FieldName[]): boolean {
  return fields.some((field) => OF_CALENDAR.includes(field));
}
