import { describe, expect, it } from 'vitest';
import { type Address, formatAddress, parseAddress, parseRange } from '../addresses/index.ts';
import { ADDRESS_TABLES, readBuiltIn } from '../tables/address-tables.ts';
import { openPlaceTables } from '../tables/index.ts';
import { parseAsnCsv } from './parse-asn-csv.ts';
import { parseRangeFile } from './parse-range-file.ts';
import type { Place } from './place.ts';
import { type PlacedRange, toPlaceLayer } from './place-ranges.ts';
import { NOWHERE, PlaceTables } from './place-tables.ts';
import { PROVIDER_ASNS } from './providers-table.ts';

function layer(ranges: Readonly<Record<string, Place>>) {
  return toPlaceLayer(Object.entries(ranges).map(([text, place]): PlacedRange => ({ range: parseRange(text), place })));
}

const TABLES = new PlaceTables(
  {
    own: [layer({ '8.8.0.0/17': { asn: 64500 }, '127.0.0.0/9': { country: 'DE', provider: 'labcloud' } })],
    published: [
      layer({
        '8.8.0.0/16': { asn: 15169, asName: 'Google LLC' },
        '127.0.0.0/8': { asn: 1 },
        '9.9.9.0/24': { asn: 16509 },
      }),
      layer({ '8.0.0.0/8': { country: 'US' } }),
    ],
  },
  [],
);

describe('where an address lies', () => {
  it('is said by the operator’s own tables first, field by field', () => {
    expect(TABLES.findText('8.8.1.1')).toEqual({ asn: 64500, country: 'US' });
    expect(TABLES.findText('8.8.200.1')).toEqual({
      asn: 15169,
      asName: 'Google LLC',
      country: 'US',
      provider: 'google',
    });
    expect(TABLES.findText('9.9.9.9')).toEqual({ asn: 16509, provider: 'aws' });
  });

  it('stays unknown where no table says, and published tables say nothing of loopback', () => {
    expect(TABLES.findText('1.1.1.1')).toBe(NOWHERE);
    expect(TABLES.findText('127.1.1.1')).toEqual({ country: 'DE', provider: 'labcloud' });
    expect(TABLES.findText('127.200.1.1')).toBe(NOWHERE);
    expect(TABLES.findText('::1')).toBe(NOWHERE);
  });

  it('is the same whether an address is asked for its place or a place for its addresses', () => {
    for (const asn of [64500, 15169, 16509, 7]) {
      const prefixes = TABLES.prefixesOfAsn(asn);
      for (let at = 0; at < 3000; at += 1) {
        const address: Address = { family: 4, value: 0x0808_0000 + at * 37 };
        expect(prefixes.contains(address), formatAddress(address)).toBe(TABLES.find(address).asn === asn);
      }
    }
    expect(TABLES.prefixesOfCountry('US').contains(parseAddress('8.8.1.1'))).toBe(true);
    expect(TABLES.prefixesOfCountry('ZZ').isEmpty).toBe(true);
  });
});

describe('the tables that come with the program', () => {
  it('know well-known addresses, and every provider’s numbers under its name', async () => {
    const tables = await openPlaceTables('/nowhere');
    expect(tables.findText('88.198.1.1')).toEqual({
      asn: 24940,
      asName: 'Hetzner Online GmbH',
      country: 'DE',
      provider: 'hetzner',
    });
    expect(tables.findText('2001:4860:4860::8888')).toMatchObject({ asn: 15169, provider: 'google' });
    expect(tables.sources.map(({ table }) => table)).toEqual(['asn-ipv4', 'asn-ipv6', 'country']);
  });

  it('have every number of a provider under that provider’s name', () => {
    const names = new Map(
      ADDRESS_TABLES.filter(({ name }) => name !== 'country')
        .flatMap((table) => parseAsnCsv(table.name, readBuiltIn(table)).places)
        .map(({ asn, asName }) => [asn, asName]),
    );
    for (const [provider, { asns, named }] of Object.entries(PROVIDER_ASNS)) {
      for (const asn of asns) expect(names.get(asn), `${provider} AS${asn}`).toMatch(named);
    }
  });
});

describe('a list of ranges', () => {
  it.each([
    [
      'AWS',
      '{"createDate":"2026-10-02-01-02-03","prefixes":[{"ip_prefix":"192.0.2.0/24"}],"ipv6_prefixes":[{"ipv6_prefix":"2001:db8::/32"}]}',
      'aws',
      '2026-10-02',
    ],
    [
      'Google',
      '{"creationTime":"2026-10-02T01:02:03","prefixes":[{"ipv4Prefix":"192.0.2.0/24"},{"ipv6Prefix":"2001:db8::/32"}]}',
      'google',
      '2026-10-02',
    ],
    [
      'Azure',
      '{"changeNumber":1,"values":[{"name":"AzureCloud","properties":{"addressPrefixes":["192.0.2.0/24","2001:db8::/32"]}},{"name":"Sql","properties":{"addressPrefixes":["192.0.2.0/25"]}}]}',
      'azure',
      undefined,
    ],
    [
      'Oracle',
      '{"last_updated_timestamp":"2026-10-02T01:02:03.4","regions":[{"cidrs":[{"cidr":"192.0.2.0/24"},{"cidr":"2001:db8::/32"}]}]}',
      'oracle',
      '2026-10-02',
    ],
  ])('of %s is known by its form', (_, text, provider, asOf) => {
    const read = parseRangeFile('own-x', Buffer.from(text));
    expect(read.ranges).toEqual(
      ['192.0.2.0/24', '2001:db8::/32'].map((one) => ({ range: parseRange(one), place: { provider } })),
    );
    expect(read.asOf).toBe(asOf);
  });

  it('is a geofeed, bare prefixes with their provider’s name, or columns of our own', () => {
    const geofeed = parseRangeFile('own-x', Buffer.from('# RFC 8805\n192.0.2.0/24,NL,NL-NH,Amsterdam,\n'), 'hoster');
    expect(geofeed.ranges[0]?.place).toEqual({ country: 'NL', provider: 'hoster' });
    expect(parseRangeFile('own-x', Buffer.from('192.0.2.7\n'), 'hoster').ranges[0]?.place).toEqual({
      provider: 'hoster',
    });
    const own = 'prefix,country,asn,as_name\r\n127.0.0.0/8,de,AS64500,"Lab, ""Inc"""\r\n';
    expect(parseRangeFile('own-x', Buffer.from(own)).ranges[0]?.place).toEqual({
      asn: 64500,
      asName: 'Lab, "Inc"',
      country: 'DE',
    });
  });

  it.each([
    ['no provider and no country', '192.0.2.0/24\n', 1, /says nothing of its range/],
    ['an unknown column', 'prefix,city\n', 1, /column "city" is none/],
    ['a missing field', 'prefix,country\n192.0.2.0/24,DE\n192.0.3.0/24\n', 3, /1 fields under 2 columns/],
    ['no prefix', 'prefix,country\nexample.org,DE\n', 2, /example\.org/],
    ['host bits', 'prefix,country\n192.0.2.1/24,DE\n', 2, /bits set/],
    ['no number', 'prefix,asn\n192.0.2.0/24,4294967296\n', 2, /is no number/],
    ['a country that is none', 'prefix,country\n192.0.2.0/24,Germany\n', 2, /not two letters/],
    ['two countries for one prefix', 'prefix,country\n192.0.2.0/24,DE\n192.0.2.0/24,NL\n', 3, /elsewhere by line 2/],
    ['nothing', '\n# only this\n', 3, /no ranges/],
    ['JSON that is cut off', '{"createDate":"2026-10-02",\n"prefixes":[{"ip_pre', 2, /cut off/],
    ['JSON of somebody else', '{"prefixes":[]}', 1, /none of these providers/],
    ['a bad prefix in JSON', '{"creationTime":"x",\n"prefixes":[\n{"ipv4Prefix":"192.0.2.0/33"}]}', 3, /prefix length/],
  ])('with %s is refused with its line', (_, text, line, reason) => {
    const read = () => parseRangeFile('own-x', Buffer.from(text));
    expect(read).toThrow(reason);
    expect(read).toThrow(`table "own-x", line ${line}: `);
  });
});
