import type { FieldName, Query } from '../language/index.ts';
import type { PublishedSeries } from '../open-history.ts';
import { prepareQuestion } from '../spans/row-test.ts';
import { prepareSplit } from '../spans/split.ts';
import { tallyCensus } from '../spans/tally-census.ts';
import { toTopCodes } from '../spans/top-codes.ts';
import { assertPublished, type KeyValue, toDimensions, toKey, toNotMeasured, toPresent, type Unit } from './asked.ts';
import { type Moment, type PublishedCensusHeader, readCensuses, toCensusOf } from './census-of.ts';

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
 * @throws {KubecensusError} QUERY_CENSUS_UNKNOWN, QUERY_DIMENSION_UNKNOWN, QUERY_FIELD_NOT_TRENDABLE
 */
export async function countHistory(series: PublishedSeries, question: CountQuestion): Promise<CrossTab> {
  const { query, unit = 'endpoint', limit = 100 } = question;
  assertPublished(query);
  const by = toDimensions(question.by ?? []);
  const of = toCensusOf(await readCensuses(series), question);
  const spans = await series.spans();
  const [meets, split] = await Promise.all([
    prepareQuestion(spans, toPresent(query), of.asOf.slice(0, 10)),
    prepareSplit(spans, by),
  ]);
  const tally = tallyCensus(
    spans.segments(unit, new Set([...meets.reads, ...split.reads])),
    meets,
    split,
    of.censusNumber,
  );
  const { counts } = tally;
  const { top, count: occurred } = toTopCodes(counts, limit, (a, b) => {
    return (counts[b] as number) - (counts[a] as number) || split.compare(a, b);
  });
  // Without a split there is one cell, also where nothing meets the question.
  const shown = by.length === 0 ? [0] : top;
  const values = await split.values(shown);
  return {
    of,
    unit,
    by,
    cells: shown.map((code, at) => ({ key: toKey(by, values[at] ?? []), count: counts[code] ?? 0 })),
    other: {
      cells: Math.max(0, occurred - shown.length),
      count: occurred > shown.length ? tally.countWithout(shown) : 0,
    },
    total: tally.total,
    notMeasured: toNotMeasured(query, by),
  };
}
