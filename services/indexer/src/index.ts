export { type IndexedBatch, indexBatch } from './batches/index-batch.ts';
export { type BulkFinding, loadCensus, storeEvidenceOf } from './bulk/load-census.ts';
export { CLOSING_RULES, type ClosingRules } from './census/closing-rules.ts';
export { foldCensus } from './clusters/fold-census.ts';
export { markEvidence } from './clusters/mark-evidence.ts';
export { type Refolded, refoldSeries } from './clusters/refold-series.ts';
export { readClosingRules } from './config.ts';
export { CLASSIFIER, type Classifier, type EvidenceHead, guardClassifier } from './evidence/classifier.ts';
export { type StoredParts, toStoredParts } from './evidence/stored-parts.ts';
export type { Verdict } from './evidence/verdict.ts';
export { EXPOSURE_RULES, type ExposureVerdict, exposure } from './exposure/index.ts';
export { type Fingerprint, fingerprint, partsToFacts, RULES_VERSION, toFacts } from './fingerprint/index.ts';
export {
  type Imported,
  type ImportLine,
  type ImportOptions,
  ImportRefusedError,
  importObservations,
  type Refusal,
} from './import/import-observations.ts';
export { createIndexer, type IndexerOptions } from './indexer.ts';
export { type Purged, purgeRange } from './purge/purge-range.ts';
export {
  type Reclassification,
  type Reclassified,
  type ReclassifyOptions,
  reclassify,
} from './reclassify/reclassify.ts';
export { type Forgotten, forgetMonths, isMonth, type Swept, sweepForgotten } from './retention/forget-months.ts';
export { findEndpoints } from './store/find-endpoints.ts';
