import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address } from './address.ts';
import { type AddressRange, formatRange, parseRange } from './address-range.ts';
import { AddressSet } from './address-set.ts';
import { AddressSetBuilder } from './address-set-builder.ts';
import { addressSetFromBytes, addressSetToBytes } from './address-set-bytes.ts';
import { formatAddress } from './format-address.ts';
import { parseAddress } from './parse-address.ts';

function setOf(...ranges: (string | AddressRange)[]): AddressSet {
  const builder = new AddressSetBuilder();
  for (const range of ranges) builder.add(typeof range === 'string' ? parseRange(range) : range);
  return builder.build();
}

function textOf(set: AddressSet): string[] {
  return [...set.ranges()].map(formatRange);
}

// Four windows of 24 addresses, where numbers end and where words carry; a set of numbers is the model of each.
const WINDOW = 24;
const WINDOWS: readonly ((at: number) => Address)[] = [
  (at) => ({ family: 4, value: at }),
  (at) => ({ family: 4, value: 0xffff_ffff - WINDOW + 1 + at }),
  (at) => ({ family: 6, value: BigInt(at) }),
  (at) => ({ family: 6, value: (1n << 64n) - 12n + BigInt(at) }),
  (at) => ({ family: 6, value: (1n << 96n) - 12n + BigInt(at) }),
  (at) => ({ family: 6, value: (1n << 128n) - BigInt(WINDOW) + BigInt(at) }),
];
const UNIVERSE = WINDOWS.flatMap((window) => Array.from({ length: WINDOW }, (_, at) => window(at)));

function rangeOf(first: number, last: number): AddressRange {
  return {
    family: UNIVERSE[first]?.family,
    first: UNIVERSE[first]?.value,
    last: UNIVERSE[last]?.value,
  } as AddressRange;
}

const spans = fc.array(
  fc
    .tuple(fc.nat(WINDOWS.length - 1), fc.nat(WINDOW - 1), fc.nat(WINDOW - 1))
    .map(([window, a, b]) => [window * WINDOW + Math.min(a, b), window * WINDOW + Math.max(a, b)] as const),
  { maxLength: 12 },
);

function modelOf(pairs: readonly (readonly [number, number])[]): Set<number> {
  return new Set(pairs.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i)));
}

function members(set: AddressSet): number[] {
  return UNIVERSE.flatMap((address, index) => (set.contains(address) ? [index] : []));
}

describe('a set of addresses behaves as the mathematical set', () => {
  it('in membership, size, union, intersection, subtraction, indexes and bytes', () => {
    fc.assert(
      fc.property(spans, spans, (left, right) => {
        const [a, b] = [left, right].map((pairs) => setOf(...pairs.map(([first, last]) => rangeOf(first, last)))) as [
          AddressSet,
          AddressSet,
        ];
        const [modelA, modelB] = [modelOf(left), modelOf(right)];
        const sorted = (model: Iterable<number>) => [...model].sort((x, y) => x - y);
        expect(members(a)).toEqual(sorted(modelA));
        expect(a.size).toBe(BigInt(modelA.size));
        expect(members(a.union(b))).toEqual(sorted(new Set([...modelA, ...modelB])));
        expect(members(a.intersect(b))).toEqual(sorted([...modelA].filter((index) => modelB.has(index))));
        expect(members(a.subtract(b))).toEqual(sorted([...modelA].filter((index) => !modelB.has(index))));
        expect(a.subtract(b).union(a.intersect(b)).equals(a)).toBe(true);

        const all = sorted(modelA);
        for (const [nth, index] of all.entries()) {
          expect(a.nth(nth)).toEqual(UNIVERSE[index]);
          expect(a.indexOf(UNIVERSE[index] as Address)).toBe(nth);
        }
        for (const [index, address] of UNIVERSE.entries()) if (!modelA.has(index)) expect(a.indexOf(address)).toBe(-1);
        expect(addressSetFromBytes(addressSetToBytes(a)).equals(a)).toBe(true);
      }),
      { seed: 11, numRuns: 400 },
    );
  });

  it('however it was built, it has one form', () => {
    fc.assert(
      fc.property(spans, (pairs) => {
        const whole = setOf(...pairs.map(([first, last]) => rangeOf(first, last)));
        const single = setOf(...[...modelOf(pairs)].reverse().map((index) => rangeOf(index, index)));
        expect(Buffer.from(addressSetToBytes(single)).equals(addressSetToBytes(whole))).toBe(true);
      }),
      { seed: 12, numRuns: 200 },
    );
  });
});

it('ranges that touch or overlap become one', () => {
  expect(textOf(setOf('10.0.0.0/25', '10.0.0.128/25', '10.0.1.0/24', '::1-::5', '::6', '::3-::9'))).toEqual([
    '10.0.0.0/23',
    '::1-::9',
  ]);
});

it('the builder names the first stretch that was given twice', () => {
  const builder = new AddressSetBuilder();
  builder.add(parseRange('10.0.0.0/24')).add(parseRange('10.0.0.200-10.0.1.9'));
  builder.build();
  expect(builder.overlap).toEqual(parseRange('10.0.0.200-10.0.0.255'));
  builder.add(parseRange('10.0.0.0/24')).add(parseRange('10.0.1.0/24')).build();
  expect(builder.overlap).toBeUndefined();
  builder.add(parseRange('2001:db8::/64')).add(parseRange('2001:db8::7')).build();
  expect(builder.overlap).toEqual(parseRange('2001:db8::7'));
});

it('a subtraction that takes nothing away shares its arrays', () => {
  const set = setOf('10.0.0.0/8', '2001:db8::/32');
  const left = set.subtract(setOf('11.0.0.0/8', '2001:db8::/33'));
  expect(left.ipv4.starts).toBe(set.ipv4.starts);
  expect(textOf(left)).toEqual(['10.0.0.0/8', '2001:db8:8000::/33']);
});

it('the whole of both families can be held, counted and taken away', () => {
  const all = setOf('0.0.0.0/0', '::/0');
  expect(all.size).toBe(2n ** 32n + 2n ** 128n);
  expect(all.subtract(all).isEmpty).toBe(true);
  expect(textOf(all.subtract(setOf('0.0.0.0', '255.255.255.255', '::', '::1')))).toEqual([
    '0.0.0.1-255.255.255.254',
    '::2-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  ]);
  expect(() => all.nth(0)).toThrow(expect.objectContaining({ code: 'ADDRESS_SET_TOO_LARGE' }));
  expect(() => all.indexOf(parseAddress('::1'))).toThrow(expect.objectContaining({ code: 'ADDRESS_SET_TOO_LARGE' }));
});

it('indexes reach up to 2^53 - 1 addresses and carry through every word', () => {
  const set = setOf('192.0.2.0/31', '2001:db8:ffff:ffff:ffff:ffff:ffff:fff0-2001:db9::f', '2001:dba::/76');
  for (const [nth, text] of [
    [0, '192.0.2.0'],
    [2, '2001:db8:ffff:ffff:ffff:ffff:ffff:fff0'],
    [18, '2001:db9::'],
    [34, '2001:dba::'],
    [34 + 2 ** 32, '2001:dba::1:0:0'],
    [33 + 2 ** 52, '2001:dba::f:ffff:ffff:ffff'],
  ] as const) {
    expect(formatAddress(set.nth(nth))).toBe(text);
    expect(set.indexOf(parseAddress(text))).toBe(nth);
  }
  for (const index of [-1, 0.5, 34 + 2 ** 52, Number.NaN]) {
    expect(() => set.nth(index)).toThrow(expect.objectContaining({ code: 'ADDRESS_INDEX' }));
  }
});

it('a million prefixes in random order become a sorted set of both families', () => {
  const builder = new AddressSetBuilder();
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed;
  };
  for (let i = 0; i < 500_000; i += 1) {
    const first = random() & ~0xff;
    builder.addIpv4(first >>> 0, (first >>> 0) + 255);
    if (i % 10 === 0) {
      const high = (0x2001n << 112n) | (BigInt(random()) << 64n);
      builder.add({ family: 6, first: high, last: high | 0xffffn });
    }
  }
  const set = builder.build();
  let before: AddressRange | undefined;
  let touching = 0;
  for (const range of set.ranges()) {
    if (before?.family === range.family && BigInt(range.first) <= BigInt(before.last) + 1n) touching += 1;
    before = range;
  }
  expect(touching).toBe(0);
  expect(set.ipv6.count).toBeGreaterThan(49_000);
  expect(set.size).toBeGreaterThan(100_000_000n);
});

it('a summary says how much and, of a few ranges, which', () => {
  expect(AddressSet.EMPTY.summary()).toBe('no addresses');
  expect(setOf('192.0.2.1').summary()).toBe('1 IPv4 address (192.0.2.1)');
  expect(setOf('10.0.0.0/8', '::1').summary()).toBe('16,777,216 IPv4 addresses (10.0.0.0/8) and 1 IPv6 address (::1)');
  expect(setOf('10.0.0.1', '10.0.0.3', '10.0.0.5', '10.0.0.7').summary()).toBe('4 IPv4 addresses (4 ranges)');
});

describe('stored bytes', () => {
  it('of other length, order or header are refused', () => {
    const bytes = addressSetToBytes(setOf('10.0.0.0/24', '10.0.2.0/24', '2001:db8::/64'));
    const changed = (change: (copy: DataView) => void) => {
      const copy = Uint8Array.from(bytes);
      change(new DataView(copy.buffer));
      return copy;
    };
    const wrong = [
      new Uint8Array(0),
      bytes.subarray(0, 11),
      bytes.subarray(0, -1),
      Uint8Array.from([...bytes, 0]),
      changed((view) => view.setUint32(0, 0x4b41_5302)),
      changed((view) => view.setUint32(4, 0xffff_ffff)),
      changed((view) => view.setUint32(16, 0x0a00_00ff - 0x100)),
      changed((view) => view.setUint32(20, 0x0a00_0100)),
      changed((view) => view.setUint32(20, 0x0a00_00ff)),
    ];
    for (const copy of wrong) {
      expect(() => addressSetFromBytes(copy)).toThrow(expect.objectContaining({ code: 'ADDRESS_SET_BYTES' }));
    }
    expect(textOf(addressSetFromBytes(bytes))).toEqual(['10.0.0.0/24', '10.0.2.0/24', '2001:db8::/64']);
  });

  it('of any kind either give a set whose bytes they are, or are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(3), fc.nat(2), (body, ipv4, ipv6) => {
        const bytes = Uint8Array.from([0x4b, 0x41, 0x53, 1, 0, 0, 0, ipv4, 0, 0, 0, ipv6, ...body]);
        try {
          expect(addressSetToBytes(addressSetFromBytes(bytes))).toEqual(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: 'ADDRESS_SET_BYTES' });
        }
      }),
      { seed: 13, numRuns: 2000 },
    );
  });
});
