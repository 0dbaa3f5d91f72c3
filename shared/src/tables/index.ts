export { ADDRESS_TABLES, OWN_TABLE } from './address-tables.ts';
export { KUBERNETES_TABLES } from './kubernetes-tables.ts';
export { type ListedTable, listTables } from './list-tables.ts';
export { createPlaceTables, openPlaceTables, type PlaceTablesSource } from './open-place-tables.ts';
export { putKubernetesTablesInForce } from './put-kubernetes-in-force.ts';
export { type RefreshRequest, refreshTable } from './refresh-table.ts';
export { removeTable, type TableEntry } from './table-store.ts';
export { toTablesDirectory } from './tables-directory.ts';
