import type { FieldName, Query } from '../language/index.ts';
import type { PublishedSeries } from '../open-history.ts';
import { prepareQuestion } from '../spans/row-test.ts';
import { prepareSplit } from '../spans/split.ts';
import { tallyTrend } from '../spans/tally-trend.ts';
import {
  assertPublished,
  assertTrendable,
  type KeyValue,
  toDimensions,
  toKey,
  toNotMeasured,
  toPresent,
  type Unit,
} from './asked.ts';
import { type Moment, type PublishedCensusHeader, readCensuses, toStretch } from './census-of.ts';
import { REFERENCE_POINTS, type ReferencePoint } from './reference-points.ts';

export interface TrendQuestion {
  query: Query;
  by?: readonly string[];
  unit?: Unit;
  /** Lines that are told apart, the largest in the last census first; 10 unless told. */
  limit?: number;
  /** The first and the last census of a stretch, or the days between which it lies; all censuses unless told. */
  from?: Moment;
  to?: Moment;
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
 * @throws {KubecensusError} QUERY_DIMENSION_UNKNOWN, QUERY_FIELD_NOT_TRENDABLE
 */
export async function trendHistory(series: PublishedSeries, question: TrendQuestion): Promise<Trend> {
  const { query, unit = 'endpoint', limit = 10 } = question;
  assertPublished(query);
  assertTrendable(query);
  const by = toDimensions(question.by ?? []);
  const censuses = toStretch(await readCensuses(series), question);
  const spans = await series.spans();
  const [meets, split] = await Promise.all([prepareQuestion(spans, toPresent(query)), prepareSplit(spans, by)]);
  const { shown, counts, lines, total, other } = tallyTrend({
    segments: spans.segments(unit, new Set([...meets.reads, ...split.reads])),
    meets,
    split,
    censuses: censuses.map(({ censusNumber }) => censusNumber),
    lastCensus: spans.lastCensus,
    limit,
  });
  const values = await split.values(shown);
  const told = by.length === 0 ? [] : shown;
  return {
    unit,
    by,
    censuses,
    lines: told.map((_, at) => ({ key: toKey(by, values[at] ?? []), counts: counts[at] ?? [] })),
    other: { lines: lines - shown.length, counts: other },
    total,
    notMeasured: toNotMeasured(query, by),
    references: REFERENCE_POINTS,
  };
}
