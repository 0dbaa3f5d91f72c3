import { KubecensusError } from '../../errors/index.ts';
import type { Parameter } from '../duckdb.ts';
import type { FieldName, Query } from '../language/index.ts';
import type { PublishedSeries } from '../open-history.ts';
import { assertPublished, toNotMeasured, toPresentSql } from './asked.ts';
import { type Moment, type PublishedCensusHeader, readCensuses, toCensusOf } from './census-of.ts';
import { compileQuery } from './compile-query.ts';
import { createHistoryDialect } from './history-dialect.ts';

/** What became of an endpoint between two censuses. */
export const DIFF_STATES = [
  'unchanged', // in both, with the same evidence
  'changed', // in both, with other evidence
  'new', // first seen after the earlier census
  'reappeared', // was gone, excluded or out of scope in the earlier census, and had been seen before it
  'back', // was not reached in the earlier census, and had been seen before it
  'entered', // in both, and only the later one meets the query
  'left', // in both, and only the earlier one meets the query
  'gone', // proved
  'excluded', // an exclusion covers it now
  'out-of-scope', // the later census did not look there
  'not-reached', // not seen, and nothing proves that it is gone
] as const;
export type DiffState = (typeof DIFF_STATES)[number];

export interface DiffQuestion {
  query: Query;
  earlier: Moment;
  later: Moment;
  /** Endpoints that are listed, those that are unchanged never; 100 unless told. */
  limit?: number;
}

export interface DiffRow {
  state: DiffState;
  address: string;
  port: number;
  component: string;
  /** Distribution and version in the two censuses, null where it was not in it or nothing is known. */
  distributions: [string | null, string | null];
  versions: [string | null, string | null];
}

export interface Diff {
  earlier: PublishedCensusHeader;
  later: PublishedCensusHeader;
  /** Endpoints by state; a state without any is 0. */
  counts: Record<DiffState, number>;
  /** By address, port, component. */
  rows: DiffRow[];
  notMeasured: FieldName[];
}

/**
 * What became of the endpoints that meet the query in at least one of two censuses of a series.
 * @throws {KubecensusError} QUERY_CENSUS_UNKNOWN, QUERY_FIELD_NOT_TRENDABLE
 */
export async function diffHistory(series: PublishedSeries, question: DiffQuestion): Promise<Diff> {
  const { query, limit = 100 } = question;
  assertPublished(query);
  const censuses = await readCensuses(series);
  const earlier = toCensusOf(censuses, question.earlier);
  const later = toCensusOf(censuses, question.later);
  if (earlier.censusNumber >= later.censusNumber) {
    throw new KubecensusError(
      'QUERY_CENSUS_UNKNOWN',
      `a difference needs two censuses, the earlier one first; both dates name census ${later.censusNumber} or come the wrong way round`,
    );
  }
  const ask = async <Row>(toSelect: (from: string, to: string) => string, limited: boolean): Promise<Row[]> => {
    const parameters: Parameter[] = [];
    const put = (value: Parameter) => createHistoryDialect(undefined, parameters).parameter(value);
    const [from, to] = [put(earlier.censusNumber), put(later.censusNumber)];
    // A look-alike is there, and meets nothing: what turns into one has left.
    const members = (at: PublishedCensusHeader, census: string) =>
      `SELECT endpoint_id, evidence_id,
              ${toPresentSql(query)} AND ${compileQuery(query, createHistoryDialect(at.asOf.slice(0, 10), parameters))} AS meets
       FROM endpoints WHERE first_census <= ${census} AND last_census >= ${census}`;
    const sql = `, a AS (${members(earlier, from)}), b AS (${members(later, to)}), joined AS MATERIALIZED (
         SELECT endpoint_id,
                CASE WHEN a.meets IS NULL THEN 'came' WHEN b.meets IS NULL THEN 'went'
                     WHEN NOT a.meets THEN 'entered' WHEN NOT b.meets THEN 'left'
                     WHEN a.evidence_id = b.evidence_id THEN 'unchanged' ELSE 'changed' END AS state
         FROM a FULL OUTER JOIN b USING (endpoint_id)
         WHERE COALESCE(a.meets, false) OR COALESCE(b.meets, false)
       ), past AS (
         SELECT endpoint_id,
                min(first_census) AS first_census,
                arg_max(CASE WHEN fate_census <= ${from} THEN fate ELSE ended END, last_census)
                  FILTER (last_census < ${from}) AS ended_before,
                arg_max(CASE WHEN fate_census <= ${to} THEN fate ELSE ended END, last_census)
                  FILTER (last_census < ${to}) AS ended_between
         FROM endpoints SEMI JOIN (FROM joined WHERE state IN ('came', 'went')) USING (endpoint_id)
         GROUP BY endpoint_id
       ), told AS MATERIALIZED (
         SELECT endpoint_id,
                CASE state
                  WHEN 'came' THEN CASE WHEN past.first_census > ${from} THEN 'new'
                                        WHEN ended_before = 'not-reached' THEN 'back' ELSE 'reappeared' END
                  WHEN 'went' THEN ended_between
                  ELSE state END AS state
         FROM joined LEFT JOIN past USING (endpoint_id)
       ) ${toSelect(from, to)} ${limited ? `LIMIT ${put(limit)}` : ''}`;
    return await series.rows<Row>(sql, parameters);
  };
  const counted = await ask<{ state: DiffState; n: number }>(
    () => 'SELECT state, count(*)::DOUBLE AS n FROM told GROUP BY state',
    false,
  );
  const listed =
    limit === 0
      ? []
      : await ask<ListedRow>(
          (from, to) => `
            SELECT any_value(state) AS state, address_key, any_value(address) AS address, port, component,
                   any_value(distribution) FILTER (first_census <= ${from}) AS distribution_a,
                   any_value(distribution) FILTER (last_census >= ${to}) AS distribution_b,
                   any_value(version) FILTER (first_census <= ${from}) AS version_a,
                   any_value(version) FILTER (last_census >= ${to}) AS version_b
            FROM endpoints JOIN (FROM told WHERE state <> 'unchanged') USING (endpoint_id)
            WHERE (first_census <= ${from} AND last_census >= ${from}) OR (first_census <= ${to} AND last_census >= ${to})
            GROUP BY address_key, port, component
            ORDER BY address_key, port, component`,
          true,
        );
  const counts = Object.fromEntries(DIFF_STATES.map((state) => [state, 0])) as Record<DiffState, number>;
  for (const { state, n } of counted) counts[state] = n;
  return { earlier, later, counts, rows: listed.map(toRow), notMeasured: toNotMeasured(query, []) };
}

interface ListedRow {
  state: DiffState;
  address: string;
  port: number;
  component: string;
  distribution_a: string | null;
  distribution_b: string | null;
  version_a: string | null;
  version_b: string | null;
}

function toRow(row: ListedRow): DiffRow {
  return {
    state: row.state,
    address: row.address,
    port: row.port,
    component: row.component,
    distributions: [row.distribution_a, row.distribution_b],
    versions: [row.version_a, row.version_b],
  };
}
