export * from './parse-asn-csv.ts';
export * from './parse-range-file.ts';
export * from './place.ts';
export * from './place-layer.ts';
export * from './place-ranges.ts';
export * from './place-tables.ts';
export { PROVIDER_ASNS, toProvider } from './providers-table.ts';
export { NOT_FOUND, RangeIndex, RangeIndexBuilder } from './range-index.ts';
export { type Mmdb, readMmdb } from './read-mmdb.ts';
