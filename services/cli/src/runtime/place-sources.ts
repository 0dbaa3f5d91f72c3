import type { PlaceTables as SourcePlaces } from '@kubecensus/seeder';
import { AddressSetBuilder, parseCidr } from '@kubecensus/shared/addresses';
import type { PlaceTables } from '@kubecensus/shared/place';
import type { PlaceTablesSource } from '@kubecensus/shared/tables';

const IPV4 = new AddressSetBuilder().add(parseCidr('0.0.0.0/0')).build();

/**
 * What words such as AS64500 and country:de stand for: IPv4 prefixes. An IPv6 prefix of a network is larger than any scan;
 * hit lists of addresses in use are for it. The tables are opened when the first of the words is met.
 */
export function toSourcePlaces(places: PlaceTablesSource): SourcePlaces {
  return {
    prefixesOfAsn: async (asn) => (await places.current()).prefixesOfAsn(asn).intersect(IPV4),
    prefixesOfCountry: async (code) => (await places.current()).prefixesOfCountry(code).intersect(IPV4),
  };
}

/** Which tables say where addresses lie, and what their licences ask to be said. */
export function toSourcesText({ sources }: PlaceTables): string {
  const tables = sources.map(({ table, asOf }) => `${table} of ${asOf}`).join(', ');
  const notices = [...new Set(sources.flatMap(({ attribution }) => attribution ?? []))];
  return [`where addresses lie is said by ${tables}`, ...notices].join('. ');
}
