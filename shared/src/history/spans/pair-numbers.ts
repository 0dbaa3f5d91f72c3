import { widen } from './numbers.ts';

/** Pairs whose numbers may be found by multiplication: 4 MB of numbers, as many as the chains of all others. */
const MAX_PRODUCT = 1 << 20;
/** Codes of one side from which on each is expected in a pair or two. */
const LARGE = 262_144;
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
  const isLarge = rightSize >= LARGE && leftSize * rightSize > MAX_PRODUCT;
  return isLarge ? createBySide(rightSize) : createByOccurrence(leftSize, rightSize);
}

/**
 * Where the right side has very many codes, as clusters are, nearly each of them is in one pair: the first pair of a code
 * has its number, and those that it is in besides have numbers behind.
 */
function createBySide(rightSize: number): PairNumbers {
  // The left code of each first pair, plus one: 0 is none.
  const firsts = new Int32Array(rightSize);
  const others = createByOccurrence(2 ** 31, rightSize);
  const spare = [new Int32Array(1), new Int32Array(1)] as const;
  return {
    number(left, right, count) {
      for (let at = 0; at < count; at += 1) {
        const [one, other] = [left[at] as number, right[at] as number];
        const first = firsts[other] as number;
        if (first === 0) firsts[other] = one + 1;
        if (first === 0 || first === one + 1) {
          left[at] = other;
          continue;
        }
        spare[0][0] = one;
        spare[1][0] = other;
        others.number(spare[0], spare[1], 1);
        left[at] = rightSize + (spare[0][0] as number);
      }
    },
    size: () => rightSize + others.size(),
    left: (number) => (number < rightSize ? (firsts[number] as number) - 1 : others.left(number - rightSize)),
    right: (number) => (number < rightSize ? number : others.right(number - rightSize)),
  };
}

function createByOccurrence(leftSize: number, rightSize: number): PairNumbers {
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
