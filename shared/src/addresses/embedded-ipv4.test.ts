import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseRange } from './address-range.ts';
import { AddressSetBuilder } from './address-set-builder.ts';
import { embeddedIpv4, matchesExclusion, withEmbeddedIpv4 } from './embedded-ipv4.ts';
import { formatAddress } from './format-address.ts';
import { parseAddress } from './parse-address.ts';

const exclusions = new AddressSetBuilder()
  .add(parseRange('192.0.2.0/24'))
  .add(parseRange('203.0.113.77'))
  .add(parseRange('2001:db8:5::/48'))
  .build();

it.each([
  ['192.0.2.255', true],
  ['192.0.3.0', false],
  ['2001:db8:5::9', true],
  ['64:ff9b::192.0.2.9', true],
  ['64:ff9b::192.0.3.9', false],
  ['64:ff9b:0:0:0:1:c000:209', false],
  ['::ffff:192.0.2.9', true],
  ['::ffff:192.0.3.9', false],
  ['2002:c000:0200::', true],
  ['2002:c000:02ff:ffff:ffff:ffff:ffff:ffff', true],
  ['2002:c000:0300::', false],
  ['2002:cb00:714d::1', true],
  ['2002:cb00:714e::1', false],
  ['::192.0.2.9', false],
])('an exclusion of IPv4 ranges matches %s: %s', (text, matches) => {
  const address = parseAddress(text);
  expect(matchesExclusion(exclusions, address)).toBe(matches);
  expect(withEmbeddedIpv4(exclusions).contains(address)).toBe(matches);
});

it('looking inside an address and extending the set agree on every address', () => {
  const extended = withEmbeddedIpv4(exclusions);
  const inside = fc.oneof(fc.integer({ min: 0xc000_01f0, max: 0xc000_0310 }), fc.integer({ min: 0, max: 0xffff_ffff }));
  const forms = fc
    .tuple(inside, fc.constantFrom('64:ff9b::', '::ffff:', '2002:'), fc.nat(0xffff))
    .map(([value, form, rest]) => {
      const hex = `${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`;
      return form === '2002:' ? `2002:${hex}::${rest.toString(16)}` : `${form}${hex}`;
    });
  fc.assert(
    fc.property(forms, (text) => {
      const address = parseAddress(text);
      expect(embeddedIpv4(address)).toBeDefined();
      expect(extended.contains(address)).toBe(matchesExclusion(exclusions, address));
    }),
    { seed: 21, numRuns: 1000 },
  );
});

it('the IPv4 address inside is found', () => {
  const inside = (text: string) => {
    const found = embeddedIpv4(parseAddress(text));
    return found === undefined ? undefined : formatAddress(found);
  };
  expect(inside('64:ff9b::1.2.3.4')).toBe('1.2.3.4');
  expect(inside('2002:102:304:5::6')).toBe('1.2.3.4');
  expect(inside('::ffff:255.255.255.255')).toBe('255.255.255.255');
  expect(inside('1.2.3.4')).toBeUndefined();
  expect(inside('2001:db8::1.2.3.4')).toBeUndefined();
});
