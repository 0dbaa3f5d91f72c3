export { createBatchWriter } from './batches/batch-writer.ts';
export { BELL_LOCK } from './bell-lock.ts';
export * from './probe.ts';
export { createProber, type Prober, type ProberOptions } from './prober.ts';
export { componentOfPort } from './probing/component-of-port.ts';
