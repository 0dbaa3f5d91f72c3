export * from './component.ts';
export * from './confidence.ts';
export * from './exposure.ts';
export * from './outcome.ts';
