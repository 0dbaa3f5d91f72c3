export type { CensusHeader } from './census-header.ts';
export {
  type CountOptions,
  type CountRow,
  type Counts,
  countEndpoints,
  type EndpointCount,
  toDimensions,
} from './count-endpoints.ts';
export {
  describeAddress,
  describeScan,
  type EndpointCluster,
  type EndpointEvidence,
  type EndpointRecord,
  type EndpointSighting,
  type EndpointVerdict,
} from './describe-endpoints.ts';
export { DIMENSIONS, type Dimension, isDimension } from './dimensions.ts';
export { type ExportedEndpoint, type ExportPage, exportEndpoints } from './export-endpoints.ts';
export { listCensuses } from './list-censuses.ts';
export { type EndpointPage, type EndpointRow, type ListOptions, listEndpoints } from './list-endpoints.ts';
export { type CensusRevision, listRevisions } from './list-revisions.ts';
export { listScans, type ScanRow } from './list-scans.ts';
export { listTransitions, type TransitionRow, type TransitionState } from './list-transitions.ts';
export type { Population, Subject } from './resolve-subject.ts';
export {
  type EndpointPlace,
  type FoundEndpoint,
  type SearchPage,
  type SearchQuestion,
  searchEndpoints,
} from './search-endpoints.ts';
