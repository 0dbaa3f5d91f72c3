import { type Address, writeIpv6Words } from './address.ts';

const DECIMAL_OCTETS = Array.from({ length: 256 }, (_, octet) => String(octet));

/** Dotted decimal. */
export function formatIpv4(value: number): string {
  return `${DECIMAL_OCTETS[value >>> 24]}.${DECIMAL_OCTETS[(value >>> 16) & 255]}.${DECIMAL_OCTETS[(value >>> 8) & 255]}.${DECIMAL_OCTETS[value & 255]}`;
}

const words = new Uint32Array(4);

/**
 * The canonical text of RFC 5952: lower case, no leading zeros, the first of the longest runs of two
 * or more zero groups as `::`. IPv4-mapped addresses keep their dotted tail (section 5), as PostgreSQL prints them.
 */
export function formatIpv6(value: bigint): string {
  writeIpv6Words(value, words, 0);
  const [w0, w1, w2, w3] = words as unknown as [number, number, number, number];
  if (w0 === 0 && w1 === 0 && w2 === 0xffff) return `::ffff:${formatIpv4(w3)}`;
  const groups = [w0, w1, w2, w3].flatMap((word) => [word >>> 16, word & 0xffff]);
  let gapAt = -1;
  let gapLength = 1;
  for (let at = 0; at < 8; at += 1) {
    let end = at;
    while (end < 8 && groups[end] === 0) end += 1;
    if (end - at > gapLength) {
      gapAt = at;
      gapLength = end - at;
    }
    if (end > at) at = end;
  }
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  if (gapAt < 0) return hex(groups);
  return `${hex(groups.slice(0, gapAt))}::${hex(groups.slice(gapAt + gapLength))}`;
}

/** Canonical text: two equal addresses have one spelling. */
export function formatAddress(address: Address): string {
  return address.family === 4 ? formatIpv4(address.value) : formatIpv6(address.value);
}

/** `192.0.2.1:443` or `[2001:db8::1]:443`. */
export function formatTarget(address: Address, port: number): string {
  return address.family === 4 ? `${formatIpv4(address.value)}:${port}` : `[${formatIpv6(address.value)}]:${port}`;
}
