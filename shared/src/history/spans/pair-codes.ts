/** Pairs whose numbers may be found by multiplication: 16 MB of numbers. */
const MAX_PRODUCT = 4_194_304;

export interface PairedCodes {
  codes: Int32Array;
  /** Code -> the two codes that it stands for. */
  left: number[];
  right: number[];
}

/** Numbers pairs of codes as they occur; where the left one is negative there is none. */
export function pairCodes(left: Int32Array, right: Int32Array, leftSize: number, rightSize: number): PairedCodes {
  const paired: PairedCodes = { codes: new Int32Array(left.length), left: [], right: [] };
  const number = leftSize * rightSize <= MAX_PRODUCT ? createDense(leftSize * rightSize) : createHashed();
  for (let at = 0; at < left.length; at += 1) {
    const one = left[at] as number;
    if (one < 0) {
      paired.codes[at] = -1;
      continue;
    }
    const other = right[at] as number;
    const code = number(one * rightSize + other, paired.left.length);
    if (code === paired.left.length) {
      paired.left.push(one);
      paired.right.push(other);
    }
    paired.codes[at] = code;
  }
  return paired;
}

/** Key -> its number; a key that is new gets `next`. */
type Numbering = (key: number, next: number) => number;

function createDense(size: number): Numbering {
  const numbers = new Int32Array(size).fill(-1);
  return (key, next) => {
    if (numbers[key] === -1) numbers[key] = next;
    return numbers[key] as number;
  };
}

/** Open addressing over keys up to 2^53, half full at most: a Map takes five times as long. */
function createHashed(): Numbering {
  let keys = new Float64Array(1 << 16).fill(-1);
  let numbers = new Int32Array(1 << 16);
  const find = (key: number): number => {
    const mask = keys.length - 1;
    let slot = Math.imul((key % 4_294_967_291) | 0, 0x9e3779b1) >>> 0;
    slot = (slot ^ (slot >>> 15)) & mask;
    while (keys[slot] !== -1 && keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  };
  return (key, next) => {
    let slot = find(key);
    if (keys[slot] === key) return numbers[slot] as number;
    if (next * 2 >= keys.length) {
      const [oldKeys, oldNumbers] = [keys, numbers];
      keys = new Float64Array(oldKeys.length * 2).fill(-1);
      numbers = new Int32Array(keys.length);
      for (const [at, old] of oldKeys.entries()) {
        if (old === -1) continue;
        const moved = find(old);
        keys[moved] = old;
        numbers[moved] = oldNumbers[at] as number;
      }
      slot = find(key);
    }
    keys[slot] = key;
    numbers[slot] = next;
    return next;
  };
}
