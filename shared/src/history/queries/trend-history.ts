import type { FieldName, Query } from '../language/index.ts';
import type { PublishedSeries } from '../open-history.ts';
import {
  assertMeasured,
  assertPublished,
  assertTrendable,
  type KeyValue,
  toDimensions,
  toKeyValue,
  toNotMeasured,
  toPresentSql,
  type Unit,
} from './asked.ts';
import { type PublishedCensusHeader, readCensuses } from './census-of.ts';
import { compileQuery } from './compile-query.ts';
import { createHistoryDialect, toDimensionSql } from './history-dialect.ts';
import { REFERENCE_POINTS, type ReferencePoint } from './reference-points.ts';

export interface TrendQuestion {
  query: Query;
  by?: readonly string[];
  unit?: Unit;
  /** Lines that are told apart, the largest in the last census first; 10 unless told. */
  limit?: number;
  /** Censuses of this stretch; all unless told. */
  from?: Date;
  to?: Date;
}

export interface TrendLine {
  key: Record<string, KeyValue>;
  /** One for each census of the answer. */
  counts: number[];
}

export interface Trend {
  unit: Unit;
  by: FieldName[];
  /** With coverage, method and what was not reached: a change of one of these is no change of the world. */
  censuses: PublishedCensusHeader[];
  lines: TrendLine[];
  /** What the lines leave out, and how many lines that would be. */
  other: { lines: number; counts: number[] };
  total: number[];
  notMeasured: FieldName[];
  references: readonly ReferencePoint[];
}

/**
 * How a count developed, census by census: each interval is one more where it begins and one less behind its end, so the
 * work does not grow with the number of censuses.
 * @throws {KubecensusError} QUERY_DIMENSION_UNKNOWN, QUERY_UNIT_NOT_MEASURED, QUERY_FIELD_NOT_TRENDABLE
 */
export async function trendHistory(series: PublishedSeries, question: TrendQuestion): Promise<Trend> {
  const { query, unit = 'endpoint', limit = 10 } = question;
  assertMeasured(unit);
  assertPublished(query);
  assertTrendable(query);
  const by = toDimensions(question.by ?? []);
  const censuses = (await readCensuses(series)).filter(
    ({ asOf }) =>
      (question.from === undefined || asOf >= question.from.toISOString()) &&
      (question.to === undefined || asOf <= question.to.toISOString()),
  );
  const ask = (split: readonly FieldName[], leftOut: readonly string[] = []) =>
    readLines(series, { query, unit, by: split, censuses, leftOut, leftOutBy: by });
  const found = await ask(by);
  const lines = [...found.entries()]
    .map(([text, counts]) => ({ text, counts }))
    .sort(
      (a, b) =>
        (b.counts.at(-1) ?? 0) - (a.counts.at(-1) ?? 0) || sum(b.counts) - sum(a.counts) || (a.text < b.text ? -1 : 1),
    );
  const shown = by.length === 0 ? [] : lines.slice(0, limit);
  const rest = lines.slice(shown.length);
  // Endpoints add up; a host with endpoints in two lines does not, and is counted once more without the split.
  const additive = unit === 'endpoint' || by.length === 0;
  const total = additive ? addUp(lines, censuses.length) : only(await ask([]), censuses.length);
  const other =
    additive || rest.length === 0
      ? addUp(rest, censuses.length)
      : only(
          await ask(
            [],
            shown.map(({ text }) => text),
          ),
          censuses.length,
        );
  return {
    unit,
    by,
    censuses,
    lines: shown.map(({ text, counts }) => {
      const values = JSON.parse(text) as (string | null)[];
      return { key: Object.fromEntries(by.map((field, at) => [field, toKeyValue(field, values[at] ?? null)])), counts };
    }),
    other: by.length === 0 ? { lines: 0, counts: zeros(censuses.length) } : { lines: rest.length, counts: other },
    total,
    notMeasured: toNotMeasured(query, by),
    references: REFERENCE_POINTS,
  };
}

interface LinesQuestion {
  query: Query;
  unit: 'endpoint' | 'host';
  by: readonly FieldName[];
  censuses: readonly PublishedCensusHeader[];
  /** Keys, as JSON, of `leftOutBy` that are not counted. */
  leftOut: readonly string[];
  leftOutBy: readonly FieldName[];
}

/** Key as JSON -> counts. */
async function readLines(series: PublishedSeries, asked: LinesQuestion): Promise<Map<string, number[]>> {
  const dialect = createHistoryDialect();
  const where = compileQuery(asked.query, dialect);
  const toKey = (by: readonly FieldName[]) =>
    by.length === 0
      ? `'[]'`
      : `to_json([${by.map((field) => `${toDimensionSql(field)}::VARCHAR`).join(', ')}])::VARCHAR`;
  const leftOut =
    asked.leftOut.length === 0
      ? 'true'
      : `${toKey(asked.leftOutBy)} NOT IN (SELECT unnest(from_json(${dialect.parameter(JSON.stringify(asked.leftOut))}, '["VARCHAR"]')))`;
  // The key is made of each combination once, not of each row: the columns group first.
  const keys = asked.by.map((_, at) => `d${at}`);
  const list = keys.map((key) => `${key}, `).join('');
  const split = asked.by.map((field, at) => `${toDimensionSql(field)}::VARCHAR AS d${at}, `).join('');
  const condition = `${toPresentSql(asked.query)} AND ${where} AND ${leftOut}`;
  const stretches =
    asked.unit === 'endpoint'
      ? `SELECT ${split} first_census, last_census, count(*) AS n FROM endpoints WHERE ${condition} GROUP BY ALL`
      : `SELECT ${split} first_census, last_census, count(*) AS n FROM endpoints WHERE alone AND ${condition} GROUP BY ALL
         UNION ALL
         SELECT ${list} first_census, last_census, count(*)
         FROM (SELECT DISTINCT ${split} host_id, first_census, last_census FROM shared_hosts WHERE ${condition})
         GROUP BY ALL`;
  const rows = await series.rows<{ key: string; census: number; change: number }>(
    `, stretches AS (${stretches}), changes AS (
       SELECT ${list} first_census AS census, sum(n) AS change FROM stretches GROUP BY ALL
       UNION ALL
       SELECT ${list} last_census + 1, -sum(n) FROM stretches GROUP BY ALL
     )
     SELECT ${keys.length === 0 ? `'[]'` : `to_json([${keys.join(', ')}])::VARCHAR`} AS key, census, sum(change)::DOUBLE AS change
     FROM changes GROUP BY ALL ORDER BY census`,
    dialect.parameters,
  );
  return accumulate(rows, asked.censuses);
}

function accumulate(
  rows: readonly { key: string; census: number; change: number }[],
  censuses: readonly PublishedCensusHeader[],
): Map<string, number[]> {
  const changes = new Map<string, Map<number, number>>();
  for (const { key, census, change } of rows) {
    const known = changes.get(key) ?? new Map<number, number>();
    known.set(census, (known.get(census) ?? 0) + change);
    changes.set(key, known);
  }
  const lines = new Map<string, number[]>();
  for (const [key, byCensus] of changes) {
    const steps = [...byCensus].sort(([a], [b]) => a - b);
    let at = 0;
    let count = 0;
    const counts = censuses.map(({ censusNumber }) => {
      for (; at < steps.length && (steps[at]?.[0] ?? 0) <= censusNumber; at += 1) count += steps[at]?.[1] ?? 0;
      return count;
    });
    if (counts.some((one) => one > 0)) lines.set(key, counts);
  }
  return lines;
}

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}

function addUp(lines: readonly { counts: readonly number[] }[], length: number): number[] {
  return zeros(length).map((_, at) => sum(lines.map(({ counts }) => counts[at] ?? 0)));
}

function only(lines: ReadonlyMap<string, number[]>, length: number): number[] {
  return [...lines.values()][0] ?? zeros(length);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
