/** Numbers from 0 in the smaller of two widths that holds the largest of them. */
export type Numbers = Uint16Array | Int32Array;

/** @param largest of what is to be written into it */
export function createNumbers(length: number, largest: number): Numbers {
  return largest < 65_536 ? new Uint16Array(length) : new Int32Array(length);
}

/** Of rows in that order. */
export function gather<T extends Numbers | Int32Array>(column: T, rows: Uint32Array): T {
  const gathered = column instanceof Int32Array ? new Int32Array(rows.length) : new Uint16Array(rows.length);
  for (let at = 0; at < rows.length; at += 1) gathered[at] = column[rows[at] as number] as number;
  return gathered as T;
}

/** The same numbers with room for `length` of them, in twice the room where there was too little; what is new is 0. */
export function widen(numbers: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (numbers.length >= length) return numbers;
  const wider = new Int32Array(Math.max(length, numbers.length * 2));
  wider.set(numbers);
  return wider;
}
