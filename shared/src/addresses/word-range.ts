import { toIpv6Value } from './address.ts';
import type { AddressRange } from './address-range.ts';
import { scanIpv4, scanIpv6Words } from './parse-address.ts';

/** A range as words, highest first: one of IPv4 is in the first word of each. To be filled again and again. */
export interface WordRange {
  family: 4 | 6;
  readonly first: Uint32Array;
  readonly last: Uint32Array;
}

/** The shortest IPv6 prefix that is read here: a shorter one holds more than the 2^52 targets of a scan. */
const MIN_IPV6_LENGTH = 76;

export function createWordRange(): WordRange {
  return { family: 4, first: new Uint32Array(4), last: new Uint32Array(4) };
}

/** The same range, to be kept. */
export function fromWordRange({ family, first, last }: WordRange): AddressRange {
  const value = ([w0, w1, w2, w3]: Uint32Array) => toIpv6Value(w0 ?? 0, w1 ?? 0, w2 ?? 0, w3 ?? 0);
  if (family === 6) return { family, first: value(first), last: value(last) };
  return { family, first: first[0] ?? 0, last: last[0] ?? 0 };
}

/** True for one address. */
export function isOneAddress({ family, first, last }: WordRange): boolean {
  if (first[0] !== last[0]) return false;
  return family === 4 || (first[1] === last[1] && first[2] === last[2] && first[3] === last[3]);
}

/**
 * Fills `range` where `text[from, to)` is an address or a prefix and nothing else. False for whatever needs a second
 * look: other text, bits after the prefix, IPv4 in IPv6, short prefixes.
 */
export function scanWordRange(text: string, from: number, to: number, range: WordRange): boolean {
  let end = to;
  let length = -1;
  // A length has three digits at most.
  for (let at = to - 2; at >= to - 4 && at > from; at -= 1) {
    if (text.charCodeAt(at) !== 0x2f) continue;
    length = scanDecimal(text, at + 1, to);
    if (length < 0) return false;
    end = at;
    break;
  }
  const ipv4 = scanIpv4(text, from, end);
  if (ipv4 >= 0) {
    if (length > 32) return false;
    const host = hostBits(0, length < 0 ? 32 : length);
    range.family = 4;
    range.first[0] = ipv4;
    range.last[0] = ipv4 | host;
    // A bitwise result is signed, and zero only where no bit is set.
    return (ipv4 & host) === 0;
  }
  if (length > 128 || (length >= 0 && length < MIN_IPV6_LENGTH)) return false;
  const { first, last } = range;
  if (!scanIpv6Words(text, from, end, first) || isEmbedded(first)) return false;
  range.family = 6;
  for (let at = 0; at < 4; at += 1) {
    const host = hostBits(at, length < 0 ? 128 : length);
    if (((first[at] as number) & host) !== 0) return false;
    last[at] = (first[at] as number) | host;
  }
  return true;
}

/** True for ::/64, where IPv4-mapped and IPv4-compatible addresses are. */
function isEmbedded(words: Uint32Array): boolean {
  return words[0] === 0 && words[1] === 0;
}

/** The bits of word `at` that lie after a prefix of `length`. */
function hostBits(at: number, length: number): number {
  const bits = length - at * 32;
  // A shift by 32 would be a shift by none.
  return bits >= 32 ? 0 : 0xffff_ffff >>> Math.max(0, bits);
}

/** One to three digits without a leading zero, or -1. */
function scanDecimal(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9 || (at > from && value === 0)) return -1;
    value = value * 10 + digit;
  }
  return value;
}
