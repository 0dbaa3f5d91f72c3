import { AddressSetBuilder, parseRange, Scope } from '@kubecensus/shared/addresses';
import { describe, expect, it } from 'vitest';
import { toPermittedScope } from './permitted-scope.ts';

function scopeOf(...ranges: string[]): Scope {
  const builder = new AddressSetBuilder();
  for (const range of ranges) builder.add(parseRange(range));
  return Scope.of([{ ports: [443], addresses: builder.build() }]);
}

describe('who may scan what', () => {
  it.each([
    // asked for, private allowed, kept, left out
    [['127.0.0.0/8'], false, '127.0.0.0/8', 0n],
    [['::1'], false, '::1', 0n],
    [['127.0.0.1', '::1'], true, '127.0.0.1', 0n],
    [['10.0.0.0/24'], true, '10.0.0.0/24', 0n],
    [['fd00::/120'], true, 'fd00::/120', 0n],
    [['192.168.0.0/16', '127.0.0.1'], true, '127.0.0.1', 0n],
    [['8.8.8.0/24'], false, '8.8.8.0/24', 0n],
    [['2606:4700::/120'], false, '2606:4700::/120', 0n],
    [['9.0.0.0-11.255.255.255'], false, '9.0.0.0/8', 2n ** 24n],
    [['9.0.0.0-11.255.255.255'], true, '9.0.0.0-11.255.255.255', 0n],
    [['126.0.0.0/7'], false, '126.0.0.0/8', 2n ** 24n],
  ] as const)(
    '%j (private allowed: %s) may be looked at from %s on, %s addresses left out',
    (asked, isAllowed, first, leftOut) => {
      const permitted = toPermittedScope(scopeOf(...asked), isAllowed);
      const [range] = [...permitted.scope.space.addresses().ranges()];
      expect(range).toEqual(parseRange(first));
      expect(permitted.leftOut.size).toBe(leftOut);
    },
  );

  it.each([
    [
      ['10.0.0.0/8'],
      'SCAN_PRIVATE_REFUSED',
      '10.0.0.0/8 is private; where that network is yours to look at, say --allow-private',
    ],
    [['192.168.1.7'], 'SCAN_PRIVATE_REFUSED', /^192\.168\.1\.7 is private/],
    [['fd12::/112'], 'SCAN_PRIVATE_REFUSED', /^fd12::\/112 is private/],
    [['8.8.8.8', '172.16.0.0/12'], 'SCAN_PRIVATE_REFUSED', /^172\.16\.0\.0\/12/],
    [['224.0.0.0-239.255.255.255', '8.8.8.8'], 'SCAN_SPECIAL_REFUSED', /never looked at/],
    [
      ['169.254.169.254'],
      'SCAN_SPECIAL_REFUSED',
      /^169\.254\.169\.254 is .*169\.254\.0\.0\/16, RFC 3927.*never looked at; take it out/,
    ],
    [['192.0.2.0/24'], 'SCAN_SPECIAL_REFUSED', /RFC 5737/],
    [['240.0.0.0/4'], 'SCAN_SPECIAL_REFUSED', /never looked at/],
    [['fe80::/112'], 'SCAN_SPECIAL_REFUSED', /RFC 4291/],
    [['2001:db8::/112'], 'SCAN_SPECIAL_REFUSED', /RFC 3849/],
    [['::'], 'SCAN_SPECIAL_REFUSED', /never looked at/],
    [['64:ff9b::10.0.0.1'], 'SCAN_SPECIAL_REFUSED', /never looked at/],
    [[], 'SCAN_NOTHING_LEFT', /no targets; give/],
  ] as const)('%j is refused: %s', (asked, code, message) => {
    expect(() => toPermittedScope(scopeOf(...asked), false)).toThrow(
      expect.objectContaining({ code, exitCode: 2, message: expect.stringMatching(message) }),
    );
  });

  it('special-purpose ranges stay refused where private ones are allowed', () => {
    expect(() => toPermittedScope(scopeOf('169.254.0.0/16'), true)).toThrow(/never looked at/);
  });

  it('all of IPv4 is what anyone can reach of it, and what is left out is told', () => {
    const permitted = toPermittedScope(scopeOf('0.0.0.0/0'), false);
    const kept = permitted.scope.space.addresses();
    for (const inside of ['1.1.1.1', '9.255.255.255', '11.0.0.0', '223.255.255.255']) {
      expect(kept.intersect(scopeOf(inside).space.addresses()).size).toBe(1n);
    }
    for (const outside of [
      '0.0.0.0',
      '10.0.0.1',
      '100.64.0.1',
      '127.0.0.1',
      '192.168.0.1',
      '224.0.0.1',
      '255.255.255.255',
    ]) {
      expect(kept.intersect(scopeOf(outside).space.addresses()).isEmpty).toBe(true);
    }
    expect(kept.size + permitted.leftOut.size).toBe(2n ** 32n);
    expect(permitted.hasPublic).toBe(true);
  });

  it('only what is looked at decides whether terms are needed', () => {
    expect(toPermittedScope(scopeOf('127.0.0.0/24'), true)).toMatchObject({ hasPublic: false, hasPrivate: false });
    expect(toPermittedScope(scopeOf('127.0.0.1', '10.0.0.1'), true)).toMatchObject({
      hasPublic: false,
      hasPrivate: true,
    });
    expect(toPermittedScope(scopeOf('9.0.0.0-11.255.255.255'), false)).toMatchObject({
      hasPublic: true,
      hasPrivate: false,
    });
  });
});
