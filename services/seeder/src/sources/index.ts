export { LOOKUP_SOURCES, RECORD_SOURCES, TEXT_SOURCES } from './all-sources.ts';
export type {
  KnownEndpoints,
  LookupSource,
  PlaceTables,
  RecordSource,
  SourceSink,
  TextSource,
} from './define-source.ts';
export {
  type ReadRequest,
  type ReadSources,
  readSources,
  type SourceInput,
  type SourceReport,
} from './read-sources.ts';
