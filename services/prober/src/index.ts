export { createBatchWriter } from './batches/batch-writer.ts';
export { COMPONENT_DEFINITIONS, type ComponentDefinition } from './components/index.ts';
export { createTokenBucket, type TokenBucket } from './pacing/token-bucket.ts';
export * from './probe-target.ts';
export { createProber, type Prober, type ProberOptions } from './prober.ts';
export { componentOfPort } from './probing/component-of-port.ts';
export type { Operator } from './request-bytes.ts';
export { LocalTroubleError } from './wire/wire-error.ts';
