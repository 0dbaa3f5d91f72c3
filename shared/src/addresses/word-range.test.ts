import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AddressRange, formatRange } from './address-range.ts';
import { parseTargetLine, type TargetLine } from './target-line.ts';
import { createWordRange, fromWordRange, isOneAddress, scanWordRange } from './word-range.ts';

const range = createWordRange();

function scan(line: string): AddressRange | undefined {
  // Among other text, which must not be looked at.
  return scanWordRange(`9${line}9`, 1, line.length + 1, range) ? fromWordRange(range) : undefined;
}

function parse(line: string): TargetLine | undefined {
  try {
    return parseTargetLine(line);
  } catch {
    return undefined;
  }
}

it.each([
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.0/24', '192.0.2.0/24'],
  ['255.255.255.255/32', '255.255.255.255'],
  ['2001:db8::1', '2001:db8::1'],
  ['2001:DB8::/76', '2001:db8::/76'],
  ['2400:9e37:79b1:1::f000/116', '2400:9e37:79b1:1::f000/116'],
  ['1:2:3:4:5:6:7:8/128', '1:2:3:4:5:6:7:8'],
  ['ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
])('%s is read as it stands', (line, expected) => {
  expect(formatRange(scan(line) as AddressRange)).toBe(expected);
  expect(isOneAddress(range)).toBe(!expected.includes('/'));
});

it.each([
  '',
  ' 192.0.2.1',
  '192.0.2.1 ',
  '192.0.2.1/24',
  '192.0.2.0/33',
  '192.0.2.0/024',
  '192.0.2.0/',
  '/24',
  '192.0.2.1:443',
  '192.0.2.1-192.0.2.9',
  '2001:db8::1/120',
  '2001:db8::/75',
  '2001:db8::/129',
  '2001:db8::1,443',
  '[2001:db8::1]:443',
  '::1',
  '::ffff:192.0.2.1',
  '::ffff:0:0/96',
  'fe80::1%lo',
])('%j is left to the reader of everything', (line) => {
  expect(scan(line)).toBeUndefined();
});

it('what is read at all is what the reader of everything makes of the line', () => {
  const pieces = fc.oneof(
    fc.constantFrom(
      '::',
      ':',
      '.',
      '/',
      '0',
      '00',
      '255',
      '2001',
      'db8',
      'ffff',
      '24',
      '76',
      '116',
      '128',
      ' ',
      '-',
      'F',
    ),
    fc.integer({ min: 0, max: 300 }).map(String),
  );
  const prefix = fc
    .tuple(
      fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 7, maxLength: 7 }),
      fc.integer({ min: 70, max: 130 }),
    )
    .map(([groups, length]) => `${groups.map((group) => group.toString(16)).join(':')}:0/${length}`);
  let read = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        fc.ipV4(),
        fc.ipV6(),
        prefix,
        fc.array(pieces, { maxLength: 9 }).map((all) => all.join('')),
      ),
      (line) => {
        const found = scan(line);
        if (found === undefined) return;
        read += 1;
        expect(parse(line)).toEqual({ range: found, port: undefined });
      },
    ),
    { seed: 11, numRuns: 5000 },
  );
  expect(read).toBeGreaterThan(1000);
});
