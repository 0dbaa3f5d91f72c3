import { ASPECT_NAMES, type AspectName } from './aspects.ts';
import type { SpanColumns } from './load-spans.ts';

/** Numbers from 0 in the smallest of three widths that holds the largest of them. */
export type Numbers = Uint8Array | Uint16Array | Int32Array;

/** @param largest of what is to be written into it */
export function createNumbers(length: number, largest: number): Numbers {
  if (largest < 256) return new Uint8Array(length);
  return largest < 65_536 ? new Uint16Array(length) : new Int32Array(length);
}

function gather<T extends Numbers>(column: T, rows: Uint32Array): T {
  const gathered = createLike(column, rows.length);
  for (let at = 0; at < rows.length; at += 1) gathered[at] = column[rows[at] as number] as number;
  return gathered as T;
}

function createLike(column: Numbers, length: number): Numbers {
  if (column instanceof Int32Array) return new Int32Array(length);
  return column instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
}

/**
 * Rows of columns in that order.
 * @param aspects that are taken over; the others are empty
 */
export function gatherColumns(
  columns: SpanColumns,
  rows: Uint32Array,
  aspects: readonly AspectName[],
  withHosts = true,
): SpanColumns {
  const gathered = ASPECT_NAMES.map((aspect) => [
    aspect,
    aspects.includes(aspect) ? gather(columns.aspects[aspect], rows) : new Uint8Array(),
  ]);
  return {
    length: rows.length,
    first: gather(columns.first, rows),
    last: gather(columns.last, rows),
    host: withHosts ? gather(columns.host, rows) : new Int32Array(),
    aspects: Object.fromEntries(gathered) as SpanColumns['aspects'],
  };
}

/** The same numbers with room for `length` of them, in twice the room where there was too little; what is new is 0. */
export function widen(numbers: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (numbers.length >= length) return numbers;
  const wider = new Int32Array(Math.max(length, numbers.length * 2));
  wider.set(numbers);
  return wider;
}
