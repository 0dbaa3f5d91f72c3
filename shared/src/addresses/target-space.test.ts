import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRange } from './address-range.ts';
import { AddressSet } from './address-set.ts';
import { AddressSetBuilder } from './address-set-builder.ts';
import { formatTarget } from './format-address.ts';
import { parseAddress } from './parse-address.ts';
import { createPermutation, MAX_TARGETS } from './permutation.ts';
import { specialPurposeSets } from './special-purpose.ts';
import { assertPort, TargetSpace } from './target-space.ts';

function setOf(...texts: string[]): AddressSet {
  const builder = new AddressSetBuilder();
  for (const text of texts) builder.add(parseRange(text));
  return builder.build();
}

function spaceOf(...blocks: (readonly [AddressSet, readonly number[]])[]): TargetSpace {
  return TargetSpace.fromBlocks(blocks.map(([addresses, ports]) => ({ addresses, ports })));
}

function allTargets(space: TargetSpace): string[] {
  return Array.from({ length: space.size }, (_, index) => {
    const { address, port } = space.targetAt(index);
    return formatTarget(address, port);
  });
}

describe('one index space', () => {
  it('holds every address of a block on every port of it, block after block', () => {
    const space = spaceOf(
      [setOf('192.0.2.0/31', '2001:db8::1'), [443, 6443]],
      [AddressSet.EMPTY, [1]],
      [setOf('192.0.2.9'), [443]],
      [setOf('192.0.2.1'), [8443]],
    );
    expect(allTargets(space)).toEqual([
      '192.0.2.0:443',
      '192.0.2.0:6443',
      '192.0.2.1:443',
      '192.0.2.1:6443',
      '[2001:db8::1]:443',
      '[2001:db8::1]:6443',
      '192.0.2.9:443',
      '192.0.2.1:8443',
    ]);
    for (let index = 0; index < space.size; index += 1) expect(space.indexOf(space.targetAt(index))).toBe(index);
    expect(space.indexOf({ address: parseAddress('192.0.2.9'), port: 6443 })).toBe(-1);
    expect(space.indexOf({ address: parseAddress('192.0.2.3'), port: 443 })).toBe(-1);
    expect(space.indexOf({ address: parseAddress('192.0.2.0'), port: 80 })).toBe(-1);
  });

  it('loses what is excluded, on every port', () => {
    const space = spaceOf([setOf('192.0.2.0/30'), [443]], [setOf('192.0.2.1', '192.0.2.7'), [6443]]);
    expect(allTargets(space.without(setOf('192.0.2.1', '192.0.2.2')))).toEqual([
      '192.0.2.0:443',
      '192.0.2.3:443',
      '192.0.2.7:6443',
    ]);
    expect(space.without(setOf('0.0.0.0/0')).size).toBe(0);
  });

  it('knows its addresses, whatever their ports', () => {
    const space = spaceOf([setOf('10.0.0.1'), [443]], [setOf('10.0.0.3', '::1'), [80]]);
    expect(space.addresses().equals(setOf('10.0.0.1', '10.0.0.3', '::1'))).toBe(true);
  });

  it('says what it is in one line', () => {
    expect(spaceOf([AddressSet.EMPTY, [443]]).summary()).toBe('no targets');
    expect(spaceOf([setOf('10.0.0.0/24'), [443, 6443]]).summary()).toBe(
      '512 targets: 256 IPv4 addresses (10.0.0.0/24) on port 443, 6443',
    );
    expect(spaceOf([setOf('10.0.0.1'), [443]], [setOf('10.0.0.2'), [80]]).summary()).toBe(
      '2 targets: 2 IPv4 addresses (10.0.0.1-10.0.0.2)',
    );
  });

  it.each([-1, 2, 0.5])('has no target %d of two', (index) => {
    const space = spaceOf([setOf('10.0.0.0/31'), [443]]);
    expect(() => space.targetAt(index)).toThrow(expect.objectContaining({ code: 'ADDRESS_INDEX' }));
  });

  it('has ports from 1 to 65535', () => {
    for (const port of [1, 65_535]) expect(() => assertPort(port)).not.toThrow();
    for (const port of [0, 65_536, 1.5, -443, Number.NaN]) {
      expect(() => assertPort(port)).toThrow(expect.objectContaining({ code: 'ADDRESS_PORT' }));
    }
  });
});

describe('the largest space', () => {
  it('is 2^52 targets', () => {
    const space = spaceOf([setOf('2001:db8::/76'), [443]]);
    expect(space.size).toBe(MAX_TARGETS);
    const last = space.targetAt(MAX_TARGETS - 1);
    expect(formatTarget(last.address, last.port)).toBe('[2001:db8::f:ffff:ffff:ffff]:443');
    expect(space.indexOf(last)).toBe(MAX_TARGETS - 1);
  });

  it('and one target more is refused with the prefix that is too large', () => {
    expect(() => spaceOf([setOf('2001:db8::/76', '192.0.2.1'), [443]])).toThrow(
      expect.objectContaining({ code: 'ADDRESS_SET_TOO_LARGE', text: '2001:db8::/76' }),
    );
    expect(() => spaceOf([setOf('10.0.0.0/8', '2a00:1450::/32'), [443, 6443]])).toThrow(
      /"2a00:1450::\/32" brings the scan to .*2\^97.* give a hit list/,
    );
  });
});

describe('a scan in permuted order', () => {
  it('visits every target of a mixed space exactly once', () => {
    const sources = fc.record({
      first: fc.nat(0xffff_0000),
      span: fc.nat(3000),
      ipv6: fc.nat(500),
      ports: fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 5 }),
      key: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    });
    fc.assert(
      fc.property(sources, ({ first, span, ipv6, ports, key }) => {
        const builder = new AddressSetBuilder().addIpv4(first, first + span);
        builder.add({ family: 6, first: 1n << 77n, last: (1n << 77n) + BigInt(ipv6) });
        const space = spaceOf([builder.build(), ports], [setOf('ff00::1', 'ff00::9'), [443]]);
        const { forward, inverse } = createPermutation(space.size, key);
        const seen = new Set<string>();
        for (let position = 0; position < space.size; position += 1) {
          const target = space.targetAt(forward(position));
          seen.add(formatTarget(target.address, target.port));
          if (position % 97 === 0) expect(inverse(space.indexOf(target))).toBe(position);
        }
        expect(seen.size).toBe(space.size);
      }),
      { seed: 31, numRuns: 12 },
    );
  });

  it('of the whole of IPv4 on two ports finds the position of any target again', () => {
    const whole = setOf('0.0.0.0/0').subtract(specialPurposeSets().unreachable);
    const space = spaceOf([whole, [443, 6443]]);
    expect(space.size).toBe(2 * 3_702_258_434);
    const { forward, inverse } = createPermutation(space.size, new Uint8Array(32).fill(9));
    let wrong = 0;
    for (let sample = 0; sample < 50_000; sample += 1) {
      const position = Math.floor((sample * 0.754_877_666 * space.size) % space.size);
      if (inverse(space.indexOf(space.targetAt(forward(position)))) !== position) wrong += 1;
    }
    expect(wrong).toBe(0);
  });
});
