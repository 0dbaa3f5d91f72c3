import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MmdbShape, writeMmdb } from '../../../test/support/mmdb.ts';
import { formatRange, parseAddress } from '../addresses/index.ts';
import { TableError } from '../kubernetes/index.ts';
import type { PlaceLayer } from './place-layer.ts';
import { readMmdb } from './read-mmdb.ts';

function placeOf({ index, places }: PlaceLayer, address: string) {
  return places[index.find(parseAddress(address))];
}

const RECORDS: MmdbShape['records'] = {
  '127.0.0.0/10': { autonomous_system_number: 64500, autonomous_system_organization: 'Lab "A"', country_code: 'DE' },
  '127.64.0.0/16': { country: { iso_code: 'fr' } },
  '192.0.2.0/24': { asn: 'AS64501', as_name: 'B', country: 'NL' },
  '2001:db8::/32': { country_code: 'JP' },
  '203.0.113.0/24': { city: 'Nowhere' },
};

describe('a MaxMind DB', () => {
  it.each([24, 28, 32] as const)(
    'with records of %i bits is read under the names that its makers give',
    (recordSize) => {
      const mmdb = readMmdb('own-test', writeMmdb({ records: RECORDS, recordSize, alias: true }));
      expect(mmdb.builtAt.toISOString()).toMatch(/^2026-10-01/);
      expect(placeOf(mmdb, '127.63.255.255')).toEqual({ asn: 64500, asName: 'Lab "A"', country: 'DE' });
      expect(placeOf(mmdb, '127.64.0.0')).toEqual({ country: 'FR' });
      expect(placeOf(mmdb, '192.0.2.255')).toEqual({ asn: 64501, asName: 'B', country: 'NL' });
      expect(placeOf(mmdb, '2001:db8:ffff::1')).toEqual({ country: 'JP' });
      for (const nowhere of [
        '127.65.0.0',
        '203.0.113.1',
        '126.255.255.255',
        '2001:db9::',
        '::7f00:1',
        '2002:7f00:1::',
      ]) {
        expect(placeOf(mmdb, nowhere)).toBeUndefined();
      }
      const ranges = [...mmdb.index.ranges()].map(({ range }) => formatRange(range));
      expect(ranges).toEqual(['127.0.0.0/10', '127.64.0.0/16', '192.0.2.0/24', '2001:db8::/32']);
    },
  );

  it('of IPv4 alone has its tree at the root', () => {
    const mmdb = readMmdb('own-test', writeMmdb({ records: { '127.0.0.0/8': { asn: 1 } }, ipVersion: 4 }));
    expect(placeOf(mmdb, '127.1.2.3')).toEqual({ asn: 1 });
    expect(placeOf(mmdb, '::1')).toBeUndefined();
  });

  it('cut off anywhere is refused with the byte and the reason', () => {
    const whole = writeMmdb({ records: RECORDS });
    for (let length = 0; length < whole.length; length += 7) {
      const cut = () => readMmdb('country', whole.subarray(0, length));
      expect(cut, String(length)).toThrow(TableError);
      expect(cut, String(length)).toThrow(/^table "country", byte \d+: .*; the table in force stays as it is$/);
    }
  });

  it('whose tree runs into itself is refused', () => {
    const bytes = writeMmdb({ records: RECORDS, recordSize: 32 });
    // The root's left record: the root.
    bytes.writeUInt32BE(0, 0);
    expect(() => readMmdb('country', bytes)).toThrow(/runs into itself/);
  });

  it('that knows neither an autonomous system nor a country is refused', () => {
    expect(() => readMmdb('country', writeMmdb({ records: { '127.0.0.0/8': { city: 'X' } } }))).toThrow(/knows no/);
  });

  it('with any bytes changed is read, or refused as a table', () => {
    const whole = writeMmdb({ records: RECORDS, recordSize: 28 });
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        try {
          readMmdb('country', bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(TableError);
        }
      }),
      { seed: 20261122, numRuns: 500 },
    );
  });
});
