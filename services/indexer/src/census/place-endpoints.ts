import type { Queryable } from '@kubecensus/shared/database';
import type { Place, PlaceTables } from '@kubecensus/shared/place';
import {
  insertEndpointPlaces,
  insertPlaces,
  insertUnplaced,
  type PlaceRow,
  selectEndpointsToPlace,
  selectPlaceTables,
  updatePlaceTables,
} from '../store/write-places.ts';

/** Endpoints looked up at once. */
const PAGE = 20_000;

/**
 * Says where the endpoints of a census lie, by the tables in force now, and keeps with the census which these were. What
 * earlier censuses said stays: a row holds from its census on. While the tables are those of the census before, only what
 * was opened by this one is looked up. Returns the rows written.
 */
export async function placeEndpoints(
  client: Queryable,
  seriesId: number,
  censusNumber: number,
  tables: PlaceTables,
): Promise<number> {
  const before = await selectPlaceTables(client, seriesId, censusNumber - 1);
  const isUnchanged = toVersions(before) === toVersions(tables.sources);
  await updatePlaceTables(client, seriesId, censusNumber, tables.sources);
  await insertUnplaced(client, { seriesId, censusNumber, isUnchanged });
  const numbers = new Map<string, number>();
  let placed = 0;
  for (let after = 0; ; ) {
    const page = await selectEndpointsToPlace(client, { seriesId, censusNumber, after, limit: PAGE });
    const last = page.at(-1);
    if (last === undefined) return placed;
    const found = page.map(({ endpointId, address, placeId }) => {
      const row = toRow(tables.findText(address));
      return { endpointId, placeId, row, key: JSON.stringify(row) };
    });
    const unknown = new Map(found.filter(({ key }) => !numbers.has(key)).map(({ key, row }) => [key, row]));
    for (const { placeId, ...row } of await insertPlaces(client, [...unknown.values()])) {
      numbers.set(JSON.stringify(row), placeId);
    }
    const moved = found.flatMap(({ endpointId, placeId, key }) => {
      const now = numbers.get(key);
      return now === undefined || now === placeId ? [] : [{ endpointId, placeId: now }];
    });
    await insertEndpointPlaces(client, seriesId, censusNumber, moved);
    placed += moved.length;
    after = last.endpointId;
  }
}

function toVersions(sources: readonly { version: string }[]): string {
  return sources.map(({ version }) => version).join();
}

function toRow({ asn, asName, country, provider }: Place): PlaceRow {
  return { asn: asn ?? null, asName: asName ?? null, country: country ?? null, provider: provider ?? null };
}
