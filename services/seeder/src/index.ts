export { addCanary } from './canaries/add-canary.ts';
export { type CanaryRow, listCanaries, removeCanary } from './canaries/store/write-canaries.ts';
export { estimateScan, type ScanEstimate } from './estimate-scan.ts';
export { METHOD_MAJOR } from './method-major.ts';
export { assertPermitted } from './permission/assert-permitted.ts';
export { assertTerms, type ScanTerms } from './permission/assert-terms.ts';
export { assertOperatorContact, type OperatorContact } from './permission/operator-contact.ts';
export { type PermittedScope, toPermittedScope } from './permission/permitted-scope.ts';
export { type PlannedScan, planScan } from './plan-scan.ts';
export { progress, type ScanProgress } from './progress.ts';
export {
  DEFAULT_LOOPBACK_RATE,
  DEFAULT_PREFIX_RATE,
  DEFAULT_PRIVATE_RATE,
  MAX_RATE,
  type ScanMethod,
  type ScanRequest,
} from './scan-request.ts';
export { createSeeder, type SeederOptions } from './seeder.ts';
export * from './sources/index.ts';
export { abortScan } from './store/abort-scan.ts';
export { readTouches, type Touch, type TouchState } from './touch-log/read-touches.ts';
