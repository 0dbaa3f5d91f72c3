import { describe, expect, it } from 'vitest';
import { formatRange, parseCidr, parseRange, prefixLength, rangeSize } from './address-range.ts';

describe('a range is an address, a prefix, or two addresses', () => {
  it.each([
    ['192.0.2.7', 1n, '192.0.2.7'],
    ['192.0.2.0/24', 256n, '192.0.2.0/24'],
    ['0.0.0.0/0', 2n ** 32n, '0.0.0.0/0'],
    ['255.255.255.255/32', 1n, '255.255.255.255'],
    ['192.0.2.0-192.0.2.255', 256n, '192.0.2.0/24'],
    ['192.0.2.1 - 192.0.2.9', 9n, '192.0.2.1-192.0.2.9'],
    ['::/0', 2n ** 128n, '::/0'],
    ['2001:db8::/32', 2n ** 96n, '2001:db8::/32'],
    ['2001:db8::5-2001:db8::6', 2n, '2001:db8::5-2001:db8::6'],
    ['ffff::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 2n ** 112n, 'ffff::/16'],
  ])('%s', (text, size, canonical) => {
    const range = parseRange(text);
    expect(rangeSize(range)).toBe(size);
    expect(formatRange(range)).toBe(canonical);
    expect(parseRange(canonical)).toEqual(range);
  });

  it.each([
    ['10.0.0.0/33', 'ADDRESS_PREFIX_LENGTH', '0 to 32'],
    ['10.0.0.0/', 'ADDRESS_PREFIX_LENGTH', '0 to 32'],
    ['10.0.0.0/08', 'ADDRESS_PREFIX_LENGTH', '0 to 32'],
    ['10.0.0.0/8x', 'ADDRESS_PREFIX_LENGTH', '0 to 32'],
    ['::/129', 'ADDRESS_PREFIX_LENGTH', '0 to 128'],
    ['10.0.0.1/8', 'ADDRESS_HOST_BITS', 'write 10.0.0.0/8 for the prefix, or 10.0.0.1 for the address'],
    ['2001:db8::1/64', 'ADDRESS_HOST_BITS', 'write 2001:db8::/64 for the prefix, or 2001:db8::1 for the address'],
    ['10.0.0.2-10.0.0.1', 'ADDRESS_RANGE_ORDER', 'write 10.0.0.1-10.0.0.2'],
    ['::2-::1', 'ADDRESS_RANGE_ORDER', 'write ::1-::2'],
    ['10.0.0.1-::1', 'ADDRESS_RANGE_FAMILIES', 'write a range for each family'],
    ['10.0.0.1-', 'ADDRESS_MALFORMED', '"" is no address'],
    ['10.0.0.1-9', 'ADDRESS_MALFORMED', '"9" is no IPv4 address'],
    ['10.0.0/8', 'ADDRESS_MALFORMED', 'it has 3 numbers of 4'],
    ['my-host', 'ADDRESS_HOST_NAME', 'never looked up'],
  ])('%s is refused: %s', (text, code, part) => {
    expect(() => parseRange(text)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(part) }));
  });

  it('a prefix without a length is refused where a prefix is asked for', () => {
    expect(() => parseCidr('192.0.2.1')).toThrow(expect.objectContaining({ code: 'ADDRESS_PREFIX_LENGTH' }));
  });
});

it('the prefix length is known of a whole prefix alone', () => {
  const lengthOf = (text: string) => prefixLength(parseRange(text));
  expect(['0.0.0.0/0', '10.0.0.0-10.0.0.255', '10.0.0.1', '::/0', '::/128'].map(lengthOf)).toEqual([0, 24, 32, 0, 128]);
  expect(['10.0.0.1-10.0.0.2', '10.0.0.0-10.0.0.2', '::1-::2'].map(lengthOf)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
