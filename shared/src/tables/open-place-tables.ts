import { type PlaceLayer, type PlaceSource, PlaceTables } from '../place/index.ts';
import { ADDRESS_TABLES, OWN_TABLE, readAddressTable, readBuiltIn, readBuiltInVersion } from './address-tables.ts';
import { listEntries, readTableFile, type TableEntry } from './table-store.ts';

/**
 * The tables of addresses that are in force. Those that an operator added are read at once; the large ones (1 s, 60 MB)
 * when the first address is asked for that may stand in them: a lab on loopback never needs them.
 */
export async function openPlaceTables(directory: string): Promise<PlaceTables> {
  const entries = await listEntries(directory);
  const own: PlaceLayer[] = [];
  const published: PlaceLayer[] = [];
  const sources: PlaceSource[] = [];
  for (const entry of entries) {
    if (!OWN_TABLE.test(entry.table)) continue;
    own.push(readAddressTable(entry.table, await readTableFile(directory, entry)).layer);
    sources.push(toSource(entry));
  }
  for (const table of ADDRESS_TABLES) {
    const entry = entries.find((one) => one.table === table.name);
    if (entry !== undefined) {
      const bytes = await readTableFile(directory, entry);
      published.push(readLater(() => readAddressTable(entry.table, bytes).layer));
      sources.push(toSource(entry));
      continue;
    }
    const { asOf, version } = readBuiltInVersion(table);
    const { name, source, attribution } = table;
    published.push(readLater(() => readAddressTable(name, readBuiltIn(table)).layer));
    sources.push({ table: name, asOf, source, version, ...(attribution !== undefined && { attribution }) });
  }
  return new PlaceTables({ own, published }, sources);
}

function toSource({ table, asOf, source, sha256, attribution }: TableEntry): PlaceSource {
  return { table, asOf, source, version: sha256, ...(attribution !== undefined && { attribution }) };
}

function readLater(read: () => PlaceLayer): PlaceLayer {
  let layer: PlaceLayer | undefined;
  const now = () => {
    layer ??= read();
    return layer;
  };
  return {
    get index() {
      return now().index;
    },
    get places() {
      return now().places;
    },
  };
}

/** Tables of addresses that are opened at the first question, and again once they were refreshed. */
export interface PlaceTablesSource {
  current(): Promise<PlaceTables>;
}

export function createPlaceTables(directory: string): PlaceTablesSource {
  let held: { key: string; tables: Promise<PlaceTables> } | undefined;
  return {
    async current() {
      const key = JSON.stringify(await listEntries(directory));
      if (held?.key === key) return await held.tables;
      const tables = openPlaceTables(directory);
      held = { key, tables };
      tables.catch(() => {
        if (held?.tables === tables) held = undefined;
      });
      return await tables;
    },
  };
}
