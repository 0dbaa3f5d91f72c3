import type { FieldName, Query } from '../language/index.ts';
import type { PublishedSeries } from '../open-history.ts';
import { type Cells, prepareSplit, toOneCell } from '../spans/row-codes.ts';
import { prepareQuestion } from '../spans/row-test.ts';
import { recode, type Tallied, tallyTrend, type Weights, weighTrend } from '../spans/tally.ts';
import { toTopCodes } from '../spans/top-codes.ts';
import {
  assertPublished,
  assertTrendable,
  type KeyValue,
  toColumnsOf,
  toDimensions,
  toKey,
  toNotMeasured,
  toPresent,
  type Unit,
} from './asked.ts';
import { type PublishedCensusHeader, readCensuses } from './census-of.ts';
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
 * @throws {KubecensusError} QUERY_DIMENSION_UNKNOWN, QUERY_FIELD_NOT_TRENDABLE
 */
export async function trendHistory(series: PublishedSeries, question: TrendQuestion): Promise<Trend> {
  const { query, unit = 'endpoint', limit = 10 } = question;
  assertPublished(query);
  assertTrendable(query);
  const by = toDimensions(question.by ?? []);
  const censuses = (await readCensuses(series)).filter(
    ({ asOf }) =>
      (question.from === undefined || asOf >= question.from.toISOString()) &&
      (question.to === undefined || asOf <= question.to.toISOString()),
  );
  const spans = await series.spans();
  const [meets, split] = await Promise.all([prepareQuestion(spans, toPresent(query)), prepareSplit(spans, by)]);
  const { columns, counted } = await toColumnsOf(spans, unit);
  const chosen = meets(columns);
  const numbers = censuses.map(({ censusNumber }) => censusNumber);
  const whole = { columns, counted, codes: toOneCell(columns, chosen), size: 1 };
  const [total = zeros(numbers.length)] = readCounts(whole, [0], numbers);
  const told = { unit, by, censuses, total, notMeasured: toNotMeasured(query, by), references: REFERENCE_POINTS };
  if (by.length === 0) return { ...told, lines: [], other: { lines: 0, counts: zeros(numbers.length) } };

  const cells = split(columns, chosen);
  const { shown, lines, counts } = chooseLines({ columns, counted, ...cells }, cells, numbers, limit);
  const rest = lines - shown.length;
  return {
    ...told,
    lines: shown.map((code, at) => ({ key: toKey(by, cells.values(code)), counts: counts[at] ?? [] })),
    other: { lines: rest, counts: rest === 0 ? zeros(numbers.length) : toOther() },
  };

  /** Endpoints add up; a host with endpoints in two lines does not, and is counted once more without the lines shown. */
  function toOther(): number[] {
    if (counted === 'span') return total.map((all, at) => all - sum(counts.map((line) => line[at] ?? 0)));
    const others = new Int32Array(cells.size);
    for (const code of shown) others[code] = -1;
    const left = { columns, counted, codes: recode(cells.codes, others), size: 1 };
    return readCounts(left, [0], numbers)[0] ?? zeros(numbers.length);
  }
}

/** Counts of cells and censuses that are held at once: 8 MB of numbers. */
const MAX_COUNTS = 2_097_152;

interface Lines {
  /** Codes of the largest in the last census first, then of those with more in all of them, then by their key. */
  shown: number[];
  /** Of each that is shown. */
  counts: number[][];
  /** All that occur. */
  lines: number;
}

function chooseLines(tallied: Tallied, cells: Cells, censuses: readonly number[], limit: number): Lines {
  const isSmall = tallied.size * (tallied.columns.lastCensus + 2) <= MAX_COUNTS;
  const counted = isSmall ? tallyTrend(tallied) : undefined;
  const { last, sum } = counted === undefined ? weighTrend(tallied, censuses) : toWeights(tallied, counted, censuses);
  const toText = (code: number) => JSON.stringify(cells.values(code));
  const { top: shown, count: lines } = toTopCodes(occurring(sum), limit, (a, b) => {
    return (
      (last[b] as number) - (last[a] as number) ||
      (sum[b] as number) - (sum[a] as number) ||
      (toText(a) < toText(b) ? -1 : 1)
    );
  });
  if (counted !== undefined) return { shown, lines, counts: pickCounts(tallied, counted, shown, censuses) };
  const slots = new Int32Array(tallied.size).fill(-1);
  for (const [slot, code] of shown.entries()) slots[code] = slot;
  const alone = { ...tallied, codes: recode(tallied.codes, slots), size: shown.length };
  return { shown, lines, counts: readCounts(alone, [...shown.keys()], censuses) };
}

function toWeights(tallied: Tallied, counts: Int32Array, censuses: readonly number[]): Weights {
  const width = tallied.columns.lastCensus + 2;
  const weights = { last: new Float64Array(tallied.size), sum: new Float64Array(tallied.size) };
  for (let code = 0; code < tallied.size; code += 1) {
    for (const census of censuses) (weights.sum[code] as number) += counts[code * width + census] as number;
    weights.last[code] = counts[code * width + (censuses.at(-1) ?? 0)] as number;
  }
  return weights;
}

function* occurring(weights: Float64Array): Generator<number> {
  for (let code = 0; code < weights.length; code += 1) if ((weights[code] as number) > 0) yield code;
}

function readCounts(tallied: Tallied, codes: readonly number[], censuses: readonly number[]): number[][] {
  return pickCounts(tallied, tallyTrend(tallied), codes, censuses);
}

function pickCounts(
  { columns }: Tallied,
  counts: Int32Array,
  codes: readonly number[],
  censuses: readonly number[],
): number[][] {
  const width = columns.lastCensus + 2;
  return codes.map((code) => censuses.map((census) => counts[code * width + census] ?? 0));
}

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
