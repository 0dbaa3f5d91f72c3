import type { Address } from './address.ts';
import { AddressError } from './address-error.ts';
import { formatAddress, formatIpv4, formatIpv6 } from './format-address.ts';
import { parseAddress, scanIpv4 } from './parse-address.ts';

/** All addresses of one family from `first` to `last`, both included. */
export type AddressRange =
  | { readonly family: 4; readonly first: number; readonly last: number }
  | { readonly family: 6; readonly first: bigint; readonly last: bigint };

export function toRange(address: Address): AddressRange {
  return address.family === 4
    ? { family: 4, first: address.value, last: address.value }
    : { family: 6, first: address.value, last: address.value };
}

export function rangeSize(range: AddressRange): bigint {
  return range.family === 4 ? BigInt(range.last - range.first + 1) : range.last - range.first + 1n;
}

function scanLength(text: string, from: number): number {
  const digits = text.length - from;
  if (digits < 1 || digits > 3) return -1;
  let length = 0;
  for (let at = from; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9 || (at > from && length === 0)) return -1;
    length = length * 10 + digit;
  }
  return length;
}

/**
 * A prefix in CIDR notation. Bits after the prefix must be zero: `10.0.0.1/8` is a slip more often than a wish.
 * @throws AddressError ADDRESS_PREFIX_LENGTH, ADDRESS_HOST_BITS, and what parseAddress throws
 */
export function parseCidr(text: string): AddressRange {
  const slash = text.indexOf('/');
  const length = slash < 0 ? -1 : scanLength(text, slash + 1);
  const ipv4 = slash < 0 ? -1 : scanIpv4(text, 0, slash);
  if (ipv4 >= 0 && length >= 0 && length <= 32) {
    const last = ipv4 + 2 ** (32 - length) - 1;
    // A power of two divides the first address of every prefix of its length.
    if (ipv4 % 2 ** (32 - length) === 0) return { family: 4, first: ipv4, last };
  }
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  const bits = address.family === 4 ? 32 : 128;
  if (length < 0 || length > bits) {
    throw new AddressError(
      'ADDRESS_PREFIX_LENGTH',
      text,
      `has no prefix length from 0 to ${bits}`,
      `write one, such as ${formatAddress(address)}/${bits}`,
    );
  }
  const value = BigInt(address.value);
  const mask = (1n << BigInt(bits - length)) - 1n;
  if ((value & mask) !== 0n) {
    const network = value - (value & mask);
    const meant = address.family === 4 ? formatIpv4(Number(network)) : formatIpv6(network);
    throw new AddressError(
      'ADDRESS_HOST_BITS',
      text,
      `has bits set after its prefix of ${length}`,
      `write ${meant}/${length} for the prefix, or ${formatAddress(address)} for the address`,
    );
  }
  return { family: 6, first: value, last: value | mask };
}

/**
 * An address, a prefix (`10.0.0.0/8`) or two addresses of one family with a hyphen between (`10.0.0.1-10.0.0.9`).
 * @throws AddressError ADDRESS_RANGE_ORDER, ADDRESS_RANGE_FAMILIES, and what parseCidr and parseAddress throw
 */
export function parseRange(text: string): AddressRange {
  if (text.includes('/')) return parseCidr(text);
  const hyphen = text.indexOf('-');
  if (hyphen < 0 || !/^[0-9a-f:.%]+[ \t]*-/i.test(text)) return toRange(parseAddress(text));
  const first = parseAddress(text.slice(0, hyphen).trimEnd());
  const last = parseAddress(text.slice(hyphen + 1).trimStart());
  if (first.family === 4 && last.family === 4 && first.value <= last.value) {
    return { family: 4, first: first.value, last: last.value };
  }
  if (first.family === 6 && last.family === 6 && first.value <= last.value) {
    return { family: 6, first: first.value, last: last.value };
  }
  if (first.family !== last.family) {
    throw new AddressError(
      'ADDRESS_RANGE_FAMILIES',
      text,
      'runs from one address family to the other',
      'write a range for each family',
    );
  }
  throw new AddressError(
    'ADDRESS_RANGE_ORDER',
    text,
    'ends before it begins',
    `write ${formatAddress(last)}-${formatAddress(first)}`,
  );
}

/** The prefix length if the range is exactly one prefix, or undefined. */
export function prefixLength(range: AddressRange): number | undefined {
  const size = rangeSize(range);
  if ((size & (size - 1n)) !== 0n || BigInt(range.first) % size !== 0n) return undefined;
  return (range.family === 4 ? 32 : 128) - (size.toString(2).length - 1);
}

/** The shortest text that parseRange reads back: an address, a prefix, or `first-last`. */
export function formatRange(range: AddressRange): string {
  const format = (value: number | bigint) =>
    range.family === 4 ? formatIpv4(Number(value)) : formatIpv6(BigInt(value));
  if (range.first === range.last) return format(range.first);
  const length = prefixLength(range);
  return length === undefined ? `${format(range.first)}-${format(range.last)}` : `${format(range.first)}/${length}`;
}

/** Both ends as text, such as PostgreSQL's inet takes. */
export function formatBounds(range: AddressRange): { first: string; last: string } {
  const format = (value: number | bigint) =>
    range.family === 4 ? formatIpv4(Number(value)) : formatIpv6(BigInt(value));
  return { first: format(range.first), last: format(range.last) };
}
