import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** Prefixes of one family, one a line, in no order, none twice, 2^23 at most; the same every time. */
export async function writePrefixes(file: string, family: 4 | 6, count: number): Promise<void> {
  const out = createWriteStream(file);
  const toText = family === 4 ? ipv4Prefix : ipv6Prefix;
  let block = '';
  for (let nth = 0; nth < count; nth += 1) {
    // An odd step visits every place of a power of two once.
    block += `${toText(Math.imul(nth, 0x9e37_79b1) >>> 0)}\n`;
    if (block.length < 65_536) continue;
    if (!out.write(block)) await once(out, 'drain');
    block = '';
  }
  out.end(block);
  await once(out, 'close');
}

/** A /27 or /28 at each 64th address of 32.0.0.0/3, where no special-purpose range lies: none touches another. */
function ipv4Prefix(place: number): string {
  const value = 0x2000_0000 + (place & 0x7f_ffff) * 64;
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}/${27 + (place & 1)}`;
}

/** A /116 of 2400::/16 each: 4,096 addresses. */
function ipv6Prefix(place: number): string {
  return `2400:${(place >>> 16).toString(16)}:${(place & 0xffff).toString(16)}:1::f000/116`;
}
