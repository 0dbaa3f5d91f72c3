export { COMPONENT_DEFINITIONS, type ComponentDefinition } from './components/index.ts';
export { createTokenBucket, type TokenBucket } from './pacing/token-bucket.ts';
export * from './probe-target.ts';
export { createProber, type Prober, type ProberOptions } from './prober.ts';
export type { Operator } from './request-bytes.ts';
export { LocalTroubleError } from './wire/wire-error.ts';
