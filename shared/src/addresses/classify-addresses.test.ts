import { describe, expect, it } from 'vitest';
import { parseCidr, parseRange } from './address-range.ts';
import { AddressSetBuilder } from './address-set-builder.ts';
import { classify, partitionByClass, specialPurposeOf } from './classify-addresses.ts';
import { parseAddress } from './parse-address.ts';
import { SPECIAL_PURPOSE, specialPurposeSets } from './special-purpose.ts';

describe('who may scan what', () => {
  it.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.255', 'loopback'],
    ['::1', 'loopback'],
    ['10.0.0.0', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['100.127.255.255', 'private'],
    ['fd12:3456::1', 'private'],
    ['0.0.0.0', 'special'],
    ['169.254.169.254', 'special'],
    ['192.0.0.8', 'special'],
    ['192.88.99.1', 'special'],
    ['198.19.255.255', 'special'],
    ['224.0.0.1', 'special'],
    ['239.255.255.255', 'special'],
    ['240.0.0.1', 'special'],
    ['255.255.255.255', 'special'],
    ['::', 'special'],
    ['::ffff:8.8.8.8', 'special'],
    ['64:ff9b:1::1', 'special'],
    ['100::1', 'special'],
    ['100:0:0:1::1', 'special'],
    ['2001::1', 'special'],
    ['2001:1::4', 'special'],
    ['2001:2::1', 'special'],
    ['2001:db8::1', 'special'],
    ['2002:808:808::1', 'special'],
    ['3fff:fff::1', 'special'],
    ['4000::1', 'special'],
    ['5f00::1', 'special'],
    ['fe80::1', 'special'],
    ['fec0::1', 'special'],
    ['ff02::1', 'special'],
    ['8.8.8.8', 'public'],
    ['126.255.255.255', 'public'],
    ['128.0.0.0', 'public'],
    ['172.32.0.0', 'public'],
    ['192.0.0.9', 'public'],
    ['192.0.0.10', 'public'],
    ['192.0.1.0', 'public'],
    ['192.31.196.1', 'public'],
    ['223.255.255.255', 'public'],
    ['2000::1', 'public'],
    ['2001:1::1', 'public'],
    ['2001:1::2', 'public'],
    ['2001:1::3', 'public'],
    ['2001:4:112::1', 'public'],
    ['2001:20::1', 'public'],
    ['2001:3f:ffff::1', 'public'],
    ['2001:200::1', 'public'],
    ['2620:4f:8000::1', 'public'],
    ['3fff:1000::1', 'public'],
    ['64:ff9b::8.8.8.8', 'public'],
  ])('%s is %s', (text, expected) => {
    expect(classify(parseAddress(text))).toBe(expected);
  });

  it('an IPv4 address that is not public is not made so by NAT64', () => {
    for (const text of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '224.0.0.1']) {
      expect(classify(parseAddress(`64:ff9b::${text}`))).toBe('special');
    }
  });

  it('a set falls into four parts that are disjoint and make it up', () => {
    const all = new AddressSetBuilder().add(parseRange('0.0.0.0/0')).add(parseRange('::/0')).build();
    const parts = Object.values(partitionByClass(all));
    expect(parts.reduce((sum, part) => sum + part.size, 0n)).toBe(all.size);
    expect(parts.reduce((whole, part) => whole.union(part)).equals(all)).toBe(true);
    expect(partitionByClass(all).loopback.summary()).toBe(
      '16,777,216 IPv4 addresses (127.0.0.0/8) and 1 IPv6 address (::1)',
    );
  });
});

describe('the registries', () => {
  it('leave 3,702,258,434 IPv4 addresses to a public scan', () => {
    const all = new AddressSetBuilder().add(parseRange('0.0.0.0/0')).build();
    expect(all.subtract(specialPurposeSets().unreachable).size).toBe(3_702_258_434n);
  });

  it('name an RFC for every row, each prefix once', () => {
    for (const { prefix, name, rfc } of SPECIAL_PURPOSE) {
      expect(parseCidr(prefix)).toBeDefined();
      expect(name).not.toBe('');
      expect(rfc).toMatch(/^RFC \d+/);
    }
    expect(new Set(SPECIAL_PURPOSE.map(({ prefix }) => prefix)).size).toBe(SPECIAL_PURPOSE.length);
  });

  it('cover the IPv6 address space outside 2000::/3 without a gap', () => {
    const outside = new AddressSetBuilder().add(parseRange('::/0')).build();
    const unicast = new AddressSetBuilder().add(parseRange('2000::/3')).add(parseRange('64:ff9b::/96')).build();
    expect(outside.subtract(unicast).subtract(specialPurposeSets().unreachable).isEmpty).toBe(true);
  });

  it('say why an address is left out, by the most specific row', () => {
    const why = (text: string) => specialPurposeOf(parseAddress(text))?.prefix;
    expect(why('192.0.0.170')).toBe('192.0.0.170/32');
    expect(why('192.0.0.3')).toBe('192.0.0.0/29');
    expect(why('192.0.0.77')).toBe('192.0.0.0/24');
    expect(why('2001:20::1')).toBe('2001:20::/28');
    expect(why('::1')).toBe('::1/128');
    expect(why('::2')).toBe('::/8');
    expect(why('8.8.8.8')).toBeUndefined();
  });
});
