import type { PlaceTables as SourcePlaces } from '@kubecensus/seeder';
import type { PlaceTables } from '@kubecensus/shared/place';
import type { PlaceTablesSource } from '@kubecensus/shared/tables';

/** What words such as AS64500 and country:de stand for; the tables are opened when the first of them is met. */
export function toSourcePlaces(places: PlaceTablesSource): SourcePlaces {
  return {
    prefixesOfAsn: async (asn) => (await places.current()).prefixesOfAsn(asn),
    prefixesOfCountry: async (code) => (await places.current()).prefixesOfCountry(code),
  };
}

/** Which tables say where addresses lie, and what their licences ask to be said. */
export function toSourcesText({ sources }: PlaceTables): string {
  const tables = sources.map(({ table, asOf }) => `${table} of ${asOf}`).join(', ');
  const notices = [...new Set(sources.flatMap(({ attribution }) => attribution ?? []))];
  return [`where addresses lie is said by ${tables}`, ...notices].join('. ');
}
