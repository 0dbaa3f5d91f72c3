import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRange } from './address-range.ts';
import type { AddressSet } from './address-set.ts';
import { AddressSetBuilder } from './address-set-builder.ts';
import { formatTarget } from './format-address.ts';
import { parseAddress } from './parse-address.ts';
import { MAX_TARGETS } from './permutation.ts';
import { Scope } from './scope.ts';
import type { TargetBlock } from './target-space.ts';

const SEED = 20_240_601;

function addresses(...texts: string[]): AddressSet {
  const builder = new AddressSetBuilder();
  for (const text of texts) builder.add(parseRange(text));
  return builder.build();
}

function group(ports: number[], ...texts: string[]): TargetBlock {
  return { ports, addresses: addresses(...texts) };
}

function targets(scope: Scope): string[] {
  return Array.from({ length: scope.size }, (_, index) => {
    const { address, port } = scope.space.targetAt(index);
    return formatTarget(address, port);
  });
}

/** Small ranges of both families that often overlap and touch, with a few ports. */
const anyGroups = fc.array(
  fc.record({
    ports: fc.array(fc.constantFrom(443, 6443, 8443, 1, 65_535), { minLength: 1, maxLength: 4 }),
    ranges: fc.array(
      fc.tuple(fc.constantFrom<4 | 6>(4, 6), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 12 })),
      { maxLength: 5 },
    ),
  }),
  { maxLength: 6 },
);

// The last 52 IPv4 addresses, so that some ranges end on 255.255.255.255; in IPv6 they cross a word's boundary.
const EDGE = 0xffff_ffff - 52;

function toGroups(given: { ports: number[]; ranges: [4 | 6, number, number][] }[]): TargetBlock[] {
  return given.map(({ ports, ranges }) => {
    const builder = new AddressSetBuilder();
    for (const [family, start, length] of ranges) {
      if (family === 4) builder.addIpv4(EDGE + start, EDGE + start + length);
      else builder.add({ family: 6, first: BigInt(EDGE + start), last: BigInt(EDGE + start + length) });
    }
    return { ports, addresses: builder.build() };
  });
}

function expected(groups: readonly TargetBlock[]): Set<string> {
  const all = new Set<string>();
  for (const { ports, addresses: set } of groups) {
    for (let index = 0; index < Number(set.size); index += 1) {
      for (const port of ports) all.add(formatTarget(set.nth(index), port));
    }
  }
  return all;
}

describe('a scope', () => {
  it('holds exactly the targets given, each once, and finds each at its index', () => {
    fc.assert(
      fc.property(anyGroups, (given) => {
        const groups = toGroups(given);
        const scope = Scope.of(groups);
        const all = targets(scope);
        expect(new Set(all)).toEqual(expected(groups));
        expect(all.length).toBe(new Set(all).size);
        for (let index = 0; index < scope.size; index += 1)
          expect(scope.space.indexOf(scope.space.targetAt(index))).toBe(index);
      }),
      { seed: SEED, numRuns: 150 },
    );
  });

  it('has the same bytes however its targets were given', () => {
    fc.assert(
      fc.property(anyGroups, fc.infiniteStream(fc.boolean()), (given, coin) => {
        const groups = toGroups(given);
        const scattered = groups.flatMap(({ ports, addresses: set }) => [
          ...ports.map((port) => ({ ports: [port], addresses: set })),
          ...[...set.ranges()].map((range) => ({ ports, addresses: new AddressSetBuilder().add(range).build() })),
        ]);
        const shuffled: TargetBlock[] = [];
        for (const one of scattered) coin.next().value === true ? shuffled.push(one) : shuffled.unshift(one);
        expect(Buffer.from(Scope.of(shuffled).toBytes()).toString('hex')).toBe(
          Buffer.from(Scope.of(groups).toBytes()).toString('hex'),
        );
      }),
      { seed: SEED, numRuns: 150 },
    );
  });

  it('is read back from its bytes as it was', () => {
    const scope = Scope.of([group([443, 6443], '127.0.0.0/24', '::1'), group([10250], '127.0.0.128/25')]);
    const read = Scope.fromBytes(scope.toBytes());
    expect(read.hash().equals(scope.hash())).toBe(true);
    expect(targets(read)).toEqual(targets(scope));
  });

  it('differs in its hash as soon as one target differs', () => {
    const hashes = [
      Scope.of([group([443], '127.0.0.0/24')]),
      Scope.of([group([6443], '127.0.0.0/24')]),
      Scope.of([group([443], '127.0.0.0/24'), group([444], '127.0.0.7')]),
      Scope.of([group([443], '127.0.0.0-127.0.0.254')]),
      Scope.of([]),
    ].map((scope) => scope.hash().toString('hex'));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('counts a target in two groups once', () => {
    const scope = Scope.of([group([443, 6443], '127.0.0.0/30'), group([443, 8443], '127.0.0.2')]);
    expect(scope.size).toBe(9);
    expect(scope.space.blocks.map(({ ports }) => ports)).toEqual([
      [443, 6443],
      [443, 6443, 8443],
    ]);
  });

  it('loses exactly the addresses that are taken out', () => {
    const scope = Scope.of([group([443, 6443], '127.0.0.0/30'), group([80], '127.0.0.9')]);
    const less = scope.without(addresses('127.0.0.1', '127.0.0.9'));
    expect(targets(less)).toEqual(targets(scope).filter((target) => !/^127\.0\.0\.[19]:/.test(target)));
    expect(Scope.fromBytes(less.toBytes()).hash()).toEqual(less.hash());
  });

  it('may hold 2^52 targets and not one more', () => {
    const half = addresses('2001:db8::/77');
    expect(Scope.of([{ ports: [443, 6443], addresses: half }]).size).toBe(MAX_TARGETS);
    const over = half.union(addresses('2001:db9::1'));
    expect(() => Scope.of([{ ports: [443, 6443], addresses: over }])).toThrow(/more than the 2\^52.*give/);
    expect(() => Scope.of([{ ports: [443], addresses: addresses('::/0') }])).toThrow(/2\^52/);
  });

  it('finds the last of 2^52 targets', () => {
    const scope = Scope.of([{ ports: [443, 6443], addresses: addresses('2001:db8::/77') }]);
    const last = scope.space.targetAt(scope.size - 1);
    expect(formatTarget(last.address, last.port)).toBe('[2001:db8::7:ffff:ffff:ffff]:6443');
    expect(scope.space.indexOf(last)).toBe(scope.size - 1);
    expect(scope.space.indexOf({ address: parseAddress('2001:db8:0:0:8::'), port: 443 })).toBe(-1);
    expect(scope.space.indexOf({ address: parseAddress('2001:db8::'), port: 444 })).toBe(-1);
    expect(() => scope.space.targetAt(scope.size)).toThrow(/ADDRESS|index/);
  });

  it('is refused where its bytes are cut, lengthened or changed in order', () => {
    const bytes = Buffer.from(Scope.of([group([443, 6443], '127.0.0.0/24')]).toBytes());
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => Scope.fromBytes(bytes.subarray(0, length))).toThrow(/damaged/);
    }
    expect(() => Scope.fromBytes(Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow(/damaged/);
    const swapped = Buffer.from(bytes);
    swapped.writeUInt16BE(6443, 12);
    swapped.writeUInt16BE(443, 14);
    expect(() => Scope.fromBytes(swapped)).toThrow(/out of order/);
  });

  it('refuses what is no port', () => {
    for (const port of [0, 65_536, 1.5]) expect(() => Scope.of([group([port], '127.0.0.1')])).toThrow(/is no port/);
  });
});

it('the pieces of a scope are its bytes, each of 64 KiB at most, on both sides of a piece and of two families', () => {
  for (const count of [0, 1, 2047, 2048, 2049, 5000]) {
    const builder = new AddressSetBuilder().addIpv4(1, 2);
    for (let i = 0; i < count; i += 1) {
      builder.addIpv4(0x0a00_0000 + i * 4, 0x0a00_0001 + i * 4);
      builder.add({
        family: 6,
        first: (0x2400n << 112n) + BigInt(i) * 8n,
        last: (0x2400n << 112n) + BigInt(i) * 8n + 1n,
      });
    }
    const scope = Scope.of([{ ports: [443, 6443], addresses: builder.build() }]);
    const pieces = [...scope.pieces()].map((piece) => piece.length);
    expect(Math.max(...pieces)).toBeLessThanOrEqual(64 * 1024);
    expect(pieces.reduce((sum, length) => sum + length)).toBe(scope.byteLength);
    expect(createHash('sha256').update(scope.toBytes()).digest()).toEqual(scope.hash());
    expect(Scope.fromBytes(scope.toBytes()).hash()).toEqual(scope.hash());
  }
});
