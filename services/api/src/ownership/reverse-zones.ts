import { type AddressRange, formatAddress } from '@kubecensus/shared/addresses';

/** Zones that together cover a range; a range that needs more is claimed in parts. */
export const MAX_ZONES = 16;

/**
 * The reverse zones (RFC 1035 section 3.5, RFC 3596 section 2.5) that cover a range and nothing else, the longest prefixes
 * that are a label; undefined where that takes more than MAX_ZONES.
 */
export function toReverseZones(range: AddressRange): string[] | undefined {
  const zones: string[] = [];
  const [width, step] = range.family === 4 ? [32, 8] : [128, 4];
  let next = BigInt(range.first);
  const last = BigInt(range.last);
  while (next <= last) {
    if (zones.length === MAX_ZONES) return undefined;
    let bits = 0;
    // The largest block that begins here, ends within the range and is a whole label.
    while (
      bits + step < width &&
      next % 2n ** BigInt(bits + step) === 0n &&
      next + 2n ** BigInt(bits + step) - 1n <= last
    ) {
      bits += step;
    }
    zones.push(toZone(range.family, next, (width - bits) / step));
    next += 2n ** BigInt(bits);
  }
  return zones;
}

function toZone(family: 4 | 6, first: bigint, labels: number): string {
  if (family === 4) {
    const octets = [24n, 16n, 8n, 0n].map((shift) => String((first >> shift) & 0xffn));
    return `${octets.slice(0, labels).reverse().join('.')}.in-addr.arpa`;
  }
  const nibbles = [...first.toString(16).padStart(32, '0')];
  return `${nibbles.slice(0, labels).reverse().join('.')}.ip6.arpa`;
}

/** The one address of a range; undefined where there are more. */
export function toOnlyAddress(range: AddressRange): string | undefined {
  if (range.first !== range.last) return undefined;
  return range.family === 4
    ? formatAddress({ family: 4, value: range.first })
    : formatAddress({ family: 6, value: range.first });
}
