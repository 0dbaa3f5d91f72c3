import type { FieldName } from '../language/index.ts';
import { toAspectOfField, toDimensionSql } from '../queries/history-dialect.ts';
import type { AspectName } from './aspects.ts';
import type { SpanColumns, Spans } from './load-spans.ts';
import { pairCodes } from './pair-codes.ts';
import type { RowTest } from './row-test.ts';

/** Intervals split into cells: each has the code of its cell, a number from 0. */
export interface Cells {
  /** Of every interval, in their order. */
  readonly codes: Int32Array;
  /** Cells that there may be; not each of them need occur. */
  readonly size: number;
  /** Values of the fields in a cell, as text, in the order of the fields. */
  values(code: number): (string | null)[];
}

/** A split made ready: it can be made of the intervals in any order of them. What is not chosen has the code -1. */
export type Split = (columns: SpanColumns, chosen: RowTest) => Cells;

/** Splits read once are kept with their publication: there are few dimensions. */
const known = new WeakMap<Spans, Map<string, Promise<AspectSplit>>>();

export async function prepareSplit(spans: Spans, by: readonly FieldName[]): Promise<Split> {
  const fields = new Map<AspectName, FieldName[]>();
  for (const field of by) {
    const aspect = toAspectOfField(field);
    fields.set(aspect, [...(fields.get(aspect) ?? []), field]);
  }
  const parts = await Promise.all([...fields].map(([aspect, of]) => readSplit(spans, aspect, of)));
  const order = by.map((field) => {
    const part = parts.findIndex(({ fields: of }) => of.includes(field));
    return { part, at: parts[part]?.fields.indexOf(field) ?? 0 };
  });
  return (columns, chosen) => {
    const [only, ...others] = parts;
    if (only === undefined) return { codes: toOneCell(columns, chosen), size: 1, values: () => [] };
    const cells = others.length === 0 ? toSingle(only, columns, chosen) : toCombined(only, others, columns, chosen);
    return {
      codes: cells.codes,
      size: cells.size,
      values(code) {
        const values = cells.parts(code).map((one, part) => parts[part]?.values[one] ?? []);
        return order.map(({ part, at }) => values[part]?.[at] ?? null);
      },
    };
  };
}

interface AspectSplit {
  aspect: AspectName;
  fields: readonly FieldName[];
  /** Combination of the aspect -> code. */
  codes: Int32Array;
  /** Code -> values of the fields. */
  values: (string | null)[][];
}

function readSplit(spans: Spans, aspect: AspectName, fields: readonly FieldName[]): Promise<AspectSplit> {
  const ofSpans = known.get(spans) ?? new Map<string, Promise<AspectSplit>>();
  known.set(spans, ofSpans);
  const name = fields.join(' ');
  const present = ofSpans.get(name);
  if (present !== undefined) return present;
  const reading = read(spans, aspect, fields);
  ofSpans.set(name, reading);
  // What failed is tried again by the next question.
  reading.catch(() => ofSpans.delete(name));
  return reading;
}

async function read(spans: Spans, aspect: AspectName, fields: readonly FieldName[]): Promise<AspectSplit> {
  const expressions = fields.map((field, at) => `(${toDimensionSql(field)})::VARCHAR AS v${at}`);
  const rows = await spans.read<Record<string, string | null>>(aspect, expressions.join(', '));
  const numbers = new Map<string, number>();
  const values: (string | null)[][] = [];
  const codes = Int32Array.from(rows, (row) => {
    const tuple = fields.map((_, at) => row[`v${at}`] ?? null);
    const text = JSON.stringify(tuple);
    const code = numbers.get(text) ?? values.length;
    if (code === values.length) {
      numbers.set(text, code);
      values.push(tuple);
    }
    return code;
  });
  return { aspect, fields, codes, values };
}

interface NumberedCells {
  codes: Int32Array;
  size: number;
  /** Code -> code of each part. */
  parts(code: number): number[];
}

function toSingle({ aspect, codes, values }: AspectSplit, columns: SpanColumns, chosen: RowTest): NumberedCells {
  const numbers = columns.aspects[aspect];
  const result = new Int32Array(columns.length);
  if (chosen === undefined) {
    for (let at = 0; at < result.length; at += 1) result[at] = codes[numbers[at] as number] as number;
  } else {
    for (let at = 0; at < result.length; at += 1) {
      result[at] = chosen[at] === 0 ? -1 : (codes[numbers[at] as number] as number);
    }
  }
  return { codes: result, size: values.length, parts: (code) => [code] };
}

/** Cells of several aspects are numbered in the order in which they occur, so there are no more than intervals. */
function toCombined(
  head: AspectSplit,
  others: readonly AspectSplit[],
  columns: SpanColumns,
  chosen: RowTest,
): NumberedCells {
  let cells = toSingle(head, columns, chosen);
  for (const part of others) {
    const before = cells;
    const { codes, left, right } = pairCodes(
      before.codes,
      toSingle(part, columns, chosen).codes,
      before.size,
      part.values.length,
    );
    cells = {
      codes,
      size: left.length,
      parts: (code) => [...before.parts(left[code] ?? 0), right[code] ?? 0],
    };
  }
  return cells;
}

/** All that is chosen in the cell 0. */
export function toOneCell({ length }: SpanColumns, chosen: RowTest): Int32Array {
  const codes = new Int32Array(length);
  if (chosen !== undefined) for (let at = 0; at < length; at += 1) codes[at] = (chosen[at] as number) - 1;
  return codes;
}
