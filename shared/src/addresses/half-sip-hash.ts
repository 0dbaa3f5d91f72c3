/**
 * HalfSipHash-1-3 of one 32-bit word, little-endian: the 32-bit member of the SipHash family (Aumasson and Bernstein 2012)
 * with one compression round and three at the end. A pseudorandom function for spreading, not for secrets.
 * @returns an unsigned 32-bit number
 */
export function halfSipHash(key0: number, key1: number, word: number): number {
  let v0 = key0;
  let v1 = key1;
  let v2 = 0x6c79_6765 ^ key0;
  let v3 = 0x7465_6462 ^ key1;
  // The message: the word, then the last block, which is empty but for the length 4 in its top byte.
  v3 ^= word;
  for (let round = 0; round < 5; round += 1) {
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    if (round === 0) {
      v0 ^= word;
      v3 ^= 0x0400_0000;
    } else if (round === 1) {
      v0 ^= 0x0400_0000;
      v2 ^= 0xff;
    }
  }
  return (v1 ^ v3) >>> 0;
}
