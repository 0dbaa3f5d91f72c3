import { expect, it } from 'vitest';
import { halfSipHash } from './half-sip-hash.ts';

it('a word hashes to the published value of HalfSipHash-1-3', () => {
  // Bytes 00 01 02 03 under key 00..07: the fifth 32-bit vector in Linux, lib/tests/siphash_kunit.c.
  expect(halfSipHash(0x0302_0100, 0x0706_0504, 0x0302_0100)).toBe(0x7e05_9ea6);
});

it('every bit of the word changes about half of the hash', () => {
  for (let bit = 0; bit < 32; bit += 1) {
    let flipped = 0;
    for (let word = 0; word < 256; word += 1) {
      let difference = halfSipHash(1, 2, word) ^ halfSipHash(1, 2, word ^ (1 << bit));
      for (; difference !== 0; difference &= difference - 1) flipped += 1;
    }
    expect(flipped / 256).toBeGreaterThan(14);
    expect(flipped / 256).toBeLessThan(18);
  }
});
