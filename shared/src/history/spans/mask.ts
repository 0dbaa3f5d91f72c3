import type { Numbers } from './numbers.ts';

/** Which combinations, or addresses, meet a condition. */
export interface Mask {
  /** A byte for each; of very many a bit, in words of 32: addresses come in no order, and bits of a million fit into a cache. */
  readonly bytes: Uint8Array | undefined;
  readonly bits: Int32Array;
  /** Of all of them those that meet it, 0 to 1. */
  readonly share: number;
}

/** Bytes that a core keeps near. */
const MAX_BYTES = 65_536;

export const NOTHING: Mask = { bytes: new Uint8Array(), bits: new Int32Array(), share: 0 };

/** @param bytes 1 where it holds, else 0 */
export function pack(bytes: Uint8Array): Mask {
  let count = 0;
  for (let at = 0; at < bytes.length; at += 1) count += bytes[at] as number;
  const share = bytes.length === 0 ? 1 : count / bytes.length;
  if (bytes.length <= MAX_BYTES) return { bytes, bits: NOTHING.bits, share };
  const bits = new Int32Array(Math.ceil(bytes.length / 32));
  for (let at = 0; at < bytes.length; at += 1) (bits[at >>> 5] as number) |= (bytes[at] as number) << (at & 31);
  return { bytes: undefined, bits, share };
}

/** Every row is written to the next place, and one that is not kept is written over: no branch to be guessed wrong. */
export function keepMasked({ bytes, bits }: Mask, numbers: Numbers, rows: Int32Array, count: number): number {
  let kept = 0;
  if (bytes !== undefined) {
    for (let at = 0; at < count; at += 1) {
      const row = rows[at] as number;
      rows[kept] = row;
      kept += bytes[numbers[row] as number] as number;
    }
    return kept;
  }
  for (let at = 0; at < count; at += 1) {
    const row = rows[at] as number;
    const number = numbers[row] as number;
    rows[kept] = row;
    kept += ((bits[number >>> 5] as number) >>> (number & 31)) & 1;
  }
  return kept;
}

export function testMasked(
  { bytes, bits }: Mask,
  numbers: Numbers,
  rows: Int32Array,
  count: number,
  result: Uint8Array,
): void {
  if (bytes !== undefined) {
    for (let at = 0; at < count; at += 1) result[at] = bytes[numbers[rows[at] as number] as number] as number;
    return;
  }
  for (let at = 0; at < count; at += 1) {
    const number = numbers[rows[at] as number] as number;
    result[at] = ((bits[number >>> 5] as number) >>> (number & 31)) & 1;
  }
}
