import { ADDRESS_TABLES, readBuiltInVersion } from './address-tables.ts';
import { KUBERNETES_TABLES, toNewestDay, toTableText } from './kubernetes-tables.ts';
import { listEntries } from './table-store.ts';

/** A table in force, as it is told to a person. */
export interface ListedTable {
  readonly table: string;
  readonly title: string;
  readonly asOf: string;
  readonly source: string;
  /** False: it is the one that comes with the program. */
  readonly isRefreshed: boolean;
  readonly attribution?: string;
}

/** Those about Kubernetes, those about addresses, those that the operator added. */
export async function listTables(directory: string): Promise<ListedTable[]> {
  const entries = await listEntries(directory);
  const known = [
    ...KUBERNETES_TABLES.map(({ name, title, builtIn, key }) => ({
      name,
      title,
      builtInDay: () => toNewestDay(toTableText(builtIn, key)),
      source: 'comes with the program; each row names its own',
      attribution: undefined,
    })),
    ...ADDRESS_TABLES.map((table) => ({ ...table, builtInDay: () => readBuiltInVersion(table).asOf })),
  ];
  const listed = known.map(({ name, title, builtInDay, source, attribution }): ListedTable => {
    const entry = entries.find(({ table }) => table === name);
    const said = entry?.attribution ?? attribution;
    return {
      table: name,
      title,
      asOf: entry?.asOf ?? builtInDay(),
      source: entry?.source ?? source,
      isRefreshed: entry !== undefined,
      ...(said !== undefined && { attribution: said }),
    };
  });
  const own = entries.filter(({ table }) => !known.some(({ name }) => name === table));
  return [
    ...listed,
    ...own.map(({ table, asOf, source, attribution, rows }) => ({
      table,
      title: `${rows} ranges of the operator's own`,
      asOf,
      source,
      isRefreshed: true,
      ...(attribution !== undefined && { attribution }),
    })),
  ];
}
