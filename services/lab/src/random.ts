/** A stream of repeatable draws. The same seed and labels give the same stream on every machine. */
export interface Random {
  /** A number in [0, 1). */
  fraction(): number;
  /** An integer in [0, limitExclusive). */
  integer(limitExclusive: number): number;
  chance(probability: number): boolean;
  pick<T>(values: readonly T[]): T;
  shuffled<T>(values: readonly T[]): T[];
  bytes(length: number): Buffer;
  hex(digits: number): string;
  /** Shaped as a version 4 UUID. */
  uuid(): string;
}

const UINT32 = 0x1_0000_0000;

/** FNV-1a over the text's UTF-16 units, started from `basis`. */
function hash(text: string, basis: number): number {
  let value = basis;
  for (let index = 0; index < text.length; index += 1) {
    value ^= text.charCodeAt(index);
    value = Math.imul(value, 0x0100_0193);
  }
  return value >>> 0;
}

/**
 * A small fast counter generator (three chaotic words and a counter). Not for secrets: everything in
 * the lab is meant to be made again from its seed.
 */
export function createRandom(seed: number, ...labels: (string | number)[]): Random {
  const label = [seed, ...labels].join('\u0001');
  let a = hash(label, 0x811c_9dc5);
  let b = hash(label, 0x9e37_79b9);
  let c = hash(label, 0x85eb_ca6b);
  let counter = 1;

  function next(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
  for (let round = 0; round < 16; round += 1) next();

  const random: Random = {
    fraction: () => next() / UINT32,
    integer(limitExclusive) {
      if (!Number.isSafeInteger(limitExclusive) || limitExclusive < 1 || limitExclusive > UINT32) {
        throw new RangeError(`a draw needs a limit from 1 to 2^32, not ${limitExclusive}`);
      }
      return Math.floor((next() / UINT32) * limitExclusive);
    },
    chance: (probability) => next() / UINT32 < probability,
    pick<T>(values: readonly T[]): T {
      const value = values[random.integer(values.length)];
      if (value === undefined) throw new RangeError('a pick needs at least one value');
      return value;
    },
    shuffled<T>(values: readonly T[]): T[] {
      const keyed = values.map((value) => ({ value, key: next() }));
      return keyed.sort((left, right) => left.key - right.key).map(({ value }) => value);
    },
    bytes(length) {
      const out = Buffer.alloc(length);
      for (let index = 0; index < length; index += 1) out[index] = next() >>> 24;
      return out;
    },
    hex: (digits) =>
      random
        .bytes(Math.ceil(digits / 2))
        .toString('hex')
        .slice(0, digits),
    uuid() {
      const hex = random.hex(32);
      const variant = '89ab'[random.integer(4)] ?? '8';
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  };
  return random;
}
