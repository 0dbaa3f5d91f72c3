export { LOOKUP_SOURCES, TEXT_SOURCES } from './all-sources.ts';
export type { LookupSource, PlaceTables, SourceSink, TextSource } from './define-source.ts';
export {
  type ReadRequest,
  type ReadSources,
  readSources,
  type SourceInput,
  type SourceReport,
} from './read-sources.ts';
