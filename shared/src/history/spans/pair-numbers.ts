import { widen } from './numbers.ts';

/** Pairs whose numbers may be found by multiplication: 16 MB of numbers, of which a question touches what occurs. */
const MAX_PRODUCT = 4_194_304;
/** Chains of pairs in the table of all others. */
const CHAINS = 1 << 20;

/** Numbers pairs of codes from 0, as they occur. */
export interface PairNumbers {
  /** Puts the number of each of the first `count` pairs in the place of its left code. */
  number(left: Int32Array, right: Int32Array, count: number): void;
  size(): number;
  left(number: number): number;
  right(number: number): number;
}

export function createPairNumbers(leftSize: number, rightSize: number): PairNumbers {
  let lefts = new Int32Array(1024);
  let rights = new Int32Array(1024);
  let next = new Int32Array(1024);
  let size = 0;
  const isDense = leftSize * rightSize <= MAX_PRODUCT;
  // Numbers are kept plus one: 0 is none, and memory that is 0 is not touched until something is written there.
  const heads = new Int32Array(isDense ? leftSize * rightSize : CHAINS);

  function makeRoom(count: number): void {
    lefts = widen(lefts, size + count);
    rights = widen(rights, size + count);
    if (!isDense) next = widen(next, size + count);
  }

  function numberDense(left: Int32Array, right: Int32Array, count: number): void {
    for (let at = 0; at < count; at += 1) {
      const [one, other] = [left[at] as number, right[at] as number];
      const key = one * rightSize + other;
      let number = heads[key] as number;
      if (number === 0) {
        lefts[size] = one;
        rights[size] = other;
        size += 1;
        number = size;
        heads[key] = number;
      }
      left[at] = number - 1;
    }
  }

  function numberChained(left: Int32Array, right: Int32Array, count: number): void {
    for (let at = 0; at < count; at += 1) {
      const [one, other] = [left[at] as number, right[at] as number];
      const mixed = Math.imul(Math.imul(one, 0x9e3779b1) ^ other, 0x85ebca6b);
      const chain = (mixed ^ (mixed >>> 15)) & (CHAINS - 1);
      let number = heads[chain] as number;
      while (number !== 0 && (lefts[number - 1] !== one || rights[number - 1] !== other)) {
        number = next[number - 1] as number;
      }
      if (number === 0) {
        lefts[size] = one;
        rights[size] = other;
        next[size] = heads[chain] as number;
        size += 1;
        number = size;
        heads[chain] = number;
      }
      left[at] = number - 1;
    }
  }

  return {
    number(left, right, count) {
      makeRoom(count);
      if (isDense) numberDense(left, right, count);
      else numberChained(left, right, count);
    },
    size: () => size,
    left: (number) => lefts[number] ?? 0,
    right: (number) => rights[number] ?? 0,
  };
}
