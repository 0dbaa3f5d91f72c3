import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Address, compareAddresses, IPV4_MAX, IPV6_MAX, toIpv6Value, writeIpv6Words } from './address.ts';
import { AddressError, quoted } from './address-error.ts';
import { formatAddress, formatTarget } from './format-address.ts';
import { parseAddress } from './parse-address.ts';

const anyAddress: fc.Arbitrary<Address> = fc.oneof(
  fc.integer({ min: 0, max: IPV4_MAX }).map((value) => ({ family: 4, value }) as const),
  fc.bigInt({ min: 0n, max: IPV6_MAX }).map((value) => ({ family: 6, value }) as const),
  // Zero groups in every place, for the `::`.
  fc
    .array(fc.constantFrom(0n, 0n, 1n, 0xffffn), { minLength: 8, maxLength: 8 })
    .map((groups) => ({ family: 6, value: groups.reduce((sum: bigint, group) => (sum << 16n) | group, 0n) }) as const),
);

describe('canonical text', () => {
  it.each([
    ['0.0.0.0', '0.0.0.0'],
    ['255.255.255.255', '255.255.255.255'],
    ['2001:0DB8:0000:0000:0001:0000:0000:0001', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['::1', '::1'],
    ['1::', '1::'],
    ['fe80:0:0:0:0:0:0:0', 'fe80::'],
    ['::ffff:192.0.2.128', '::ffff:192.0.2.128'],
    ['::FFFF:C000:0280', '::ffff:192.0.2.128'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::2:3:4:5:6:7:8', '0:2:3:4:5:6:7:8'],
    ['1:2:3:4:5:6:1.2.3.4', '1:2:3:4:5:6:102:304'],
  ])('%s is written %s', (text, canonical) => {
    expect(formatAddress(parseAddress(text))).toBe(canonical);
  });

  it('text and address turn into each other without loss', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        expect(parseAddress(formatAddress(address))).toEqual(address);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it('IPv6 is shortened as a browser shortens it (but for the dotted tail)', () => {
    fc.assert(
      fc.property(anyAddress, (address) => {
        const text = formatAddress(address);
        if (address.family === 4 || text.includes('.')) return;
        expect(`[${text}]`).toBe(new URL(`http://[${text}]`).hostname);
      }),
      { seed: 2, numRuns: 1000 },
    );
  });

  it('a target is written with its port', () => {
    expect(formatTarget(parseAddress('192.0.2.1'), 443)).toBe('192.0.2.1:443');
    expect(formatTarget(parseAddress('2001:db8::1'), 6443)).toBe('[2001:db8::1]:6443');
  });
});

it('text is an address here exactly where the operating system says so', () => {
  const pieces = fc.constantFrom(
    '0',
    '1',
    '9',
    '25',
    '255',
    '256',
    '01',
    'f',
    'ffff',
    'abcde',
    ':',
    '::',
    '.',
    'g',
    ' ',
    '-',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 18 }), (parts) => {
      const text = parts.join('');
      let family = 0;
      try {
        family = parseAddress(text).family;
      } catch (error) {
        expect(error).toBeInstanceOf(AddressError);
      }
      expect(`${text} ${family}`).toBe(`${text} ${isIP(text)}`);
    }),
    { seed: 3, numRuns: 20_000 },
  );
});

it('no bytes of a stranger make the parser fail in any other way, or its message more than a line of printable ASCII', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      try {
        parseAddress(text);
      } catch (error) {
        expect(error).toBeInstanceOf(AddressError);
        expect((error as Error).message).toMatch(/^"[\x20-\x7e]*$/);
      }
    }),
    { seed: 4, numRuns: 2000 },
  );
});

describe('a wrong address is told with its next step', () => {
  it.each([
    ['', 'ADDRESS_MALFORMED', 'is no address; write one, such as 192.0.2.10 or 2001:db8::10'],
    ['10.0.0.256', 'ADDRESS_MALFORMED', '256 is over 255'],
    ['10.0.0', 'ADDRESS_MALFORMED', 'it has 3 numbers of 4'],
    ['10.0.0.010', 'ADDRESS_MALFORMED', '010 has a leading zero'],
    ['1.2.3.4.5', 'ADDRESS_MALFORMED', 'it has 5 numbers of 4'],
    ['2001:db8', 'ADDRESS_MALFORMED', 'is no IPv6 address'],
    ['1:2:3:4:5:6:7:8:9', 'ADDRESS_MALFORMED', 'is no IPv6 address'],
    ['1:2:3:4:5:6:7:8::', 'ADDRESS_MALFORMED', 'is no IPv6 address'],
    ['::1::', 'ADDRESS_MALFORMED', 'is no IPv6 address'],
    ['::12345', 'ADDRESS_MALFORMED', 'is no IPv6 address'],
    ['1:2:3:4:5:6:7:1.2.3.4', 'ADDRESS_MALFORMED', 'is no IPv6 address'],
    ['fe80::1%eth0', 'ADDRESS_ZONE', 'leave out %eth0'],
    ['scan.example.org', 'ADDRESS_HOST_NAME', 'names are never looked up'],
    ['10.0.0.1\u202e', 'ADDRESS_MALFORMED', '"10.0.0.1\\u202e" is no address'],
  ])('%j', (text, code, part) => {
    expect(() => parseAddress(text)).toThrow(
      expect.objectContaining({ code, text, message: expect.stringContaining(part) }),
    );
  });

  it('long text is cut, and quotes and control characters are escaped', () => {
    expect(quoted('a"\\\u001b[31m')).toBe('"a\\"\\\\\\u001b[31m"');
    expect(quoted('x'.repeat(80))).toBe(`"${'x'.repeat(80)}"`);
    expect(quoted('x'.repeat(81))).toBe(`"${'x'.repeat(80)}..."`);
  });
});

it('addresses sort by family and number', () => {
  const sorted = ['0.0.0.1', '9.0.0.0', '128.0.0.0', '::', '::1', 'ffff::'].map(parseAddress);
  expect([...sorted].reverse().sort(compareAddresses)).toEqual(sorted);
  expect(compareAddresses(parseAddress('::1'), parseAddress('::1'))).toBe(0);
});

it('an IPv6 number is its four words, highest first', () => {
  const words = new Uint32Array(5);
  writeIpv6Words(0x0000_0001_8000_0000_0000_0002_ffff_ffffn, words, 1);
  expect([...words]).toEqual([0, 1, 0x8000_0000, 2, 0xffff_ffff]);
  expect(toIpv6Value(1, 0x8000_0000, 2, 0xffff_ffff)).toBe(0x0000_0001_8000_0000_0000_0002_ffff_ffffn);
});
