export { CODEBOOK, type Column, TABLE_TITLES, TABLES, type Table } from './codebook.ts';
export * from './language/index.ts';
export type { Manifest, PublishedCensus, PublishedFile, SupersededCensus } from './manifest.ts';
export { type History, type HistoryOptions, openHistory, type PublishedSeries } from './open-history.ts';
export { type PublicCube, publicCubeSchema } from './public/public-cubes.ts';
export { SMALLEST_CELL } from './public/suppress-cells.ts';
export { type Publication, type PublishOptions, publishHistory } from './publish-history.ts';
export * from './queries/index.ts';
export { type Discrepancy, verifyHistory } from './verify-history.ts';
