import type { FieldName, Query } from '../language/index.ts';
import type { PublishedSeries } from '../open-history.ts';
import { type Cells, prepareSplit, toOneCell } from '../spans/row-codes.ts';
import { prepareQuestion, restrictToCensus } from '../spans/row-test.ts';
import { recode, tallyCensus } from '../spans/tally.ts';
import { toTopCodes } from '../spans/top-codes.ts';
import {
  assertPublished,
  type KeyValue,
  toColumnsOf,
  toDimensions,
  toKey,
  toNotMeasured,
  toPresent,
  type Unit,
} from './asked.ts';
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
  const { columns, counted } = await toColumnsOf(spans, unit);
  const chosen = restrictToCensus(columns, meets(columns), of.censusNumber);
  const cells = split(columns, chosen);
  const counts = tallyCensus({ columns, counted, ...cells });
  const countTogether = (codes: Int32Array) => tallyCensus({ columns, counted, codes, size: 1 })[0] ?? 0;
  const { top, count: occurred } = toTopCodes(occurring(counts), limit, (a, b) => {
    return (counts[b] as number) - (counts[a] as number) || compareValues(cells, a, b);
  });
  // Without a split there is one cell, also where nothing meets the question.
  const shown = by.length === 0 ? [0] : top;
  const others = new Int32Array(cells.size);
  for (const code of shown) others[code] = -1;
  return {
    of,
    unit,
    by,
    cells: shown.map((code) => ({ key: toKey(by, cells.values(code)), count: counts[code] ?? 0 })),
    other: {
      cells: Math.max(0, occurred - shown.length),
      count: occurred > shown.length ? countTogether(recode(cells.codes, others)) : 0,
    },
    total: by.length === 0 ? (counts[0] ?? 0) : countTogether(toOneCell(columns, chosen)),
    notMeasured: toNotMeasured(query, by),
  };
}

function* occurring(counts: Float64Array): Generator<number> {
  for (let code = 0; code < counts.length; code += 1) if ((counts[code] as number) > 0) yield code;
}

/** By the texts of the values, in the order of the fields; what is not known comes last. */
function compareValues(cells: Cells, a: number, b: number): number {
  const others = cells.values(b);
  for (const [at, value] of cells.values(a).entries()) {
    const other = others[at] ?? null;
    if (value === other) continue;
    if (value === null || other === null) return value === null ? 1 : -1;
    return value < other ? -1 : 1;
  }
  return 0;
}
