import { AddressSetBuilder, parseRange, Scope } from '@kubecensus/shared/addresses';
import { describe, expect, test } from 'vitest';
import { estimateScan } from './estimate-scan.ts';
import { toPrefixLoad } from './prefix-load.ts';

function scopeOf(ports: number[], ...ranges: string[]): Scope {
  const builder = new AddressSetBuilder();
  for (const range of ranges) builder.add(parseRange(range));
  return Scope.of([{ addresses: builder.build(), ports }]);
}

describe('the load on the prefixes that a cap counts by', () => {
  test.each([
    ['one address', [443], ['192.0.2.7'], { prefixes: 1, most: 1 }],
    ['two ranges of one /24', [443, 6443], ['192.0.2.0/28', '192.0.2.128/28'], { prefixes: 1, most: 64 }],
    ['a whole /24', [443], ['192.0.2.0/24'], { prefixes: 1, most: 256 }],
    ['a range that begins and ends inside a /24', [443], ['10.0.0.128-10.0.3.9'], { prefixes: 4, most: 256 }],
    ['all of IPv4', [443, 6443], ['0.0.0.0/0'], { prefixes: 2 ** 24, most: 512 }],
    [
      'two hits of one /48 and one of another',
      [443],
      ['2001:db8::1', '2001:db8:0:1::1', '2001:db8:1::1'],
      { prefixes: 2, most: 2 },
    ],
  ] as const)('%s', (_what, ports, ranges, load) => {
    expect(toPrefixLoad(scopeOf([...ports], ...ranges))).toEqual(load);
  });
});

const method = { version: '0.1.0', thorough: false };

test('a scan takes as long as its targets at the rate, or its fullest prefix at the cap', () => {
  const request = { kind: 'census', targets: scopeOf([443], '127.0.0.0/16'), rate: 1000, method } as const;
  const free = estimateScan(request);
  expect(free).toMatchObject({ targets: 65_536, prefixes: 256, ceiling: undefined, seconds: 65.536 });
  expect(free.shards).toBe(7);
  expect(estimateScan({ ...request, prefixRate: 2 })).toMatchObject({ ceiling: 512, seconds: 128 });
  expect(estimateScan({ ...request, prefixRate: 8 }).seconds).toBe(65.536);
});

test.each([
  ['127.0.0.0/24', undefined, 5000, 'default-loopback'],
  ['10.0.0.0/24', undefined, 200, 'default-private'],
  ['10.0.0.0/24', 7, 7, 'asked'],
] as const)(
  'the rate of %s, asked for as %s, is %d, and where it comes from is told',
  (range, asked, rate, rateOrigin) => {
    const request = { kind: 'census', targets: scopeOf([443], range), allowPrivate: true, method } as const;
    expect(estimateScan({ ...request, rate: asked })).toMatchObject({ rate, rateOrigin });
  },
);

test('what a plan refuses is refused here', () => {
  const targets = scopeOf([443], '10.0.0.0/24');
  expect(() => estimateScan({ kind: 'census', targets, method })).toThrow(
    expect.objectContaining({ code: 'SCAN_PRIVATE_REFUSED' }),
  );
});
