import type { FieldName } from '../language/index.ts';
import { toDimensionSql } from '../queries/history-dialect.ts';
import type { AspectName } from './aspects.ts';
import type { Spans } from './load-spans.ts';

/** The combinations of one aspect by some of its fields. */
export interface AspectSplit {
  aspect: AspectName;
  fields: readonly FieldName[];
  /** Combination of the aspect -> code of what the fields say, from 0. */
  codes: Int32Array;
  /** Codes that there are. */
  size: number;
  /** Of each field: code -> place of its value among the values, as text; that of what is not known is the last. */
  ranks: readonly Int32Array[];
  /** The fields' values as text, of each of these codes. */
  values(codes: readonly number[]): Promise<(string | null)[][]>;
}

/** Splits are kept with their publication: there are few dimensions. */
const known = new WeakMap<Spans, Map<string, Promise<AspectSplit>>>();

export function readAspectSplit(spans: Spans, aspect: AspectName, fields: readonly FieldName[]): Promise<AspectSplit> {
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
  const texts = fields.map((field) => `(${toDimensionSql(field)})::VARCHAR`);
  // Clusters are numbered in the order of their names, and ranking a million of them anew takes a second.
  const isNumbered = fields.length === 1 && fields[0] === 'cluster';
  const toRank = (sql: readonly string[]) =>
    isNumbered
      ? 'number'
      : `(dense_rank() OVER (ORDER BY ${sql.map((one) => `${one} NULLS LAST`).join(', ')}) - 1)::INTEGER`;
  const columns = fields.length === 1 ? [toRank(texts)] : [toRank(texts), ...texts.map((text) => toRank([text]))];
  const [codes = new Int32Array(), ...ranksOfNumbers] = await spans.numbers(aspect, columns.join(', '), columns.length);
  let size = 0;
  for (const code of codes) if (code >= size) size = code + 1;
  /** Code -> one of the combinations that have it. */
  const example = new Int32Array(size);
  for (let number = 0; number < codes.length; number += 1) example[codes[number] as number] = number;
  const ranks = ranksOfNumbers.map((ranks) => example.map((number) => ranks[number] as number));
  return {
    aspect,
    fields,
    codes,
    size,
    // One field's codes are its ranks.
    ranks: fields.length === 1 ? [example.map((_, code) => code)] : ranks,
    values: createValues(spans, aspect, texts, example),
  };
}

/** Values that are kept once they were read: all of a split with this many codes or fewer. */
const MAX_KEPT = 65_536;

/** Texts are read of what is shown alone: a split by cluster has a million of them. */
function createValues(
  spans: Spans,
  aspect: AspectName,
  texts: readonly string[],
  example: Int32Array,
): AspectSplit['values'] {
  const kept = new Map<number, (string | null)[]>();
  const expressions = ['number', ...texts.map((text, at) => `${text} AS v${at}`)].join(', ');
  return async (codes) => {
    const numbers = codes.map((code) => example[code] ?? 0);
    const read = new Map<number, (string | null)[]>();
    const missing = [...new Set(numbers)].filter((number) => !kept.has(number));
    if (missing.length > 0) {
      const condition = `number IN (${missing.join(', ')})`;
      type Row = Record<string, string | null> & { number: number };
      for (const row of await spans.read<Row>(aspect, expressions, condition)) {
        const values = texts.map((_, at) => row[`v${at}`] ?? null);
        read.set(row.number, values);
        if (example.length <= MAX_KEPT) kept.set(row.number, values);
      }
    }
    return numbers.map((number) => kept.get(number) ?? read.get(number) ?? []);
  };
}
