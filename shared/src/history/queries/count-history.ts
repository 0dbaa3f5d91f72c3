import type { FieldName, Query } from '../language/index.ts';
import type { PublishedSeries } from '../open-history.ts';
import {
  assertMeasured,
  assertPublished,
  type KeyValue,
  toDimensions,
  toKeyValue,
  toNotMeasured,
  toPresentSql,
  type Unit,
} from './asked.ts';
import { type Moment, type PublishedCensusHeader, readCensuses, toCensusOf } from './census-of.ts';
import { compileQuery } from './compile-query.ts';
import { createHistoryDialect, toDimensionSql } from './history-dialect.ts';

export interface CountQuestion extends Moment {
  query: Query;
  /** Up to three dimensions; a cross-tab of them. */
  by?: readonly string[];
  unit?: Unit;
  /** Cells that are told apart, the largest first; 100 unless told. */
  limit?: number;
}

export interface CountCell {
  key: Record<string, KeyValue>;
  count: number;
}

export interface CrossTab {
  of: PublishedCensusHeader;
  unit: Unit;
  by: FieldName[];
  cells: CountCell[];
  /** What the cells leave out: how many cells, and how much is in them. A host in two of them counts once. */
  other: { cells: number; count: number };
  total: number;
  notMeasured: FieldName[];
}

/**
 * Counts in one census of a published series. Hosts are distinct addresses: one with endpoints in two cells is in both,
 * and once in the total.
 * @throws {KubecensusError} QUERY_CENSUS_UNKNOWN, QUERY_DIMENSION_UNKNOWN, QUERY_UNIT_NOT_MEASURED, QUERY_FIELD_NOT_TRENDABLE
 */
export async function countHistory(series: PublishedSeries, question: CountQuestion): Promise<CrossTab> {
  const { query, unit = 'endpoint', limit = 100 } = question;
  assertMeasured(unit);
  assertPublished(query);
  const by = toDimensions(question.by ?? []);
  const of = toCensusOf(await readCensuses(series), question);
  const dialect = createHistoryDialect(of.asOf.slice(0, 10));
  const census = dialect.parameter(of.censusNumber);
  const where = compileQuery(query, dialect);
  const top = dialect.parameter(limit);
  const keys = by.map((_, at) => `d${at}`);
  const list = (prefix = '') => keys.map((key) => `${prefix}${key}, `).join('');
  const counted =
    unit === 'host' ? 'count(*) FILTER (alone) + count(DISTINCT address_key) FILTER (NOT alone)' : 'count(*)';
  const same =
    keys.length === 0 ? 'true' : keys.map((key) => `base.${key} IS NOT DISTINCT FROM top.${key}`).join(' AND ');
  type Row = { kind: 'cell' | 'cells' | 'other' | 'total'; n: number } & Record<string, string | null>;
  const rows = await series.rows<Row>(
    `, base AS (
       SELECT ${by.map((field, at) => `${toDimensionSql(field)} AS d${at}, `).join('')} address_key, alone
       FROM endpoints
       WHERE first_census <= ${census} AND last_census >= ${census} AND ${toPresentSql(query)} AND ${where}
     ), cells AS (
       SELECT ${list()} ${counted} AS n FROM base ${keys.length === 0 ? '' : 'GROUP BY ALL'}
     ), top AS (
       SELECT * FROM cells ORDER BY ${['n DESC', ...keys.map((key) => `${key}::VARCHAR NULLS LAST`)].join(', ')} LIMIT ${top}
     )
     SELECT 'cell' AS kind, ${keys.map((key) => `${key}::VARCHAR AS ${key}, `).join('')} n::DOUBLE AS n FROM top
     UNION ALL
     SELECT 'cells', ${keys.map(() => 'NULL, ').join('')} count(*)::DOUBLE FROM cells
     UNION ALL
     SELECT 'total', ${keys.map(() => 'NULL, ').join('')} (${counted})::DOUBLE FROM base
     UNION ALL
     SELECT 'other', ${keys.map(() => 'NULL, ').join('')} (${counted})::DOUBLE FROM base ANTI JOIN top ON ${same}`,
    dialect.parameters,
  );
  const figure = (kind: Row['kind']) => rows.find((row) => row.kind === kind)?.n ?? 0;
  const cells = rows
    .filter((row) => row.kind === 'cell')
    .map((row) => ({
      key: Object.fromEntries(by.map((field, at) => [field, toKeyValue(field, row[`d${at}`] ?? null)])),
      count: row.n,
    }));
  return {
    of,
    unit,
    by,
    cells,
    other: { cells: figure('cells') - cells.length, count: figure('other') },
    total: figure('total'),
    notMeasured: toNotMeasured(query, by),
  };
}
