import type { FieldName } from '../language/index.ts';
import { toAspectOfField } from '../queries/history-dialect.ts';
import { type AspectSplit, readAspectSplit } from './aspect-split.ts';
import type { AspectName } from './aspects.ts';
import type { SpanColumns, Spans } from './load-spans.ts';
import { createPairNumbers, type PairNumbers } from './pair-numbers.ts';
import { BLOCK } from './row-test.ts';

/** Intervals split into cells, for one question: each cell has a code from 0. */
export interface Split {
  /** Aspects that it looks at. */
  readonly reads: readonly AspectName[];
  /** Writes the code of the cell of each of the first `count` rows. */
  code(columns: SpanColumns, rows: Int32Array, count: number, codes: Int32Array): void;
  /** Cells that there may be; of several aspects those that occurred up to now. */
  size(): number;
  /** Where it does not grow. */
  readonly fixedSize: number | undefined;
  /** Negative where the one cell comes before the other: by the texts of the fields in their order, not known last. */
  compare(one: number, other: number): number;
  /** Values of the fields in each of the cells, as text, in the order of the fields. */
  values(codes: readonly number[]): Promise<(string | null)[][]>;
}

export async function prepareSplit(spans: Spans, by: readonly FieldName[]): Promise<Split> {
  const fields = new Map<AspectName, FieldName[]>();
  for (const field of by) {
    const aspect = toAspectOfField(field);
    fields.set(aspect, [...(fields.get(aspect) ?? []), field]);
  }
  const read = await Promise.all([...fields].map(([aspect, of]) => readAspectSplit(spans, aspect, of)));
  // The fewest first: what two of them make together is then soonest small enough to be found by multiplication.
  const parts = read.sort((a, b) => a.size - b.size);
  const order = by.map((field) => {
    const part = parts.findIndex(({ fields: of }) => of.includes(field));
    return { part, at: parts[part]?.fields.indexOf(field) ?? 0 };
  });
  const codes = combine(parts);
  const rank = (code: number, { part, at }: { part: number; at: number }) =>
    parts[part]?.ranks[at]?.[codes.part(code, part)] ?? 0;
  return {
    reads: parts.map(({ aspect }) => aspect),
    code: codes.code,
    size: codes.size,
    fixedSize: parts.length > 1 ? undefined : codes.size(),
    compare(one, other) {
      for (const place of order) {
        const difference = rank(one, place) - rank(other, place);
        if (difference !== 0) return difference;
      }
      return 0;
    },
    async values(cells) {
      const values = await Promise.all(parts.map((part, at) => part.values(cells.map((code) => codes.part(code, at)))));
      return cells.map((_, cell) => order.map(({ part, at }) => values[part]?.[cell]?.[at] ?? null));
    },
  };
}

interface Codes extends Pick<Split, 'code' | 'size'> {
  /** The code that a cell's code stands for in one of the aspects. */
  part(code: number, part: number): number;
}

function combine(parts: readonly AspectSplit[]): Codes {
  const [head, ...others] = parts;
  if (head === undefined)
    return { code: (_columns, _rows, count, codes) => void codes.fill(0, 0, count), size: () => 1, part: () => 0 };
  const pairs: PairNumbers[] = [];
  let size = head.size;
  for (const { size: more } of others) {
    pairs.push(createPairNumbers(size, more));
    // No more pairs occur than are possible; with several aspects before it the left side is not known beforehand.
    size = Math.min(size * more, 2 ** 31);
  }
  const right = new Int32Array(others.length === 0 ? 0 : BLOCK);
  return {
    code(columns, rows, count, codes) {
      toCodes(head, columns, rows, count, codes);
      for (const [at, part] of others.entries()) {
        toCodes(part, columns, rows, count, right);
        pairs[at]?.number(codes, right, count);
      }
    },
    size: () => pairs.at(-1)?.size() ?? head.size,
    part(code, part) {
      let one = code;
      for (let at = pairs.length; at > part; at -= 1) one = pairs[at - 1]?.left(one) ?? 0;
      return part === 0 ? one : (pairs[part - 1]?.right(one) ?? 0);
    },
  };
}

function toCodes(
  { aspect, codes }: AspectSplit,
  columns: SpanColumns,
  rows: Int32Array,
  count: number,
  into: Int32Array,
): void {
  const numbers = columns.aspects[aspect];
  for (let at = 0; at < count; at += 1) into[at] = codes[numbers[rows[at] as number] as number] as number;
}
