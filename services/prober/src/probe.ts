// What looks at targets, without what takes work from a queue: who only probes loads no database and no queue.
export { COMPONENT_DEFINITIONS, type ComponentDefinition } from './components/index.ts';
export { createTokenBucket, type TokenBucket } from './pacing/token-bucket.ts';
export * from './probe-target.ts';
export type { Operator } from './request-bytes.ts';
export { LocalTroubleError } from './wire/wire-error.ts';
